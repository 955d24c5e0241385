//! Views as they stand in explores: what they mention of each other.

use std::collections::{BTreeMap, HashSet};

use super::fields::{table_name, tell};
use super::references::{Reference, Role};
use super::report::Report;
use super::survey::{Declaration, ExploreSurvey, Survey, ViewSurvey};
use super::verdict::{self, Verdict};
use crate::diagnostic::{Severity, rules};
use crate::model::{ExploreSource, Source};

pub(super) fn check(survey: &Survey<'_>, report: &mut Report<'_>) {
    for explore in &survey.explores {
        own_references(survey, explore, report);
        if explore.explore.included.len() < field_count(survey, explore) {
            excluded(survey, explore, report);
        }
    }
    for view in survey.views.values() {
        Crossing::of(survey, view).check(report);
        bound_filters(survey, view, report);
    }
}

/// LK210, LK212, LK213: what an explore and its joins mention.
fn own_references(survey: &Survey<'_>, explore: &ExploreSurvey<'_>, report: &mut Report<'_>) {
    let base = explore.explore.base.as_str();
    for reference in &explore.references {
        in_explore(survey, explore, base, reference, report);
    }
    for (alias, join) in &explore.joins {
        for reference in join.condition.iter().chain(&join.references) {
            // A foreign key is the base's, where nothing else is said.
            let own = match reference.role {
                Role::Dimension => base,
                _ => alias,
            };
            in_explore(survey, explore, own, reference, report);
        }
    }
}

/// A mention in the text of an explore.
pub(super) fn in_explore(
    survey: &Survey<'_>,
    explore: &ExploreSurvey<'_>,
    own: &str,
    reference: &Reference<'_>,
    report: &mut Report<'_>,
) {
    if reference.role == Role::TableName {
        return table_name(survey, reference, report);
    }
    let name = explore.explore.name.as_str();
    let alias = reference.view.as_deref().unwrap_or(own);
    let verdict = match survey.bound(explore.explore, alias) {
        Some(view) => verdict::of_field(view, reference, report),
        // The view does not exist, which is told already.
        None if explore.explore.views.contains_key(alias) => None,
        None if reference.role == Role::Variable => None,
        None => Some(verdict::not_joined(
            survey,
            name,
            alias,
            &reference.written,
            report,
        )),
    };
    if let Some(verdict) = verdict {
        tell(reference, verdict, &[name], report);
    }
}

fn field_count(survey: &Survey<'_>, explore: &ExploreSurvey<'_>) -> usize {
    let views = explore.explore.views.keys();
    let views = views.filter_map(|alias| survey.bound(explore.explore, alias));
    views.map(|view| view.view.fields.len()).sum()
}

/// LK211: visible fields that need what the explore leaves out.
fn excluded(survey: &Survey<'_>, explore: &ExploreSurvey<'_>, report: &mut Report<'_>) {
    for alias in explore.explore.views.keys() {
        let Some(view) = survey.bound(explore.explore, alias) else {
            continue;
        };
        for declaration in view.declarations.values() {
            let is_shown = declaration
                .fields
                .iter()
                .any(|field| !field.show.hidden && explore.includes(alias, &field.name));
            if !is_shown {
                continue;
            }
            for reference in &declaration.references {
                if reference.role.needs_field() {
                    needs_excluded(survey, explore, alias, reference, report);
                }
            }
        }
    }
}

fn needs_excluded(
    survey: &Survey<'_>,
    explore: &ExploreSurvey<'_>,
    alias: &str,
    reference: &Reference<'_>,
    report: &mut Report<'_>,
) {
    let target = reference.view.as_deref().unwrap_or(alias);
    let view = survey.bound(explore.explore, target);
    let Some(field) = view.and_then(|view| view.field(&reference.field)) else {
        return;
    };
    if explore.includes(target, &field.name) {
        return;
    }
    let message = format!("`{}` is left out by `fields`", reference.written);
    let verdict = Verdict {
        rule: rules::EXCLUDED_REFERENCE,
        severity: Severity::Error,
        message,
        hint: Some("leave this field out as well, or hide one of them instead".to_owned()),
    };
    tell(reference, verdict, &[&explore.explore.name], report);
}

/// What a view mentions of others, in all explores in which it stands.
pub(super) struct Crossing<'s, 'a> {
    pub(super) survey: &'s Survey<'a>,
    pub(super) view: &'s ViewSurvey<'a>,
    /// Declarations that mention another view, and the explores in which they are needed.
    declarations: Vec<(&'s Declaration<'a>, Stands<'s, 'a>)>,
    /// Explores in which any of its fields is.
    pub(super) stands: Stands<'s, 'a>,
}

pub(super) type Stands<'s, 'a> = Vec<&'s ExploreSurvey<'a>>;

impl<'s, 'a> Crossing<'s, 'a> {
    fn of(survey: &'s Survey<'a>, view: &'s ViewSurvey<'a>) -> Self {
        let crosses = |declaration: &&Declaration<'_>| {
            let mut references = declaration.references.iter();
            references.any(|reference| reference.view.is_some())
        };
        let crossing: Vec<_> = view.declarations.values().filter(crosses).collect();
        let mut declarations: Vec<_> = crossing
            .into_iter()
            .map(|declaration| (declaration, Stands::new()))
            .collect();
        let mut stands = Stands::new();
        for (explore, alias) in survey.stands_in(&view.view.name) {
            let needed = needed(view, explore, alias);
            if !needed.is_empty() {
                stands.push(explore);
            }
            for (declaration, stands) in &mut declarations {
                if needed.contains(declaration.node.name()) {
                    stands.push(explore);
                }
            }
        }
        Self {
            survey,
            view,
            declarations,
            stands,
        }
    }

    fn check(&self, report: &mut Report<'_>) {
        self.leaves_table(report);
        for (declaration, stands) in &self.declarations {
            for reference in &declaration.references {
                self.reference(reference, stands, report);
            }
        }
        let of_view = self.view.table.iter().chain(&self.view.drill_fields);
        for reference in of_view.chain(&self.view.sets) {
            self.reference(reference, &self.stands, report);
        }
        self.listed_sets(report);
    }

    /// LK227.
    fn leaves_table(&self, report: &mut Report<'_>) {
        if self.view.view.is_abstract || self.survey.is_without_table(self.view) {
            return;
        }
        let own = self.view.view.name.as_str();
        let references = self.declarations.iter();
        let references = references.flat_map(|(declaration, _)| &declaration.references);
        for reference in references.filter(|reference| reference.role.is_sql()) {
            let Some(other) = reference.view.as_deref().filter(|other| *other != own) else {
                continue;
            };
            if !self.survey.is_known(other) {
                // That there is no such view is told, and then it can't be joined.
                continue;
            }
            let message = format!("`{}` is of another view than `{own}`", reference.written);
            let problem = report.within(
                reference.place,
                &reference.written,
                rules::CROSS_VIEW_REFERENCE,
                message,
            );
            let hint = format!(
                "every explore with `{own}` has to join `{other}`: put the field in a view without a table"
            );
            problem.hint = Some(hint);
        }
    }

    /// LK210 and its kin where the other view is joined, LK219 and LK223 where it is not.
    fn reference(
        &self,
        reference: &Reference<'_>,
        stands: &[&ExploreSurvey<'_>],
        report: &mut Report<'_>,
    ) {
        let Some(other) = reference.view.as_deref() else {
            return;
        };
        if matches!(reference.role, Role::TableName | Role::Table) {
            return;
        }
        let is_lenient = reference.role == Role::Variable;
        if !self.survey.is_known(other) {
            if !is_lenient && !self.view.view.is_abstract {
                let verdict = verdict::no_view(self.survey, other, &reference.written, report);
                tell(reference, verdict, &[], report);
            }
            return;
        }
        let without = self.joined(other, reference, stands, report);
        // Whoever uses a set says where.
        let is_set = reference.role == Role::Listed;
        if !without.is_empty() && !is_lenient && !is_set {
            tell(
                reference,
                not_joined(other, reference, &without),
                &without,
                report,
            );
        }
        if stands.is_empty() || is_set && without.len() == stands.len() {
            self.unused(other, reference, report);
        }
    }

    /// Looks the field up where the other view is joined; gives the explores where it is not.
    fn joined<'e>(
        &self,
        other: &str,
        reference: &Reference<'_>,
        stands: &[&'e ExploreSurvey<'_>],
        report: &mut Report<'_>,
    ) -> Vec<&'e str> {
        let mut without = Vec::new();
        for explore in stands {
            let name = explore.explore.name.as_str();
            match self.survey.bound(explore.explore, other) {
                Some(view) => {
                    if let Some(verdict) = verdict::of_field(view, reference, report) {
                        tell(reference, verdict, &[name], report);
                    }
                }
                None => without.push(name),
            }
        }
        without
    }

    /// No explore shows it, so the view of that name is what is meant.
    fn unused(&self, other: &str, reference: &Reference<'_>, report: &mut Report<'_>) {
        let view = self.survey.views.get(other);
        let verdict = view.and_then(|view| verdict::of_field(view, reference, report));
        if let Some(verdict) = verdict.filter(|_| !self.view.view.is_abstract) {
            tell(reference, verdict, &[], report);
        }
    }
}

/// Names of the declarations that an explore shows of a view, and of those that these need.
fn needed<'a>(view: &ViewSurvey<'a>, explore: &ExploreSurvey<'_>, alias: &str) -> HashSet<&'a str> {
    let shown = view.view.fields.values();
    let shown = shown.filter(|field| explore.includes(alias, &field.name));
    let mut waiting: Vec<&str> = shown
        .map(|field| field.group.as_deref().unwrap_or(&field.name))
        .collect();
    let mut needed = HashSet::new();
    while let Some(name) = waiting.pop() {
        let Some((_, declaration)) = view.declarations.get_key_value(name) else {
            continue;
        };
        if !needed.insert(declaration.node.name()) {
            continue;
        }
        let own = declaration.references.iter();
        let own = own.filter(|reference| reference.view.is_none() && reference.role.is_sql());
        let fields = own.filter_map(|reference| view.field(&reference.field));
        waiting.extend(fields.map(|field| field.group.as_deref().unwrap_or(&field.name)));
    }
    needed
}

pub(super) fn not_joined(other: &str, reference: &Reference<'_>, explores: &[&str]) -> Verdict {
    let written = &reference.written;
    let names = listed(explores);
    let (rule, message) = match reference.role {
        Role::Drill => (
            rules::DRILL_NOT_JOINED,
            format!("`{written}` is drilled into, and `{other}` is not joined in {names}"),
        ),
        _ => (
            rules::REFERENCE_NOT_JOINED,
            format!("`{written}`: `{other}` is not joined in {names}"),
        ),
    };
    let hint = match reference.role {
        Role::Drill => "leave it out of the list, or join the view".to_owned(),
        _ => format!("join `{other}` there, or leave this field out by `fields`"),
    };
    Verdict {
        rule,
        severity: rule.severity,
        message,
        hint: Some(hint),
    }
}

/// `the explore a`, `the explores a, b and 3 more`
pub(super) fn listed(explores: &[&str]) -> String {
    const LISTED: usize = 5;
    let quoted = |names: &[&str]| {
        let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
        names.join(", ")
    };
    match (explores, explores.get(..LISTED)) {
        ([explore], _) => format!("the explore `{explore}`"),
        (all, Some(first)) if all.len() > LISTED => {
            format!(
                "the explores {} and {} more",
                quoted(first),
                all.len() - LISTED
            )
        }
        (all, _) => format!("the explores {}", quoted(all)),
    }
}

/// LK122.
fn bound_filters(survey: &Survey<'_>, view: &ViewSurvey<'_>, report: &mut Report<'_>) {
    let Source::Explore(source) = &view.view.source else {
        return;
    };
    let Some(node) = super::sources::of_view(view.object) else {
        return;
    };
    let Some(place) = super::survey::place(node.children(), "bind_all_filters") else {
        return;
    };
    if !source.bind_all_filters {
        return;
    }
    if !source.bind_filters.is_empty() {
        let message = "`bind_all_filters` and `bind_filters` can't stand side by side";
        report.at(place, rules::MISPLACED_BIND_ALL_FILTERS, message);
    }
    let others = elsewhere(survey, view, source);
    if !others.is_empty() {
        let message = format!(
            "all filters of the explore `{}` are bound, and the view stands in {}",
            source.explore,
            listed(&others)
        );
        let problem = report.at(place, rules::MISPLACED_BIND_ALL_FILTERS, message);
        problem.hint = Some("write `bind_filters` for each of them".to_owned());
        others
            .iter()
            .for_each(|explore| super::report::push_new(&mut problem.explores, explore));
    }
}

/// Explores that show the view, beside the one that it is a query of.
fn elsewhere<'s>(
    survey: &'s Survey<'_>,
    view: &ViewSurvey<'_>,
    source: &ExploreSource,
) -> Vec<&'s str> {
    let stands = survey.stands_in(&view.view.name);
    let others = stands.filter(|(explore, alias)| {
        explore.explore.name != source.explore && !needed(view, explore, alias).is_empty()
    });
    let names: BTreeMap<&str, ()> = others
        .map(|(explore, _)| (explore.explore.name.as_str(), ()))
        .collect();
    names.into_keys().collect()
}
