//! What the parser makes of files, good and bad.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

mod access;
mod answering;
mod answers;
mod calendar;
mod checking;
mod compile;
mod custom_filters;
mod dashboards;
mod data_tests;
mod derived_tables;
mod documents;
mod explore_url;
mod expressions;
mod field_cases;
mod filling;
mod filtering;
mod filters;
mod folding;
mod liquid;
mod models;
mod parsing;
mod projects;
mod promises;
mod query;
mod rules;
mod shipped;
mod suppressions;
mod validation;

use lookml::{Diagnostic, Lines};

/// A diagnostic in one line, with the characters that it points at.
fn rendered(text: &str, diagnostic: &Diagnostic) -> String {
    let (line, column) = Lines::of(text).position(text, diagnostic.span.start);
    format!(
        "{} {} {line}:{column} `{}`: {}; {}\n",
        diagnostic.severity,
        diagnostic.rule.code,
        diagnostic.span.of(text),
        diagnostic.message,
        diagnostic.hint.as_deref().unwrap_or_default(),
    )
}
