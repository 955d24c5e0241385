//! Appends observations; a thread of its own turns them into frames and brings them to the disk.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};

/// A kill may cost the answers of this long, no more.
const FLUSH_AFTER: Duration = Duration::from_secs(2);
const FLUSH_BYTES: usize = 4 << 20;
/// Lines that may wait for the disk before the sync waits too.
const QUEUE: usize = 256;
const LEVEL: i32 = 3;

/// The open segment of a run. The file is made when the first line comes.
#[derive(Debug)]
pub(crate) struct Writer {
    sender: Option<SyncSender<Message>>,
    failure: Arc<Mutex<Option<String>>>,
    thread: Option<JoinHandle<()>>,
}

enum Message {
    Line(Vec<u8>),
    Flush(Sender<()>),
}

impl Writer {
    pub(crate) fn create(path: PathBuf) -> Result<Self> {
        let (sender, receiver) = sync_channel(QUEUE);
        let failure = Arc::new(Mutex::new(None));
        let noted = Arc::clone(&failure);
        let segment = Segment {
            path,
            file: None,
            length: 0,
            pending: Vec::new(),
            due: None,
            failure: noted,
            waiting: Vec::new(),
        };
        let thread = std::thread::Builder::new()
            .name("archive".into())
            .spawn(move || segment.run(&receiver))
            .context("start the archive's writer")?;
        Ok(Self {
            sender: Some(sender),
            failure,
            thread: Some(thread),
        })
    }

    /// Hands a line over, its line end included; it is on the disk two seconds later at the latest.
    pub(crate) fn append(&self, line: Vec<u8>) -> Result<()> {
        self.send(Message::Line(line))
    }

    /// Returns when everything appended so far is on the disk.
    pub(crate) fn flush(&self) -> Result<()> {
        let (done, wait) = channel();
        self.send(Message::Flush(done))?;
        wait.recv().map_err(|_| self.failure())
    }

    /// Flushes and ends the segment.
    pub(crate) fn close(mut self) -> Result<()> {
        self.flush()?;
        self.sender = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            bail!("the archive's writer panicked");
        }
        match self
            .failure
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
        {
            Some(reason) => bail!(reason),
            None => Ok(()),
        }
    }

    fn send(&self, message: Message) -> Result<()> {
        let sender = self
            .sender
            .as_ref()
            .context("the archive's writer is closed")?;
        sender.send(message).map_err(|_| self.failure())
    }

    fn failure(&self) -> anyhow::Error {
        let failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
        anyhow!(
            failure
                .clone()
                .unwrap_or_else(|| "the archive's writer stopped".into())
        )
    }
}

struct Segment {
    path: PathBuf,
    file: Option<File>,
    /// Bytes of whole frames.
    length: u64,
    pending: Vec<u8>,
    due: Option<Instant>,
    /// Why nothing more is written; told before anybody who waits is let go.
    failure: Arc<Mutex<Option<String>>>,
    /// Kept until the failure is told.
    waiting: Vec<Sender<()>>,
}

impl Segment {
    /// Until nobody appends any more, or a frame can't be written.
    fn run(mut self, receiver: &Receiver<Message>) {
        loop {
            let message = match self.due {
                None => receiver.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(due) => receiver.recv_timeout(due.saturating_duration_since(Instant::now())),
            };
            let is_last = matches!(message, Err(RecvTimeoutError::Disconnected));
            if let Err(error) = self.take(message) {
                let failure = format!("{error:#}");
                *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(failure);
                return;
            }
            if is_last {
                return;
            }
        }
    }

    fn take(&mut self, message: Result<Message, RecvTimeoutError>) -> Result<()> {
        match message {
            Ok(Message::Line(line)) => {
                self.pending.extend_from_slice(&line);
                let due = *self.due.get_or_insert_with(|| Instant::now() + FLUSH_AFTER);
                // A busy queue never times out, so the moment is looked at here as well.
                if Instant::now() < due && self.pending.len() < FLUSH_BYTES {
                    return Ok(());
                }
                self.write_frame()
            }
            Ok(Message::Flush(done)) => {
                let written = self.write_frame();
                if written.is_ok() {
                    // Nobody waits any more: the run is ending for another reason.
                    let _ = done.send(());
                } else {
                    self.waiting.push(done);
                }
                written
            }
            Err(_) => self.write_frame(),
        }
    }

    fn write_frame(&mut self) -> Result<()> {
        self.due = None;
        if self.pending.is_empty() {
            return Ok(());
        }
        let frame = compress(&self.pending).context("compress a frame of the archive")?;
        let length = self.length;
        let file = self.open()?;
        if let Err(error) = file.write_all(&frame).and_then(|()| file.sync_data()) {
            // Half a frame would only be cut later; on a full disk its room is worth having now.
            let _ = file.set_len(length);
            return Err(error).with_context(|| {
                format!(
                    "write the archive `{}` (what was written before is kept)",
                    self.path.display()
                )
            });
        }
        self.length += frame.len() as u64;
        self.pending.clear();
        Ok(())
    }

    fn open(&mut self) -> Result<&mut File> {
        if self.file.is_none() {
            let file = OpenOptions::new()
                .append(true)
                .create_new(true)
                .open(&self.path)
                .with_context(|| format!("create the archive segment `{}`", self.path.display()))?;
            sync_folder(&self.path)?;
            self.file = Some(file);
        }
        self.file.as_mut().context("the archive segment is open")
    }
}

/// Without this a power cut can lose the name of a file whose content was safe.
fn sync_folder(path: &Path) -> Result<()> {
    let Some(folder) = path.parent() else {
        return Ok(());
    };
    #[cfg(unix)]
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .with_context(|| format!("sync the folder `{}`", folder.display()))?;
    Ok(())
}

fn compress(lines: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = zstd::Encoder::new(Vec::with_capacity(lines.len() / 8), LEVEL)?;
    encoder.include_checksum(true)?;
    encoder.include_contentsize(true)?;
    encoder.set_pledged_src_size(Some(lines.len() as u64))?;
    encoder.write_all(lines)?;
    encoder.finish()
}
