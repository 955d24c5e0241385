//! What differs between here and there.

use std::collections::BTreeMap;

use super::Original;
use super::contents::Content;
use crate::destination::{Destination, Found, Size, Transport};
use crate::error::{Error, Result};
use crate::schema::Table;
use crate::unit::{Fingerprint, Part, Unit};

/// One file that will be handed over.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// Name of its table.
    pub table: &'static str,
    /// Which rows it replaces.
    pub part: Part,
    /// What it brings.
    pub units: BTreeMap<Unit, Content>,
    /// How many of the units differ from what is there.
    pub changed: usize,
}

impl Piece {
    /// How many rows it has.
    pub fn rows(&self) -> u64 {
        self.units.values().map(|content| content.rows).sum()
    }

    /// What the metadata of its file says.
    pub(super) fn fingerprint(&self) -> Fingerprint {
        match self.units.values().next() {
            Some(content) if self.units.len() == 1 => content.fingerprint.clone(),
            _ => Fingerprint::of(&format!("{:?}", self.fingerprints())),
        }
    }

    /// Its units, as a destination keeps them.
    pub(super) fn fingerprints(&self) -> BTreeMap<Unit, Fingerprint> {
        let units = self.units.iter();
        units
            .map(|(unit, content)| (unit.clone(), content.fingerprint.clone()))
            .collect()
    }
}

/// What has to be done.
#[derive(Debug, Default)]
pub struct Plan {
    /// Files to hand over.
    pub pieces: Vec<Piece>,
    /// Units of which no rows are left.
    pub removed: Vec<(&'static str, Unit)>,
    /// Units that are there as they are here.
    pub current: usize,
    /// What a person should know of the destination.
    pub notes: Vec<String>,
    /// Tables without any rows, which are not there and shall be nevertheless.
    pub(super) empty: Vec<&'static str>,
    /// Whose the place becomes, where it is not yet.
    pub(super) claim: Option<Fingerprint>,
}

/// How a plan is made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Terms {
    /// Everything is sent, whatever is there.
    pub is_full: bool,
    /// The data of another account may be replaced.
    pub replaces_others: bool,
}

impl Plan {
    /// Whether the destination has everything.
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty() && self.removed.is_empty() && self.empty.is_empty()
    }

    /// Units that will be replaced or removed because they differ.
    pub fn unit_count(&self) -> usize {
        self.pieces.iter().map(|piece| piece.changed).sum::<usize>() + self.removed.len()
    }
}

/// Compares what is here with what is there.
///
/// # Errors
/// Those of the warehouse and of the destination's [`Destination::published`]; [`Error::OtherOwner`] where the place
/// has the data of another account, and they may not be replaced.
pub async fn plan(
    original: &Original,
    destination: &dyn Destination,
    terms: Terms,
) -> Result<Plan> {
    let found = destination.published().await?;
    let is_others = found.owner.is_some() && found.owner != original.owner;
    if is_others && !terms.replaces_others {
        return Err(Error::OtherOwner);
    }
    let publication = &original.publication;
    let mut plan = Plan {
        notes: destination.notes(),
        claim: original
            .owner
            .clone()
            .filter(|_| found.owner != original.owner),
        ..Plan::default()
    };
    // What has no place there whatever its size is not looked at.
    let has_place =
        |table: &&Table| destination.transport(table, Size::default()) != Transport::Absent;
    let tables: Vec<&Table> = publication.all_tables().filter(has_place).collect();
    let names: Vec<&'static str> = tables.iter().map(|table| table.name).collect();
    let contents = original
        .read(move |original| original.contents(&names))
        .await?;
    for table in tables {
        if let Some(contents) = contents.get(table.name) {
            plan.add(table, contents, destination, &found, terms.is_full);
        }
    }
    Ok(plan)
}

impl Plan {
    fn add(
        &mut self,
        table: &Table,
        contents: &BTreeMap<Part, Content>,
        destination: &dyn Destination,
        found: &Found,
        is_full: bool,
    ) {
        let size = Size {
            samples: contents.values().map(|content| content.samples).sum(),
            has_undated: contents.contains_key(&Part::Undated),
        };
        let transport = destination.transport(table, size);
        if transport == Transport::Absent {
            return;
        }
        let unit = |part: &Part| Unit {
            table: table.name.to_owned(),
            part: *part,
        };
        let differs = |part: &Part, content: &Content| {
            is_full || found.units.get(&unit(part)) != Some(&content.fingerprint)
        };
        let changed: Vec<(&Part, &Content)> = contents
            .iter()
            .filter(|(part, content)| differs(part, content))
            .collect();
        self.current += contents.len() - changed.len();
        let gone: Vec<Unit> = found
            .units
            .keys()
            .filter(|unit| unit.table == table.name && !contents.contains_key(&unit.part))
            .cloned()
            .collect();
        if contents.is_empty() && gone.is_empty() && !found.tables.contains(table.name) {
            self.empty.push(table.name);
        }
        let is_changed = !changed.is_empty() || !gone.is_empty();
        match transport {
            Transport::Whole if is_changed => self.pieces.push(Piece {
                table: table.name,
                part: Part::All,
                units: contents
                    .iter()
                    .map(|(part, content)| (unit(part), content.clone()))
                    .collect(),
                changed: changed.len() + gone.len(),
            }),
            Transport::ByUnit => {
                let piece = |(part, content): (&Part, &Content)| Piece {
                    table: table.name,
                    part: *part,
                    units: [(unit(part), content.clone())].into(),
                    changed: 1,
                };
                self.pieces.extend(changed.into_iter().map(piece));
                self.removed
                    .extend(gone.into_iter().map(|unit| (table.name, unit)));
            }
            _ => {}
        }
    }
}
