//! Explores: what the menu shows of them.

use std::collections::HashMap;

use crate::check::report::{Report, push_new};
use crate::check::survey::{ExploreSurvey, Survey};
use crate::diagnostic::rules;
use crate::label;
use crate::resolve::last;

/// A menu is so many letters wide.
const LONGEST: usize = 25;

pub(super) fn check(survey: &Survey<'_>, explore: &ExploreSurvey<'_>, report: &mut Report<'_>) {
    if !explore.explore.hidden {
        undescribed(explore, report);
        long(explore, report);
    }
    headings(survey, explore, report);
}

/// LK415.
fn undescribed(explore: &ExploreSurvey<'_>, report: &mut Report<'_>) {
    let has = |key: &str| last(&explore.object.nodes, key).is_some();
    let missing = match (has("label"), has("description")) {
        (true, true) => return,
        (false, true) => "label",
        (true, false) => "description",
        (false, false) => "label and no description",
    };
    let message = format!("the explore `{}` has no {missing}", explore.explore.name);
    report.at(&explore.explore.place, rules::UNDESCRIBED_EXPLORE, message);
}

/// LK416.
fn long(explore: &ExploreSurvey<'_>, report: &mut Report<'_>) {
    let Some(node) = last(&explore.object.nodes, "label") else {
        return;
    };
    let length = node.text().unwrap_or_default().chars().count();
    if length > LONGEST {
        let message = format!("the label has {length} letters, and the menu room for {LONGEST}");
        report.at(&node.place, rules::LONG_LABEL, message);
    }
}

/// LK422.
fn headings(survey: &Survey<'_>, explore: &ExploreSurvey<'_>, report: &mut Report<'_>) {
    let mut seen: HashMap<String, &str> = HashMap::new();
    for (alias, bound) in &explore.explore.views {
        let view = survey.bound(explore.explore, alias);
        // Two that say it themselves are meant to stand together.
        let own = view.and_then(|view| view.view.label.clone());
        let own = own.unwrap_or_else(|| label::title_case(alias));
        let heading = bound.view_label.clone().unwrap_or(own);
        let Some(other) = seen.get(&heading) else {
            seen.insert(heading, alias);
            continue;
        };
        let has_fields = view.is_some_and(|view| {
            let mut fields = view.view.fields.values();
            fields.any(|field| !field.show.hidden && explore.includes(alias, &field.name))
        });
        if bound.view_label.is_some() || !has_fields {
            continue;
        }
        let message = format!("`{alias}` and `{other}` stand under one heading, `{heading}`");
        let place = explore
            .joins
            .get(alias.as_str())
            .map(|join| &join.node.place);
        let place: &crate::resolve::Place = place.unwrap_or(&explore.explore.place);
        let problem = report.at(place, rules::DUPLICATE_VIEW_LABEL, message);
        problem.hint = Some("give one of them a `view_label`".to_owned());
        push_new(&mut problem.explores, &explore.explore.name);
    }
}
