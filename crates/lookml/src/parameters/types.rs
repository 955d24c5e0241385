//! The types of fields.

use super::{Kind, Level};
use crate::timeframe::{Interval, Timeframe};

/// A type that a kind of field may have. A star at its end stands for a timeframe, or for an interval.
#[derive(Debug, Clone, Copy)]
pub struct FieldType {
    /// Its name: `count_distinct`, `date_*`.
    pub name: &'static str,
    /// What the specification promises.
    pub promised: Level,
    /// What it does here.
    pub reached: Level,
}

impl FieldType {
    pub(super) const fn new(name: &'static str, promised: Level, reached: Level) -> Self {
        Self {
            name,
            promised,
            reached,
        }
    }
}

impl Kind {
    /// The type of a name.
    pub fn field_type(&self, name: &str) -> Option<&'static FieldType> {
        self.types.iter().find(|known| is(name, known.name))
    }

    /// The type of a field that names none.
    pub fn default_type(&self) -> &'static str {
        match self.name {
            "dimension_group" => "time",
            _ => "string",
        }
    }
}

/// Whether a type is one of these.
pub(super) fn is_among(name: &str, types: &[&str]) -> bool {
    types.iter().any(|pattern| is(name, pattern))
}

fn is(name: &str, pattern: &str) -> bool {
    match pattern {
        "date_*" => name != "date" && Timeframe::of_type(name).is_some(),
        "duration_*" => Interval::of_type(name).is_some(),
        _ => name == pattern,
    }
}
