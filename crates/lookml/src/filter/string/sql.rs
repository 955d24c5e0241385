//! The terms of texts as conditions.

use super::{Pattern, StringFilter, StringTerm};
use crate::dialect::Dialect;
use crate::filter::Context;
use crate::filter::condition::Condition;

impl StringFilter {
    pub(in crate::filter) fn to_sql(&self, column: &str, context: &Context<'_>) -> String {
        let column = Column {
            name: column,
            dialect: context.dialect,
            is_case_sensitive: context.is_case_sensitive,
        };
        let mut groups = Vec::new();
        if !self.is.is_empty() {
            let others = self.is.iter().filter_map(|term| column.is(term));
            let equal = column.is_one_of(&self.is);
            groups.push(Condition::any(equal.into_iter().chain(others).collect()));
        }
        groups.extend(column.is_none_of(&self.is_not));
        groups.extend(self.is_not.iter().filter_map(|term| column.is_not(term)));
        Condition::groups(groups)
    }
}

/// The column of a condition, and how its texts are compared.
struct Column<'a> {
    name: &'a str,
    dialect: Dialect,
    is_case_sensitive: bool,
}

impl Column<'_> {
    /// `x = 'a'` or `x IN ('a', 'b')`, of the terms that are texts.
    fn is_one_of(&self, terms: &[StringTerm]) -> Option<Condition> {
        let texts = self.literals(terms)?;
        let condition = match texts.as_slice() {
            [text] => format!("{} = {text}", self.operand()),
            texts => format!("{} IN ({})", self.operand(), texts.join(", ")),
        };
        Some(Condition::new(condition))
    }

    fn is_none_of(&self, terms: &[StringTerm]) -> Option<Condition> {
        let texts = self.literals(terms)?;
        let condition = match texts.as_slice() {
            [text] => format!("{} <> {text}", self.operand()),
            texts => format!("{} NOT IN ({})", self.operand(), texts.join(", ")),
        };
        Some(self.or_null(condition))
    }

    /// A term that is no text.
    fn is(&self, term: &StringTerm) -> Option<Condition> {
        let name = self.name;
        match term {
            StringTerm::Equal(_) => None,
            StringTerm::Like(pattern) => {
                let pattern = self.pattern(pattern);
                Some(Condition::new(format!("{} LIKE {pattern}", self.operand())))
            }
            StringTerm::Null => Some(Condition::new(format!("{name} IS NULL"))),
            StringTerm::Empty => Some(Condition::any(vec![
                Condition::new(format!("{name} IS NULL")),
                Condition::new(format!("LENGTH({name}) = 0")),
            ])),
        }
    }

    fn is_not(&self, term: &StringTerm) -> Option<Condition> {
        let name = self.name;
        match term {
            StringTerm::Equal(_) => None,
            StringTerm::Like(pattern) => {
                let pattern = self.pattern(pattern);
                Some(self.or_null(format!("{} NOT LIKE {pattern}", self.operand())))
            }
            StringTerm::Null => Some(Condition::new(format!("{name} IS NOT NULL"))),
            StringTerm::Empty => Some(Condition::all(vec![
                Condition::new(format!("{name} IS NOT NULL")),
                Condition::new(format!("LENGTH({name}) <> 0")),
            ])),
        }
    }

    fn or_null(&self, condition: String) -> Condition {
        let is_null = format!("{} IS NULL", self.name);
        Condition::any(vec![Condition::new(condition), Condition::new(is_null)])
    }

    fn literals(&self, terms: &[StringTerm]) -> Option<Vec<String>> {
        let texts = terms.iter().filter_map(|term| match term {
            StringTerm::Equal(text) => Some(self.comparable(self.dialect.string(text))),
            _ => None,
        });
        Some(texts.collect()).filter(|texts: &Vec<_>| !texts.is_empty())
    }

    /// Only a pattern that has escapes needs to say with what: DuckDB knows none by itself, BigQuery the backslash.
    fn pattern(&self, pattern: &Pattern) -> String {
        let pattern = pattern.to_like();
        let literal = self.comparable(self.dialect.string(&pattern));
        match self.dialect {
            Dialect::DuckDb if pattern.contains('\\') => format!("{literal} ESCAPE '\\'"),
            _ => literal,
        }
    }

    fn operand(&self) -> String {
        self.comparable(self.name.to_owned())
    }

    fn comparable(&self, operand: String) -> String {
        if self.is_case_sensitive {
            return operand;
        }
        format!("UPPER({operand})")
    }
}
