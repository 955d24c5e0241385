//! Templates and what they print.

mod errors;
mod filters;
mod limits;
mod references;
mod tags;

use jiff::civil::{DateTime, date};
use lookml::liquid::{Context, LiquidError, Problem, Template, Value};
use lookml::{Dialect, rules};

/// A query and a row, invented.
struct Cell;

impl Context for Cell {
    fn value(&self, path: &[&str]) -> Option<Value> {
        let text = |text: &str| Some(Value::String(text.to_owned()));
        match path {
            ["value"] => Some(Value::Float(12.5)),
            ["rendered_value"] => text("12.50"),
            ["nothing"] => Some(Value::Nil),
            [
                "orders",
                "status",
                "_in_query" | "_is_selected" | "_is_filtered",
            ] => Some(Value::Boolean(true)),
            ["orders", "_in_query"] => Some(Value::Boolean(true)),
            ["orders", "id", _] => Some(Value::Boolean(false)),
            ["orders", "grain", "_parameter_value"] => text("day"),
            ["orders", "metric", "_parameter_value"] => text("'orders'"),
            ["orders", "status", "_value"] | ["row", "orders.status"] => text("complete"),
            ["orders", "count", "_value"] => Some(Value::Integer(3)),
            ["_filters", "orders.status"] => text("complete,open"),
            ["_filters", "orders.name"] => text("it's"),
            ["_user_attributes", "region"] => text("west"),
            ["_dialect", "_name"] => text("duckdb"),
            ["_model", "_name"] => text("shop"),
            _ => None,
        }
    }

    fn condition(&self, field: Option<&str>, expression: &str) -> Result<String, Problem> {
        match field {
            Some("orders.unknown") => Err(Problem::new(
                rules::UNKNOWN_FIELD,
                "there is no `orders.unknown`",
            )),
            Some(field) => Ok(format!("<{field}: {expression}>")),
            None => Ok(format!("<itself: {expression}>")),
        }
    }

    fn date_start(&self, field: &str) -> Result<String, Problem> {
        Ok(format!("<start of {field}>"))
    }

    fn date_end(&self, field: &str) -> Result<String, Problem> {
        Ok(format!("<end of {field}>"))
    }

    fn parameter(&self, parameter: &str) -> Result<String, Problem> {
        Ok(format!("<{parameter}>"))
    }

    fn dialect(&self) -> Dialect {
        Dialect::DuckDb
    }

    fn now(&self) -> DateTime {
        date(2026, 11, 18).at(14, 25, 36, 0)
    }
}

fn evaluated(text: &str) -> Result<String, LiquidError> {
    let template = Template::parse(text)?;
    template.render(&Cell).map(|text| text.into_owned())
}

/// What it prints, or what is wrong and what stands there.
fn printed(text: &str) -> String {
    match evaluated(text) {
        Ok(text) => text,
        Err(error) => {
            let rest = text.get(error.position..).unwrap_or("?");
            format!("{} at {rest:?}: {}", error.rule.code, error.message)
        }
    }
}

#[track_caller]
fn check(cases: &[(&str, &str)]) {
    for (template, expected) in cases {
        assert_eq!(printed(template), *expected, "{template}");
    }
}
