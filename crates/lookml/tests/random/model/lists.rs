//! Lists of fields: which of a view's or an explore's are meant.

use crate::model::expression::FieldName;

/// An item of `fields` or of a `set`, which adds or takes away.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ListItem {
    pub negated: bool,
    pub of: Listed,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Listed {
    /// `ALL_FIELDS*`
    All,
    Field(FieldName),
    /// `set*`, `view.set*`
    Set(FieldName),
    /// `view*`
    View(String),
}

impl ListItem {
    pub(crate) fn plus(of: Listed) -> ListItem {
        ListItem { negated: false, of }
    }

    pub(crate) fn minus(of: Listed) -> ListItem {
        ListItem { negated: true, of }
    }

    pub(crate) fn written(&self) -> String {
        let sign = if self.negated { "-" } else { "" };
        match &self.of {
            Listed::All => format!("{sign}ALL_FIELDS*"),
            Listed::Field(field) => format!("{sign}{}", field.written()),
            Listed::Set(set) => format!("{sign}{}*", set.written()),
            Listed::View(alias) => format!("{sign}{alias}*"),
        }
    }
}
