//! The values that a query leaves out and a person expects to see.

use std::cmp::Ordering;
use std::collections::HashSet;

use jiff::civil::{Date, DateTime};

use super::{Answer, Cell, PivotColumn, Row, Value};
use crate::calendar::{Calendar, DateRange, TimeUnit};
use crate::compile::{Column, Filling, Notice};
use crate::diagnostic::rules;
use crate::timeframe::{Timeframe, Truncation, Unit};

/// More rows than this are never made.
const MOST: usize = 100_000;

/// Adds what is missing, in its place.
pub(super) fn fill(answer: &mut Answer) {
    let columns = answer.outline.columns.clone();
    if !columns.iter().any(|column| column.is_filled) {
        return;
    }
    if columns
        .iter()
        .any(|column| column.is_filled && column.is_pivot)
    {
        fill_pivots(answer, &columns);
    }
    if columns
        .iter()
        .any(|column| column.is_filled && !column.is_pivot)
    {
        fill_rows(answer, &columns);
    }
}

fn too_many(answer: &mut Answer) {
    let why = format!("that would be more than {MOST} values");
    not_filled(answer, &why);
}

fn cut_off(answer: &mut Answer) {
    not_filled(answer, "a limit has cut off what could stand in them");
}

fn not_filled(answer: &mut Answer, why: &str) {
    answer.notices.push(Notice {
        rule: rules::NO_EFFECT,
        message: format!("no gaps are filled, since {why}"),
    });
}

fn fill_rows(answer: &mut Answer, columns: &[Column]) {
    let dimensions: Vec<usize> = places(columns, |column| !column.is_measure() && !column.is_pivot);
    let cut = match (answer.is_truncated, row_order(answer, columns)) {
        (false, _) => None,
        (true, Some((place, is_descending))) if dimensions == [place] => Some(is_descending),
        (true, _) => return cut_off(answer),
    };
    let domains = dimensions.iter().map(|place| {
        let column = columns.get(*place)?;
        let present = answer.rows.iter().map(|row| one(row, *place)).collect();
        wanted(column, present, cut, &answer.outline.calendar)
    });
    let domains: Option<Vec<Vec<Cell>>> = domains.collect();
    let Some(combinations) = domains.and_then(|domains| product(&domains)) else {
        return too_many(answer);
    };
    let there: HashSet<Vec<String>> = answer
        .rows
        .iter()
        .map(|row| {
            let cells = dimensions.iter().map(|place| one(row, *place));
            key(&cells.collect::<Vec<_>>())
        })
        .collect();
    let missing = combinations
        .into_iter()
        .filter(|cells| !there.contains(&key(cells)));
    let width = answer.pivots.len();
    let rows: Vec<Row> = missing
        .map(|cells| empty_row(columns, &dimensions, &cells, width))
        .collect();
    sort(answer, rows, columns);
}

fn key(cells: &[Cell]) -> Vec<String> {
    cells.iter().map(Cell::key).collect()
}

/// What a row has in a column that does not go across.
fn one(row: &Row, place: usize) -> Cell {
    match row.values.get(place) {
        Some(Value::One(cell)) => cell.clone(),
        _ => Cell::Null,
    }
}

/// By which column the rows go first of all, and whether it descends.
fn row_order(answer: &Answer, columns: &[Column]) -> Option<(usize, bool)> {
    let sorts = answer.outline.sorts.iter();
    let mut sorts = sorts.filter_map(|(name, descending, _)| {
        let place = columns.iter().position(|column| column.name == *name)?;
        let column = columns.get(place)?;
        (!column.is_pivot).then_some((place, *descending))
    });
    sorts.next()
}

fn places(columns: &[Column], is_wanted: impl Fn(&Column) -> bool) -> Vec<usize> {
    let columns = columns.iter().enumerate();
    columns
        .filter(|(_, column)| is_wanted(column))
        .map(|(place, _)| place)
        .collect()
}

fn empty_row(columns: &[Column], dimensions: &[usize], cells: &[Cell], width: usize) -> Row {
    let values = columns.iter().enumerate().map(|(place, column)| {
        let dimension = dimensions.iter().position(|other| *other == place);
        match dimension.and_then(|at| cells.get(at)) {
            Some(cell) => Value::One(cell.clone()),
            None if column.is_pivot => Value::Head,
            None if width > 0 => Value::Across {
                cells: vec![None; width],
                total: None,
            },
            None => Value::One(Cell::Null),
        }
    });
    Row {
        values: values.collect(),
    }
}

/// The values that a column should have: all of its own where it is filled, else those that are there. None: too many.
/// Where a limit has cut off what comes behind the last one, which is after it as they ascend or descend, only those
/// before it.
fn wanted(
    column: &Column,
    present: Vec<Cell>,
    cut: Option<bool>,
    calendar: &Calendar,
) -> Option<Vec<Cell>> {
    let Some(filling) = column.domain.as_ref().filter(|_| column.is_filled) else {
        let mut seen = HashSet::new();
        let present = present.into_iter();
        return Some(present.filter(|cell| seen.insert(cell.key())).collect());
    };
    let mut values = filling.values(&present, calendar)?;
    if let (Some(is_descending), Some(last)) = (cut, present.last()) {
        let is_behind =
            |cell: &Cell| directed(column.compare(cell, last), is_descending) == Ordering::Greater;
        values.retain(|cell| !is_behind(cell));
    }
    Some(values)
}

/// One of each, in all combinations.
fn product(domains: &[Vec<Cell>]) -> Option<Vec<Vec<Cell>>> {
    let mut sizes = domains.iter().map(Vec::len);
    let size = sizes.try_fold(1_usize, usize::checked_mul);
    size.filter(|size| *size <= MOST)?;
    let mut combinations = vec![Vec::new()];
    for domain in domains {
        let longer = combinations.iter().flat_map(|start: &Vec<Cell>| {
            domain.iter().map(|cell| {
                let mut longer = start.clone();
                longer.push(cell.clone());
                longer
            })
        });
        combinations = longer.collect();
    }
    Some(combinations)
}

fn fill_pivots(answer: &mut Answer, columns: &[Column]) {
    let names = answer.outline.query.pivots.clone();
    let pivots: Vec<&Column> = names
        .iter()
        .filter_map(|name| columns.iter().find(|column| column.name == *name))
        .collect();
    let is_cut = answer.are_columns_truncated;
    if is_cut && pivots.len() > 1 {
        return cut_off(answer);
    }
    let domains = pivots.iter().enumerate().map(|(at, column)| {
        let present = answer.pivots.iter();
        let present = present.filter_map(|pivot| pivot.values.get(at).cloned());
        let cut = is_cut.then(|| sort_of(answer, column).1);
        wanted(column, present.collect(), cut, &answer.outline.calendar)
    });
    let domains: Option<Vec<Vec<Cell>>> = domains.collect();
    let Some(combinations) = domains.and_then(|domains| product(&domains)) else {
        return too_many(answer);
    };
    let there = answer.pivots.iter().map(|pivot| key(&pivot.values));
    let there: HashSet<Vec<String>> = there.collect();
    let missing = combinations.into_iter();
    let missing = missing.filter(|cells| !there.contains(&key(cells)));
    let missing = missing.map(PivotColumn::of);
    let present = answer.pivots.iter().cloned().enumerate();
    let mut all: Vec<(Option<usize>, PivotColumn)> = present
        .map(|(place, pivot)| (Some(place), pivot))
        .chain(missing.map(|pivot| (None, pivot)))
        .collect();
    sort_pivots(answer, &pivots, &mut all);
    let moves: Vec<Option<usize>> = all.iter().map(|(place, _)| *place).collect();
    answer.pivots = all.into_iter().map(|(_, pivot)| pivot).collect();
    move_cells(answer, &moves);
}

/// At which place of the sorts a column is, behind all where it is none of them, and whether it descends.
fn sort_of(answer: &Answer, column: &Column) -> (usize, bool) {
    let mut sorts = answer.outline.sorts.iter().enumerate();
    let sort = sorts.find(|(_, (name, ..))| *name == column.name);
    sort.map_or((usize::MAX, false), |(place, (_, descending, _))| {
        (place, *descending)
    })
}

/// First by those that the query sorts by, in its order.
fn sort_pivots(answer: &Answer, pivots: &[&Column], all: &mut [(Option<usize>, PivotColumn)]) {
    let order = pivots.iter().enumerate().map(|(at, column)| {
        let (place, is_descending) = sort_of(answer, column);
        (place, at, *column, is_descending)
    });
    let mut order: Vec<(usize, usize, &Column, bool)> = order.collect();
    order.sort_by_key(|(place, at, ..)| (*place, *at));
    all.sort_by(|(_, one), (_, other)| {
        let orders = order.iter().filter_map(|(_, at, column, is_descending)| {
            let (one, other) = (one.values.get(*at)?, other.values.get(*at)?);
            let nulls = one.is_null().cmp(&other.is_null());
            Some(nulls.then(directed(column.compare(one, other), *is_descending)))
        });
        orders.fold(Ordering::Equal, Ordering::then)
    });
}

/// Puts the cells of all rows where their columns are now: each was at one of the places, or is new.
fn move_cells(answer: &mut Answer, moves: &[Option<usize>]) {
    let rows = answer.rows.iter_mut().chain(&mut answer.totals);
    for value in rows.flat_map(|row| &mut row.values) {
        if let Value::Across { cells, .. } = value {
            let moved = moves
                .iter()
                .map(|place| cells.get((*place)?).cloned().flatten());
            *cells = moved.collect();
        }
    }
}

fn directed(ordering: Ordering, descending: bool) -> Ordering {
    match descending {
        true => ordering.reverse(),
        false => ordering,
    }
}

/// One part of the order of the rows.
struct Key<'a> {
    column: &'a Column,
    place: usize,
    is_descending: bool,
    pivot: usize,
    /// Whether rows have a value for each of the pivoted columns.
    is_pivoted: bool,
}

/// Adds rows, and sorts all as the database would have sorted them.
fn sort(answer: &mut Answer, added: Vec<Row>, columns: &[Column]) {
    let is_pivoted = !answer.pivots.is_empty();
    let all = columns.iter().enumerate();
    let sorted = answer.outline.sorts.iter();
    let sorted = sorted.filter_map(|(name, is_descending, pivot)| {
        let (place, column) = all.clone().find(|(_, column)| column.name == *name)?;
        Some(Key {
            column,
            place,
            is_descending: *is_descending,
            pivot: *pivot,
            is_pivoted,
        })
    });
    let others = all
        .clone()
        .filter(|(_, column)| !column.is_measure() && !column.is_pivot);
    let others = others.map(|(place, column)| Key {
        column,
        place,
        is_descending: false,
        pivot: 0,
        is_pivoted,
    });
    let keys: Vec<Key<'_>> = sorted.chain(others).collect();
    let there = std::mem::take(&mut answer.rows).into_iter().enumerate();
    let mut rows: Vec<(Option<usize>, Row)> = there
        .map(|(place, row)| (Some(place), row))
        .chain(added.into_iter().map(|row| (None, row)))
        .collect();
    rows.sort_by(|one, other| {
        let orders = keys.iter().map(|key| key.compare(one, other));
        orders.fold(Ordering::Equal, Ordering::then)
    });
    answer.rows = rows.into_iter().map(|(_, row)| row).collect();
}

impl Key<'_> {
    /// Rows with the places that they had before others were added.
    fn compare(&self, one: &(Option<usize>, Row), other: &(Option<usize>, Row)) -> Ordering {
        let ((one_place, one), (other_place, other)) = (one, other);
        if self.column.is_measure() && self.column.field.order_by_field.is_some() {
            return self.compare_places(*one_place, *other_place);
        }
        match (one.values.get(self.place), other.values.get(self.place)) {
            (Some(Value::One(one)), Some(Value::One(other))) => {
                directed(self.column.compare(one, other), self.is_descending)
            }
            (Some(Value::Across { cells: one, .. }), Some(Value::Across { cells: other, .. })) => {
                let cell = |cells: &[Option<Cell>]| cells.get(self.pivot).cloned().flatten();
                match (cell(one), cell(other)) {
                    (Some(one), Some(other)) => directed(one.compare(&other), self.is_descending),
                    // Rows without that cell come last.
                    (one, other) => one.is_none().cmp(&other.is_none()),
                }
            }
            _ => Ordering::Equal,
        }
    }

    /// By values that are not in the answer: the rows that were there are in their order, and the others have none,
    /// which is the lowest value, and last where it is that of a column.
    fn compare_places(&self, one: Option<usize>, other: Option<usize>) -> Ordering {
        match (one, other) {
            (Some(one), Some(other)) => one.cmp(&other),
            (one, other) => {
                let is_last = self.is_descending || self.is_pivoted;
                directed(one.is_some().cmp(&other.is_some()), is_last)
            }
        }
    }
}

impl Column {
    /// By its own order: that of its labels, where it has some.
    fn compare(&self, one: &Cell, other: &Cell) -> Ordering {
        let place = |cell: &Cell| match &self.domain {
            Some(Filling::Texts(texts)) => texts.iter().position(|text| *text == cell.text()),
            _ => None,
        };
        match (place(one), place(other)) {
            (Some(one), Some(other)) => one.cmp(&other),
            _ => one.compare(other),
        }
    }
}

impl Filling {
    fn values(&self, present: &[Cell], calendar: &Calendar) -> Option<Vec<Cell>> {
        match self {
            Self::Numbers(numbers) => Some(
                numbers
                    .iter()
                    .map(|number| Cell::Integer(i128::from(*number)))
                    .collect(),
            ),
            Self::Texts(texts) => Some(texts.iter().cloned().map(Cell::Text).collect()),
            Self::Range {
                frame,
                truncation,
                range,
                is_local,
            } => {
                let times = Times {
                    frame: *frame,
                    unit: time_unit(*truncation),
                    range: *range,
                    is_local: *is_local,
                    calendar,
                };
                times.steps(present)
            }
        }
    }
}

/// Steps of time that are filled in.
struct Times<'c> {
    frame: Timeframe,
    unit: TimeUnit,
    range: DateRange,
    /// Whether they are shown in the query's zone.
    is_local: bool,
    calendar: &'c Calendar,
}

impl Times<'_> {
    /// Every step from the first to the last moment, and NULL where it is there. None: too many.
    fn steps(&self, present: &[Cell]) -> Option<Vec<Cell>> {
        let calendar = self.calendar;
        let nulls = present.iter().filter(|cell| cell.is_null());
        let mut steps: Vec<Cell> = nulls.take(1).cloned().collect();
        let Some((mut moment, after)) = self.ends(present) else {
            return Some(steps);
        };
        while moment < after {
            if steps.len() >= MOST {
                return None;
            }
            let next = calendar.add(moment, 1, self.unit);
            if !self.is_skipped(moment, next) {
                steps.push(write(self.frame, moment, calendar));
            }
            if next <= moment {
                break;
            }
            moment = next;
        }
        Some(steps)
    }

    /// The first step, and what is after the last one. None: there is no moment.
    fn ends(&self, present: &[Cell]) -> Option<(DateTime, DateTime)> {
        let (calendar, range) = (self.calendar, self.range);
        // Filters that leave no moment also leave no year in which one could have been.
        if matches!((range.start, range.end), (Some(start), Some(end)) if start >= end) {
            return None;
        }
        let moments = || {
            let present = present.iter();
            present.filter_map(|cell| read(self.frame, cell, calendar))
        };
        let first = range.start.map(|start| calendar.truncate(start, self.unit));
        let first = first.or_else(|| moments().min())?;
        let after = range.end;
        let after = after.or_else(|| Some(calendar.add(moments().max()?, 1, self.unit)))?;
        Some((first, after))
    }

    /// Whether no clock of the zone shows a step.
    fn is_skipped(&self, start: DateTime, end: DateTime) -> bool {
        let is_short = matches!(self.unit, TimeUnit::Minute | TimeUnit::Hour | TimeUnit::Day);
        self.is_local && is_short && self.calendar.is_skipped(start, end)
    }
}

fn time_unit(truncation: Truncation) -> TimeUnit {
    match (truncation.unit, truncation.is_fiscal) {
        (Unit::Quarter, true) => TimeUnit::FiscalQuarter,
        (Unit::Year, true) => TimeUnit::FiscalYear,
        (Unit::Microsecond | Unit::Millisecond | Unit::Second, _) => TimeUnit::Second,
        (Unit::Minute, _) => TimeUnit::Minute,
        (Unit::Hour, _) => TimeUnit::Hour,
        (Unit::Day, _) => TimeUnit::Day,
        (Unit::Week, _) => TimeUnit::Week,
        (Unit::Month, _) => TimeUnit::Month,
        (Unit::Quarter, false) => TimeUnit::Quarter,
        (Unit::Year, false) => TimeUnit::Year,
    }
}

/// The first moment of what a cell shows.
fn read(frame: Timeframe, cell: &Cell, calendar: &Calendar) -> Option<DateTime> {
    if cell.is_null() {
        return None;
    }
    let text = cell.text();
    let day = |text: &str| Some(text.parse::<Date>().ok()?.to_datetime(Default::default()));
    match frame {
        Timeframe::Month | Timeframe::Quarter => day(&format!("{text}-01")),
        Timeframe::Year => day(&format!("{text:0>4}-01-01")),
        Timeframe::Hour => DateTime::strptime("%Y-%m-%d %H:%M", format!("{text}:00")).ok(),
        Timeframe::Minute => DateTime::strptime("%Y-%m-%d %H:%M", &text).ok(),
        Timeframe::FiscalYear => {
            let year = text.strip_prefix("FY")?.parse().ok()?;
            Some(calendar.fiscal_year_start(year))
        }
        Timeframe::FiscalQuarter => {
            let (year, quarter) = text.strip_prefix("FY")?.split_once("-Q")?;
            let start = calendar.fiscal_year_start(year.parse().ok()?);
            let quarter: i64 = quarter.parse().ok()?;
            Some(calendar.add(start, quarter - 1, TimeUnit::FiscalQuarter))
        }
        _ => day(&text),
    }
}

/// What a frame shows of a moment.
fn write(frame: Timeframe, moment: DateTime, calendar: &Calendar) -> Cell {
    let text = |format: &str| Cell::Text(moment.strftime(format).to_string());
    match frame {
        Timeframe::Month | Timeframe::Quarter => text("%Y-%m"),
        Timeframe::Year => Cell::Integer(i128::from(moment.year())),
        Timeframe::Hour => text("%Y-%m-%d %H"),
        Timeframe::Minute => text("%Y-%m-%d %H:%M"),
        Timeframe::FiscalYear | Timeframe::FiscalQuarter => {
            // The calendar year that the fiscal month falls in once it is moved back to January's count.
            let offset = i64::from(calendar.fiscal_month_offset);
            let moved = calendar.add(moment, -offset, TimeUnit::Month);
            let quarter = (moved.month() + 2) / 3;
            Cell::Text(match frame {
                Timeframe::FiscalYear => format!("FY{:04}", moved.year()),
                _ => format!("FY{:04}-Q{quarter}", moved.year()),
            })
        }
        _ => Cell::Date(moment.date()),
    }
}
