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
    answer.notices.push(Notice {
        rule: rules::LIMIT_ABOVE_MAXIMUM,
        message: format!("gaps are not filled, since that would be more than {MOST} values"),
    });
}

fn fill_rows(answer: &mut Answer, columns: &[Column]) {
    let dimensions: Vec<usize> = places(columns, |column| !column.is_measure() && !column.is_pivot);
    let present = |place: usize| {
        let values = answer.rows.iter().map(|row| match row.values.get(place) {
            Some(Value::One(cell)) => cell.clone(),
            _ => Cell::Null,
        });
        values.collect::<Vec<_>>()
    };
    let calendar = &answer.outline.calendar;
    let domains: Option<Vec<Vec<Cell>>> = dimensions
        .iter()
        .map(|place| {
            let column = columns.get(*place)?;
            wanted(column, present(*place), calendar)
        })
        .collect();
    let Some(combinations) = domains.and_then(|domains| product(&domains)) else {
        return too_many(answer);
    };
    let key = |cells: &[Cell]| cells.iter().map(Cell::key).collect::<Vec<_>>();
    let there: HashSet<Vec<String>> = answer
        .rows
        .iter()
        .map(|row| {
            let cells = dimensions.iter().map(|place| match row.values.get(*place) {
                Some(Value::One(cell)) => cell.key(),
                _ => String::new(),
            });
            cells.collect()
        })
        .collect();
    let missing = combinations
        .into_iter()
        .filter(|cells| !there.contains(&key(cells)));
    let width = answer.pivots.len();
    let rows: Vec<Row> = missing
        .map(|cells| empty_row(columns, &dimensions, &cells, width))
        .collect();
    answer.rows.extend(rows);
    sort(answer, columns);
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
fn wanted(column: &Column, present: Vec<Cell>, calendar: &Calendar) -> Option<Vec<Cell>> {
    match (&column.domain, column.is_filled) {
        (Some(filling), true) => filling.values(&present, calendar),
        _ => {
            let mut seen = HashSet::new();
            Some(
                present
                    .into_iter()
                    .filter(|cell| seen.insert(cell.key()))
                    .collect(),
            )
        }
    }
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
    let calendar = answer.outline.calendar.clone();
    let domains: Option<Vec<Vec<Cell>>> = pivots
        .iter()
        .enumerate()
        .map(|(at, column)| {
            let present = answer
                .pivots
                .iter()
                .filter_map(|pivot| pivot.values.get(at).cloned());
            wanted(column, present.collect(), &calendar)
        })
        .collect();
    let Some(combinations) = domains.and_then(|domains| product(&domains)) else {
        return too_many(answer);
    };
    let mut all: Vec<(Option<usize>, PivotColumn)> = answer
        .pivots
        .iter()
        .cloned()
        .enumerate()
        .map(|(place, pivot)| (Some(place), pivot))
        .collect();
    let there: HashSet<String> = answer
        .pivots
        .iter()
        .map(|pivot| pivot.key.clone())
        .collect();
    let missing = combinations.into_iter().map(PivotColumn::of);
    all.extend(
        missing
            .filter(|pivot| !there.contains(&pivot.key))
            .map(|pivot| (None, pivot)),
    );
    let sorts = &answer.outline.sorts;
    let descending = |column: &Column| {
        let sort = sorts.iter().find(|(name, ..)| *name == column.name);
        sort.is_some_and(|(_, descending, _)| *descending)
    };
    // First those that the query sorts by, in its order.
    let mut order: Vec<usize> = (0..pivots.len()).collect();
    order.sort_by_key(|at| {
        let name = pivots.get(*at).map(|column| &column.name);
        sorts
            .iter()
            .position(|(sorted, ..)| Some(sorted) == name)
            .unwrap_or(usize::MAX)
    });
    all.sort_by(|(_, one), (_, other)| {
        let orders = order.iter().filter_map(|at| {
            let column = pivots.get(*at)?;
            let (one, other) = (one.values.get(*at)?, other.values.get(*at)?);
            let nulls = one.is_null().cmp(&other.is_null());
            Some(nulls.then(directed(column.compare(one, other), descending(column))))
        });
        orders.fold(Ordering::Equal, Ordering::then)
    });
    let moves: Vec<Option<usize>> = all.iter().map(|(place, _)| *place).collect();
    answer.pivots = all.into_iter().map(|(_, pivot)| pivot).collect();
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

/// As the database would have sorted the rows.
fn sort(answer: &mut Answer, columns: &[Column]) {
    let place = |name: &str| columns.iter().position(|column| column.name == name);
    let sorted = answer.outline.sorts.iter();
    let sorted =
        sorted.filter_map(|(name, descending, pivot)| Some((place(name)?, *descending, *pivot)));
    let others = places(columns, |column| !column.is_measure() && !column.is_pivot);
    let keys: Vec<(usize, bool, usize)> = sorted
        .chain(others.into_iter().map(|place| (place, false, 0)))
        .collect();
    answer.rows.sort_by(|one, other| {
        let orders = keys.iter().map(|(place, descending, pivot)| {
            let column = columns.get(*place);
            match (one.values.get(*place), other.values.get(*place)) {
                (Some(Value::One(one)), Some(Value::One(other))) => {
                    let ordering = match column {
                        Some(column) => column.compare(one, other),
                        None => one.compare(other),
                    };
                    directed(ordering, *descending)
                }
                (
                    Some(Value::Across { cells: one, .. }),
                    Some(Value::Across { cells: other, .. }),
                ) => {
                    let cell = |cells: &[Option<Cell>]| cells.get(*pivot).cloned().flatten();
                    match (cell(one), cell(other)) {
                        (Some(one), Some(other)) => directed(one.compare(&other), *descending),
                        // Rows without that cell come last.
                        (one, other) => one.is_none().cmp(&other.is_none()),
                    }
                }
                _ => Ordering::Equal,
            }
        });
        orders.fold(Ordering::Equal, Ordering::then)
    });
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
            } => steps(*frame, *truncation, *range, present, calendar),
        }
    }
}

/// Every step from the first to the last moment, and NULL where it is there.
fn steps(
    frame: Timeframe,
    truncation: Truncation,
    range: DateRange,
    present: &[Cell],
    calendar: &Calendar,
) -> Option<Vec<Cell>> {
    let unit = time_unit(truncation);
    let moments = || {
        present
            .iter()
            .filter_map(|cell| read(frame, cell, calendar))
    };
    let first = range.start.map(|start| calendar.truncate(start, unit));
    let first = first.or_else(|| moments().min());
    let after = range
        .end
        .or_else(|| Some(calendar.add(moments().max()?, 1, unit)));
    let mut steps: Vec<Cell> = present
        .iter()
        .filter(|cell| cell.is_null())
        .take(1)
        .cloned()
        .collect();
    let (Some(mut moment), Some(after)) = (first, after) else {
        return Some(steps);
    };
    while moment < after {
        if steps.len() >= MOST {
            return None;
        }
        steps.push(write(frame, moment, calendar));
        let next = calendar.add(moment, 1, unit);
        if next <= moment {
            break;
        }
        moment = next;
    }
    Some(steps)
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
