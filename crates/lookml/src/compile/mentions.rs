//! The names that a piece of SQL mentions, read from its text as DuckDB reads it.

use std::collections::BTreeSet;

/// Names in lower case, as far as DuckDB takes no account of case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Mentions {
    /// `table.column`.
    pub(super) columns: BTreeSet<(String, String)>,
    /// Words by themselves: keywords, columns whose table is not said. Types and what introduces a literal are none.
    pub(super) words: BTreeSet<String>,
    /// What stands before a parenthesis.
    pub(super) functions: BTreeSet<String>,
}

/// Words of SQL that can be no column's name.
const KEYWORDS: &[&str] = &[
    "and", "as", "asc", "between", "case", "desc", "distinct", "else", "end", "false", "in", "is",
    "like", "not", "null", "or", "then", "true", "when",
];

/// Words that are types behind `AS` or `::`. Elsewhere they could be columns.
const TYPES: &[&str] = &[
    "bigint",
    "bool",
    "boolean",
    "date",
    "datetime",
    "decimal",
    "double",
    "float64",
    "int64",
    "integer",
    "numeric",
    "string",
    "time",
    "timestamp",
    "varchar",
];

/// Words before a text that is a literal of theirs.
const LITERALS: &[&str] = &["date", "datetime", "time", "timestamp"];

/// Words and functions whose meaning hangs on the rows around, or that do or say something else each time.
const NOT_OF_A_ROW: &[&str] = &[
    "columns",
    "currval",
    "error",
    "exists",
    "from",
    "gen_random_uuid",
    "generate_uuid",
    "nextval",
    "over",
    "rand",
    "random",
    "rowid",
    "select",
    "setseed",
    "sleep_ms",
    "uuid",
    "uuidv4",
    "uuidv7",
    "write_log",
];

impl Mentions {
    /// What a text mentions. None: that can't be told.
    pub(super) fn of(sql: &str) -> Option<Self> {
        let mut mentions = Self::default();
        let text = without_comments(sql)?;
        let mut rest = text.trim_start();
        let mut is_type_next = false;
        while let Some(c) = rest.chars().next() {
            let was_type_next = std::mem::take(&mut is_type_next);
            rest = match c {
                '\'' => quoted(rest, '\'')?.1,
                '$' => reference(rest)?,
                '#' => return None,
                ':' if rest.starts_with("::") => {
                    is_type_next = true;
                    rest.get(2..)?
                }
                '0'..='9' => rest.trim_start_matches(|c| is_of_word(c) || c == '.'),
                c if c == '"' || is_of_word(c) => {
                    let (word, behind) = mentions.path(rest, was_type_next)?;
                    is_type_next = word.is_some_and(|word| word == "as");
                    behind
                }
                c => rest.get(c.len_utf8()..)?,
            }
            .trim_start();
        }
        let mut names = mentions.words.iter().chain(&mentions.functions);
        match names.any(|name| NOT_OF_A_ROW.contains(&name.as_str())) {
            true => None,
            false => Some(mentions),
        }
    }

    /// Takes a name, or some with points between them; what follows it is the rest. Gives one that stands by itself.
    fn path<'t>(&mut self, text: &'t str, is_type: bool) -> Option<(Option<String>, &'t str)> {
        let (first, mut rest) = name(text)?;
        let mut names = Vec::new();
        while let Some(behind) = rest.strip_prefix('.') {
            let (name, behind) = name(behind)?;
            names.push(name);
            rest = behind;
        }
        let next = rest.trim_start();
        let is_called = next.starts_with('(');
        // Of a column's own fields it is the column that is needed; the last name can be a method of its.
        if let (true, Some(method)) = (is_called, names.last()) {
            self.functions.insert(method.clone());
        }
        if let Some(column) = names.into_iter().next() {
            self.columns.insert((first, column));
            return Some((None, rest));
        }
        let is_literal = next.starts_with('\'') && LITERALS.contains(&first.as_str());
        if is_called && !KEYWORDS.contains(&first.as_str()) {
            self.functions.insert(first.clone());
        } else if !(is_literal || is_type && TYPES.contains(&first.as_str())) {
            self.words.insert(first.clone());
        }
        Some((Some(first), rest))
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

/// Whether a text looks at other rows of the result by a window, `… OVER (…)`.
pub(super) fn has_window(sql: &str) -> bool {
    let text = without_comments(sql).unwrap_or_else(|| sql.to_owned());
    let mut rest = text.as_str();
    while let Some(c) = rest.chars().next() {
        if matches!(c, '\'' | '"')
            && let Some((_, behind)) = quoted(rest, c)
        {
            rest = behind;
            continue;
        }
        if let Some((word, behind)) = name(rest).filter(|_| c != '"') {
            if word == "over" && behind.trim_start().starts_with('(') {
                return true;
            }
            rest = behind;
            continue;
        }
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
    }
    false
}

/// The text with a blank in the place of each comment. None: one of them can't be read.
fn without_comments(sql: &str) -> Option<String> {
    let mut text = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some(c) = rest.chars().next() {
        let behind = match c {
            '\'' | '"' => quoted(rest, c)?.1,
            '-' if rest.starts_with("--") => {
                let end = rest.find(['\n', '\r']).unwrap_or(rest.len());
                rest = rest.get(end..)?;
                text.push(' ');
                continue;
            }
            '/' if rest.starts_with("/*") => {
                let (comment, behind) = rest.get(2..)?.split_once("*/")?;
                // One within another ends elsewhere.
                if comment.contains("/*") {
                    return None;
                }
                rest = behind;
                text.push(' ');
                continue;
            }
            c => rest.get(c.len_utf8()..)?,
        };
        text.push_str(rest.get(..rest.len() - behind.len())?);
        rest = behind;
    }
    Some(text)
}

fn is_of_word(c: char) -> bool {
    c == '_' || c.is_ascii_alphanumeric() || !(c.is_ascii() || c.is_whitespace())
}

/// A name, in quotes or not, and what is behind it.
fn name(text: &str) -> Option<(String, &str)> {
    if text.starts_with('"') {
        let (name, rest) = quoted(text, '"')?;
        return Some((name.replace("\"\"", "\"").to_ascii_lowercase(), rest));
    }
    let end = text.find(|c| !is_of_word(c)).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    (!name.is_empty()).then(|| (name.to_ascii_lowercase(), rest))
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
        assert_eq!(of("SUM /* all */ -- of it\r (a.b)"), "a.b |  | sum");
        assert_eq!(of("a.b.concat('!') + Ü🚀"), "a.b | Ü🚀 | concat");
        assert_eq!(
            of("CAST(a.b AS DATE) + a.c::time + DATE '2020-01-01' + date"),
            "a.b a.c | as date | cast"
        );
        assert_eq!(of("a.b.c + 1.5"), "a.b |  | ");
        assert_eq!(of("${count} / COUNT (*)"), " |  | count");
        assert_eq!(
            of("CASE WHEN (a.b) IN (1) THEN 2 END"),
            "a.b | case end in then when | "
        );
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
            "rowid",
            "#2",
            "*COLUMNS('a')",
            "/* a /* b */ it's */ s.z",
            "/* open",
            r"e'it\'s'",
        ] {
            assert_eq!(of(sql), "?", "{sql}");
        }
    }

    #[test]
    fn a_window_is_told_from_words_like_it() {
        for sql in [
            "SUM(a) OVER ()",
            "rank()over(ORDER BY b) < 3",
            r"x = 'it\'s' AND SUM(a) OVER (PARTITION BY b)",
        ] {
            assert!(has_window(sql), "{sql}");
        }
        for sql in [
            "SUM(over) > 1",
            "turnover (1)",
            "a = ' over ('",
            "\"over\" (1)",
            "over -- (",
        ] {
            assert!(!has_window(sql), "{sql}");
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
