//! What Liquid is told in links and in html: the cell, its row, the query.

use jiff::civil::DateTime;

use super::detail::Look;
use super::drill::filter_value;
use super::{Answer, Cell, Row};
use crate::diagnostic::rules;
use crate::dialect::Dialect;
use crate::liquid::{Context, Problem, Value};

/// Where a cell is.
#[derive(Clone, Copy)]
pub(super) struct Spot<'a> {
    /// None: in the row of totals.
    pub(super) row: Option<&'a Row>,
    /// Which of the answer's columns.
    pub(super) column: usize,
    /// Which of the pivoted columns; none in others, and in the total of a row.
    pub(super) pivot: Option<usize>,
}

/// One cell.
pub(super) struct CellContext<'a> {
    pub(super) answer: &'a Answer,
    pub(super) spot: Spot<'a>,
    pub(super) cell: &'a Cell,
    pub(super) rendered: &'a str,
    pub(super) looks: &'a [Look],
    /// Where the rows behind it are.
    pub(super) link: Option<String>,
}

impl CellContext<'_> {
    fn member(&self, place: usize, cell: &Cell, member: &str) -> Option<Value> {
        let column = self.answer.outline.columns.get(place)?;
        let rendered = || {
            self.looks
                .get(place)
                .map_or_else(|| cell.text(), |look| look.show(cell))
        };
        Some(match member {
            "value" => raw(cell),
            "rendered_value" | "linked_value" => Value::String(rendered()),
            "filterable_value" => match filter_value(column, cell) {
                Some(filter) => Value::String(filter),
                None => raw(cell),
            },
            "link" => self.link.clone().map_or(Value::Nil, Value::String),
            "sql" => Value::String(column.sql.clone()?),
            "name" => Value::String(column.name.clone()),
            "is_selected" | "in_query" => Value::Boolean(true),
            "is_filtered" => {
                Value::Boolean(self.answer.outline.query.filters.contains_key(&column.name))
            }
            _ => return None,
        })
    }

    /// The cell of another column in the same row.
    fn beside(&self, name: &str) -> Option<(usize, Cell)> {
        let place = self
            .answer
            .outline
            .columns
            .iter()
            .position(|column| column.name == name)?;
        if place == self.spot.column {
            return Some((place, self.cell.clone()));
        }
        let cell = match self.answer.outline.columns.get(place)?.is_measure() {
            false => self.answer.value_at(self.spot, place)?,
            true => match self.spot.row?.values.get(place)? {
                super::Value::One(cell) => cell.clone(),
                super::Value::Across { cells, .. } => cells.get(self.spot.pivot?)?.clone()?,
                _ => return None,
            },
        };
        Some((place, cell))
    }

    fn alias(&self) -> &str {
        let column = self.answer.outline.columns.get(self.spot.column);
        column
            .and_then(|column| column.name.split_once('.'))
            .map_or("", |(alias, _)| alias)
    }

    fn full_name(&self, name: &str) -> String {
        match name.contains('.') {
            true => name.to_owned(),
            false => format!("{}.{name}", self.alias()),
        }
    }

    fn setting(&self, path: &[&str]) -> Option<Value> {
        let outline = &self.answer.outline;
        let text = match path {
            ["_filters", name] => outline.query.filters.get(&self.full_name(name))?.clone(),
            ["_user_attributes", name] => outline.user_attributes.get(*name)?.clone(),
            ["_localization", key] => outline.strings.get(*key)?.clone(),
            ["_model", "_name"] => outline.query.model.clone(),
            ["_explore", "_name"] => outline.query.view.clone(),
            ["_view", "_name"] => self.alias().to_owned(),
            ["_field", "_name"] => outline.columns.get(self.spot.column)?.name.clone(),
            ["_dialect", "_name"] => outline.dialect.name().to_owned(),
            ["_query", "_query_timezone"] => outline
                .calendar
                .query_timezone
                .iana_name()
                .unwrap_or("UTC")
                .to_owned(),
            _ => return None,
        };
        Some(Value::String(text))
    }
}

/// As Liquid counts with it.
fn raw(cell: &Cell) -> Value {
    match cell {
        Cell::Null => Value::Nil,
        Cell::Integer(integer) => match i64::try_from(*integer) {
            Ok(integer) => Value::Integer(integer),
            Err(_) => Value::String(integer.to_string()),
        },
        Cell::Float(float) => Value::Float(*float),
        cell => Value::String(cell.text()),
    }
}

impl Context for CellContext<'_> {
    fn value(&self, path: &[&str]) -> Option<Value> {
        let member = |name: &str, member: &str| {
            let (place, cell) = self.beside(&self.full_name(name))?;
            self.member(place, &cell, member.strip_prefix('_')?)
        };
        match path {
            ["value" | "filterable_value" | "link"] => {
                self.member(self.spot.column, self.cell, path.first()?)
            }
            ["rendered_value" | "linked_value"] => Some(Value::String(self.rendered.to_owned())),
            ["row", name] => self.beside(name).map(|(_, cell)| raw(&cell)),
            [first, ..] if first.starts_with('_') => self.setting(path),
            [name, "_parameter_value"] | [_, name, "_parameter_value"] => {
                let full = match path {
                    [view, name, _] => format!("{view}.{name}"),
                    _ => self.full_name(name),
                };
                let value = self.answer.outline.parameters.get(&full)?;
                Some(Value::String(value.clone()))
            }
            [name, last] => member(name, last),
            [view, name, last] => member(&format!("{view}.{name}"), last),
            _ => None,
        }
    }

    fn condition(&self, _: Option<&str>, _: &str) -> Result<String, Problem> {
        let message = "a condition belongs into SQL";
        Err(Problem::new(rules::FAILED_LIQUID, message))
    }

    fn date_start(&self, _: &str) -> Result<String, Problem> {
        self.condition(None, "")
    }

    fn date_end(&self, _: &str) -> Result<String, Problem> {
        self.condition(None, "")
    }

    fn parameter(&self, parameter: &str) -> Result<String, Problem> {
        let value = self
            .answer
            .outline
            .parameters
            .get(&self.full_name(parameter));
        Ok(value.cloned().unwrap_or_default())
    }

    fn dialect(&self) -> Dialect {
        self.answer.outline.dialect
    }

    fn now(&self) -> DateTime {
        self.answer.outline.calendar.local_now()
    }
}
