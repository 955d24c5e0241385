//! Lists of fields: which of an explore's fields a list means.

use indexmap::IndexSet;

use super::view::View;
use super::{Explore, Model};
use crate::diagnostic::rules;
use crate::project::Located;
use crate::resolve::ListItem;
use crate::suggest::{HINTS, did_you_mean};

/// How deep sets may name sets.
const DEEPEST: usize = 50;

/// Full names, `view.field`, in their order.
pub(super) type Names = IndexSet<String>;

/// Evaluates lists within one explore.
pub(super) struct Lists<'a> {
    pub(super) model: &'a Model,
    pub(super) explore: &'a Explore,
    pub(super) problems: &'a mut Vec<Located>,
}

impl Lists<'_> {
    /// The fields that a list leaves. `view` is what stands before names that name none; `all` is what
    /// `ALL_FIELDS*` stands for.
    pub(super) fn evaluate(&mut self, items: &[ListItem], view: &str, all: &Names) -> Names {
        self.within(items, view, all, 0)
    }

    fn within(&mut self, items: &[ListItem], view: &str, all: &Names, depth: usize) -> Names {
        let starts_with_all = items.first().is_some_and(|item| item.text.starts_with('-'));
        let mut names = match starts_with_all {
            true => all.clone(),
            false => Names::new(),
        };
        for item in items {
            let (text, is_removed) = match item.text.strip_prefix('-') {
                Some(rest) => (rest, true),
                None => (item.text.as_str(), false),
            };
            let meant = self.meant(text, item, view, all, depth);
            match is_removed {
                true => names.retain(|name| !meant.contains(name)),
                false => names.extend(meant),
            }
        }
        names
    }

    fn meant(
        &mut self,
        text: &str,
        item: &ListItem,
        view: &str,
        all: &Names,
        depth: usize,
    ) -> Names {
        if text == "ALL_FIELDS*" {
            return all.clone();
        }
        let (view, name) = text.split_once('.').unwrap_or((view, text));
        let Some(set) = name.strip_suffix('*') else {
            return self.field(view, name, item);
        };
        let Some(declared) = self.view(view).and_then(|view| view.sets.get(set)) else {
            return self.whole_view(set, item);
        };
        if depth > DEEPEST {
            let message = format!("the set `{view}.{set}` contains itself");
            self.problems
                .push(item.place.problem(rules::REFERENCE_CYCLE, message));
            return Names::new();
        }
        let own = self.all_of(view);
        // In a set, all fields are those of the view.
        let items = declared.clone();
        self.within(&items, view, &own, depth + 1)
    }

    fn view(&self, alias: &str) -> Option<&View> {
        self.model.bound_view(self.explore, alias)
    }

    /// `view*`, where no set has that name.
    fn whole_view(&mut self, name: &str, item: &ListItem) -> Names {
        if self.view(name).is_some() {
            return self.all_of(name);
        }
        let message = format!("there is no set `{name}` here");
        self.problems
            .push(item.place.problem(rules::UNKNOWN_SET, message));
        Names::new()
    }

    /// Every field of a view.
    pub(super) fn all_of(&self, alias: &str) -> Names {
        let fields = self
            .view(alias)
            .into_iter()
            .flat_map(|view| view.fields.keys());
        fields.map(|field| format!("{alias}.{field}")).collect()
    }

    fn field(&mut self, alias: &str, name: &str, item: &ListItem) -> Names {
        let Some(view) = self.view(alias) else {
            let message = format!(
                "`{alias}` is no view of the explore `{}`",
                self.explore.name
            );
            self.problems
                .push(item.place.problem(rules::UNKNOWN_REFERENCE, message));
            return Names::new();
        };
        if view.fields.contains_key(name) {
            return [format!("{alias}.{name}")].into();
        }
        let group: Names = view
            .group(name)
            .map(|field| format!("{alias}.{}", field.name))
            .collect();
        if !group.is_empty() {
            let message =
                format!("`{name}` is a group; Looker wants each of its fields by its name");
            let mut problem = item.place.problem(rules::BARE_GROUP, message);
            problem.diagnostic.severity = crate::Severity::Warning;
            problem.diagnostic.hint = Some(format!("write {}", listed(&group)));
            self.problems.push(problem);
            return group;
        }
        let message = format!("the view `{alias}` has no field `{name}`");
        let mut problem = item.place.problem(rules::UNKNOWN_REFERENCE, message);
        if self.problems.len() < HINTS {
            problem.diagnostic.hint = did_you_mean(name, view.fields.keys().map(String::as_str));
        }
        self.problems.push(problem);
        Names::new()
    }
}

fn listed(names: &Names) -> String {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    names.join(", ")
}
