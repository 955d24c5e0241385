//! How far the warehouse has come: of each segment of the archive, what was loaded. So it is known what is new, and
//! what is lost: a segment that was loaded and is gone, shorter or damaged now.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use anyhow::{Context, Result};
use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::Int64Type;
use warehouse::{Limits, Load, Reader, Warehouse};

use crate::archive::{Archive, Segment, number_in};

/// What was loaded, by the segment's file name.
#[derive(Debug, Clone, Default)]
pub(super) struct Ledger(BTreeMap<String, Entry>);

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Entry {
    /// Up to here. Nothing of a segment whose loss was accepted: its number is not given again, and if it comes
    /// back it is new.
    bytes: u64,
    /// Bytes before that which could not be read even then.
    damaged: u64,
}

/// What a warehouse says.
pub(super) enum Reached {
    Segments(Ledger),
    /// The one place that earlier versions noted.
    Place(u32, u64),
}

impl Reached {
    /// None before the first load.
    pub(super) fn read(warehouse: &Warehouse) -> Result<Option<Self>> {
        let reader = match warehouse.read(Limits::default()) {
            Ok(reader) => reader,
            Err(warehouse::Error::Missing { .. }) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        // A DuckDB file of another program has no such table; the load then refuses it by name.
        if has_table(&reader, "segments")? {
            const SQL: &str = "SELECT name, bytes::BIGINT, damaged::BIGINT FROM state.segments";
            let batches = reader.batches(SQL)?;
            let entries = batches.iter().flat_map(entries);
            return Ok(Some(Self::Segments(Ledger(entries.collect()))));
        }
        if !has_table(&reader, "position")? {
            return Ok(None);
        }
        const SQL: &str = "SELECT segment::BIGINT, \"offset\"::BIGINT FROM state.position";
        let batches = reader.batches(SQL)?;
        let Some(batch) = batches.iter().find(|batch| batch.num_rows() > 0) else {
            return Ok(None);
        };
        let number = |column: usize| batch.column(column).as_primitive::<Int64Type>().value(0);
        let segment = u32::try_from(number(0)).context("the segment of the position")?;
        let offset = u64::try_from(number(1)).context("the offset of the position")?;
        Ok(Some(Self::Place(segment, offset)))
    }

    /// Up to which place of the segment everything is loaded.
    pub(super) fn loaded(&self, segment: &Segment) -> u64 {
        match self {
            Self::Segments(Ledger(entries)) => {
                entries.get(segment.name()).map_or(0, |entry| entry.bytes)
            }
            Self::Place(number, _) if segment.number() < *number => u64::MAX,
            Self::Place(number, offset) if segment.number() == *number => *offset,
            Self::Place(..) => 0,
        }
    }

    /// With what an archive that was read makes of the place. What is damaged there counts as lost: when it was
    /// damaged nobody knows.
    pub(super) fn into_ledger(self, archive: &Archive) -> Ledger {
        let (number, offset) = match self {
            Self::Segments(ledger) => return ledger,
            Self::Place(number, offset) => (number, offset),
        };
        let there: BTreeSet<u32> = archive.met().iter().map(Segment::number).collect();
        let loaded = archive.met().iter().filter(|it| it.number() <= number);
        let loaded = loaded.map(|segment| {
            let is_last = segment.number() == number;
            let bytes = if is_last { offset } else { segment.read };
            (segment.name().to_owned(), Entry { bytes, damaged: 0 })
        });
        let gone = (1..=number).filter(|number| !there.contains(number));
        let gone = gone.map(|number| {
            (
                format!("{number:06}-"),
                Entry {
                    bytes: 1,
                    damaged: 0,
                },
            )
        });
        Ledger(loaded.chain(gone).collect())
    }
}

fn has_table(reader: &Reader, name: &str) -> Result<bool> {
    let found = reader.batches(&format!(
        "SELECT 1 FROM duckdb_tables() WHERE schema_name = 'state' AND table_name = '{name}'"
    ))?;
    Ok(found.iter().any(|batch| batch.num_rows() > 0))
}

fn entries(batch: &RecordBatch) -> Vec<(String, Entry)> {
    let names = batch.column(0).as_string::<i32>();
    let number = |column: usize, row: usize| {
        let number = batch.column(column).as_primitive::<Int64Type>().value(row);
        u64::try_from(number).unwrap_or_default()
    };
    let entry = |row| Entry {
        bytes: number(1, row),
        damaged: number(2, row),
    };
    (0..batch.num_rows())
        .map(|row| (names.value(row).to_owned(), entry(row)))
        .collect()
}

impl Ledger {
    /// Before the first load.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The greatest number that a segment had, there or not.
    pub(super) fn last_number(&self) -> u32 {
        let numbers = self.0.keys().filter_map(|name| number_in(name));
        numbers.max().unwrap_or_default()
    }

    /// Whether something was loaded that the archive has no more.
    pub(super) fn is_lost(&self, archive: &Archive) -> bool {
        let met = by_name(archive);
        self.0
            .iter()
            .any(|(name, entry)| entry.is_lost(met.get(name.as_str()).copied()))
    }

    /// Numbers that no segment has: runs count them from 1 on without a gap.
    pub(super) fn gaps(&self, archive: &Archive) -> Vec<RangeInclusive<u32>> {
        let mut gaps = Vec::new();
        let mut next = 1;
        let there = archive.met().iter().map(Segment::number);
        for number in there.chain([self.last_number().saturating_add(1)]) {
            if number > next {
                gaps.push(next..=number - 1);
            }
            next = next.max(number.saturating_add(1));
        }
        gaps
    }

    /// Loaded segments that are gone although another has their number.
    pub(super) fn gone_twins(&self, archive: &Archive) -> Vec<&str> {
        let met = by_name(archive);
        let there: BTreeSet<u32> = archive.met().iter().map(Segment::number).collect();
        let gone = self.0.iter().filter(|(name, entry)| {
            let has_twin = number_in(name).is_some_and(|number| there.contains(&number));
            has_twin && entry.bytes > 0 && !met.contains_key(name.as_str())
        });
        gone.map(|(name, _)| name.as_str()).collect()
    }

    /// Segments that end before the place up to which they were loaded, with that place.
    pub(super) fn cut<'a>(&self, archive: &'a Archive) -> Vec<(&'a Segment, u64)> {
        let cut = archive.met().iter().filter_map(|segment| {
            let entry = self.0.get(segment.name())?;
            let is_whole = segment.damaged_before(u64::MAX) == 0;
            (is_whole && segment.read < entry.bytes).then_some((segment, entry.bytes))
        });
        cut.collect()
    }

    /// After a load: what was met is loaded. What is lost stays noted as it was, until it comes back or a rebuild
    /// does without it.
    pub(super) fn take(&mut self, archive: &Archive) {
        for segment in archive.met() {
            let entry = self.0.entry(segment.name().to_owned()).or_default();
            if !entry.is_lost(Some(segment)) {
                *entry = Entry::of(segment);
            }
        }
    }

    /// After a rebuild: the warehouse is made of what is there.
    pub(super) fn begin_anew(&mut self, archive: &Archive) {
        for entry in self.0.values_mut() {
            *entry = Entry::default();
        }
        self.take(archive);
    }

    pub(super) fn save(&self, load: &Load) -> Result<()> {
        load.execute(
            "DROP TABLE IF EXISTS state.position; \
             CREATE OR REPLACE TABLE state.segments(name VARCHAR, bytes BIGINT, damaged BIGINT)",
        )?;
        let entries: Vec<String> = self
            .0
            .iter()
            .map(|(name, Entry { bytes, damaged })| {
                format!("('{}', {bytes}, {damaged})", name.replace('\'', "''"))
            })
            .collect();
        for entries in entries.chunks(1_000) {
            let entries = entries.join(", ");
            load.execute(&format!("INSERT INTO state.segments VALUES {entries}"))?;
        }
        Ok(())
    }
}

impl Entry {
    fn of(segment: &Segment) -> Self {
        Self {
            bytes: segment.read,
            damaged: segment.damaged_before(segment.read),
        }
    }

    /// Whether less of it is there than was loaded.
    fn is_lost(self, segment: Option<&Segment>) -> bool {
        match segment {
            None => self.bytes > 0,
            Some(segment) => {
                segment.read < self.bytes || segment.damaged_before(self.bytes) > self.damaged
            }
        }
    }
}

fn by_name(archive: &Archive) -> BTreeMap<&str, &Segment> {
    let met = archive.met().iter();
    met.map(|segment| (segment.name(), segment)).collect()
}
