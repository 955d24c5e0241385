//! What the text of a file shows: names, includes, comments.

use crate::check::report::Report;
use crate::diagnostic::{Diagnostic, Rule, rules};
use crate::project::{File, Located};
use crate::syntax::{Item, Syntax, Value};
use crate::token::{Span, TokenKind};

/// What Looker's generator writes above what it makes.
const GENERATED: &[&str] = &[
    "this dimension will be called",
    "a dimension is a groupable field",
    "here's what a typical dimension looks like",
    "dates and timestamps can be represented",
    "the sql_table_name parameter indicates",
    "no primary key is defined for this view",
    "this primary key is the unique key for this table",
    "these sum and average measures are examples",
    "you can reference this dimension",
    "a measure is a field that uses a sql aggregate function",
];

pub(super) fn check(path: &str, file: &File, report: &mut Report<'_>) {
    let syntax = &file.syntax;
    let mut problems = Vec::new();
    view_names(path, syntax, &mut problems);
    wildcards(syntax, &mut problems);
    comments(syntax, &mut problems);
    for diagnostic in problems {
        report.located(Located {
            file: path.to_owned(),
            diagnostic,
        });
    }
}

fn problem(rule: Rule, span: Span, message: String, hint: &str) -> Diagnostic {
    Diagnostic::new(rule, span, message).hint(hint)
}

/// LK412.
fn view_names(path: &str, syntax: &Syntax, problems: &mut Vec<Diagnostic>) {
    let name = path.rsplit('/').next().unwrap_or(path);
    let Some(name) = name.strip_suffix(".view.lkml") else {
        return;
    };
    let views = syntax.items.iter().filter_map(|item| view(item, syntax));
    for (at, (span, view)) in views.enumerate() {
        if at > 0 {
            let message = format!("`{view}` is the second view in this file");
            let hint = "give it a file of its own";
            problems.push(problem(rules::FILE_NAME, span, message, hint));
        } else if view != name {
            let message = format!("the view is called `{view}`, and its file `{name}`");
            let hint = format!("call the file `{view}.view.lkml`");
            problems.push(problem(rules::FILE_NAME, span, message, &hint));
        }
    }
}

/// The name of a view that an item defines; a refinement defines none.
fn view<'a>(item: &Item, syntax: &'a Syntax) -> Option<(Span, &'a str)> {
    let text = &syntax.text;
    match &item.value {
        Value::Block(block) if item.key.of(text) == "view" => {
            let name = block.name?;
            let is_new = !name.of(text).starts_with('+');
            is_new.then(|| (name, name.of(text)))
        }
        _ => None,
    }
}

/// LK413.
fn wildcards(syntax: &Syntax, problems: &mut Vec<Diagnostic>) {
    let text = &syntax.text;
    for item in &syntax.items {
        if let Value::Scalar(pattern) = &item.value
            && item.key.of(text) == "include"
            && pattern.value(text).contains('*')
        {
            let message = format!("{} includes whatever there is", pattern.span.of(text));
            let hint = "name each file, so that nothing comes in by accident";
            problems.push(problem(
                rules::WILDCARD_INCLUDE,
                pattern.span,
                message,
                hint,
            ));
        }
    }
}

/// LK419, LK420.
fn comments(syntax: &Syntax, problems: &mut Vec<Diagnostic>) {
    let text = &syntax.text;
    for token in &syntax.tokens {
        let written = token.span.of(text);
        match token.kind {
            TokenKind::Comment => generated(written, token.span, problems),
            TokenKind::Expression => {}
            _ => continue,
        }
        if let Some(span) = to_do(written, token.span) {
            let message = format!("`{}` is left", span.of(text));
            problems.push(problem(
                rules::TODO,
                span,
                message,
                "do it, or write it down elsewhere",
            ));
        }
    }
}

fn generated(comment: &str, span: Span, problems: &mut Vec<Diagnostic>) {
    let small = comment.to_lowercase();
    if GENERATED.iter().any(|text| small.contains(text)) {
        let message = "a generator left this comment".to_owned();
        problems.push(problem(
            rules::GENERATED_COMMENT,
            span,
            message,
            "take it away",
        ));
    }
}

/// Where a text says that something is left to do.
fn to_do(text: &str, span: Span) -> Option<Span> {
    const WORDS: &[&str] = &["TODO", "FIXME"];
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    WORDS.iter().find_map(|word| {
        let at = text.find(word)?;
        let before = text.get(..at)?.chars().next_back();
        let after = text.get(at + word.len()..)?.chars().next();
        let is_whole = !before.is_some_and(is_part) && !after.is_some_and(is_part);
        let start = span.start as usize + at;
        is_whole.then(|| Span::new(start, start + word.len()))
    })
}
