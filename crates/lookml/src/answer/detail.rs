//! The answer with everything that a page shows: formatted values, links, what the columns are.

use serde_json::{Map, Value as Json, json};

use super::json::ROW_TOTAL;
use super::page::Spot;
use super::{Answer, Cell, Row, Value};
use crate::compile::{Column, ColumnKind};
use crate::model::{Aggregate, MeasureFunction, MeasureType};
use crate::query::RowTotal;
use crate::timeframe::Timeframe;
use crate::value_format::{Decimal, ValueFormat, grouped_number, plain_number};

/// How the values of a column look.
pub(super) struct Look {
    format: Option<ValueFormat>,
    is_grouped: bool,
    is_quarter: bool,
}

impl Look {
    pub(super) fn of(column: &Column) -> Self {
        let default = match column.kind {
            ColumnKind::PostQuery { function, .. } if function.is_percent() => Some("#,##0\"%\""),
            _ => None,
        };
        let format = column.format.as_deref().or(default);
        Self {
            format: format.and_then(|format| ValueFormat::parse(format).ok()),
            is_grouped: is_grouped(column),
            is_quarter: column.field.timeframe() == Some(Timeframe::Quarter),
        }
    }

    /// Of a table calculation.
    pub(super) fn of_format(format: Option<&str>) -> Self {
        Self {
            format: format.and_then(|format| ValueFormat::parse(format).ok()),
            is_grouped: true,
            is_quarter: false,
        }
    }

    /// A value as a person reads it; nothing of NULL.
    pub(super) fn show(&self, cell: &Cell) -> String {
        match cell {
            Cell::Integer(_) | Cell::Float(_) => self.show_number(cell),
            Cell::Date(date) => {
                let time = date.to_datetime(jiff::civil::Time::MIN);
                self.format
                    .as_ref()
                    .and_then(|format| format.datetime(time))
                    .unwrap_or_else(|| cell.text())
            }
            Cell::DateTime(time) => self
                .format
                .as_ref()
                .and_then(|format| format.datetime(*time))
                .unwrap_or_else(|| cell.text()),
            Cell::Text(text) if self.is_quarter => quarter(text).unwrap_or_else(|| text.clone()),
            Cell::Text(_) => match &self.format {
                Some(format) => format.text(&cell.text()),
                None => cell.text(),
            },
            Cell::Null | Cell::Boolean(_) => cell.text(),
        }
    }

    fn show_number(&self, cell: &Cell) -> String {
        let number = match cell {
            Cell::Float(float) => Decimal::from_f64(*float),
            cell => cell.text().parse().ok(),
        };
        let Some(number) = number else {
            return cell.text();
        };
        match &self.format {
            Some(format) => format.number(&number),
            None if self.is_grouped => grouped_number(&number),
            None => plain_number(&number),
        }
    }
}

/// Whether thousands are separated where no format is given.
fn is_grouped(column: &Column) -> bool {
    let function = column.field.measure().map(|measure| &measure.function);
    match function {
        Some(
            MeasureFunction::Aggregate(aggregate) | MeasureFunction::Distinct { aggregate, .. },
        ) => {
            matches!(aggregate, Aggregate::Sum | Aggregate::Average)
        }
        Some(MeasureFunction::Expression(measure_type)) => *measure_type == MeasureType::Number,
        Some(MeasureFunction::PostQuery { .. }) => true,
        _ => false,
    }
}

/// `2026-10` is `2026-Q4`.
fn quarter(text: &str) -> Option<String> {
    let (year, month) = text.split_once('-')?;
    let month: u8 = month.parse().ok()?;
    Some(format!("{year}-Q{}", month.checked_add(2)? / 3))
}

impl Answer {
    /// As `json_detail` of Looker's API: raw and formatted values, pivots, totals, what the columns are.
    pub fn json_detail(&self) -> Json {
        let looks = self.looks();
        let rows = self
            .rows
            .iter()
            .map(|row| self.detailed_row(row, false, &looks));
        let mut detail = json!({
            "fields": self.fields_json(),
            "pivots": self.pivots_json(&looks),
            "data": rows.collect::<Vec<_>>(),
            "sql": self.sql,
            "truncated": self.is_truncated,
            "columns_truncated": self.are_columns_truncated,
            "timezone": self.outline.calendar.query_timezone.iana_name(),
            "errors": self.problems.iter().map(|(name, problem)| json!({
                "code": problem.rule.code, "message": problem.message, "field_name": name,
            })).collect::<Vec<_>>(),
            "warnings": self.notices.iter().map(|notice| json!({
                "code": notice.rule.code, "message": notice.message,
            })).collect::<Vec<_>>(),
        });
        let Some(object) = detail.as_object_mut() else {
            return detail;
        };
        if let Some(totals) = &self.totals {
            let totals = self.detailed_row(totals, true, &looks);
            object.insert("totals_data".to_owned(), totals);
        }
        if let Some(runtime) = self.runtime {
            object.insert("runtime".to_owned(), json!(runtime.as_secs_f64()));
        }
        detail
    }

    /// How the columns look, in order.
    pub(super) fn looks(&self) -> Vec<Look> {
        let columns = self.outline.columns.iter().map(Look::of);
        let calculations = self
            .outline
            .calculations
            .iter()
            .map(|(calculation, _)| Look::of_format(calculation.value_format.as_deref()));
        columns.chain(calculations).collect()
    }

    /// The values of a row as a person reads them, by the names of the fields; pivoted ones by key.
    fn detailed_row(&self, row: &Row, is_total: bool, looks: &[Look]) -> Json {
        let mut object = Map::new();
        for (column, (name, value)) in self.names().zip(&row.values).enumerate() {
            let spot = |pivot: Option<usize>| Spot {
                row: (!is_total).then_some(row),
                column,
                pivot,
            };
            let cell_json =
                |pivot: Option<usize>, cell: &Cell| match self.outline.columns.get(column) {
                    Some(described) => self.detailed_cell(spot(pivot), described, cell, looks),
                    None => {
                        let rendered = looks
                            .get(column)
                            .map_or_else(|| cell.text(), |look| look.show(cell));
                        json!({ "value": cell.json(), "rendered": rendered })
                    }
                };
            let detailed = match value {
                Value::Location {
                    latitude,
                    longitude,
                } => {
                    let rendered = match latitude.is_null() || longitude.is_null() {
                        true => String::new(),
                        false => format!("{}, {}", latitude.text(), longitude.text()),
                    };
                    let raw = self.value_json(value, &|_, cell| cell.json());
                    Some(json!({ "value": raw, "rendered": rendered }))
                }
                value => self.value_json(value, &cell_json),
            };
            object.extend(detailed.map(|json| (name.to_owned(), json)));
        }
        Json::Object(object)
    }

    /// The heads of the pivoted columns; of the totals of rows as well, where there are any.
    fn pivots_json(&self, looks: &[Look]) -> Json {
        let columns = self.pivoted_columns();
        let heads = self.pivots.iter().map(|pivot| {
            let (mut data, mut metadata) = (Map::new(), Map::new());
            for (place, cell) in columns.iter().zip(&pivot.values) {
                let Some(column) = self.outline.columns.get(*place) else {
                    continue;
                };
                let look = looks.get(*place);
                let rendered = look.map_or_else(|| cell.text(), |look| look.show(cell));
                let shown = json!({ "value": cell.json(), "rendered": rendered });
                data.insert(column.name.clone(), cell.json());
                metadata.insert(column.name.clone(), shown);
            }
            json!({
                "key": pivot.key, "is_total": false, "data": data, "metadata": metadata, "sort_values": data,
            })
        });
        let mut heads: Vec<Json> = heads.collect();
        let total = json!({
            "key": ROW_TOTAL, "is_total": true, "data": {}, "metadata": {}, "sort_values": {},
        });
        match self.outline.row_total {
            Some(RowTotal::Left) => heads.insert(0, total),
            Some(RowTotal::Right) => heads.push(total),
            None => {}
        }
        Json::Array(heads)
    }

    fn fields_json(&self) -> Json {
        let described = |is_wanted: &dyn Fn(&Column) -> bool| {
            let columns = self
                .outline
                .columns
                .iter()
                .filter(|column| is_wanted(column));
            let week_start = self.outline.calendar.week_start;
            columns
                .map(|column| column.json(week_start))
                .collect::<Vec<_>>()
        };
        let calculations = self.outline.calculations.iter().map(|(calculation, _)| {
            json!({
                "name": calculation.name,
                "label": calculation.label.as_ref().unwrap_or(&calculation.name),
                "expression": calculation.expression,
                "type": calculation.type_hint.as_deref().unwrap_or("number"),
                "is_numeric": calculation.type_hint.as_deref().unwrap_or("number") == "number",
                "value_format": calculation.value_format,
            })
        });
        json!({
            "dimensions": described(&|column| !column.is_measure() && !column.is_pivot),
            "measures": described(&|column| column.is_measure()),
            "pivots": described(&|column| column.is_pivot),
            "table_calculations": calculations.collect::<Vec<_>>(),
        })
    }
}

impl crate::model::PostQuery {
    pub(super) fn is_percent(self) -> bool {
        self != Self::RunningTotal
    }
}
