//! The names that a piece of SQL mentions, read from its text.

use std::collections::BTreeSet;

/// Names in lower case, since DuckDB takes no account of case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Mentions {
    /// `table.column`.
    pub(super) columns: BTreeSet<(String, String)>,
    /// Words by themselves: keywords, types, columns whose table is not said.
    pub(super) words: BTreeSet<String>,
    /// What stands before a parenthesis.
    pub(super) functions: BTreeSet<String>,
}

/// Words of SQL that are no column's name.
const KEYWORDS: &[&str] = &[
    "and",
    "as",
    "asc",
    "between",
    "bigint",
    "bool",
    "boolean",
    "by",
    "case",
    "cast",
    "date",
    "datetime",
    "day",
    "decimal",
    "desc",
    "distinct",
    "double",
    "else",
    "end",
    "escape",
    "false",
    "filter",
    "first",
    "float64",
    "hour",
    "in",
    "int64",
    "integer",
    "interval",
    "is",
    "last",
    "like",
    "minute",
    "month",
    "not",
    "null",
    "nulls",
    "numeric",
    "or",
    "order",
    "quarter",
    "second",
    "string",
    "then",
    "time",
    "timestamp",
    "true",
    "varchar",
    "week",
    "when",
    "where",
    "year",
];

/// Words and functions whose meaning hangs on the rows around, or that say something else each time.
const NOT_OF_A_ROW: &[&str] = &[
    "exists",
    "from",
    "gen_random_uuid",
    "generate_uuid",
    "nextval",
    "over",
    "rand",
    "random",
    "select",
    "uuid",
];

impl Mentions {
    /// What a text mentions. None: that can't be told.
    pub(super) fn of(sql: &str) -> Option<Self> {
        let mut mentions = Self::default();
        let mut rest = sql;
        while let Some(c) = rest.chars().next() {
            rest = match c {
                '\'' => quoted(rest, '\'')?.1,
                '$' => reference(rest)?,
                '-' if rest.starts_with("--") => rest.split_once('\n').map_or("", |(_, rest)| rest),
                '/' if rest.starts_with("/*") => rest.split_once("*/")?.1,
                '0'..='9' => rest.trim_start_matches(is_of_word_or_point),
                c if c == '"' || is_of_word(c) => mentions.path(rest)?,
                c => rest.get(c.len_utf8()..)?,
            };
        }
        let mut names = mentions.words.iter().chain(&mentions.functions);
        match names.any(|name| NOT_OF_A_ROW.contains(&name.as_str())) {
            true => None,
            false => Some(mentions),
        }
    }

    /// Takes a name, or two with a point between them; what follows it is the rest.
    fn path<'t>(&mut self, text: &'t str) -> Option<&'t str> {
        let (first, mut rest) = name(text)?;
        let mut last = None;
        while let Some(behind) = rest.strip_prefix('.') {
            // Of a column's own fields it is the column that is needed.
            let (name, behind) = name(behind)?;
            last.get_or_insert(name);
            rest = behind;
        }
        let is_called = rest.trim_start().starts_with('(');
        match last {
            Some(column) => {
                self.columns.insert((first, column));
            }
            None if is_called => {
                self.functions.insert(first);
            }
            None => {
                self.words.insert(first);
            }
        }
        Some(rest)
    }

    /// The columns of a table.
    pub(super) fn of_table<'s>(&'s self, table: &'s str) -> impl Iterator<Item = &'s str> {
        let columns = self.columns.iter();
        columns
            .filter(move |(of, _)| of == table)
            .map(|(_, column)| column.as_str())
    }

    /// Whether it mentions columns, and all are said to be of one table.
    pub(super) fn is_only_of(&self, table: &str) -> bool {
        !self.columns.is_empty() && self.is_of_no_other(table)
    }

    /// Whether no column is, or could be, another table's.
    pub(super) fn is_of_no_other(&self, table: &str) -> bool {
        let mut words = self.words.iter();
        self.columns.iter().all(|(of, _)| of == table)
            && words.all(|word| KEYWORDS.contains(&word.as_str()))
    }
}

fn is_of_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

fn is_of_word_or_point(c: char) -> bool {
    is_of_word(c) || c == '.'
}

/// A name, in quotes or not, and what is behind it.
fn name(text: &str) -> Option<(String, &str)> {
    if text.starts_with('"') {
        let (name, rest) = quoted(text, '"')?;
        return Some((name.replace("\"\"", "\"").to_lowercase(), rest));
    }
    let end = text.find(|c| !is_of_word(c)).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    (!name.is_empty()).then(|| (name.to_lowercase(), rest))
}

/// What stands between quotes, of which two in a row are one of the text, and what is behind it. A backslash could be
/// itself or hide a quote.
fn quoted(text: &str, quote: char) -> Option<(&str, &str)> {
    let inside = text.get(1..)?;
    let mut from = 0;
    loop {
        let at = from + inside.get(from..)?.find(quote)?;
        let behind = inside.get(at + 1..)?;
        if !behind.starts_with(quote) {
            let name = inside.get(..at)?;
            return (!name.contains('\\')).then_some((name, behind));
        }
        from = at + 2;
    }
}

/// What is behind `${…}`. A text in dollars is not read.
fn reference(text: &str) -> Option<&str> {
    let inside = text.strip_prefix("${")?;
    inside.split_once('}').map(|(_, rest)| rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn of(sql: &str) -> String {
        let Some(mentions) = Mentions::of(sql) else {
            return "?".to_owned();
        };
        let list = |names: &BTreeSet<String>| names.iter().cloned().collect::<Vec<_>>().join(" ");
        let columns = mentions
            .columns
            .iter()
            .map(|(table, column)| format!("{table}.{column}"));
        let columns: Vec<_> = columns.collect();
        format!(
            "{} | {} | {}",
            columns.join(" "),
            list(&mentions.words),
            list(&mentions.functions)
        )
    }

    #[test]
    fn names_are_told_from_texts_comments_and_numbers() {
        assert_eq!(of("NULLIF(t.Heart, 0) / 1e3"), "t.heart |  | nullif");
        assert_eq!(
            of("\"order items\".\"A \"\"b\"\"\" = 'x.y ''z.w'''"),
            "order items.a \"b\" |  | "
        );
        assert_eq!(of("a.b -- c.d '\n+ /* e.f */ g"), "a.b | g | ");
        assert_eq!(of("a.b.c + 1.5"), "a.b |  | ");
        assert_eq!(of("${count} / COUNT (*)"), " |  | count");
    }

    #[test]
    fn what_can_t_be_told_is_not_guessed() {
        for sql in [
            "t.*",
            "'open",
            "$$text$$",
            "(SELECT 1)",
            "SUM(t.a) OVER ()",
            "random() < t.a",
            "/* open",
            r"e'it\'s'",
        ] {
            assert_eq!(of(sql), "?", "{sql}");
        }
    }

    #[test]
    fn a_condition_of_one_table_names_no_other_and_no_bare_column() {
        let is_only = |sql: &str| Mentions::of(sql).unwrap().is_only_of("t");
        assert!(is_only(
            "CASE WHEN t.a >= DATE '2020-01-01' THEN CAST(t.b AS STRING) END"
        ));
        assert!(!is_only("t.a = u.a"));
        assert!(!is_only("t.a = a"));
        assert!(!is_only("1 = 1"));
    }
}
