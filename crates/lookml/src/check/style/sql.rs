//! SQL of fields: divisions.

use crate::check::report::Report;
use crate::check::survey::Declaration;
use crate::diagnostic::rules;
use crate::resolve::NodeValue;

/// LK410: the first division of each expression by what may be zero.
pub(super) fn check(declaration: &Declaration<'_>, report: &mut Report<'_>) {
    for node in declaration.node.children() {
        let NodeValue::Expression(sql) = &node.value else {
            continue;
        };
        if !node.key.starts_with("sql") {
            continue;
        }
        let code = code(sql);
        let mut divisions = code.match_indices('/').map(|(at, _)| at);
        let Some(at) = divisions.find(|at| !is_guarded(code.get(at + 1..).unwrap_or_default()))
        else {
            continue;
        };
        let written = sql.get(at..).and_then(|rest| rest.lines().next());
        let written = written.unwrap_or_default().trim_end();
        let message = format!("`{}` may divide by zero", shortened(written));
        let problem = report.within(&node.place, written, rules::UNGUARDED_DIVISION, message);
        problem.hint = Some("write `/ NULLIF(…, 0)`".to_owned());
    }
}

/// Whether a divisor can't be zero: a number, or NULL in place of zero, cast to a type or not.
fn is_guarded(divisor: &str) -> bool {
    let divisor = divisor.trim_start_matches(|c: char| c.is_whitespace() || c == '(');
    if let Some(cast) = cast(divisor) {
        return is_guarded(cast);
    }
    let is_number = divisor.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    let starts = |word: &str| {
        let start = divisor.get(..word.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(word))
    };
    is_number || starts("NULLIF")
}

/// What a divisor casts, where it begins with that.
fn cast(divisor: &str) -> Option<&str> {
    let (name, inside) = divisor.split_once('(')?;
    let name = name.trim_end();
    let mut casts = ["CAST", "SAFE_CAST", "TRY_CAST"].into_iter();
    casts
        .any(|cast| name.eq_ignore_ascii_case(cast))
        .then_some(inside)
}

/// The SQL with blanks in place of texts, comments and Liquid, each byte at its place.
pub(super) fn code(sql: &str) -> String {
    const PAIRS: &[(&str, &str)] = &[
        ("'", "'"),
        ("\"", "\""),
        ("`", "`"),
        ("--", "\n"),
        ("/*", "*/"),
        ("{% comment %}", "{% endcomment %}"),
        ("{%", "%}"),
        ("{{", "}}"),
    ];
    let mut code = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let pair = PAIRS.iter().find(|(open, _)| rest.starts_with(open));
        let length = match pair {
            None => {
                code.push(first);
                first.len_utf8()
            }
            Some((open, close)) => {
                let inside = rest.get(open.len()..).unwrap_or_default();
                let end = inside.find(close).map(|end| end + close.len());
                let length = open.len() + end.unwrap_or(inside.len());
                code.extend(std::iter::repeat_n(' ', length));
                length
            }
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    code
}

fn shortened(text: &str) -> String {
    const LONGEST: usize = 40;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
