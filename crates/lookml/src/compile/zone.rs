//! The clocks of time zones for DuckDB without its extension: a macro for each way from one zone to another.

use std::cell::RefCell;
use std::collections::BTreeMap;

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, ToSpan};

use crate::calendar::Calendar;

/// From when to when the clocks are known: earlier and later ones stay as the first and the last.
const FIRST_YEAR: i16 = 1900;
const LAST_YEAR: i16 = 2100;

/// The macros that a statement uses, by their names.
#[derive(Debug, Default)]
pub(super) struct Zones {
    macros: RefCell<BTreeMap<String, String>>,
}

impl Zones {
    /// A time of the database, or of UTC, on the clock of the query.
    pub(super) fn to_query(&self, time: &str, is_utc: bool, calendar: &Calendar) -> String {
        let from = match is_utc {
            true => TimeZone::UTC,
            false => calendar.database_timezone.clone(),
        };
        let to = &calendar.query_timezone;
        let name = macro_name(&from, to);
        let mut macros = self.macros.borrow_mut();
        macros
            .entry(name.clone())
            .or_insert_with(|| definition(&name, &from, to));
        format!("{name}({time})")
    }

    /// The statements that have to be run before.
    pub(super) fn definitions(&self) -> Vec<String> {
        self.macros.borrow().values().cloned().collect()
    }
}

fn macro_name(from: &TimeZone, to: &TimeZone) -> String {
    match from == &TimeZone::UTC {
        true => format!("lk_local_{}", identifier(to)),
        false => format!("lk_local_{}_from_{}", identifier(to), identifier(from)),
    }
}

fn identifier(zone: &TimeZone) -> String {
    let name = zone.iana_name().unwrap_or("unnamed").to_ascii_lowercase();
    let name = name.replace('+', "_plus_").replace('-', "_minus_");
    name.replace(|c: char| !c.is_ascii_alphanumeric(), "_")
}

/// Adds to each time how much the one clock is ahead of the other then. The changes are asked for in halves, so that
/// a time needs few comparisons.
fn definition(name: &str, from: &TimeZone, to: &TimeZone) -> String {
    let ahead = halved(&changes(from, to), 1);
    format!("CREATE OR REPLACE TEMP MACRO {name}(x) AS x + {ahead}")
}

fn halved(changes: &[Change], depth: usize) -> String {
    let (before, after) = changes.split_at(changes.len() / 2);
    let (Some(_), Some(first)) = (before.first(), after.first()) else {
        return interval(after.first().map_or(0, |change| change.ahead));
    };
    let until = first.from.strftime("%Y-%m-%d %H:%M:%S");
    let indent = "  ".repeat(depth);
    format!(
        "CASE WHEN x < TIMESTAMP '{until}'\n{indent}THEN {}\n{indent}ELSE {} END",
        halved(before, depth + 1),
        halved(after, depth + 1)
    )
}

fn interval(seconds: i64) -> String {
    match seconds % 3_600 {
        0 => format!("INTERVAL ({}) HOUR", seconds / 3_600),
        _ => format!("INTERVAL ({seconds}) SECOND"),
    }
}

/// From when on, by the clock that is converted, the other one is so many seconds ahead.
struct Change {
    from: DateTime,
    ahead: i64,
}

/// In order; the first one holds before its time, too.
fn changes(from: &TimeZone, to: &TimeZone) -> Vec<Change> {
    let mut moments = vec![boundary(FIRST_YEAR)];
    moments.extend(transitions(from).chain(transitions(to)));
    moments.sort();
    moments.dedup();
    let mut changes: Vec<Change> = Vec::new();
    for moment in moments {
        let before = from.to_offset(moment - 1.second());
        let offset = from.to_offset(moment);
        let ahead = i64::from(to.to_offset(moment).seconds()) - i64::from(offset.seconds());
        // Where the clock that is converted jumps, a time that it skips or shows twice counts as one before the jump.
        let later = if seconds(before) > seconds(offset) {
            before
        } else {
            offset
        };
        let change = Change {
            from: later.to_datetime(moment),
            ahead,
        };
        match changes.last() {
            Some(last) if last.ahead == ahead => {}
            _ => changes.push(change),
        }
    }
    changes
}

fn seconds(offset: Offset) -> i32 {
    offset.seconds()
}

fn transitions(zone: &TimeZone) -> impl Iterator<Item = Timestamp> + '_ {
    let following = zone.following(boundary(FIRST_YEAR));
    let times = following.map(|transition| transition.timestamp());
    times.take_while(|moment| *moment < boundary(LAST_YEAR))
}

fn boundary(year: i16) -> Timestamp {
    let start = jiff::civil::date(year, 1, 1).at(0, 0, 0, 0);
    TimeZone::UTC
        .to_timestamp(start)
        .unwrap_or(Timestamp::UNIX_EPOCH)
}
