//! Sets of other views, where a view lists them among its fields.

use super::explores::{Crossing, Stands, not_joined};
use super::fields::tell;
use super::references::{Reference, Role};
use super::report::Report;
use super::survey::{ExploreSurvey, ViewSurvey, items};
use super::verdict::{self, Verdict};
use crate::diagnostic::rules;
use crate::resolve::Node;

impl<'s, 'a> Crossing<'s, 'a> {
    /// LK210, LK216 and LK223: `view.set*` in what is drilled into, and in sets.
    pub(super) fn listed_sets(&self, report: &mut Report<'_>) {
        if self.view.view.is_abstract {
            return;
        }
        let nodes = self.view.object.nodes.as_slice();
        self.sets_of(nodes, "drill_fields", &self.stands, Role::Drill, report);
        for declaration in self.view.declarations.values() {
            let nodes = declaration.node.children();
            let stands = self.shown_in(|explore, alias| {
                let mut fields = declaration.fields.iter();
                fields.any(|field| explore.includes(alias, &field.name))
            });
            self.sets_of(nodes, "drill_fields", &stands, Role::Drill, report);
        }
        for (_, node) in crate::resolve::blocks(nodes, "set") {
            let nodes = node.children();
            self.sets_of(nodes, "fields", &self.stands, Role::Listed, report);
        }
    }

    fn shown_in(&self, is_shown: impl Fn(&ExploreSurvey<'a>, &str) -> bool) -> Stands<'s, 'a> {
        let stands = self.survey.stands_in(&self.view.view.name);
        let shown = stands.filter(|(explore, alias)| is_shown(explore, alias));
        shown.map(|(explore, _)| explore).collect()
    }

    fn sets_of(
        &self,
        nodes: &[Node],
        key: &str,
        stands: &[&ExploreSurvey<'a>],
        role: Role,
        report: &mut Report<'_>,
    ) {
        for item in items(nodes, key).iter().filter(|item| item.key.is_none()) {
            let text = item.text.strip_prefix('-').unwrap_or(&item.text);
            let set = text.strip_suffix('*').unwrap_or_default();
            if let Some((other, set)) = set.split_once('.') {
                let reference = Reference {
                    field: set.to_owned(),
                    ..Reference::named(text, role, &item.place)
                };
                self.set(other, &reference, stands, report);
            }
        }
    }

    fn set(
        &self,
        other: &str,
        reference: &Reference<'_>,
        stands: &[&ExploreSurvey<'a>],
        report: &mut Report<'_>,
    ) {
        if !self.survey.is_known(other) {
            let verdict = verdict::no_view(self.survey, other, &reference.written, report);
            return tell(reference, verdict, &[], report);
        }
        let mut views = Vec::new();
        let mut without = Vec::new();
        for explore in stands {
            match self.survey.bound(explore.explore, other) {
                Some(view) => views.push(view),
                None => without.push(explore.explore.name.as_str()),
            }
        }
        if views.is_empty() {
            views.extend(self.survey.views.get(other));
        }
        let missing = views
            .iter()
            .find_map(|view| missing(view, reference, report));
        if let Some(verdict) = missing {
            tell(reference, verdict, &[], report);
        } else if !without.is_empty() && reference.role == Role::Drill {
            let verdict = not_joined(other, reference, &without);
            tell(reference, verdict, &without, report);
        }
    }
}

/// That a view has no such set.
fn missing(
    view: &ViewSurvey<'_>,
    reference: &Reference<'_>,
    report: &Report<'_>,
) -> Option<Verdict> {
    let (view, set) = (view.view, reference.field.as_str());
    if view.sets.contains_key(set) || view.is_abstract {
        return None;
    }
    let known = view.sets.keys().map(String::as_str);
    Some(Verdict {
        rule: rules::UNKNOWN_SET,
        severity: rules::UNKNOWN_SET.severity,
        message: format!(
            "`{}`: the view `{}` has no set `{set}`",
            reference.written, view.name
        ),
        hint: report.did_you_mean(set, known),
    })
}
