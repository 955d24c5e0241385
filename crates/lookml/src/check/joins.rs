//! Joins: what they are joined by, in which order, and what they do to the rows of views.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::columns::columns;
use super::cycles::{chain, circles};
use super::explores::listed;
use super::references::Reference;
use super::report::{Report, push_new};
use super::survey::{ExploreSurvey, JoinSurvey, Survey, ViewSurvey, place};
use crate::diagnostic::{Severity, rules};
use crate::model::{
    Aggregate, FieldKind, Join, JoinCondition, JoinType, MeasureFunction, Relationship,
};
use crate::resolve::last;

pub(super) fn check(survey: &Survey<'_>, report: &mut Report<'_>) {
    let mut keyless: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut fanned: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for explore in &survey.explores {
        of_explore(survey, explore, report);
        circle(explore, report);
        let name = explore.explore.name.as_str();
        for alias in fans(explore) {
            if let Some(bound) = explore.explore.views.get(alias) {
                push_name(fanned.entry(&bound.view).or_default(), name);
            }
        }
        for alias in joined_or_fanned(explore) {
            if let Some(bound) = explore.explore.views.get(alias) {
                push_name(keyless.entry(&bound.view).or_default(), name);
            }
        }
    }
    for (view, explores) in &keyless {
        if let Some(view) = survey.views.get(view) {
            without_key(view, explores, report);
        }
    }
    for (view, explores) in &fanned {
        if let Some(view) = survey.views.get(view) {
            unprotected(view, explores, report);
        }
    }
}

/// Each join of an explore by itself.
fn of_explore(survey: &Survey<'_>, explore: &ExploreSurvey<'_>, report: &mut Report<'_>) {
    for (alias, join) in &explore.joins {
        let bound = explore.explore.views.get(*alias);
        if let Some(written) = bound.and_then(|bound| bound.join.as_ref()) {
            let joined = Joined {
                survey,
                explore,
                alias,
                join,
                written,
            };
            joined.check(report);
        }
    }
    for item in super::survey::items(&explore.object.nodes, "always_join") {
        unknown_join(explore, item, report);
    }
}

/// Adds an explore in which a view stands, perhaps several times.
fn push_name<'n>(names: &mut Vec<&'n str>, name: &'n str) {
    if names.last() != Some(&name) {
        names.push(name);
    }
}

/// A join in its explore.
struct Joined<'s, 'a> {
    survey: &'s Survey<'a>,
    explore: &'s ExploreSurvey<'a>,
    alias: &'s str,
    join: &'s JoinSurvey<'a>,
    written: &'s Join,
}

impl Joined<'_, '_> {
    fn check(&self, report: &mut Report<'_>) {
        self.order(report);
        self.crossed(report);
        self.required(report);
        self.relationship(report);
        match &self.written.condition {
            // What is not supported stands in its place.
            JoinCondition::Missing if self.written.unsupported.is_some() => {}
            JoinCondition::Missing => self.missing(report),
            JoinCondition::NoTable => {}
            JoinCondition::ForeignKey(_) => self.foreign_key(report),
            JoinCondition::On(sql) | JoinCondition::Clause(sql) => {
                self.unrelated(sql, report);
                self.doubtful(report);
            }
        }
    }

    fn view(&self) -> Option<&ViewSurvey<'_>> {
        self.survey.bound(self.explore.explore, self.alias)
    }

    /// LK119: a condition of a join that has none.
    fn crossed(&self, report: &mut Report<'_>) {
        let place = place(self.join.node.children(), "sql_on");
        let Some(place) = place.filter(|_| self.written.join_type == JoinType::Cross) else {
            return;
        };
        let message = "`sql_on` means nothing in a join of type `cross`, and is passed over";
        let problem = report.at(place, rules::MISPLACED_PARAMETER, message);
        problem.severity = Severity::Warning;
        problem.hint = Some("take `sql_on` away, or write another type".to_owned());
        push_new(&mut problem.explores, &self.explore.explore.name);
    }

    /// LK220: a filter that uses a join which is declared later.
    fn order(&self, report: &mut Report<'_>) {
        let place = |alias: &str| self.explore.explore.views.get_index_of(alias);
        for reference in &self.join.references {
            let Some(other) = reference.view.as_deref() else {
                continue;
            };
            if place(other) > place(self.alias) {
                let message = format!(
                    "the `sql_where` of the join `{}` uses `{other}`, which is declared after it",
                    self.alias
                );
                let hint = format!("declare `join: {other}` before this one");
                self.tell(reference, rules::JOIN_ORDER, message, hint, report);
            }
        }
    }

    /// LK201: joins that are needed and not there.
    fn required(&self, report: &mut Report<'_>) {
        for item in super::survey::items(self.join.node.children(), "required_joins") {
            unknown_join(self.explore, item, report);
        }
    }

    /// LK224.
    fn relationship(&self, report: &mut Report<'_>) {
        let has_table = self.written.condition != JoinCondition::NoTable;
        let is_crossing = self.written.join_type == JoinType::Cross;
        let is_written = last(self.join.node.children(), "relationship").is_some();
        if is_written || is_crossing || !has_table {
            return;
        }
        let message = format!("the join `{}` does not say its relationship", self.alias);
        let problem = report.at(&self.join.node.place, rules::MISSING_RELATIONSHIP, message);
        problem.hint = Some("many_to_one is assumed: write `relationship:`".to_owned());
        push_new(&mut problem.explores, &self.explore.explore.name);
    }

    /// LK221.
    fn missing(&self, report: &mut Report<'_>) {
        if self.written.join_type == JoinType::Cross {
            return;
        }
        let message = format!(
            "the join `{}` does not say what it is joined by",
            self.alias
        );
        let problem = report.at(
            &self.join.node.place,
            rules::MISSING_JOIN_CONDITION,
            message,
        );
        let alias = self.alias;
        let base = &self.explore.explore.base;
        problem.hint = Some(format!("write `sql_on: ${{{base}.…}} = ${{{alias}.…}} ;;`"));
        push_new(&mut problem.explores, &self.explore.explore.name);
    }

    /// LK221: a foreign key needs a key to be equal to.
    fn foreign_key(&self, report: &mut Report<'_>) {
        let Some(view) = self.view().filter(|view| view.view.primary_key().is_none()) else {
            return;
        };
        let message = format!(
            "the join `{}` has a `foreign_key`, and its view `{}` no primary key",
            self.alias, view.view.name
        );
        let place = place(self.join.node.children(), "foreign_key");
        let place = place.unwrap_or(&self.join.node.place);
        let problem = report.at(place, rules::MISSING_JOIN_CONDITION, message);
        problem.hint = Some("declare a dimension with `primary_key: yes`".to_owned());
        push_new(&mut problem.explores, &self.explore.explore.name);
    }

    /// LK222.
    fn unrelated(&self, sql: &str, report: &mut Report<'_>) {
        let alias = self.alias;
        let mut references = self.join.condition.iter();
        let is_mentioned = references.any(|reference| {
            reference.view.as_deref() == Some(alias)
                || reference.view.is_none() && !reference.field.is_empty()
        });
        if is_mentioned || sql.contains("${TABLE}") || has_word(sql, alias) {
            return;
        }
        let message = format!("the condition of the join `{alias}` does not mention `{alias}`");
        let problem = report.at(
            self.condition_place(),
            rules::UNRELATED_JOIN_CONDITION,
            message,
        );
        problem.hint = Some("every row meets every row that way".to_owned());
        push_new(&mut problem.explores, &self.explore.explore.name);
    }

    /// LK225.
    fn doubtful(&self, report: &mut Report<'_>) {
        if self.written.relationship() != Relationship::ManyToOne
            || !matches!(self.written.condition, JoinCondition::On(_))
        {
            return;
        }
        let Some(view) = self.view() else {
            return;
        };
        let Some(key) = view.view.primary_key() else {
            return;
        };
        let own = self.join.condition.iter().filter(|reference| {
            let alias = reference.view.as_deref().unwrap_or(self.alias);
            alias == self.alias
        });
        let used: Vec<&str> = own
            .filter_map(|reference| view.field(&reference.field))
            .map(|field| field.name.as_str())
            .collect();
        if used.is_empty() || is_determined(view, &key.name, &used) {
            return;
        }
        let alias = self.alias;
        let message = format!(
            "`{alias}` is joined many to one, and not by its primary key `{alias}.{}`",
            key.name
        );
        let problem = report.at(
            self.condition_place(),
            rules::DOUBTFUL_RELATIONSHIP,
            message,
        );
        let hint = "if several rows of it can match, sums are wrong: write `relationship: many_to_many` or `one_to_many`";
        problem.hint = Some(hint.to_owned());
        push_new(&mut problem.explores, &self.explore.explore.name);
    }

    fn condition_place(&self) -> &crate::resolve::Place {
        let nodes = self.join.node.children();
        let place = place(nodes, "sql").or_else(|| place(nodes, "sql_on"));
        place.unwrap_or(&self.join.node.place)
    }

    fn tell(
        &self,
        reference: &Reference<'_>,
        rule: crate::Rule,
        message: String,
        hint: String,
        report: &mut Report<'_>,
    ) {
        let problem = report.within(reference.place, &reference.written, rule, message);
        problem.hint = Some(hint);
        push_new(&mut problem.explores, &self.explore.explore.name);
    }
}

/// Whether these fields tell the rows of a view apart: the key is among them, or they have all of its columns.
fn is_determined(view: &ViewSurvey<'_>, key: &str, used: &[&str]) -> bool {
    if used.contains(&key) {
        return true;
    }
    let of_key = columns(view, [key]);
    let of_used = columns(view, used.iter().copied());
    !of_key.is_empty() && of_key.is_subset(&of_used)
}

/// LK201: `always_join` and `required_joins`.
fn unknown_join(
    explore: &ExploreSurvey<'_>,
    item: &crate::resolve::ListItem,
    report: &mut Report<'_>,
) {
    if explore.explore.views.contains_key(&item.text) {
        return;
    }
    let name = &explore.explore.name;
    let message = format!("the explore `{name}` has no join `{}`", item.text);
    let known = explore.explore.views.keys().map(String::as_str);
    let hint = report.did_you_mean(&item.text, known);
    let problem = report.at(&item.place, rules::UNKNOWN_VIEW, message);
    problem.hint = hint;
    push_new(&mut problem.explores, name);
}

/// LK220: joins whose conditions need each other.
fn circle(explore: &ExploreSurvey<'_>, report: &mut Report<'_>) {
    let steps = |alias: &str| {
        let join = explore.joins.get(alias);
        let condition = join.into_iter().flat_map(|join| &join.condition);
        let others = condition.filter_map(|reference| {
            let other = reference.view.as_deref()?;
            let (other, _) = explore.joins.get_key_value(other)?;
            let is_step = *other != alias && !explore.is_without_table(other);
            is_step.then_some((*other, Cow::Borrowed(reference)))
        });
        others.collect()
    };
    for circle in circles(explore.joins.keys().copied(), steps) {
        let names = circle.iter().map(|(alias, _)| *alias);
        let message = format!("these joins need each other: {}", chain(names));
        if let Some((_, reference)) = circle.last() {
            let place = reference.place;
            let problem = report.within(place, &reference.written, rules::JOIN_ORDER, message);
            let hint = "a condition may use views that are joined without it";
            problem.hint = Some(hint.to_owned());
            push_new(&mut problem.explores, &explore.explore.name);
        }
    }
}

/// The views that the condition of a join mentions beside its own.
fn needs<'s>(explore: &'s ExploreSurvey<'_>, alias: &'s str) -> impl Iterator<Item = &'s str> {
    let join = explore.joins.get(alias);
    let references = join.into_iter().flat_map(|join| &join.condition);
    let views = references.filter_map(|reference| reference.view.as_deref());
    views.filter(move |other| *other != alias)
}

/// Views whose rows some query of the explore repeats: outwards from them some step goes to many rows.
fn fans<'s>(explore: &'s ExploreSurvey<'_>) -> Vec<&'s str> {
    let base = explore.explore.base.as_str();
    let place = |alias: &&str| explore.explore.views.get_index_of(*alias);
    // From each view: where a step leads, and whether that is to many rows.
    let mut steps: HashMap<&str, Vec<(&str, bool)>> = HashMap::new();
    for (alias, bound) in &explore.explore.views {
        let Some(join) = &bound.join else {
            continue;
        };
        if join.condition == JoinCondition::NoTable {
            continue;
        }
        let parent = needs(explore, alias)
            .filter(|other| explore.explore.views.contains_key(*other))
            .max_by_key(place);
        let parent = parent.unwrap_or(base);
        let relationship = join.relationship();
        let there = (alias.as_str(), relationship.is_many_behind());
        let back = (parent, relationship.is_many_before());
        steps.entry(parent).or_default().push(there);
        steps.entry(alias).or_default().push(back);
    }
    let views = steps.keys().copied();
    views.filter(|view| is_fanned(view, &steps)).collect()
}

fn is_fanned(view: &str, steps: &HashMap<&str, Vec<(&str, bool)>>) -> bool {
    let mut reached: HashSet<&str> = HashSet::from([view]);
    let mut waiting = vec![view];
    while let Some(at) = waiting.pop() {
        for (next, is_many) in steps.get(at).into_iter().flatten() {
            if !reached.insert(next) {
                continue;
            }
            if *is_many {
                return true;
            }
            waiting.push(next);
        }
    }
    false
}

/// Views that are joined, and the base where its rows can be repeated, with the views of fields over these rows.
fn joined_or_fanned<'s>(explore: &'s ExploreSurvey<'_>) -> BTreeSet<&'s str> {
    let fans = fans(explore);
    let is_base_fanned = fans.contains(&explore.explore.base.as_str());
    let joined = explore.joins.keys().copied();
    let joined = joined.filter(|alias| is_base_fanned || !explore.is_without_table(alias));
    joined.chain(fans).collect()
}

/// LK226.
fn without_key(view: &ViewSurvey<'_>, explores: &[&str], report: &mut Report<'_>) {
    if view.view.primary_key().is_some() {
        return;
    }
    let needs_key = |function: &MeasureFunction| match function {
        MeasureFunction::Aggregate(aggregate) => !matches!(
            aggregate,
            Aggregate::CountDistinct
                | Aggregate::ApproximateCountDistinct
                | Aggregate::Min
                | Aggregate::Max
        ),
        MeasureFunction::Distinct { key, .. } => key.is_none(),
        _ => false,
    };
    let mut fields = view.view.fields.values();
    let measure = fields.find(|field| match &field.kind {
        FieldKind::Measure(measure) => needs_key(&measure.function),
        _ => false,
    });
    let Some(measure) = measure else {
        return;
    };
    let name = &view.view.name;
    let message = format!(
        "the view `{name}` has the measure `{}` and no primary key, and is joined in {}",
        measure.name,
        listed(explores)
    );
    let problem = report.at(&view.view.place, rules::JOINED_WITHOUT_KEY, message);
    problem.hint = Some("declare a dimension with `primary_key: yes`".to_owned());
    explores
        .iter()
        .for_each(|explore| push_new(&mut problem.explores, explore));
}

/// LK228.
fn unprotected(view: &ViewSurvey<'_>, explores: &[&str], report: &mut Report<'_>) {
    for declaration in view.declarations.values() {
        let is_expression = declaration.fields.iter().any(|field| {
            let measure = field.measure().map(|measure| &measure.function);
            matches!(measure, Some(MeasureFunction::Expression(_)))
        });
        let node = last(declaration.node.children(), "sql");
        let Some((node, sql)) = node.and_then(|node| Some((node, node.text()?))) else {
            continue;
        };
        let Some(function) = aggregate(sql).filter(|_| is_expression) else {
            continue;
        };
        let message = format!(
            "`{function}(…)` counts rows that joins repeat more than once, in {}",
            listed(explores)
        );
        let problem = report.within(&node.place, function, rules::UNPROTECTED_AGGREGATE, message);
        problem.hint = Some("make a measure of it, and use that here".to_owned());
        explores
            .iter()
            .for_each(|explore| push_new(&mut problem.explores, explore));
    }
}

/// The first function in an expression whose value is another one where rows come twice.
fn aggregate(sql: &str) -> Option<&str> {
    const FUNCTIONS: &[&str] = &[
        "SUM", "COUNT", "AVG", "COUNTIF", "COUNT_IF", "STDDEV", "MEDIAN",
    ];
    let mut rest = sql;
    let mut before: Option<char> = None;
    while let Some(c) = rest.chars().next() {
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at_checked(end)?;
        let is_function = FUNCTIONS.iter().any(|name| name.eq_ignore_ascii_case(word));
        let argument = after.trim_start().strip_prefix('(').map(str::trim_start);
        if let Some(argument) = argument.filter(|_| is_function && before != Some('.'))
            && !starts_with_distinct(argument)
            && before != Some('{')
        {
            return Some(word);
        }
        let step = end.max(c.len_utf8());
        before = rest.get(..step).and_then(|done| done.chars().last());
        rest = rest.get(step..)?;
    }
    None
}

fn starts_with_distinct(argument: &str) -> bool {
    let word = argument.get(.."DISTINCT".len());
    word.is_some_and(|word| word.eq_ignore_ascii_case("DISTINCT"))
}

/// Whether a text has a word.
fn has_word(text: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.split(|c| !is_part(c)).any(|other| other == word)
}
