//! `yes`, `no`, `yes,no`.

use std::fmt;

use super::cursor::Cursor;
use super::{FilterError, Value};

/// Which of the two are let through. Neither or both: everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct YesNoFilter {
    /// What is true.
    pub has_yes: bool,
    /// What is false, and what is NULL.
    pub has_no: bool,
}

/// `expr = term { "," term } ; term = "yes" | "true" | "1" | "no" | "false" | "0" ;`
pub(super) fn parse(cursor: &mut Cursor<'_>) -> Result<YesNoFilter, FilterError> {
    let mut filter = YesNoFilter::default();
    cursor.list(|cursor| {
        if ["yes", "true", "1"]
            .iter()
            .any(|word| cursor.accept_word(word))
        {
            filter.has_yes = true;
        } else if ["no", "false", "0"]
            .iter()
            .any(|word| cursor.accept_word(word))
        {
            filter.has_no = true;
        } else {
            return Err(cursor.expected("`yes` or `no`"));
        }
        Ok(())
    })?;
    Ok(filter)
}

impl YesNoFilter {
    pub(super) fn is_any(self) -> bool {
        self.has_yes == self.has_no
    }

    pub(super) fn to_sql(self, column: &str) -> String {
        if self.has_yes {
            return format!("({column})");
        }
        format!("NOT COALESCE(({column}), FALSE)")
    }

    pub(super) fn matches(self, value: &Value<'_>) -> bool {
        match value {
            Value::Bool(value) => *value == self.has_yes,
            Value::Null => self.has_no,
            _ => false,
        }
    }

    pub(super) fn describe(self) -> Option<String> {
        match (self.has_yes, self.has_no) {
            (true, false) => Some("is yes".to_owned()),
            (false, true) => Some("is no".to_owned()),
            _ => None,
        }
    }

    pub(super) fn extend(&mut self, other: Self) {
        self.has_yes |= other.has_yes;
        self.has_no |= other.has_no;
    }
}

impl fmt::Display for YesNoFilter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match (self.has_yes, self.has_no) {
            (true, true) => "yes,no",
            (true, false) => "yes",
            (false, true) => "no",
            (false, false) => "",
        })
    }
}
