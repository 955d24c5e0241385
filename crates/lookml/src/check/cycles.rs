//! References that go in a circle: of fields, and of derived tables.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};

use super::fields::tell;
use super::references::{Reference, Role};
use super::report::Report;
use super::sources;
use super::survey::{ExploreSurvey, Survey, ViewSurvey};
use super::verdict::Verdict;
use crate::compile::DEEPEST;
use crate::diagnostic::{Rule, rules};

pub(super) fn check(survey: &Survey<'_>, report: &mut Report<'_>) {
    for view in survey.views.values() {
        for circle in circles(view.declarations.keys().copied(), |name| within(view, name)) {
            let names = circle.iter().map(|(name, _)| (*name).to_owned()).collect();
            if let Some((_, reference)) = circle.last() {
                told(reference, names, rules::REFERENCE_CYCLE, &[], report);
            }
        }
        let names = view.declarations.keys().copied();
        for (chain, reference) in too_deep(names, |name| within(view, name)) {
            deep(&reference, &chain, &[], report);
        }
    }
    for explore in &survey.explores {
        across(survey, explore, report);
    }
    let tables = circles(survey.views.keys().copied(), |name| tables(survey, name));
    for circle in tables {
        let names = circle.iter().map(|(name, _)| (*name).to_owned()).collect();
        if let Some((_, reference)) = circle.last() {
            told(reference, names, rules::DERIVED_TABLE_CYCLE, &[], report);
        }
    }
}

/// Fields of a view that a field of it needs.
fn within<'s, 'a>(view: &'s ViewSurvey<'a>, name: &str) -> Vec<(&'s str, Cow<'s, Reference<'a>>)> {
    let declaration = view.declarations.get(name);
    let references = declaration.into_iter().flat_map(|known| &known.references);
    let own = references.filter(|reference| reference.view.is_none() && is_needed(reference));
    let steps = own.filter_map(|reference| {
        let field = view.field(&reference.field)?;
        let next = field.group.as_deref().unwrap_or(&field.name);
        Some((next, Cow::Borrowed(reference)))
    });
    steps.collect()
}

fn is_needed(reference: &Reference<'_>) -> bool {
    reference.role.is_sql() || reference.role == Role::Filter
}

/// Fields of an explore that a field of one of its views needs.
fn beyond<'s, 'a>(
    survey: &'s Survey<'a>,
    explore: &'s ExploreSurvey<'_>,
    (alias, name): (&'s str, &'s str),
) -> Steps<'s, 'a, (&'s str, &'s str)> {
    let view = survey.bound(explore.explore, alias);
    let declaration = view.and_then(|view| view.declarations.get(name));
    let references = declaration.into_iter().flat_map(|known| &known.references);
    let steps = references.filter(|reference| is_needed(reference));
    let steps = steps.filter_map(|reference| {
        let other = reference.view.as_deref().unwrap_or(alias);
        let (other, _) = explore.explore.views.get_key_value(other)?;
        let view = survey.bound(explore.explore, other)?;
        let field = view.field(&reference.field)?;
        let next = field.group.as_deref().unwrap_or(&field.name);
        Some(((other.as_str(), next), Cow::Borrowed(reference)))
    });
    steps.collect()
}

/// Circles and chains that lead through several views of an explore.
fn across(survey: &Survey<'_>, explore: &ExploreSurvey<'_>, report: &mut Report<'_>) {
    let crossing = crossing(survey, explore);
    if crossing.is_empty() {
        return;
    }
    let steps = |at| beyond(survey, explore, at);
    let explores = [explore.explore.name.as_str()];
    for circle in circles(crossing, steps) {
        let names = full_names(circle.iter().map(|(member, _)| *member));
        if let (Some(names), Some((_, reference))) = (names, circle.last()) {
            told(reference, names, rules::REFERENCE_CYCLE, &explores, report);
        }
    }
    for (chain, reference) in too_deep(declarations(survey, explore), steps) {
        if let Some(names) = full_names(chain.into_iter()) {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            deep(&reference, &names, &explores, report);
        }
    }
}

/// Names of fields of several views. None: they are all of one.
fn full_names<'n>(
    members: impl Iterator<Item = (&'n str, &'n str)> + Clone,
) -> Option<Vec<String>> {
    let views: BTreeSet<&str> = members.clone().map(|(alias, _)| alias).collect();
    let names = members.map(|(alias, name)| format!("{alias}.{name}"));
    (views.len() > 1).then(|| names.collect())
}

/// All declarations of an explore.
fn declarations<'s>(
    survey: &'s Survey<'_>,
    explore: &'s ExploreSurvey<'_>,
) -> Vec<(&'s str, &'s str)> {
    let mut all = Vec::new();
    for alias in explore.explore.views.keys() {
        let view = survey.bound(explore.explore, alias);
        let names = view.into_iter().flat_map(|view| view.declarations.keys());
        all.extend(names.map(|name| (alias.as_str(), *name)));
    }
    all
}

/// Declarations of an explore that need another view.
fn crossing<'s>(survey: &'s Survey<'_>, explore: &'s ExploreSurvey<'_>) -> Vec<(&'s str, &'s str)> {
    let mut starts = Vec::new();
    for alias in explore.explore.views.keys() {
        let view = survey.bound(explore.explore, alias);
        let declarations = view.into_iter().flat_map(|view| view.declarations.iter());
        let crossing = declarations.filter(|(_, declaration)| {
            let mut references = declaration.references.iter();
            references.any(|reference| reference.view.is_some() && is_needed(reference))
        });
        starts.extend(crossing.map(|(name, _)| (alias.as_str(), *name)));
    }
    starts
}

/// Reports a circle, where its last step is written.
fn told(
    reference: &Reference<'_>,
    names: Vec<String>,
    rule: Rule,
    explores: &[&str],
    report: &mut Report<'_>,
) {
    let what = match rule == rules::DERIVED_TABLE_CYCLE {
        true => "these derived tables need each other",
        false => "these fields need each other",
    };
    let verdict = Verdict {
        rule,
        severity: rule.severity,
        message: format!("{what}: {}", chain(names.iter().map(String::as_str))),
        hint: None,
    };
    tell(reference, verdict, explores, report);
}

/// Reports a chain that the compiler would not follow, where it begins.
fn deep(reference: &Reference<'_>, names: &[&str], explores: &[&str], report: &mut Report<'_>) {
    let verdict = Verdict {
        rule: rules::REFERENCE_CYCLE,
        severity: rules::REFERENCE_CYCLE.severity,
        message: format!("references go too deep: {}", joined(names.to_vec())),
        hint: Some(format!(
            "at most {DEEPEST} fields can be made of each other"
        )),
    };
    tell(reference, verdict, explores, report);
}

/// `a → b → a`
pub(super) fn chain<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let mut names: Vec<&str> = names.collect();
    names.extend(names.first().copied());
    joined(names)
}

/// `a → b`, not longer than anybody reads.
fn joined(mut names: Vec<&str>) -> String {
    const SHOWN: usize = 20;
    let left = names.len().saturating_sub(SHOWN);
    names.truncate(SHOWN);
    match left {
        0 => names.join(" → "),
        left => format!("{} → {left} more", names.join(" → ")),
    }
}

pub(super) type Steps<'s, 'a, T> = Vec<(T, Cow<'s, Reference<'a>>)>;

/// Circles in a graph, each once: its members, each with the mention that leads on from it.
pub(super) fn circles<'s, 'a, T: Copy + Eq + std::hash::Hash>(
    starts: impl IntoIterator<Item = T>,
    steps: impl Fn(T) -> Steps<'s, 'a, T>,
) -> Vec<Steps<'s, 'a, T>>
where
    'a: 's,
{
    let mut circles = Vec::new();
    let mut done: HashSet<T> = HashSet::new();
    for start in starts {
        if done.contains(&start) {
            continue;
        }
        // The way to here: each member with its steps, of which some are taken.
        let mut way = vec![(start, steps(start).into_iter(), None)];
        let mut places: HashMap<T, usize> = HashMap::from([(start, 0)]);
        while let Some((at, left, taken)) = way.last_mut() {
            let Some((next, reference)) = left.next() else {
                done.insert(*at);
                places.remove(at);
                way.pop();
                continue;
            };
            *taken = Some(reference);
            if let Some(place) = places.get(&next) {
                let members = way.iter().skip(*place);
                let members = members.filter_map(|(at, _, taken)| Some((*at, taken.clone()?)));
                circles.push(members.collect());
            } else if !done.contains(&next) {
                places.insert(next, way.len());
                way.push((next, steps(next).into_iter(), None));
            }
        }
    }
    circles
}

/// Chains with one member more than the compiler follows, each with its first mention. Chains that are longer have
/// one of those in them.
fn too_deep<'s, 'a, T: Copy + Eq + std::hash::Hash>(
    starts: impl IntoIterator<Item = T>,
    steps: impl Fn(T) -> Steps<'s, 'a, T>,
) -> Vec<(Vec<T>, Cow<'s, Reference<'a>>)>
where
    'a: 's,
{
    let mut longest: Longest<'s, 'a, T> = HashMap::new();
    let mut deep = Vec::new();
    let mut entered: HashSet<T> = HashSet::new();
    for start in starts {
        let mut waiting = vec![start];
        while let Some(at) = waiting.last().copied() {
            if longest.contains_key(&at) {
                waiting.pop();
                continue;
            }
            let next = steps(at).into_iter();
            if entered.insert(at) {
                // Those that it needs come first, without those that lead back to here.
                waiting.extend(
                    next.map(|(next, _)| next)
                        .filter(|next| !entered.contains(next)),
                );
                continue;
            }
            let ways = next.filter_map(|step| Some((longest.get(&step.0)?.0, step)));
            let way = ways.max_by_key(|(length, _)| *length);
            let length = way.as_ref().map_or(1, |(length, _)| length + 1);
            if length == DEEPEST + 1 {
                deep.push(at);
            }
            longest.insert(at, (length, way.map(|(_, step)| step)));
        }
    }
    let chains = deep.into_iter().filter_map(|start| {
        let (_, first) = longest.get(&start)?.1.as_ref()?;
        Some((followed(start, &longest), first.clone()))
    });
    chains.collect()
}

/// How many members the longest chain from a member has, itself included, and its first step.
type Longest<'s, 'a, T> = HashMap<T, (usize, Option<(T, Cow<'s, Reference<'a>>)>)>;

/// The longest chain from a member, which is in no circle.
fn followed<T: Copy + Eq + std::hash::Hash>(start: T, longest: &Longest<'_, '_, T>) -> Vec<T> {
    let next = |at: &T| longest.get(at)?.1.as_ref().map(|(next, _)| *next);
    std::iter::successors(Some(start), next).collect()
}

/// Views whose tables the table of a view is made of.
fn tables<'s, 'a>(survey: &'s Survey<'a>, name: &str) -> Vec<(&'s str, Cow<'s, Reference<'a>>)> {
    let Some(view) = survey.views.get(name) else {
        return Vec::new();
    };
    let named = view
        .table
        .iter()
        .filter(|reference| reference.role == Role::TableName);
    let named = named.filter_map(|reference| {
        let name = reference.view.as_deref()?;
        let (name, _) = survey.views.get_key_value(name)?;
        Some((*name, Cow::Borrowed(reference)))
    });
    let mut steps: Vec<_> = named.collect();
    if let Some(node) = sources::of_view(view.object) {
        let at = survey.model.explores.get_index_of(node.name());
        if let Some(explore) = at.and_then(|at| survey.explores.get(at)) {
            let reference = Reference::named(node.name(), Role::TableName, &node.place);
            let views = queried(survey, explore, &sources::fields(node));
            steps.extend(
                views
                    .into_iter()
                    .map(|view| (view, Cow::Owned(reference.clone()))),
            );
        }
    }
    steps
}

/// What a query asks of an explore to begin with: views, and fields of them.
fn asked(explore: &ExploreSurvey<'_>, fields: &[Reference<'_>]) -> Vec<(String, Option<String>)> {
    let base = explore.explore.base.as_str();
    let mut waiting: Vec<(String, Option<String>)> = vec![(base.to_owned(), None)];
    let always = explore.explore.always_join.iter();
    waiting.extend(always.map(|alias| (alias.clone(), None)));
    for reference in explore
        .references
        .iter()
        .filter(|reference| reference.role.is_sql())
        .chain(fields)
    {
        let alias = reference.view.as_deref().unwrap_or(base);
        waiting.push((alias.to_owned(), Some(reference.field.clone())));
    }
    waiting
}

/// Views that take part in a query of an explore.
fn queried<'s>(
    survey: &'s Survey<'_>,
    explore: &'s ExploreSurvey<'_>,
    fields: &[Reference<'_>],
) -> BTreeSet<&'s str> {
    let mut waiting = asked(explore, fields);
    let mut seen = HashSet::new();
    let mut views = BTreeSet::new();
    while let Some((alias, field)) = waiting.pop() {
        if !seen.insert((alias.clone(), field.clone())) {
            continue;
        }
        let Some(view) = survey.bound(explore.explore, &alias) else {
            continue;
        };
        if !explore.is_without_table(&alias) {
            views.insert(view.view.name.as_str());
        }
        let mut references: Vec<&Reference<'_>> = Vec::new();
        if let Some(join) = explore.joins.get(alias.as_str()) {
            references.extend(join.condition.iter().chain(&join.references));
        }
        let field = field.and_then(|field| view.field(&field));
        let declaration = field.and_then(|field| view.declaration(field));
        let own = declaration.into_iter().flat_map(|known| &known.references);
        references.extend(own.filter(|reference| is_needed(reference)));
        for reference in references {
            let other = reference.view.clone().unwrap_or_else(|| alias.clone());
            waiting.push((other, Some(reference.field.clone())));
        }
    }
    views
}
