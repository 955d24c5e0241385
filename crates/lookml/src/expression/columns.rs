//! Functions that see other rows.

use std::{collections::HashMap, sync::Arc};

use super::{
    Expression, Line, Value,
    aggregates::{Values, percentile_of},
    evaluate::{Answer, Evaluator, Pivot, has_lists, list_values},
    operators::number,
    value::integer,
};
use crate::{Diagnostic, token::Span};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ColumnFunction {
    Percentile,
    RunningTotal,
    Offset,
    OffsetList,
    Row,
    Index,
    Rank,
    Lookup,
}

/// The arguments of a function of columns.
struct Columns<'a> {
    lines: &'a [Arc<Line>],
    written: &'a [Expression],
    span: Span,
}

impl Columns<'_> {
    fn span(&self, at: usize) -> Span {
        self.written
            .get(at)
            .map_or(self.span, |written| written.span)
    }

    /// A whole number that an argument is in a row.
    fn integer(&self, values: &[&Value], at: usize) -> Result<Option<i64>, Diagnostic> {
        let value = values.get(at).copied().unwrap_or(&Value::Null);
        let number = number((value, self.span(at)))?;
        Ok(number.and_then(integer))
    }
}

impl Evaluator<'_> {
    pub(super) fn column_function(
        &self,
        function: ColumnFunction,
        written: &[Expression],
        span: Span,
        pivot: Pivot,
    ) -> Answer {
        let lines = self.lines(written, pivot)?;
        let columns = Columns {
            lines: &lines,
            written,
            span,
        };
        match (function, lines.as_slice()) {
            (ColumnFunction::Row, _) => Ok(self.row_numbers()),
            (ColumnFunction::RunningTotal, [line]) => running_total(line, columns.span(0)),
            (ColumnFunction::Percentile, [line, _]) => self.percentile(&columns, line),
            (ColumnFunction::Offset, [line, _]) => self.offset(&columns, line),
            (ColumnFunction::OffsetList, [line, ..]) => self.offset_list(&columns, line),
            (ColumnFunction::Index, [line, _]) => self.index(&columns, line),
            (ColumnFunction::Rank, [_, line]) => self.rank(&columns, line),
            (ColumnFunction::Lookup, [_, keys, results]) => self.lookup(&columns, keys, results),
            // The parser counted the arguments.
            _ => self.constant(&Value::Null),
        }
    }

    /// From 1; the totals are no row.
    fn row_numbers(&self) -> Arc<Line> {
        Arc::new(Line {
            values: (1..=self.table.row_count()).map(Value::count).collect(),
            total: Value::Null,
        })
    }

    fn percentile(&self, columns: &Columns<'_>, line: &Line) -> Answer {
        let span = columns.span(0);
        let column = match has_lists(line) {
            true => None,
            false => Some(Values::of(line.values.iter(), span).sorted()?),
        };
        self.across(columns.lines, |values| {
            let share = values.get(1).copied().unwrap_or(&Value::Null);
            let Some(share) = number((share, columns.span(1)))? else {
                return Ok(Value::Null);
            };
            if let Some(column) = &column {
                return Ok(percentile_of(column, share));
            }
            Ok(match list_values(values, 0, span) {
                Some(list) => percentile_of(&list.sorted()?, share),
                None => Value::Null,
            })
        })
    }

    /// The value of another row; null outside of the table.
    fn offset(&self, columns: &Columns<'_>, line: &Line) -> Answer {
        let mut row = 0;
        self.across(columns.lines, |values| {
            let offset = columns.integer(values, 1)?;
            let found = offset.and_then(|offset| self.row_at(line, row, offset));
            row += 1;
            Ok(found.cloned().unwrap_or(Value::Null))
        })
    }

    /// As many values as were asked for: those outside of the table are null.
    fn offset_list(&self, columns: &Columns<'_>, line: &Line) -> Answer {
        let mut row = 0;
        self.across(columns.lines, |values| {
            let (offset, length) = (columns.integer(values, 1)?, columns.integer(values, 2)?);
            let current = row;
            row += 1;
            let Some((offset, length)) = offset.zip(length) else {
                return Ok(Value::Null);
            };
            let length = usize::try_from(length.max(0)).unwrap_or(usize::MAX);
            self.spend(length.saturating_mul(size_of::<Value>()), columns.span)?;
            let list: Vec<_> = (offset..)
                .take(length)
                .map(|offset| self.row_at(line, current, offset).cloned())
                .map(|value| value.unwrap_or(Value::Null))
                .collect();
            self.spend(list.iter().map(Value::weight).sum(), columns.span)?;
            Ok(Value::List(list))
        })
    }

    /// The value that many rows below; the row of totals has no neighbours.
    fn row_at<'a>(&self, line: &'a Line, row: usize, offset: i64) -> Option<&'a Value> {
        if row >= self.table.row_count() {
            return None;
        }
        let row = i64::try_from(row).ok()?.checked_add(offset)?;
        line.values.get(usize::try_from(row).ok()?)
    }

    /// The value of one row, counted from 1.
    fn index(&self, columns: &Columns<'_>, line: &Line) -> Answer {
        let is_in_lists = has_lists(line);
        self.across(columns.lines, |values| {
            let place = columns.integer(values, 1)?;
            let place = place.and_then(|place| usize::try_from(place.checked_sub(1)?).ok());
            let within = match values.first() {
                Some(Value::List(list)) if is_in_lists => list.as_slice(),
                _ if is_in_lists => &[],
                _ => line.values.as_slice(),
            };
            let found = place.and_then(|place| within.get(place));
            Ok(found.cloned().unwrap_or(Value::Null))
        })
    }

    /// One more than there are larger numbers: the largest is the first, equal ones have the same rank. The total is
    /// no part of the column and has no rank in it.
    fn rank(&self, columns: &Columns<'_>, line: &Line) -> Answer {
        let span = columns.span(1);
        let column = match has_lists(line) {
            true => None,
            false => Some(Values::of(line.values.iter(), span).sorted()?),
        };
        let mut ranks = self.across(columns.lines, |values| {
            let value = values.first().copied().unwrap_or(&Value::Null);
            let Some(value) = number((value, columns.span(0)))? else {
                return Ok(Value::Null);
            };
            if let Some(column) = &column {
                return Ok(rank_of(value, column));
            }
            Ok(match list_values(values, 1, span) {
                Some(list) => rank_of(value, &list.sorted()?),
                None => Value::Null,
            })
        })?;
        if column.is_some() {
            Arc::make_mut(&mut ranks).total = Value::Null;
        }
        Ok(ranks)
    }

    /// The result in the first row that has the value.
    fn lookup(&self, columns: &Columns<'_>, keys: &Line, results: &Line) -> Answer {
        let mut rows = HashMap::new();
        for (key, result) in keys.values.iter().zip(&results.values) {
            rows.entry(key.key()).or_insert(result);
        }
        self.across(columns.lines, |values| {
            let value = values.first().filter(|value| !value.is_null());
            let found = value.and_then(|value| rows.get(&value.key()).copied());
            Ok(found.cloned().unwrap_or(Value::Null))
        })
    }
}

/// Null counts as zero. The row of totals is no part of it.
fn running_total(line: &Line, span: Span) -> Answer {
    let mut total = 0.0;
    let values = line.values.iter().map(|value| {
        total += number((value, span))?.unwrap_or_default();
        Ok(Value::number(total))
    });
    Ok(Arc::new(Line {
        values: values.collect::<Result<_, _>>()?,
        total: Value::Null,
    }))
}

fn rank_of(value: f64, sorted: &[f64]) -> Value {
    let larger = sorted.len() - sorted.partition_point(|other| *other <= value);
    Value::count(larger + 1)
}
