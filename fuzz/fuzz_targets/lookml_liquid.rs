//! Liquid: templates end, whatever stands in them.
#![no_main]

use jiff::civil::{DateTime, date};
use lookml::Dialect;
use lookml::liquid::{Context, Problem, Template, Value};

/// A query in which everything has the same value.
struct Same;

impl Context for Same {
    fn value(&self, path: &[&str]) -> Option<Value> {
        match path {
            ["value"] => Some(Value::String("a text, 1".to_owned())),
            _ => None,
        }
    }

    fn condition(&self, _: Option<&str>, expression: &str) -> Result<String, Problem> {
        Ok(format!("{expression} = 1"))
    }

    fn date_start(&self, _: &str) -> Result<String, Problem> {
        Ok("NULL".to_owned())
    }

    fn date_end(&self, _: &str) -> Result<String, Problem> {
        Ok("NULL".to_owned())
    }

    fn parameter(&self, parameter: &str) -> Result<String, Problem> {
        Ok(parameter.to_owned())
    }

    fn dialect(&self) -> Dialect {
        Dialect::DuckDb
    }

    fn now(&self) -> DateTime {
        date(2026, 11, 18).at(14, 25, 36, 0)
    }
}

libfuzzer_sys::fuzz_target!(|data: &str| {
    match Template::parse(data) {
        Ok(template) => {
            let _ = template.references();
            if let Err(error) = template.render(&Same) {
                assert!(data.get(error.position..).is_some());
            }
        }
        Err(error) => assert!(data.get(error.position..).is_some()),
    }
});
