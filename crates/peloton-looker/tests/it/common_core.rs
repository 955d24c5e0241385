//! Every SQL of the built-in project is in what BigQuery and DuckDB have in common, so that it means the same in Looker
//! and here.

use lookml::{Item, Value};

use crate::built_in::{folder, texts};

/// Functions that both have, with one meaning.
const FUNCTIONS: &[&str] = &[
    "ABS",
    "ANY_VALUE",
    "AVG",
    "CAST",
    "CEIL",
    "COALESCE",
    "COUNT",
    "COUNTIF",
    "EXP",
    "FLOOR",
    "IF",
    "IFNULL",
    "LENGTH",
    "LN",
    "LOWER",
    "MAX",
    "MIN",
    "MOD",
    "NULLIF",
    "POW",
    "REPLACE",
    "ROUND",
    "SQRT",
    "STARTS_WITH",
    "STRPOS",
    "SUBSTR",
    "SUM",
    "TRIM",
    "UPPER",
];
const KEYWORDS: &[&str] = &[
    "AND",
    "AS",
    "ASC",
    "BETWEEN",
    "BY",
    "CASE",
    "DESC",
    "DISTINCT",
    "ELSE",
    "END",
    "FALSE",
    "FROM",
    "GROUP",
    "HAVING",
    "IN",
    "IS",
    "JOIN",
    "LEFT",
    "LIKE",
    "NOT",
    "NULL",
    "ON",
    "OR",
    "ORDER",
    "OVER",
    "PARTITION",
    "SELECT",
    "THEN",
    "TRUE",
    "UNION",
    "ALL",
    "WHEN",
    "WHERE",
    "WITH",
];
/// Types that may be cast to.
const TYPES: &[&str] = &["DATE", "INT64", "STRING", "TIMESTAMP"];

/// A piece of SQL.
#[derive(Debug, Clone, PartialEq)]
enum Piece {
    /// A keyword, a function, a type, or a name.
    Word(String),
    Number(String),
    Text,
    /// What the model puts in: `${…}`, a constant, a template.
    Field,
    Sign(char),
}

fn pieces(sql: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = sql.trim_start();
    while let Some(first) = rest.chars().next() {
        let (piece, length) = piece(first, rest);
        pieces.push(piece);
        rest = rest[length..].trim_start();
    }
    pieces
}

/// What a text begins with, and how long it is.
fn piece(first: char, text: &str) -> (Piece, usize) {
    let up_to = |end: &str| text.find(end).map_or(text.len(), |at| at + end.len());
    let while_ = |is: fn(char) -> bool| text.find(|c| !is(c)).unwrap_or(text.len());
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    match first {
        '$' | '@' => (Piece::Field, up_to("}")),
        '{' if text.starts_with("{%") => (Piece::Field, up_to("%}")),
        '{' if text.starts_with("{{") => (Piece::Field, up_to("}}")),
        '\'' => (Piece::Text, 2 + text[1..].find('\'').unwrap()),
        '0'..='9' => {
            let length = while_(|c| c.is_ascii_digit() || c == '.');
            (Piece::Number(text[..length].to_owned()), length)
        }
        first if is_name(first) => {
            let length = while_(|c| c.is_alphanumeric() || c == '_');
            (Piece::Word(text[..length].to_owned()), length)
        }
        other => (Piece::Sign(other), other.len_utf8()),
    }
}

/// What is not in the common core of some SQL.
fn faults(sql: &str) -> Vec<String> {
    let pieces = pieces(sql);
    let is_sign = |at: usize, sign| pieces.get(at) == Some(&Piece::Sign(sign));
    let word = |at: usize| match pieces.get(at) {
        Some(Piece::Word(word)) => word.as_str(),
        _ => "",
    };
    let mut faults = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        let is_column = at > 0 && is_sign(at - 1, '.');
        match piece {
            Piece::Word(_) if is_column => {}
            Piece::Word(name) if is_sign(at + 1, '(') && !KEYWORDS.contains(&name.as_str()) => {
                faults.extend(
                    (!FUNCTIONS.contains(&name.as_str())).then(|| format!("the function {name}")),
                );
            }
            Piece::Word(name) => {
                let is_column = name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
                let is_type = TYPES.contains(&name.as_str()) && word(at - 1) == "AS";
                if !is_column && !is_type && !KEYWORDS.contains(&name.as_str()) {
                    faults.push(format!("the word {name}"));
                }
            }
            // What can be nought has to be made NULL: one of them raises an error, the other gives infinity.
            Piece::Sign('/') => {
                let by_number = matches!(pieces.get(at + 1), Some(Piece::Number(by)) if by != "0");
                if !by_number && word(at + 1) != "NULLIF" {
                    faults.push("a division by what may be 0".to_owned());
                }
            }
            Piece::Sign('%' | '`' | ':' | '"' | '[' | '~' | '^') => {
                faults.push(format!("{piece:?}"))
            }
            _ => {}
        }
    }
    // They round halves in different ways.
    for (at, _) in pieces
        .iter()
        .enumerate()
        .filter(|(at, _)| word(*at) == "CAST")
    {
        let is_whole = ["FLOOR", "ROUND", "CEIL"].contains(&word(at + 2));
        if cast_type(&pieces[at + 1..]) == Some("INT64") && !is_whole {
            faults.push("a cast to INT64 of what may be broken".to_owned());
        }
    }
    faults
}

/// The type of a cast, of what follows its name.
fn cast_type(pieces: &[Piece]) -> Option<&str> {
    let mut depth = 0;
    for (at, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Sign('(') => depth += 1,
            Piece::Sign(')') => depth -= 1,
            Piece::Word(word) if depth == 1 && word == "AS" => match pieces.get(at + 1)? {
                Piece::Word(name) => return Some(name),
                _ => return None,
            },
            _ => {}
        }
    }
    None
}

/// The SQL of a file, with the line that it stands on.
fn sql(text: &str) -> Vec<(usize, String)> {
    fn collect(items: &[Item], text: &str, found: &mut Vec<(usize, String)>) {
        for item in items {
            match &item.value {
                Value::Block(block) => collect(&block.items, text, found),
                Value::Expression(span) if item.key.of(text).starts_with("sql") => {
                    let line = text[..span.range().start].lines().count();
                    found.push((line, span.of(text).to_owned()));
                }
                _ => {}
            }
        }
    }
    let (syntax, _) = lookml::parse(text);
    let mut found = Vec::new();
    collect(&syntax.items, text, &mut found);
    found
}

#[test]
fn every_sql_is_in_the_common_core() {
    let mut count = 0;
    let mut all = Vec::new();
    for (path, text) in texts(&folder(), ".lkml") {
        for (line, sql) in sql(&text) {
            count += 1;
            let faults = faults(&sql);
            all.extend(
                faults
                    .iter()
                    .map(|fault| format!("{path}:{line}: {fault}: {sql}")),
            );
        }
    }
    assert!(count > 300, "{count}");
    assert!(all.is_empty(), "{}", all.join("\n"));
}

#[test]
fn what_is_not_common_is_found() {
    for (sql, fault) in [
        ("CONCAT(${a}, 'x')", "the function CONCAT"),
        ("SAFE_CAST(${a} AS INT64)", "the function SAFE_CAST"),
        ("DATE_DIFF(${a}, ${b}, DAY)", "the function DATE_DIFF"),
        ("CAST(${TABLE}.a AS FLOAT64)", "the word FLOAT64"),
        (
            "CAST(${a} / 2.0 AS INT64)",
            "a cast to INT64 of what may be broken",
        ),
        ("${a} / ${b}", "a division by what may be 0"),
        ("${a} / (1 + 2)", "a division by what may be 0"),
        ("${a} % 2", "Sign('%')"),
        ("`a.b`", "Sign('`')"),
        ("${a}::INT64", "Sign(':')"),
        ("APPROX_QUANTILES(${a}, 2)", "the function APPROX_QUANTILES"),
    ] {
        assert!(
            faults(sql).contains(&fault.to_owned()),
            "{sql}: {:?}",
            faults(sql)
        );
    }
    for sql in [
        "CAST(FLOOR(${a} / 60.0) AS INT64)",
        "${TABLE}.seconds",
        "CASE WHEN ${a} IN ('x', 'it (is)') THEN 1.0 ELSE ${b} / NULLIF(${c}, 0) END",
        "{% if a._parameter_value == 'km' %}${TABLE}.speed * 1.6{% else %}${TABLE}.speed{% endif %}",
    ] {
        assert_eq!(faults(sql), [""; 0], "{sql}");
    }
}
