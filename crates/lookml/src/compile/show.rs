//! Labels and descriptions as a query makes them: their Liquid rendered, or the label that a parameter's value has.

use std::collections::BTreeMap;

use super::outline::view_label;
use super::scope::FieldRef;
use super::sql::{At, Level, Writer};
use super::template::GUARD;
use crate::model::{FieldKind, Show};

/// What a field is called.
pub(super) struct Labels<'w, 'a> {
    pub(super) writer: &'w Writer<'a>,
    /// Values of parameters by full name.
    pub(super) parameters: &'w BTreeMap<String, String>,
}

impl<'a> Labels<'_, 'a> {
    /// What a page shows of a field.
    pub(super) fn show(&self, field: FieldRef<'a>) -> Show {
        let show = &field.field.show;
        let label = self.chosen(field);
        let optional = |text: &Option<String>| text.as_ref().map(|text| self.rendered(text, field));
        Show {
            label: label.unwrap_or_else(|| self.rendered(&show.label, field)),
            group_label: optional(&show.group_label),
            group_item_label: optional(&show.group_item_label),
            description: optional(&show.description),
            ..show.clone()
        }
    }

    /// Under which heading it stands.
    pub(super) fn view_label(&self, field: FieldRef<'a>) -> String {
        self.rendered(&view_label(&self.writer.scope, &field), field)
    }

    /// What the value of its `label_from_parameter` is called.
    fn chosen(&self, field: FieldRef<'a>) -> Option<String> {
        let name = field.field.show.label_from_parameter.as_ref()?;
        let named = self.writer.scope.meant(field.alias, name)?;
        let FieldKind::Parameter(parameter) = &named.field.kind else {
            return None;
        };
        let value = self.parameters.get(&named.name())?;
        let mut allowed = parameter.allowed_values.iter();
        let label = allowed.find(|allowed| allowed.value == *value);
        Some(label.map_or_else(|| value.clone(), |allowed| allowed.label.clone()))
    }

    /// A text with its Liquid rendered; as it is where there is none, or where it has a mistake: a label is worth no
    /// refused query.
    fn rendered(&self, text: &str, field: FieldRef<'a>) -> String {
        if !text.contains("{{") && !text.contains("{%") {
            return text.to_owned();
        }
        let at = At {
            alias: field.alias,
            field: Some(field),
            level: Level::Row,
        };
        match self.writer.render(text, at) {
            Ok(rendered) => rendered.replace(GUARD, "").trim().to_owned(),
            Err(_) => text.to_owned(),
        }
    }
}
