//! Reads segments frame by frame, whatever a kill, a power cut or a bad disk left of them.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use zstd::zstd_safe;

use super::line::Line;
use super::segments::{Archive, Damage};

const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// No frame of ours is larger: 4 MiB of lines and one answer of 32 MiB, escaped.
const LARGEST_FRAME: usize = 256 << 20;
const BLOCK: usize = 1 << 20;
const CACHE_BYTES: usize = 64 << 20;

/// A reader that was told to stop.
#[derive(Debug, thiserror::Error)]
#[error("the load was interrupted")]
pub(crate) struct Interrupted;

/// Where an observation stands: segment (its place among those that were met), frame, line, and the row of a page
/// where it is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Located {
    pub(crate) segment: u32,
    pub(crate) frame: u64,
    pub(crate) line: u32,
    pub(crate) row: Option<u32>,
}

impl Located {
    /// Not on the disk yet.
    pub(crate) const PENDING: Self = Self {
        segment: u32::MAX,
        frame: 0,
        line: 0,
        row: None,
    };
}

/// False where a line is not an observation, or says nothing that can be used; the others of the frame
/// are used.
pub(super) fn visit_lines(
    segment: u32,
    frame: u64,
    text: &str,
    visit: &mut impl FnMut(Located, &Line<'_>) -> Result<()>,
) -> Result<bool> {
    let mut whole = true;
    for (number, json) in (0..).zip(text.lines()) {
        let located = Located {
            segment,
            frame,
            line: number,
            row: None,
        };
        let read = serde_json::from_str::<Line<'_>>(json).context("read a line");
        if let Err(error) = read.and_then(|line| visit(located, &line)) {
            if error.is::<Interrupted>() {
                return Err(error);
            }
            tracing::info!("line {number} of the frame at byte {frame}: {error:#}");
            whole = false;
        }
    }
    Ok(whole)
}

/// The readable frames of one segment, in order.
pub(super) struct Frames {
    path: PathBuf,
    file: File,
    /// Bytes read but not consumed, starting at `offset` of the file.
    buffer: Vec<u8>,
    pub(super) offset: u64,
    at_end: bool,
    pub(super) damage: Vec<Damage>,
}

impl Frames {
    pub(super) fn open(path: &Path, offset: u64) -> Result<Self> {
        let open = || {
            let mut file = File::open(path)?;
            file.seek(SeekFrom::Start(offset))?;
            Ok::<_, std::io::Error>(file)
        };
        let file = open().with_context(|| format!("open the archive `{}`", path.display()))?;
        let buffer = Vec::new();
        Ok(Self {
            path: path.into(),
            file,
            buffer,
            offset,
            at_end: false,
            damage: Vec::new(),
        })
    }

    /// The next readable frame and where it starts; `offset` then stands behind it.
    pub(super) fn next(&mut self) -> Result<Option<(u64, String)>> {
        let start = self.offset;
        let mut is_torn = false;
        loop {
            match self.frame()? {
                At::Frame { length, text } => {
                    if self.offset > start {
                        self.note_damage(start, false);
                    }
                    let offset = self.offset;
                    self.consume(length);
                    return Ok(Some((offset, text)));
                }
                At::End => {
                    if self.offset > start {
                        self.note_damage(start, is_torn);
                        self.offset = start;
                    }
                    return Ok(None);
                }
                other => {
                    // What lies at the start decides: half a frame is what a kill leaves.
                    if self.offset == start {
                        is_torn = matches!(other, At::HalfFrame);
                    }
                    self.skip_to_magic()?;
                }
            }
        }
    }

    /// What stands at `offset`.
    fn frame(&mut self) -> Result<At> {
        loop {
            if self.at_end && self.buffer.is_empty() {
                return Ok(At::End);
            }
            if self.buffer.len() >= MAGIC.len() && !self.buffer.starts_with(&MAGIC) {
                return Ok(At::NoFrame);
            }
            match zstd_safe::find_frame_compressed_size(&self.buffer) {
                Ok(length) => {
                    let text = decompress(&self.buffer[..length]);
                    return Ok(text.map_or(At::NoFrame, |text| At::Frame { length, text }));
                }
                Err(_) if self.at_end => return Ok(At::HalfFrame),
                Err(_) if self.buffer.len() > LARGEST_FRAME => return Ok(At::NoFrame),
                Err(_) => self.fill()?,
            }
        }
    }

    fn fill(&mut self) -> Result<()> {
        let before = self.buffer.len();
        // Frames grow to megabytes: doubling keeps the search for their end linear.
        let block = BLOCK.max(before) as u64;
        (&mut self.file)
            .take(block)
            .read_to_end(&mut self.buffer)
            .with_context(|| format!("read the archive `{}`", self.path.display()))?;
        self.at_end = self.buffer.len() == before;
        Ok(())
    }

    /// Drops at least a byte, up to the next place where a frame may start.
    fn skip_to_magic(&mut self) -> Result<()> {
        let found = self.buffer.get(1..).and_then(|rest| {
            rest.windows(MAGIC.len())
                .position(|window| window == MAGIC)
                .map(|at| at + 1)
        });
        match found {
            Some(at) => self.consume(at),
            None if self.at_end => self.consume(self.buffer.len()),
            None => {
                // The magic number may lie across the border of two blocks.
                self.consume(
                    self.buffer
                        .len()
                        .saturating_sub(MAGIC.len() - 1)
                        .max(1)
                        .min(self.buffer.len()),
                );
                self.fill()?;
            }
        }
        Ok(())
    }

    fn consume(&mut self, length: usize) {
        self.buffer.drain(..length);
        self.offset += length as u64;
    }

    fn note_damage(&mut self, from: u64, is_torn_tail: bool) {
        self.damage.push(Damage {
            path: self.path.clone(),
            from,
            to: self.offset,
            is_torn_tail,
        });
    }
}

/// What stands at a place of a segment.
enum At {
    Frame {
        length: usize,
        text: String,
    },
    /// The file ends in the middle of it.
    HalfFrame,
    NoFrame,
    End,
}

fn decompress(frame: &[u8]) -> Option<String> {
    let bytes = match zstd_safe::get_frame_content_size(frame).ok()? {
        Some(size) => {
            let size = usize::try_from(size)
                .ok()
                .filter(|size| *size <= LARGEST_FRAME)?;
            zstd::bulk::decompress(frame, size).ok()?
        }
        // Our writer says how large a frame is; the command-line tool in a pipe can't know.
        None => {
            let mut bytes = Vec::new();
            let decoder = zstd::Decoder::with_buffer(frame).ok()?.single_frame();
            let mut limited = decoder.take(LARGEST_FRAME as u64 + 1);
            limited.read_to_end(&mut bytes).ok()?;
            bytes
        }
    };
    let text = String::from_utf8(bytes).ok()?;
    (text.len() <= LARGEST_FRAME).then_some(text)
}

/// Decompressed frames by place, the last used ones kept.
#[derive(Debug)]
pub(crate) struct FrameCache {
    /// By their places in the order.
    paths: Vec<PathBuf>,
    frames: VecDeque<((u32, u64), Arc<Frame>)>,
    bytes: usize,
}

#[derive(Debug)]
pub(crate) struct Frame {
    text: String,
    /// Where each line starts.
    lines: Vec<usize>,
}

impl FrameCache {
    /// Of the segments that the archive has met.
    pub(crate) fn new(archive: &Archive) -> Self {
        let met = archive.met().iter();
        Self {
            paths: met.map(|segment| segment.path.clone()).collect(),
            frames: VecDeque::new(),
            bytes: 0,
        }
    }

    pub(crate) fn frame(&mut self, located: Located) -> Result<Arc<Frame>> {
        let place = (located.segment, located.frame);
        if let Some(at) = self.frames.iter().position(|(other, _)| *other == place)
            && let Some(found) = self.frames.remove(at)
        {
            let frame = Arc::clone(&found.1);
            self.frames.push_back(found);
            return Ok(frame);
        }
        let frame = Arc::new(self.read(place)?);
        self.bytes += frame.text.len();
        self.frames.push_back((place, Arc::clone(&frame)));
        while self.bytes > CACHE_BYTES && self.frames.len() > 1 {
            let dropped = self.frames.pop_front();
            self.bytes -= dropped.map_or(0, |(_, frame)| frame.text.len());
        }
        Ok(frame)
    }

    fn read(&self, (segment, offset): (u32, u64)) -> Result<Frame> {
        let path = self
            .paths
            .get(segment as usize)
            .context("a segment that was never met")?;
        let mut frames = Frames::open(path, offset)?;
        match frames.next()? {
            Some((found, text)) if found == offset => Ok(Frame::new(text)),
            _ => bail!(
                "`{}` is not readable at byte {offset} any more",
                path.display()
            ),
        }
    }
}

impl Frame {
    fn new(text: String) -> Self {
        let ends = text.match_indices('\n').map(|(at, _)| at + 1);
        let lines = std::iter::once(0).chain(ends).collect();
        Self { text, lines }
    }

    pub(crate) fn line(&self, line: u32) -> Result<Line<'_>> {
        let line = line as usize;
        let start = *self.lines.get(line).context("the frame has fewer lines")?;
        let end = self
            .lines
            .get(line + 1)
            .map_or(self.text.len(), |end| end - 1);
        serde_json::from_str(&self.text[start..end]).context("read a line of the archive")
    }
}
