//! The `dynamic_fields` of a query: a JSON text with a list of table calculations.

use serde::Deserialize;

use crate::{Diagnostic, rules, token::Span};

/// A table calculation as the query has it. Its expression isn't read yet.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct TableCalculation {
    /// What others call it in `${…}`.
    #[serde(rename = "table_calculation")]
    pub name: String,
    /// What it computes.
    pub expression: String,
    /// What people call it.
    #[serde(default)]
    pub label: Option<String>,
    /// How its values look.
    #[serde(default)]
    pub value_format: Option<String>,
    /// The same by name.
    #[serde(default)]
    pub value_format_name: Option<String>,
    /// `measure` or `dimension`: on which side of the table it stands.
    #[serde(default, rename = "_kind_hint")]
    pub kind_hint: Option<String>,
    /// The type of its values.
    #[serde(default, rename = "_type_hint")]
    pub type_hint: Option<String>,
    /// Whether it is switched off.
    #[serde(default)]
    pub is_disabled: Option<bool>,
}

/// Reads the list; a blank text is an empty one. Those that are switched off are left out.
pub fn parse_dynamic_fields(text: &str) -> Result<Vec<TableCalculation>, Diagnostic> {
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let mistake = |error: serde_json::Error| {
        let span = Span::new(0, text.len());
        let message = format!("the dynamic fields cannot be read: {error}");
        Diagnostic::new(rules::BAD_EXPRESSION, span, message)
    };
    let fields: Option<Vec<serde_json::Value>> = serde_json::from_str(text).map_err(mistake)?;
    let mut calculations: Vec<TableCalculation> = Vec::new();
    for field in fields.unwrap_or_default() {
        if field.get("table_calculation").is_none() {
            return Err(custom_field(&field, text));
        }
        let calculation: TableCalculation = serde_json::from_value(field).map_err(mistake)?;
        if calculation.is_disabled != Some(true) {
            calculations.push(calculation);
        }
    }
    Ok(calculations)
}

/// The names of those that are switched off.
pub(crate) fn disabled_calculations(text: &str) -> Vec<String> {
    let fields: Vec<serde_json::Value> = serde_json::from_str(text).unwrap_or_default();
    let calculations = fields
        .into_iter()
        .filter_map(|field| serde_json::from_value::<TableCalculation>(field).ok());
    let disabled = calculations.filter(|calculation| calculation.is_disabled == Some(true));
    disabled.map(|calculation| calculation.name).collect()
}

fn custom_field(field: &serde_json::Value, text: &str) -> Diagnostic {
    let span = Span::new(0, text.len());
    let name = |kind: &str| field.get(kind).and_then(serde_json::Value::as_str);
    let message = match (name("measure"), name("dimension")) {
        (Some(name), _) => format!("the custom measure `{name}` is not supported"),
        (_, Some(name)) => format!("the custom dimension `{name}` is not supported"),
        _ => "a dynamic field that is no table calculation".to_owned(),
    };
    Diagnostic::new(rules::CUSTOM_FIELD, span, message)
}
