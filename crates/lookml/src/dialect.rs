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

#[cfg(test)]
mod tests {
    use super::Dialect;

    #[test]
    fn quotes_cannot_be_left() {
        assert_eq!(Dialect::DuckDb.string("it's \\"), "'it''s \\'");
        assert_eq!(Dialect::BigQuery.string("it's \\\n"), "'it\\'s \\\\\\n'");
        assert_eq!(Dialect::DuckDb.identifier("a\"b"), "\"a\"\"b\"");
        assert_eq!(Dialect::BigQuery.identifier("a`b"), "`a\\`b`");
    }
}
