//! Fields as other values than those that are shown, and conditions on them.

use super::asked;
use super::error::{QueryError, Result};
use super::scope::FieldRef;
use super::sql::{At, Level, Sql, Writer};
use crate::diagnostic::rules;
use crate::dialect::Dialect;
use crate::filter::{self, Datatype, Filter, FilterType};
use crate::model::{Dimension, FieldKind, Shape};
use crate::timeframe::Timeframe;

impl<'a> Writer<'a> {
    /// `${field::type}`: the value in place of what is shown.
    pub(super) fn value(
        &self,
        field: &FieldRef<'a>,
        dimension: &'a Dimension,
        value: &str,
    ) -> Result<Sql<'a>> {
        let text = match self.dialect() {
            Dialect::DuckDb => "VARCHAR",
            Dialect::BigQuery => "STRING",
        };
        let raw = || self.raw(field);
        let sql = match (&dimension.shape, value) {
            (Shape::Time(Timeframe::YesNo), "boolean") => raw()?.as_ref().clone(),
            (Shape::Time(frame), "datetime" | "date") => {
                let column = self.column(field)?;
                let moment = self.moment(&column, dimension);
                let cut = match value {
                    "date" => moment.day(*frame),
                    _ => moment.truncated(*frame),
                };
                match cut {
                    Some(cut) => column.with(cut),
                    None => return Err(no_value(field, value)),
                }
            }
            (Shape::Time(_) | Shape::Number | Shape::Duration { .. }, "string") => {
                let raw = raw()?;
                raw.with(format!("CAST({} AS {text})", raw.text))
            }
            (Shape::Number | Shape::Duration { .. }, "number") => raw()?.as_ref().clone(),
            (Shape::Text | Shape::Tier(_) | Shape::Case(_), "string") => raw()?.as_ref().clone(),
            (Shape::YesNo, "boolean") => raw()?.as_ref().clone(),
            (Shape::YesNo, "string") => {
                let raw = raw()?;
                raw.with(format!("CASE WHEN {} THEN 'Yes' ELSE 'No' END", raw.text))
            }
            (Shape::YesNo, "number") => {
                let raw = raw()?;
                raw.with(format!("CASE WHEN {} THEN 1 ELSE 0 END", raw.text))
            }
            (Shape::Location { latitude, .. }, "latitude") => self.coordinate(field, latitude)?,
            (Shape::Location { longitude, .. }, "longitude") => {
                self.coordinate(field, longitude)?
            }
            _ => return Err(no_value(field, value)),
        };
        Ok(sql)
    }

    pub(super) fn coordinate(&self, field: &FieldRef<'a>, sql: &str) -> Result<Sql<'a>> {
        let at = At {
            alias: field.alias,
            field: Some(*field),
            level: Level::Row,
        };
        self.expand(sql, at)
    }

    /// The condition that a filter makes on a field. One that lets everything through is none.
    pub(super) fn condition(&self, field: &FieldRef<'a>, filter: &Filter) -> Result<Sql<'a>> {
        let column = self.filtered(field)?;
        let context = self.filter_context(field);
        let text = filter.to_sql(&column.operand(), &context);
        Ok(column.with(text))
    }

    /// What a filter on a field is compared with: times as they are stored, everything else as it is shown.
    fn filtered(&self, field: &FieldRef<'a>) -> Result<Sql<'a>> {
        let is_stored = asked::filter_type(field)? == FilterType::Date;
        match &field.field.kind {
            FieldKind::Dimension(_) if is_stored => self.column(field),
            FieldKind::Dimension(_) => self.raw(field).map(|sql| sql.as_ref().clone()),
            FieldKind::Measure(_) if is_stored => self.measure_column(field),
            FieldKind::Measure(_) => self.measured(field).map(|sql| sql.as_ref().clone()),
            FieldKind::Filter(_) | FieldKind::Parameter(_) => {
                let message = format!("`{}` has no column", field.name());
                Err(QueryError::new(rules::UNKNOWN_REFERENCE, message))
            }
        }
    }

    /// What a filter needs to know of a field's column.
    pub(super) fn filter_context(&self, field: &FieldRef<'a>) -> filter::Context<'a> {
        let case_sensitive = field
            .field
            .case_sensitive
            .or(self.scope.explore.case_sensitive);
        let datatype = match &field.field.kind {
            FieldKind::Dimension(dimension) => dimension.datatype,
            FieldKind::Measure(measure) => measure.datatype,
            FieldKind::Filter(filter) => filter.datatype,
            FieldKind::Parameter(_) => Datatype::Timestamp,
        };
        filter::Context {
            dialect: self.dialect(),
            calendar: self.scope.calendar,
            datatype,
            is_converted: true,
            is_case_sensitive: case_sensitive.unwrap_or(self.scope.model.case_sensitive),
        }
    }
}

fn no_value(field: &FieldRef<'_>, value: &str) -> QueryError {
    let message = format!("`${{{}::{value}}}` is no value of this field", field.name());
    QueryError::new(rules::UNKNOWN_REFERENCE, message).of(&field.name())
}
