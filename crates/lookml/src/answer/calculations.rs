//! Table calculations: columns that are computed from the answer's.

use std::sync::Arc;

use super::{Answer, Cell, Row, Value};
use crate::diagnostic::{Diagnostic, rules};
use crate::expression::{self, Calculation, Column, Context, Line, Table};
use crate::filter::{self, FilterType};
use crate::token::Span;

/// Adds their columns behind the others. One that has a mistake is empty, and says so.
pub(super) fn compute(answer: &mut Answer) {
    if answer.outline.calculations.is_empty() {
        return;
    }
    let calculations: Vec<Calculation> = answer
        .outline
        .calculations
        .iter()
        .map(|(_, calculation)| calculation.clone())
        .collect();
    let table = table(answer);
    let columns = in_context(answer, |context| {
        expression::calculate(&calculations, &table, context)
    });
    for (calculation, column) in calculations.iter().zip(columns) {
        match column {
            Ok(column) => add(answer, &column),
            Err(problem) => {
                answer.problems.push((calculation.name.clone(), problem));
                add(answer, &Column::plain(Vec::new()));
            }
        }
    }
}

/// Evaluates something with what expressions over an answer need beside its table.
pub(crate) fn in_context<T>(answer: &Answer, evaluate: impl FnOnce(&Context<'_>) -> T) -> T {
    let calendar = &answer.outline.calendar;
    let matches_filter =
        |expression: &str, value: &expression::Value| matches(expression, value, calendar);
    evaluate(&Context {
        now: calendar.local_now(),
        matches_filter: &matches_filter,
    })
}

/// The answer as expressions see it.
pub(crate) fn table(answer: &Answer) -> Table {
    let mut table = Table::new(answer.rows.len(), answer.pivots.len());
    if answer.totals.is_some() {
        table = table.with_totals();
    }
    let mut pivot = 0;
    for (place, column) in answer.outline.columns.iter().enumerate() {
        if column.is_pivot {
            let values = answer.pivots.iter().map(|head| {
                head.values
                    .get(pivot)
                    .map_or(expression::Value::Null, Cell::value)
            });
            table.insert(column.name.clone(), Column::Pivot(values.collect()));
            pivot += 1;
            continue;
        }
        let is_across = column.is_measure() && !answer.pivots.is_empty();
        let column_values = match is_across {
            true => across(answer, place),
            false => {
                let values = answer.rows.iter().map(|row| one(row, place));
                let total = answer.totals.as_ref().map(|row| one(row, place));
                Column::plain_with_total(values.collect(), total.unwrap_or(expression::Value::Null))
            }
        };
        table.insert(column.name.clone(), column_values);
    }
    table
}

fn one(row: &Row, place: usize) -> expression::Value {
    match row.values.get(place) {
        Some(Value::One(cell)) => cell.value(),
        _ => expression::Value::Null,
    }
}

fn across(answer: &Answer, place: usize) -> Column {
    let cell = |row: &Row, column: usize| match row.values.get(place) {
        Some(Value::Across { cells, .. }) => cells
            .get(column)
            .and_then(Option::as_ref)
            .map_or(expression::Value::Null, Cell::value),
        _ => expression::Value::Null,
    };
    let total = |row: &Row| match row.values.get(place) {
        Some(Value::Across { total, .. }) => {
            total.as_ref().map_or(expression::Value::Null, Cell::value)
        }
        _ => expression::Value::Null,
    };
    let line = |value: &dyn Fn(&Row) -> expression::Value| Line {
        values: answer.rows.iter().map(value).collect(),
        total: answer
            .totals
            .as_ref()
            .map_or(expression::Value::Null, value),
    };
    let cells = (0..answer.pivots.len()).map(|column| line(&|row| cell(row, column)));
    let row_totals = answer.outline.row_total.map(|_| line(&total));
    Column::pivoted(cells.collect(), row_totals)
}

fn add(answer: &mut Answer, column: &Column) {
    let cell = |line: &Arc<Line>, row: Option<usize>| {
        let value = match row {
            Some(row) => line.values.get(row).unwrap_or(&expression::Value::Null),
            None => &line.total,
        };
        Cell::of_value(value)
    };
    let value = |row: Option<usize>| match column {
        Column::Plain(line) => Value::One(cell(line, row)),
        Column::Pivoted { cells, row_totals } => Value::Across {
            cells: cells.iter().map(|line| Some(cell(line, row))).collect(),
            total: row_totals.as_ref().map(|line| cell(line, row)),
        },
        Column::Pivot(_) => Value::One(Cell::Null),
    };
    for (number, row) in answer.rows.iter_mut().enumerate() {
        row.values.push(value(Some(number)));
    }
    if let Some(totals) = &mut answer.totals {
        totals.values.push(value(None));
    }
}

fn matches(
    expression: &str,
    value: &expression::Value,
    calendar: &crate::Calendar,
) -> Result<bool, Diagnostic> {
    let (filter_type, value) = match value {
        expression::Value::Number(number) => (FilterType::Number, filter::Value::Number(*number)),
        expression::Value::Text(text) => (FilterType::String, filter::Value::String(text)),
        expression::Value::YesNo(yes) => (FilterType::YesNo, filter::Value::Bool(*yes)),
        expression::Value::Date(date) => (
            FilterType::Date,
            filter::Value::DateTime(date.at(0, 0, 0, 0)),
        ),
        expression::Value::DateTime(time) => (FilterType::Date, filter::Value::DateTime(*time)),
        expression::Value::Null | expression::Value::List(_) => {
            (FilterType::String, filter::Value::Null)
        }
    };
    let filter = filter::parse(expression, filter_type).map_err(|error| {
        let span = Span::new(error.position, expression.len());
        Diagnostic::new(rules::BAD_FILTER, span, error.message)
    })?;
    let context = filter::Context {
        dialect: crate::Dialect::DuckDb,
        calendar,
        datatype: filter::Datatype::Timestamp,
        is_converted: false,
        is_case_sensitive: true,
    };
    Ok(filter.matches(&value, &context))
}
