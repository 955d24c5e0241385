//! The two dialects of SQL that are written.

/// For whom SQL is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// GoogleSQL.
    BigQuery,
    /// DuckDB 1.5, without its extension for time zones.
    DuckDb,
}

impl Dialect {
    /// What `_dialect._name` is in Liquid.
    pub fn name(self) -> &'static str {
        match self {
            Self::BigQuery => "bigquery_standard_sql",
            Self::DuckDb => "duckdb",
        }
    }

    /// A text as a literal.
    pub fn string(self, text: &str) -> String {
        match self {
            Self::DuckDb => format!("'{}'", text.replace('\'', "''")),
            Self::BigQuery => {
                let mut literal = String::with_capacity(text.len() + 2);
                literal.push('\'');
                for c in text.chars() {
                    match c {
                        '\'' | '\\' => literal.extend(['\\', c]),
                        '\n' => literal.push_str("\\n"),
                        '\r' => literal.push_str("\\r"),
                        c => literal.push(c),
                    }
                }
                literal.push('\'');
                literal
            }
        }
    }

    /// A name that may need quotes.
    pub fn identifier(self, name: &str) -> String {
        match self {
            Self::DuckDb => format!("\"{}\"", name.replace('"', "\"\"")),
            Self::BigQuery => format!("`{}`", name.replace('\\', "\\\\").replace('`', "\\`")),
        }
    }
}

impl Dialect {
    /// The name of a table in a statement.
    pub(crate) fn table_alias(self, name: &str) -> String {
        match is_plain(name) {
            true => name.to_owned(),
            false => self.identifier(name),
        }
    }

    /// The name of a column behind its table's.
    pub(crate) fn column(self, name: &str) -> String {
        self.table_alias(name)
    }
}

/// What the SQL that both dialects share needs on DuckDB: temporary functions and a type of BigQuery's. To be run once
/// on each connection.
pub const DUCKDB_SETUP: &[&str] = &[
    "CREATE OR REPLACE TEMP TYPE float64 AS DOUBLE",
    "CREATE OR REPLACE TEMP MACRO safe_divide(x, y) AS x / NULLIF(y, 0)",
    "CREATE OR REPLACE TEMP MACRO ieee_divide(x, y) AS CAST(x AS DOUBLE) / y",
    "CREATE OR REPLACE TEMP MACRO div(x, y) AS CAST(trunc(x / y) AS BIGINT)",
    "CREATE OR REPLACE TEMP MACRO timestamp_seconds(x) AS make_timestamp(CAST(x AS BIGINT) * 1000000)",
    "CREATE OR REPLACE TEMP MACRO logical_or(x) AS bool_or(x)",
    "CREATE OR REPLACE TEMP MACRO logical_and(x) AS bool_and(x)",
    "CREATE OR REPLACE TEMP MACRO countif(x) AS count_if(x)",
    "CREATE OR REPLACE TEMP MACRO regexp_contains(x, y) AS regexp_matches(x, y)",
];

/// Words that a name can't be without quotes in one of the dialects or both.
const RESERVED: &[&str] = &[
    "all",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "at",
    "between",
    "both",
    "by",
    "case",
    "cast",
    "check",
    "collate",
    "column",
    "constraint",
    "contains",
    "create",
    "cross",
    "cube",
    "current",
    "default",
    "deferrable",
    "define",
    "desc",
    "describe",
    "distinct",
    "do",
    "else",
    "end",
    "enum",
    "escape",
    "except",
    "exclude",
    "exists",
    "extract",
    "false",
    "fetch",
    "following",
    "for",
    "foreign",
    "from",
    "full",
    "group",
    "grouping",
    "groups",
    "hash",
    "having",
    "if",
    "ignore",
    "in",
    "initially",
    "inner",
    "intersect",
    "interval",
    "into",
    "is",
    "join",
    "lambda",
    "lateral",
    "leading",
    "left",
    "like",
    "limit",
    "lookup",
    "merge",
    "natural",
    "new",
    "no",
    "not",
    "null",
    "nulls",
    "of",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "outer",
    "over",
    "partition",
    "pivot",
    "placing",
    "preceding",
    "primary",
    "proto",
    "qualify",
    "range",
    "recursive",
    "references",
    "respect",
    "returning",
    "right",
    "rollup",
    "rows",
    "select",
    "set",
    "show",
    "some",
    "struct",
    "summarize",
    "symmetric",
    "table",
    "tablesample",
    "then",
    "to",
    "trailing",
    "treat",
    "true",
    "unbounded",
    "union",
    "unique",
    "unnest",
    "unpivot",
    "using",
    "variadic",
    "when",
    "where",
    "window",
    "with",
    "within",
];

fn is_plain(name: &str) -> bool {
    let starts_well = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let is_word = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let is_reserved = RESERVED
        .binary_search(&name.to_ascii_lowercase().as_str())
        .is_ok();
    starts_well && is_word && !is_reserved
}

#[cfg(test)]
mod tests {
    use super::Dialect;

    #[test]
    fn reserved_words_are_in_order_to_be_found() {
        assert!(super::RESERVED.is_sorted());
        assert_eq!(Dialect::DuckDb.table_alias("orders"), "orders");
        assert_eq!(Dialect::DuckDb.table_alias("Order"), "\"Order\"");
        assert_eq!(Dialect::BigQuery.table_alias("2nd"), "`2nd`");
    }

    #[test]
    fn quotes_cannot_be_left() {
        assert_eq!(Dialect::DuckDb.string("it's \\"), "'it''s \\'");
        assert_eq!(Dialect::BigQuery.string("it's \\\n"), "'it\\'s \\\\\\n'");
        assert_eq!(Dialect::DuckDb.identifier("a\"b"), "\"a\"\"b\"");
        assert_eq!(Dialect::BigQuery.identifier("a`b"), "`a\\`b`");
    }
}
