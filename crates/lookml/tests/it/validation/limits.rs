//! Large projects, and those that nobody would write.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use lookml::{Project, check_project, lint_project};

/// Each of these is done in a moment when its time grows with its size. The limit is far above that, since
/// machines that test are slow and busy.
#[expect(clippy::disallowed_methods, reason = "a test may look at the clock")]
fn is_done_in_time(text: String) -> usize {
    let project = Project::new([("m.model.lkml".to_owned(), text)]);
    let start = Instant::now();
    let count = check_project(&project).len() + lint_project(&project).len();
    assert!(
        start.elapsed() < Duration::from_secs(60),
        "{:?}",
        start.elapsed()
    );
    count
}

#[test]
fn many_fields() {
    let mut text = String::new();
    for view in 0..50 {
        let _ = write!(
            text,
            "view: v{view} {{ dimension: id {{ primary_key: yes }} "
        );
        for field in 0..100 {
            let _ = write!(
                text,
                "dimension: d{field} {{ sql: ${{TABLE}}.c{field} || ${{id}} ;; }} measure: m{field} {{ type: sum sql: ${{d{field}}} + ${{TABLE}}.c{field} ;; drill_fields: [id, d{field}] }} "
            );
        }
        let _ = writeln!(
            text,
            "}}\nexplore: v{view} {{ join: other {{ from: v0 relationship: many_to_one sql_on: ${{v{view}.id}} = ${{other.id}} ;; }} }}"
        );
    }
    is_done_in_time(text);
}

#[test]
fn one_view_with_many_fields_and_a_mistake_in_each() {
    let mut text = "explore: v {} view: v {\n".to_owned();
    for field in 0..4_000 {
        let _ = writeln!(
            text,
            "dimension: d{field} {{ sql: ${{nothing{field}}} + ${{w{field}.x}} ;; drill_fields: [no{field}] }}"
        );
    }
    text.push('}');
    assert!(is_done_in_time(text) > 12_000);
}

#[test]
fn a_long_chain_of_fields_and_one_long_circle() {
    let mut text = "explore: v {} view: v {\n".to_owned();
    for field in 0..20_000 {
        let next = field + 1;
        let _ = writeln!(text, "dimension: d{field} {{ sql: ${{d{next}}} ;; }}");
    }
    text.push_str("dimension: d20000 { sql: ${d0} ;; } }");
    assert!(is_done_in_time(text) > 0);
}

#[test]
fn one_long_expression() {
    let wrong = "${no} / ${thing} '' {% if x %} a {% endif %} ".repeat(20_000);
    let many: String = (0..20_000).fold(String::new(), |mut text, at| {
        let _ = write!(text, "${{x{at}}} {{% comment %}} ");
        text
    });
    is_done_in_time(format!(
        "view: v {{ dimension: a {{ sql: {wrong} ;; }} dimension: b {{ sql: {many} ;; }} }}"
    ));
}

#[test]
fn many_joins() {
    let mut text = "view: v { dimension: id { primary_key: yes } measure: n { type: count } }\nexplore: j0 { from: v\n".to_owned();
    for join in 1..2_000 {
        let _ = writeln!(
            text,
            "join: j{join} {{ from: v relationship: one_to_one sql_on: ${{j{join}.id}} = ${{j{}.id}} ;; }}",
            2_000 - join
        );
    }
    text.push('}');
    is_done_in_time(text);
}
