//! Table calculations: columns that are computed from the answer's.

use std::sync::Arc;

use super::{Answer, Cell, Row, Value};
use crate::compile::Column as Described;
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
    let matches_filter = |expression: &str, filter_type, value: &expression::Value| {
        matches(expression, filter_type, value, calendar)
    };
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
    for (place, column) in answer.outline.columns.iter().enumerate() {
        let is_across = column.is_measure() && !answer.pivots.is_empty();
        let values = match (column.is_pivot, is_across) {
            (true, _) => heads(answer, column),
            (false, true) => across(answer, place, column),
            (false, false) => down(answer, place, column),
        };
        table.insert(column.name.clone(), values);
        if let Some(filter_type) = column.filter_type {
            table.set_filter_type(column.name.clone(), filter_type);
        }
    }
    table
}

/// The values over the pivoted columns.
fn heads(answer: &Answer, column: &Described) -> Column {
    let place = answer.pivot_place(column);
    let values = answer.pivots.iter().map(|head| {
        let cell = place.and_then(|place| head.values.get(place));
        value(column, cell)
    });
    Column::Pivot(values.collect())
}

fn down(answer: &Answer, place: usize, column: &Described) -> Column {
    let one = |row: &Row| match row.values.get(place) {
        Some(Value::One(cell)) => value(column, Some(cell)),
        _ => expression::Value::Null,
    };
    let values = answer.rows.iter().map(one);
    let total = answer.totals.as_ref().map(one);
    Column::plain_with_total(values.collect(), total.unwrap_or(expression::Value::Null))
}

/// What a cell is to an expression. Yes and no come as texts from the database.
fn value(column: &Described, cell: Option<&Cell>) -> expression::Value {
    match cell {
        None => expression::Value::Null,
        Some(Cell::Text(text)) if column.filter_type == Some(FilterType::YesNo) => {
            match text.as_str() {
                "Yes" => expression::Value::YesNo(true),
                "No" => expression::Value::YesNo(false),
                text => expression::Value::Text(text.to_owned()),
            }
        }
        Some(cell) => cell.value(),
    }
}

fn across(answer: &Answer, place: usize, column: &Described) -> Column {
    let cell = |row: &Row, pivot: usize| match row.values.get(place) {
        Some(Value::Across { cells, .. }) => {
            value(column, cells.get(pivot).and_then(Option::as_ref))
        }
        _ => expression::Value::Null,
    };
    let total = |row: &Row| match row.values.get(place) {
        Some(Value::Across { total, .. }) => value(column, total.as_ref()),
        _ => expression::Value::Null,
    };
    let line = |value: &dyn Fn(&Row) -> expression::Value| Line {
        values: answer.rows.iter().map(value).collect(),
        total: answer
            .totals
            .as_ref()
            .map_or(expression::Value::Null, value),
    };
    let cells = (0..answer.pivots.len()).map(|pivot| line(&|row| cell(row, pivot)));
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
    filter_type: FilterType,
    value: &expression::Value,
    calendar: &crate::Calendar,
) -> Result<bool, Diagnostic> {
    let value = match value {
        expression::Value::Text(text) if filter_type == FilterType::Date => {
            let moment = expression::moment(value);
            moment.map_or(filter::Value::String(text), filter::Value::DateTime)
        }
        expression::Value::Number(number) => filter::Value::Number(*number),
        expression::Value::Text(text) => filter::Value::String(text),
        expression::Value::YesNo(yes) => filter::Value::Bool(*yes),
        expression::Value::Date(date) => filter::Value::DateTime(date.at(0, 0, 0, 0)),
        expression::Value::DateTime(time) => filter::Value::DateTime(*time),
        expression::Value::Null | expression::Value::List(_) => filter::Value::Null,
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
