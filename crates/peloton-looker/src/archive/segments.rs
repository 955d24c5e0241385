//! The folder of segments: which there are, in which order, and how far each was read.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use jiff::Timestamp;

use super::line::Line;
use super::reader::{Frames, Located, visit_lines};
use crate::error::Advised;

const SUFFIX: &str = ".jsonl.zst";

/// The folder of segments, and what a reader has met of them.
#[derive(Debug, Clone)]
pub(crate) struct Archive {
    folder: PathBuf,
    /// In their order; [`Located::segment`] counts them.
    met: Vec<Segment>,
    /// How many of them are read to their end, whatever a run appends.
    done: usize,
}

/// A segment is known by its file name: two may have one number, where an archive was put back beside the one
/// that had begun anew.
#[derive(Debug, Clone)]
pub(crate) struct Segment {
    pub(crate) path: PathBuf,
    /// Bytes up to the end of its last readable frame.
    pub(crate) read: u64,
    damage: Vec<Damage>,
}

/// Bytes of a segment that hold no readable frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Damage {
    pub(crate) path: PathBuf,
    pub(crate) from: u64,
    pub(crate) to: u64,
    /// At the end of the segment, as a kill leaves it; it is cut before the next run writes.
    pub(crate) is_torn_tail: bool,
}

impl Archive {
    pub(crate) fn at(folder: PathBuf) -> Self {
        Self {
            folder,
            met: Vec::new(),
            done: 0,
        }
    }

    /// Forgets what was met and read.
    pub(crate) fn begin_again(&mut self) {
        (self.met, self.done) = (Vec::new(), 0);
    }

    /// The files that are there, by number, then by name.
    pub(crate) fn segments(&self) -> Result<Vec<(u32, PathBuf)>> {
        let entries = match std::fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => {
                return Err(Advised::no_folder(&self.folder).into());
            }
            Err(error) => {
                return Err(error)
                    .with_context(|| format!("read the archive `{}`", self.folder.display()));
            }
        };
        let mut segments = Vec::new();
        for entry in entries {
            let path = entry.context("read the archive")?.path();
            if let Some(number) = file_name(&path).strip_suffix(SUFFIX).and_then(number_in) {
                segments.push((number, path));
            }
        }
        segments.sort();
        Ok(segments)
    }

    /// The path of a new segment, after all others whatever the clock says, and after the number that was given
    /// last, so that none is given twice.
    pub(crate) fn next_segment(&self, now: Timestamp, given: u32) -> Result<PathBuf> {
        let last = self.segments()?.last().map_or(0, |(number, _)| *number);
        let next = last.max(given) + 1;
        let time = now.strftime("%Y%m%dT%H%M%SZ");
        Ok(self.folder.join(format!("{next:06}-{time}{SUFFIX}")))
    }

    /// What the scans have met, in order.
    pub(crate) fn met(&self) -> &[Segment] {
        &self.met
    }

    /// What can't be read of what was met.
    pub(crate) fn damage(&self) -> impl Iterator<Item = &Damage> {
        self.met.iter().flat_map(|segment| &segment.damage)
    }

    /// The run that wrote the segment at that place of the order.
    pub(crate) fn run_of(&self, segment: u32) -> Option<String> {
        Some(run_id(&self.met.get(segment as usize)?.path))
    }

    /// Takes in which segments there are. One that somebody puts among the older ones while we read waits for
    /// the next reader: those behind it have been read already.
    pub(crate) fn meet(&mut self) -> Result<()> {
        let last = self.met.last();
        let last = last.map(|last| (last.number(), last.path.clone()));
        for segment in self.segments()? {
            if last.as_ref().is_none_or(|last| segment > *last) {
                self.met.push(Segment {
                    path: segment.1,
                    read: 0,
                    damage: Vec::new(),
                });
            }
        }
        Ok(())
    }

    /// Calls `visit` with every line that no scan before has read, in order. A line that is not an observation,
    /// or that `visit` can't take, counts as damage of its frame; only [`super::Interrupted`] ends the scan.
    pub(crate) fn scan(
        &mut self,
        mut visit: impl FnMut(Located, &Line<'_>) -> Result<()>,
    ) -> Result<()> {
        self.meet()?;
        let count = self.met.len();
        for (number, segment) in (0..).zip(&mut self.met).skip(self.done) {
            let is_last = number as usize + 1 == count;
            segment.scan(number, is_last, &mut visit)?;
        }
        // Only the last one grows.
        self.done = count.saturating_sub(1);
        Ok(())
    }

    /// Cuts what a kill left half-written at the ends of segments. Only for the holder of the lock.
    pub(crate) fn cut_torn_tails(&self) -> Result<()> {
        for torn in self.damage().filter(|damage| damage.is_torn_tail) {
            OpenOptions::new()
                .write(true)
                .open(&torn.path)
                .and_then(|file| file.set_len(torn.from).and_then(|()| file.sync_all()))
                .with_context(|| format!("cut the torn end of `{}`", torn.path.display()))?;
        }
        Ok(())
    }
}

impl Segment {
    /// The file's name.
    pub(crate) fn name(&self) -> &str {
        file_name(&self.path)
    }

    pub(crate) fn number(&self) -> u32 {
        number_in(self.name()).unwrap_or_default()
    }

    /// Unreadable bytes before that place.
    pub(crate) fn damaged_before(&self, place: u64) -> u64 {
        let damage = self.damage.iter().filter(|damage| damage.from < place);
        damage.map(|damage| damage.to - damage.from).sum()
    }

    fn scan(
        &mut self,
        number: u32,
        is_last: bool,
        visit: &mut impl FnMut(Located, &Line<'_>) -> Result<()>,
    ) -> Result<()> {
        let mut frames = Frames::open(&self.path, self.read)?;
        self.damage.retain(|damage| damage.from < self.read);
        while let Some((offset, text)) = frames.next()? {
            if !visit_lines(number, offset, &text, visit)? {
                frames.damage.push(Damage {
                    path: self.path.clone(),
                    from: offset,
                    to: frames.offset,
                    is_torn_tail: false,
                });
            }
            self.read = frames.offset;
        }
        // Every run cuts the end that the last one left, so half a frame further back is damage.
        let damage = frames.damage.into_iter().map(|damage| Damage {
            is_torn_tail: damage.is_torn_tail && is_last,
            ..damage
        });
        self.damage.extend(damage);
        Ok(())
    }
}

/// The name of the run that writes this segment.
pub(crate) fn run_id(segment: &Path) -> String {
    let name = file_name(segment);
    name.strip_suffix(SUFFIX).unwrap_or(name).to_owned()
}

fn file_name(path: &Path) -> &str {
    let name = path.file_name().and_then(|name| name.to_str());
    name.unwrap_or_default()
}

/// The number that a segment's name begins with.
pub(crate) fn number_in(name: &str) -> Option<u32> {
    name.split_once('-')?.0.parse().ok()
}
