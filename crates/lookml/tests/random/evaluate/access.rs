//! Which fields somebody may ask for: those that the lists leave, and whose grants the person has.

use std::collections::BTreeSet;

use crate::evaluate::scope::Scope;
use crate::model::field::DimensionKind;
use crate::model::lists::{ListItem, Listed};
use crate::model::query::Query;

type Names = BTreeSet<String>;

impl Scope<'_> {
    /// The code with which a query fails for what it names.
    pub(crate) fn refusal(&self, query: &Query) -> Option<&'static str> {
        let filtered = query.filters.iter().map(|(field, _)| field);
        let mut asked = self.selected.iter().chain(filtered.clone());
        let known = self.known_fields();
        if !self.has_all(&self.explore.grants) || !asked.all(|field| known.contains(field)) {
            return Some("LK301");
        }
        let mut filtered = filtered;
        filtered
            .any(|field| self.is_location(field))
            .then_some("LK933")
    }

    /// Whether a query may filter a field.
    pub(crate) fn can_filter(&self, full: &str) -> bool {
        self.is_known(full) && !self.is_location(full)
    }

    fn is_location(&self, full: &str) -> bool {
        let dimension = self.dimension(full);
        dimension.is_some_and(|(_, found)| matches!(found.kind, DimensionKind::Location(..)))
    }

    /// All fields that may be asked for.
    pub(crate) fn known_fields(&self) -> Names {
        let mut names = self.included();
        names.retain(|name| self.is_granted(name));
        names
    }

    /// Whether a field may be asked for: without its grants it is as one that does not exist.
    pub(crate) fn is_known(&self, full: &str) -> bool {
        self.is_granted(full) && self.included().contains(full)
    }

    pub(crate) fn is_granted(&self, full: &str) -> bool {
        let Some((alias, _)) = full.split_once('.') else {
            return false;
        };
        let own = match (self.dimension(full), self.measure(full)) {
            (Some((_, dimension)), _) => dimension.grants,
            (None, Some((_, measure))) => measure.grants.clone(),
            (None, None) => Vec::new(),
        };
        let join = self.explore.join(alias);
        self.has_all(&own)
            && self.has_all(&self.view(alias).grants)
            && join.is_none_or(|join| self.has_all(&join.grants))
    }

    fn has_all(&self, grants: &[&str]) -> bool {
        grants.iter().all(|name| {
            let mut all = self.world.model.grants.iter();
            let grant = all.find(|grant| grant.name == *name).expect("a grant");
            let mut attributes = self.world.attributes.iter();
            let has = |(name, value): &(String, String)| {
                name == grant.attribute && grant.allowed.contains(&value.as_str())
            };
            attributes.any(has)
        })
    }

    /// The fields that the lists of the explore and of its joins leave.
    fn included(&self) -> Names {
        let mut all = Names::new();
        for (alias, _) in self.explore.aliases() {
            let own = self.all_of(alias);
            let list = self
                .explore
                .join(alias)
                .and_then(|join| join.fields.as_ref());
            all.extend(match list {
                Some(items) => self.listed(items, alias, &own),
                None => own,
            });
        }
        let Some(items) = &self.explore.fields else {
            return all;
        };
        let listed = self.listed(items, &self.explore.base, &all);
        all.intersection(&listed).cloned().collect()
    }

    fn all_of(&self, alias: &str) -> Names {
        let view = self.view(alias);
        let dimensions = view.all_dimensions().into_iter().map(|field| field.name);
        let measures = view.measures.iter().map(|field| field.name.clone());
        let filters = view.filters.iter().map(|field| field.name.clone());
        let parameters = view.parameters.iter().map(|field| field.name.clone());
        let names = dimensions.chain(measures).chain(filters).chain(parameters);
        names.map(|name| format!("{alias}.{name}")).collect()
    }

    /// From left to right; a list that begins with what it takes away begins with all.
    fn listed(&self, items: &[ListItem], alias: &str, all: &Names) -> Names {
        let mut names = match items.first() {
            Some(first) if first.negated => all.clone(),
            _ => Names::new(),
        };
        for item in items {
            let meant = match &item.of {
                Listed::All => all.clone(),
                Listed::Field(field) => self.field_or_group(&field.full(alias)),
                Listed::View(of) => self.all_of(of),
                Listed::Set(set) => self.set(set.view.as_deref().unwrap_or(alias), &set.name),
            };
            match item.negated {
                true => names.retain(|name| !meant.contains(name)),
                false => names.extend(meant),
            }
        }
        names
    }

    /// The name of a group stands for its fields, unless a field has it.
    fn field_or_group(&self, full: &str) -> Names {
        let (alias, name) = full.split_once('.').expect("a full name");
        let view = self.view(alias);
        let parts = view.all_dimensions().into_iter();
        let parts = parts.filter(|part| part.group.as_deref() == Some(name));
        let parts: Names = parts.map(|part| format!("{alias}.{}", part.name)).collect();
        match self.all_of(alias).contains(full) {
            true => [full.to_owned()].into(),
            false => parts,
        }
    }

    fn set(&self, alias: &str, name: &str) -> Names {
        let mut sets = self.view(alias).sets.iter();
        let (_, items) = sets.find(|(set, _)| set == name).expect("a set");
        self.listed(items, alias, &self.all_of(alias))
    }
}
