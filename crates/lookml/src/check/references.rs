//! What a text of the model mentions: `${field}` in SQL, and what Liquid names.

use crate::liquid::{LiquidError, ReferenceKind, Template};
use crate::resolve::Place;

/// One mention of a field.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Reference<'a> {
    /// As it is written, to be found in the file again: `${orders.created_date::date}`.
    pub(super) written: String,
    /// The view before the dot.
    pub(super) view: Option<String>,
    /// The field.
    pub(super) field: String,
    /// What stands behind `::`.
    pub(super) value: Option<String>,
    /// What is done with it.
    pub(super) role: Role,
    /// Where the text stands.
    pub(super) place: &'a Place,
}

/// What a field is mentioned for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Its SQL, in SQL over rows.
    Row,
    /// Its SQL, in SQL over groups.
    Group,
    /// Its SQL, in that of a table.
    Table,
    /// The table of the view.
    TableName,
    /// Rows are filtered by it.
    Filter,
    /// A dimension by its name.
    Dimension,
    /// A field by its name.
    Field,
    /// A field that is drilled into.
    Drill,
    /// A field of a set.
    Listed,
    /// A Liquid tag needs it: `{% condition … %}`.
    Tag,
    /// A Liquid variable, which is nothing where the view is not joined.
    Variable,
}

impl Role {
    /// Whether its SQL is put into other SQL.
    pub(super) fn is_sql(self) -> bool {
        matches!(self, Self::Row | Self::Group)
    }

    /// Whether the one that mentions it can't be queried without it.
    pub(super) fn needs_field(self) -> bool {
        matches!(
            self,
            Self::Row | Self::Group | Self::Filter | Self::Dimension | Self::Field
        )
    }
}

impl<'a> Reference<'a> {
    /// Of a name, `field` or `view.field`.
    pub(super) fn named(name: &str, role: Role, place: &'a Place) -> Self {
        let (view, field) = split(name);
        Self {
            written: name.to_owned(),
            view,
            field,
            value: None,
            role,
            place,
        }
    }

    /// `view.field`, or what is written.
    pub(super) fn name(&self) -> String {
        match &self.view {
            Some(view) => format!("{view}.{}", self.field),
            None => self.field.clone(),
        }
    }

    fn of_sql(inner: &str, role: Role, place: &'a Place) -> Option<Self> {
        let reference = inner.trim();
        if reference.contains("{%") || reference.contains("{{") {
            return None;
        }
        let written = format!("${{{inner}}}");
        if let Some(view) = reference.strip_suffix(".SQL_TABLE_NAME") {
            return Some(Self {
                written,
                view: Some(view.trim().to_owned()),
                field: String::new(),
                value: None,
                role: Role::TableName,
                place,
            });
        }
        if reference == "TABLE" && role != Role::Table {
            return None;
        }
        let (name, value) = match reference.split_once("::") {
            Some((name, value)) => (name.trim(), Some(value.trim().to_owned())),
            None => (reference, None),
        };
        let (view, field) = split(name);
        Some(Self {
            written,
            view,
            field,
            value,
            role,
            place,
        })
    }
}

fn split(name: &str) -> (Option<String>, String) {
    match name.split_once('.') {
        Some((view, field)) => (Some(view.trim().to_owned()), field.trim().to_owned()),
        None => (None, name.to_owned()),
    }
}

/// Everything that a text mentions: `${…}` in every branch of its Liquid, and Liquid itself.
pub(super) fn of_text<'a>(text: &str, role: Role, place: &'a Place) -> Vec<Reference<'a>> {
    let mut found = of_sql(text, role, place);
    found.extend(of_liquid(text, place));
    found
}

/// `${…}`, but for those in comments of Liquid.
pub(super) fn of_sql<'a>(text: &str, role: Role, place: &'a Place) -> Vec<Reference<'a>> {
    let mut found = Vec::new();
    for text in without_comments(text) {
        let mut rest = text;
        while let Some((_, after)) = rest.split_once("${") {
            let Some((inner, behind)) = after.split_once('}') else {
                break;
            };
            found.extend(Reference::of_sql(inner, role, place));
            rest = behind;
        }
    }
    found
}

/// Fields that Liquid names.
pub(super) fn of_liquid<'a>(text: &str, place: &'a Place) -> Vec<Reference<'a>> {
    let Ok(Some(template)) = template(text) else {
        return Vec::new();
    };
    let references = template.references().into_iter();
    let references = references.filter_map(|reference| {
        let name = reference.field()?;
        let role = match reference.kind {
            ReferenceKind::Value => Role::Variable,
            _ => Role::Tag,
        };
        // `orders._in_query` names a view.
        let is_view = reference.member() == Some("_in_query") && !name.contains('.');
        (!is_view).then(|| Reference::named(&name, role, place))
    });
    references.collect()
}

/// The template that a text is; none where it has no Liquid.
pub(super) fn template(text: &str) -> Result<Option<Template>, LiquidError> {
    match text.contains("{%") || text.contains("{{") {
        true => Template::parse(text).map(Some),
        false => Ok(None),
    }
}

/// The stretches of a text between comments of Liquid.
fn without_comments(text: &str) -> Vec<&str> {
    let mut stretches = Vec::new();
    let mut start = 0;
    for (at, _) in text.match_indices("{%") {
        let (before, tag) = text.split_at_checked(at).unwrap_or((text, ""));
        let tag = tag.trim_start_matches(['{', '%', '-', ' ']);
        if at < start || !tag.starts_with("comment") {
            continue;
        }
        stretches.push(before.get(start..).unwrap_or_default());
        let end = tag.find("endcomment").unwrap_or(tag.len());
        start = text.len() - tag.len() + end;
    }
    stretches.push(text.get(start..).unwrap_or_default());
    stretches
}
