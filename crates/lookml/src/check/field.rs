//! How the parameters of a field fit together.

use crate::diagnostic::{Diagnostic, Severity, rules};
use crate::parameters::{Kind, Need, Types};
use crate::token::Span;

/// What is wrong with a field in which everything is merged: parameters that its type needs and that are missing,
/// and those that mean nothing with its type. Each with the key that it is about; none where that is the field.
/// Their places are left to whoever knows them.
///
/// A type that this kind of field can't have is reported where it is written, and nothing follows from it.
pub fn check_field<'a>(
    kind: &'static Kind,
    type_name: Option<&str>,
    keys: impl IntoIterator<Item = &'a str>,
) -> Vec<(Option<&'static str>, Diagnostic)> {
    let type_name = type_name.unwrap_or(kind.default_type());
    if kind.field_type(type_name).is_none() {
        return Vec::new();
    }
    let keys: Vec<&str> = keys.into_iter().collect();
    let mut problems = Vec::new();
    for parameter in kind.parameters() {
        if !keys.contains(&parameter.key) {
            let missing = missing(kind, type_name, parameter.key, parameter.need);
            problems.extend(missing.map(|diagnostic| (None, diagnostic)));
        } else if !parameter.types.contains(type_name) {
            let misplaced = misplaced(kind, type_name, parameter.key, parameter.types);
            problems.push((Some(parameter.key), misplaced));
        }
    }
    problems
}

fn missing(kind: &Kind, type_name: &str, key: &str, need: Need) -> Option<Diagnostic> {
    let subject = format!("a `{}` of type `{type_name}`", kind.name);
    if need.is_required_for(type_name) {
        let message = format!("{subject} needs `{key}`");
        let diagnostic = Diagnostic::new(rules::MISSING_PARAMETER, Span::default(), message);
        return Some(diagnostic);
    }
    if !need.is_expected_for(type_name) {
        return None;
    }
    let message = format!("{subject} should have `{key}`");
    let mut diagnostic = Diagnostic::new(rules::MISSING_PARAMETER, Span::default(), message);
    diagnostic.severity = Severity::Warning;
    Some(diagnostic.hint("the column that is named like it is used"))
}

fn misplaced(kind: &Kind, type_name: &str, key: &str, types: Types) -> Diagnostic {
    let message = format!(
        "`{key}` means nothing in a `{}` of type `{type_name}`",
        kind.name
    );
    let mut diagnostic = Diagnostic::new(rules::MISPLACED_PARAMETER, Span::default(), message);
    match types {
        Types::IgnoredFor(_) | Types::IgnoredUnless(_) => {
            diagnostic.severity = Severity::Warning;
            diagnostic.hint("it is ignored: take it away")
        }
        Types::Only(types) => {
            let types: Vec<_> = types.iter().map(|name| format!("`{name}`")).collect();
            diagnostic.hint(format!("it is for type {}", types.join(", ")))
        }
        _ => diagnostic,
    }
}
