//! Tables with rows: NULLs, orphans, duplicates, leap days, the hours in which clocks change.

use jiff::Timestamp;
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use crate::chance::Chance;
use crate::model::Table;
use crate::value::{Relation, Value};

pub(crate) const KINDS: [&str; 8] = ["a", "A", "b", "", "c d", "100%", "x_y", "a,b"];
pub(crate) const NOTES: [&str; 9] = [
    "alpha",
    "Beta",
    "beta",
    "",
    "it's",
    "-minus",
    "say \"hi\"",
    "NULL",
    "é ^ up",
];

/// Texts hold their keys' prefix, numbers do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyType {
    Number,
    Text,
}

impl KeyType {
    pub(crate) fn value(self, number: i64) -> Value {
        match self {
            KeyType::Number => Value::whole(number),
            KeyType::Text => Value::text(format!("k{number}")),
        }
    }

    pub(crate) fn sql(self) -> &'static str {
        match self {
            KeyType::Number => "INTEGER",
            KeyType::Text => "VARCHAR",
        }
    }
}

/// A table before it has rows.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub name: String,
    pub key: KeyType,
    pub rows: usize,
    pub foreign: Vec<ForeignKey>,
    /// Whether each row has an array.
    pub has_array: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct ForeignKey {
    pub column: String,
    /// The number of rows of the table it refers to, and its keys' type.
    pub rows: usize,
    pub key: KeyType,
    /// Whether no two rows refer to the same one.
    pub unique: bool,
}

const COLUMNS: [(&str, &str); 11] = [
    ("kind", "VARCHAR"),
    ("note", "VARCHAR"),
    ("amount", "DECIMAL(10,2)"),
    ("score", "INTEGER"),
    ("weight", "DOUBLE"),
    ("flag", "BOOLEAN"),
    ("created_at", "TIMESTAMP"),
    ("ended_at", "TIMESTAMP"),
    ("day", "DATE"),
    ("epoch", "BIGINT"),
    ("ymd", "INTEGER"),
];

/// The column that holds an array.
pub(crate) const ARRAY: &str = "parts";
const ARRAY_TYPE: &str = "STRUCT(id INTEGER, kind VARCHAR, amount DECIMAL(10,2), score INTEGER)[]";

pub(crate) fn table(plan: &Plan, now: Timestamp, chance: &mut Chance) -> Table {
    let mut columns = vec!["id".to_owned()];
    let mut types = vec![plan.key.sql()];
    for foreign in &plan.foreign {
        columns.push(foreign.column.clone());
        types.push(foreign.key.sql());
    }
    for (name, kind) in COLUMNS {
        columns.push(name.to_owned());
        types.push(kind);
    }
    if plan.has_array {
        columns.push(ARRAY.to_owned());
        types.push(ARRAY_TYPE);
    }
    let keys: Vec<Vec<Value>> = plan
        .foreign
        .iter()
        .map(|foreign| foreign_keys(foreign, plan.rows, chance))
        .collect();
    let mut elements = 0;
    let mut row = |row: usize, chance: &mut Chance| {
        let mut values = vec![plan.key.value(row as i64 + 1)];
        values.extend(keys.iter().map(|keys| keys[row].clone()));
        values.extend(cells(now, chance));
        if plan.has_array {
            values.push(array(&mut elements, chance));
        }
        values
    };
    let rows = (0..plan.rows).map(|index| row(index, chance)).collect();
    Table {
        name: plan.name.clone(),
        types,
        relation: Relation { columns, rows },
    }
}

/// NULL, empty, or with elements whose numbers nowhere stand twice.
fn array(last: &mut i64, chance: &mut Chance) -> Value {
    if chance.percent(15) {
        return Value::Null;
    }
    let element = |chance: &mut Chance| {
        *last += 1;
        let mut cells = vec![
            Value::text(chance.pick(&KINDS)),
            Value::Number(chance.between(-20, 80) as f64 / 4.0),
            Value::whole(chance.between(-3, 9)),
        ];
        for cell in &mut cells {
            if chance.percent(12) {
                *cell = Value::Null;
            }
        }
        let id = Value::whole(*last);
        std::iter::once(id).chain(cells).collect()
    };
    let mut element = element;
    let count = chance.below(4);
    Value::List((0..count).map(|_| element(chance)).collect())
}

/// Some are NULL, some refer to nothing.
fn foreign_keys(foreign: &ForeignKey, rows: usize, chance: &mut Chance) -> Vec<Value> {
    let range = foreign.rows as i64 + 2;
    let mut unused: Vec<i64> = (1..=range.max(rows as i64)).collect();
    chance.shuffle(&mut unused);
    let key = |chance: &mut Chance| {
        if chance.percent(10) {
            return Value::Null;
        }
        let number = match foreign.unique {
            true => unused.pop().unwrap_or(0),
            false => chance.between(1, range),
        };
        foreign.key.value(number)
    };
    let mut key = key;
    (0..rows).map(|_| key(chance)).collect()
}

fn cells(now: Timestamp, chance: &mut Chance) -> Vec<Value> {
    let created = moment(now, chance);
    let ended = ended(created, now, chance);
    let day = moment(now, chance).date();
    let ymd = moment(now, chance).date();
    let ymd = i64::from(ymd.year()) * 10_000 + i64::from(ymd.month()) * 100 + i64::from(ymd.day());
    let epoch = moment(now, chance)
        .to_zoned_datetime(TimeZone::UTC)
        .unwrap()
        .timestamp()
        .as_second();
    let quarters = chance.between(-20, 200) as f64 / 4.0;
    let weight = chance.between(-8, 40) as f64 / 8.0;
    let mut cells = vec![
        Value::text(chance.pick(&KINDS)),
        Value::text(chance.pick(&NOTES)),
        Value::Number(chance.pick(&[quarters, 10.0, 0.0, 12.5, 20.0])),
        Value::whole(chance.between(-3, 9)),
        Value::Number(weight),
        Value::Bool(chance.percent(50)),
        Value::Time(created),
        Value::Time(ended),
        Value::Date(day),
        Value::whole(epoch),
        Value::whole(ymd),
    ];
    for cell in &mut cells {
        if chance.percent(12) {
            *cell = Value::Null;
        }
    }
    cells
}

fn ended(created: DateTime, now: Timestamp, chance: &mut Chance) -> DateTime {
    match chance.below(6) {
        0 => moment(now, chance),
        1 => created - chance.between(1, 4_000).minutes(),
        2 => created + chance.between(0, 90).days(),
        3 => created + chance.between(0, 30).months(),
        4 => created + chance.between(0, 200).seconds(),
        _ => created + chance.between(0, 5_000).minutes(),
    }
}

/// A time at which something is odd, or one near the query's clock.
pub(crate) fn moment(now: Timestamp, chance: &mut Chance) -> DateTime {
    let year = chance.between(2023, 2027) as i16;
    let day = |month: i8, day: i8| Date::constant(year, month, day);
    match chance.below(14) {
        0 => Date::constant(2024, 2, 29).at(chance.between(0, 23) as i8, 0, 0, 0),
        1 => day(12, 31).at(23, 59, 59, 0),
        2 => day(1, 1).at(0, 0, 0, 0),
        // Clocks change in America, Europe, Lord Howe and Chile about now.
        3 => day(3, 8).at(chance.between(5, 12) as i8, 30, 0, 0),
        4 => day(11, 1).at(chance.between(4, 11) as i8, 30, 0, 0),
        5 => day(3, 29).at(chance.between(0, 2) as i8, 59, 59, 0),
        6 => day(4, 4).at(chance.between(13, 16) as i8, 45, 0, 0),
        7 => day(10, chance.between(1, 31) as i8).at(chance.between(0, 23) as i8, 15, 0, 0),
        // ISO week 53.
        8 => Date::constant(2021, 1, chance.between(1, 4) as i8).at(12, 0, 0, 0),
        _ => near(now, chance),
    }
}

fn near(now: Timestamp, chance: &mut Chance) -> DateTime {
    let at = now.to_zoned_datetime(TimeZone::UTC).datetime();
    let at = at.date().at(at.hour(), at.minute(), at.second(), 0);
    match chance.below(6) {
        0 => at + chance.between(-90, 90).seconds(),
        1 => at + chance.between(-200, 200).minutes(),
        2 => at + chance.between(-72, 72).hours(),
        3 => at + chance.between(-40, 20).days(),
        4 => at + chance.between(-900, 200).days(),
        _ => at + chance.between(-20, 8).weeks() + chance.between(-600, 600).minutes(),
    }
}
