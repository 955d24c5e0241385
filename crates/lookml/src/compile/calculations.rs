//! The table calculations of a query, and how their values look.

use super::error::{Notice, QueryError, Result};
use super::scope::Scope;
use crate::diagnostic::rules;
use crate::expression::{Calculation, Expression, TableCalculation, parse_dynamic_fields};
use crate::query::Query;
use crate::value_format::ValueFormat;

/// Those of a query, their formats looked up.
pub(super) fn calculations(
    scope: &Scope<'_>,
    query: &Query,
    notices: &mut Vec<Notice>,
) -> Result<Vec<(TableCalculation, Calculation)>> {
    let text = query.dynamic_fields.as_deref().unwrap_or_default();
    let error = |diagnostic: crate::Diagnostic| {
        let mut error = QueryError::new(diagnostic.rule, diagnostic.message);
        error.hint = diagnostic.hint;
        error
    };
    let calculations = parse_dynamic_fields(text).map_err(error)?.into_iter();
    let parsed = calculations.map(|mut calculation| {
        notices.extend(look_up_format(scope, &mut calculation));
        let expression = Expression::parse(&calculation.expression);
        let expression =
            expression.map_err(|diagnostic| error(diagnostic).of(&calculation.name))?;
        let name = calculation.name.clone();
        Ok((calculation, Calculation { name, expression }))
    });
    parsed.collect()
}

/// Puts the format of a name, the model's or a built-in one, in its place. What is wrong with either is worth a notice.
fn look_up_format(scope: &Scope<'_>, calculation: &mut TableCalculation) -> Option<Notice> {
    let named = calculation.value_format_name.as_deref();
    if let Some(name) = named.filter(|name| !name.is_empty()) {
        let Some(format) = scope.model.value_format(name) else {
            let message = format!(
                "`{}` has the value format `{name}`, which does not exist",
                calculation.name
            );
            return Some(Notice {
                rule: rules::UNKNOWN_VALUE_FORMAT,
                message,
            });
        };
        calculation.value_format = Some(format.to_owned());
    }
    unreadable(&calculation.name, calculation.value_format.as_deref()?)
}

/// Of a format that can't be read: values are shown without it.
pub(super) fn unreadable(name: &str, format: &str) -> Option<Notice> {
    let error = ValueFormat::parse(format).err()?;
    Some(Notice {
        rule: rules::ILLEGAL_VALUE,
        message: format!(
            "`{name}` is shown without its value format `{format}`: {}",
            error.message
        ),
    })
}
