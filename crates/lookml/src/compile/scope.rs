//! Names of an explore: which field is meant, and whether it may be asked for.

use super::error::{QueryError, Result};
use super::settings::Settings;
use crate::calendar::Calendar;
use crate::diagnostic::rules;
use crate::model::{Bound, Explore, Field, FieldKind, Model, View};
use crate::suggest;

/// An explore, and what a query of it is compiled with.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'a> {
    pub(crate) model: &'a Model,
    pub(crate) explore: &'a Explore,
    pub(crate) settings: &'a Settings,
    pub(crate) calendar: &'a Calendar,
}

/// A field of a view under the name that the view has in the explore.
#[derive(Clone, Copy)]
pub(crate) struct FieldRef<'a> {
    pub(crate) alias: &'a str,
    pub(crate) view: &'a View,
    pub(crate) field: &'a Field,
}

impl FieldRef<'_> {
    /// `view.field`
    pub(crate) fn name(&self) -> String {
        format!("{}.{}", self.alias, self.field.name)
    }

    pub(crate) fn is_dimension(&self) -> bool {
        matches!(self.field.kind, FieldKind::Dimension(_))
    }

    pub(crate) fn is_measure(&self) -> bool {
        matches!(self.field.kind, FieldKind::Measure(_))
    }

    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.alias == other.alias && self.field.name == other.field.name
    }
}

impl<'a> Scope<'a> {
    pub(super) fn bound(&self, alias: &str) -> Option<(&'a str, &'a Bound)> {
        let (alias, bound) = self.explore.views.get_key_value(alias)?;
        Some((alias, bound))
    }

    pub(crate) fn view(&self, alias: &str) -> Option<(&'a str, &'a View)> {
        let (alias, bound) = self.bound(alias)?;
        Some((alias, self.model.views.get(&bound.view)?))
    }

    /// The field of a full name, or of one that it had once, whether or not it may be asked for.
    pub(crate) fn find(&self, name: &str) -> Option<FieldRef<'a>> {
        let (alias, name) = name.split_once('.')?;
        self.find_in(alias, name)
    }

    pub(crate) fn find_in(&self, alias: &str, name: &str) -> Option<FieldRef<'a>> {
        let (alias, view) = self.view(alias)?;
        Self::field_of(alias, view, name)
    }

    fn field_of(alias: &'a str, view: &'a View, name: &str) -> Option<FieldRef<'a>> {
        let field = view.fields.get(name).or_else(|| {
            let mut fields = view.fields.values();
            fields.find(|field| field.alias.iter().any(|alias| alias == name))
        })?;
        Some(FieldRef { alias, view, field })
    }

    /// The field that a view's own text means: `field` or `view.field`.
    pub(super) fn meant(&self, alias: &str, name: &str) -> Option<FieldRef<'a>> {
        match name.contains('.') {
            true => self.find(name),
            false => self.find_in(alias, name),
        }
    }

    /// The field that a template of a view's text means. A view's table can be asked for where the explore does not have
    /// the view, or has it under another name, so its own name means itself.
    pub(super) fn meant_by_template(&self, alias: &str, name: &str) -> Option<FieldRef<'a>> {
        let own = || {
            let (alias, view) = self.template_view(alias)?;
            let name = match name.split_once('.') {
                Some((owner, name)) => (owner == view.name).then_some(name)?,
                None => name,
            };
            Self::field_of(alias, view, name)
        };
        self.meant(alias, name).or_else(own)
    }

    /// The view that a text is of, by its name in the explore or by its own.
    pub(super) fn template_view(&self, alias: &str) -> Option<(&'a str, &'a View)> {
        self.view(alias).or_else(|| {
            let (name, view) = self.model.views.get_key_value(alias)?;
            Some((name.as_str(), view))
        })
    }

    /// The full name of a field that stands without its view in the explore's text.
    pub(super) fn full_name(&self, name: &str) -> String {
        match name.contains('.') {
            true => name.to_owned(),
            false => format!("{}.{name}", self.explore.base),
        }
    }

    /// The field that a query asks for.
    pub(super) fn ask(&self, name: &str) -> Result<FieldRef<'a>> {
        let Some(field) = self.find(name) else {
            return Err(self.unknown(name));
        };
        match self.allow(&field) {
            Ok(()) => Ok(field),
            Err(error) => Err(QueryError {
                field: Some(name.to_owned()),
                ..error
            }),
        }
    }

    /// Refuses a field that the explore excludes or that needs a grant which is missing.
    pub(super) fn allow(&self, field: &FieldRef<'a>) -> Result<()> {
        let (name, explore) = (field.name(), &self.explore.name);
        if !self.explore.included.contains(&name) {
            let message = format!("the field `{name}` is excluded from the explore `{explore}`");
            return Err(QueryError::new(rules::UNKNOWN_FIELD, message).of(&name));
        }
        self.granted(field)
    }

    /// Refuses a field that needs a grant which is missing.
    pub(super) fn granted(&self, field: &FieldRef<'a>) -> Result<()> {
        let bound = self.bound(field.alias);
        let joined = bound.and_then(|(_, bound)| bound.join.as_ref());
        let join_grants = joined.map(|join| join.required_access_grants.as_slice());
        let grants = [
            field.field.required_access_grants.as_slice(),
            field.view.required_access_grants.as_slice(),
            join_grants.unwrap_or_default(),
        ];
        match self.missing_grant(grants.into_iter().flatten()) {
            Some(grant) => {
                let name = field.name();
                let message = format!("the field `{name}` needs the access grant `{grant}`");
                Err(QueryError::new(rules::UNKNOWN_FIELD, message).of(&name))
            }
            None => Ok(()),
        }
    }

    /// Refuses an explore that needs a grant which is missing.
    pub(super) fn enter(&self) -> Result<()> {
        let explore = self.explore;
        match self.missing_grant(&explore.required_access_grants) {
            Some(grant) => {
                let message = format!(
                    "the explore `{}` needs the access grant `{grant}`",
                    explore.name
                );
                Err(QueryError::new(rules::UNKNOWN_FIELD, message))
            }
            None => Ok(()),
        }
    }

    /// The first grant that the person who asks does not have.
    fn missing_grant<'b>(&self, grants: impl IntoIterator<Item = &'b String>) -> Option<&'b str> {
        let mut grants = grants.into_iter();
        let missing = grants.find(|grant| !self.is_granted(grant));
        missing.map(String::as_str)
    }

    fn is_granted(&self, grant: &str) -> bool {
        let Some(grant) = self.model.access_grants.get(grant) else {
            return false;
        };
        let attribute = self.settings.user_attributes.get(&grant.user_attribute);
        attribute.is_some_and(|attribute| {
            let mut allowed = grant.allowed_values.iter();
            allowed.any(|value| value == attribute.text())
        })
    }

    fn unknown(&self, name: &str) -> QueryError {
        let explore = &self.explore.name;
        let (alias, field) = name.split_once('.').unwrap_or(("", name));
        let message = match self.view(alias) {
            None if alias.is_empty() => {
                format!("`{name}` is no full name of a field, `view.field`")
            }
            None => format!("the explore `{explore}` has no view `{alias}`"),
            Some((_, view)) => match view.group(field).next() {
                Some(first) => {
                    let message = format!("`{name}` is a group; ask for one of its fields");
                    let hint = format!("as `{alias}.{}`", first.name);
                    let error = QueryError::new(rules::UNKNOWN_FIELD, message);
                    return error.hint(hint).of(name);
                }
                None => format!("the explore `{explore}` has no field `{name}`"),
            },
        };
        let included = self.explore.included.iter().map(String::as_str);
        let mut included: Vec<&str> = included.collect();
        included.sort_unstable();
        let mut error = QueryError::new(rules::UNKNOWN_FIELD, message).of(name);
        // A field without its view is most likely one of the base.
        let meant = self.full_name(name);
        error.hint = suggest::did_you_mean_field(&meant, &included);
        error
    }
}
