//! Which SQL a person may run: one statement that only reads.

use crate::error::{Error, Result};

/// First words of statements that read.
const READING: &[&str] = &[
    "select",
    "with",
    "from",
    "values",
    "table",
    "explain",
    "describe",
    "desc",
    "show",
    "summarize",
    "pivot",
    "unpivot",
    "(",
];
/// Words that write when they stand as a word of their own behind a `with` or an `explain`.
const WRITING: &[&str] = &[
    "insert",
    "update",
    "delete",
    "merge",
    "create",
    "drop",
    "alter",
    "truncate",
    "copy",
    "attach",
    "detach",
    "install",
    "load",
    "set",
    "reset",
    "call",
    "pragma",
    "export",
    "import",
    "vacuum",
    "checkpoint",
    "begin",
    "commit",
    "rollback",
    "use",
    "execute",
    "prepare",
    "deallocate",
];

/// Refuses everything but one statement that makes a temporary function or type.
pub(crate) fn check_setup(sql: &str) -> Result<()> {
    let words = words(sql);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["create", "or", "replace", "temp", "macro" | "type", ..]
        | ["create", "temp", "macro" | "type", ..]
            if !words.contains(&";") =>
        {
            Ok(())
        }
        _ => Err(Error::Refused {
            reason: "it makes no temporary function".into(),
        }),
    }
}

/// Refuses everything but one reading statement. The file is open read-only besides: this is for
/// the clear word, and for what even a read-only connection could do (attach, install, set).
pub(crate) fn check(sql: &str) -> Result<()> {
    let words = words(sql);
    let refuse = |reason: String| Err(Error::Refused { reason });
    let Some(first) = words.first() else {
        return refuse("it is empty".into());
    };
    let end = words
        .iter()
        .position(|word| word == ";")
        .unwrap_or(words.len());
    if words[end..].iter().any(|word| word != ";") {
        return refuse("one statement at a time".into());
    }
    if !READING.contains(&first.as_str()) {
        return refuse(format!("`{}` does not only read", first.to_uppercase()));
    }
    if first == "explain" {
        let explained = words[1..end]
            .iter()
            .find(|word| !matches!(word.as_str(), "analyze" | "("));
        if let Some(word) = explained.filter(|word| WRITING.contains(&word.as_str())) {
            return refuse(format!("`{}` does not only read", word.to_uppercase()));
        }
    }
    if first == "with"
        && let Some(word) =
            statement_of_with(&words[..end]).filter(|word| WRITING.contains(&word.as_str()))
    {
        return refuse(format!("`{}` does not only read", word.to_uppercase()));
    }
    Ok(())
}

/// The first word behind the bracketed parts of a WITH, outside all brackets.
fn statement_of_with(words: &[String]) -> Option<&String> {
    let mut depth = 0_usize;
    let mut closed = false;
    for word in words {
        match word.as_str() {
            "(" => depth += 1,
            ")" => {
                depth = depth.saturating_sub(1);
                closed = depth == 0;
            }
            "," | "as" | "materialized" | "not" | "using" | "key" => closed = false,
            _ if depth == 0 && closed => return Some(word),
            _ => {}
        }
    }
    None
}

/// Words in lower case, brackets, commas and semicolons; strings, quoted names and comments are skipped.
fn words(sql: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = sql;
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '\'' | '"' => quoted(rest, c),
            '-' if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => block_comment(rest),
            '$' => dollar_quoted(rest).unwrap_or(1),
            '(' | ')' | ',' | ';' => {
                words.push(c.to_string());
                1
            }
            c if c.is_alphanumeric() || c == '_' => {
                let is_end = |c: char| !(c.is_alphanumeric() || c == '_');
                let length = rest.find(is_end).unwrap_or(rest.len());
                words.push(rest[..length].to_lowercase());
                length
            }
            c => c.len_utf8(),
        };
        rest = &rest[length..];
    }
    words
}

fn quoted(text: &str, quote: char) -> usize {
    text[1..].find(quote).map_or(text.len(), |at| at + 2)
}

fn block_comment(text: &str) -> usize {
    text.find("*/").map_or(text.len(), |at| at + 2)
}

/// `$$ … $$` and `$tag$ … $tag$`.
fn dollar_quoted(text: &str) -> Option<usize> {
    let end = text[1..].find('$')? + 2;
    let tag = &text[..end];
    if !tag[1..end - 1]
        .chars()
        .all(|c| c.is_alphanumeric() || c == '_')
    {
        return None;
    }
    Some(
        text[end..]
            .find(tag)
            .map_or(text.len(), |at| end + at + tag.len()),
    )
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn reading_statements_are_taken() {
        for sql in [
            "SELECT 1",
            "  select 1;",
            "-- a word\nSELECT ';' AS \"drop; table\"",
            "/* DROP */ FROM workouts",
            "WITH a AS (SELECT 1) SELECT * FROM a",
            "WITH a AS MATERIALIZED (SELECT 1), b AS (SELECT 2) FROM a, b",
            "EXPLAIN SELECT 1",
            "EXPLAIN ANALYZE SELECT 1",
            "DESCRIBE workouts",
            "SHOW TABLES",
            "SUMMARIZE workouts",
            "VALUES (1), (2)",
            "(SELECT 1)",
            "SELECT $$; DROP TABLE x$$",
        ] {
            assert!(check(sql).is_ok(), "{sql}");
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for sql in [
            "",
            " -- nothing",
            "DROP TABLE workouts",
            "SELECT 1; DROP TABLE workouts",
            "SELECT 1; SELECT 2",
            "INSERT INTO workouts VALUES (1)",
            "COPY workouts TO 'x.csv'",
            "ATTACH 'x.db'",
            "INSTALL httpfs",
            "LOAD httpfs",
            "SET memory_limit = '1GB'",
            "PRAGMA database_list",
            "CALL pragma_version()",
            "EXPLAIN ANALYZE INSERT INTO a VALUES (1)",
            "WITH a AS (SELECT 1) INSERT INTO b SELECT * FROM a",
            "WITH a AS (SELECT 1) DELETE FROM b",
        ] {
            assert!(check(sql).is_err(), "{sql}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_gives_an_answer(sql in "\\PC*") {
            let _ = check(&sql);
        }
    }
}
