//! Table calculations of an element, and what they need of its fields.

use std::collections::HashSet;

use serde_json::Value;

use super::{canonical, is_later, known, tell_mistake};
use crate::check::formats;
use crate::check::report::{Report, push_new};
use crate::compile::refused;
use crate::dashboard::{Element, Place, Text};
use crate::diagnostic::{Diagnostic, Severity, rules};
use crate::expression::{Expression, TableCalculation, parse_dynamic_fields};
use crate::model::{Explore, Model};

/// An element with what it asks of an explore.
pub(super) struct Asked<'a> {
    model: &'a Model,
    explore: &'a Explore,
    element: &'a Element,
    /// Names of its own calculations and fields.
    calculations: &'a HashSet<String>,
    /// The fields that it selects, by the names that they have now.
    selected: HashSet<String>,
}

impl<'a> Asked<'a> {
    pub(super) fn new(
        model: &'a Model,
        explore: &'a Explore,
        element: &'a Element,
        calculations: &'a HashSet<String>,
    ) -> Self {
        let fields = element.query.fields.iter();
        let selected = fields.map(|field| canonical(model, explore, &field.value));
        Self {
            model,
            explore,
            element,
            calculations,
            selected: selected.collect(),
        }
    }

    /// LK301: what goes across has to be selected.
    pub(super) fn pivots(&self, report: &mut Report<'_>) {
        for pivot in &self.element.query.pivots {
            self.selects(pivot, "the pivot is", report);
        }
    }

    /// LK301: a field of the explore has to be among those of the element.
    fn selects(&self, field: &Text, what: &str, report: &mut Report<'_>) {
        let name = field.value.as_str();
        let is_field = super::found(self.model, self.explore, name).is_some();
        if !is_field
            || self
                .selected
                .contains(&canonical(self.model, self.explore, name))
        {
            return;
        }
        let message = format!("{what} `{name}`, which is none of the element's fields");
        let diagnostic = Diagnostic::new(rules::UNKNOWN_FIELD, field.place.span, message);
        let diagnostic = diagnostic.hint("add it to `fields`");
        let problem = report.add(&field.place.file, diagnostic);
        push_new(&mut problem.explores, &self.explore.name);
        problem.object.get_or_insert_with(|| name.to_owned());
    }

    /// LK424, LK934, LK935, LK937 in calculations, LK217 and LK022 in how they are shown.
    pub(super) fn check(&self, report: &mut Report<'_>) {
        let query = &self.element.query;
        let text = query.dynamic_fields.as_deref().unwrap_or_default();
        let element = &self.element.place;
        let place = |at: usize| {
            let places = &query.dynamic_places;
            places.get(at).or(places.first()).unwrap_or(element)
        };
        match serde_json::from_str::<Vec<Value>>(text) {
            Ok(fields) => {
                for (at, field) in fields.into_iter().enumerate() {
                    self.dynamic_field(field, place(at), report);
                }
            }
            Err(_) => {
                let mistake = parse_dynamic_fields(text).err().filter(|_| !is_later(text));
                tell_mistake(mistake, place(0), report);
            }
        }
        if let Some(filter) = &query.filter_expression {
            let references = expression(&filter.value, &filter.place, report);
            for reference in references {
                known(self.model, self.explore, &reference, report);
            }
            let parsed = Expression::parse(&filter.value).ok();
            tell_mistake(parsed.and_then(|it| refused(&it)), &filter.place, report);
        }
    }

    fn dynamic_field(&self, field: Value, place: &Place, report: &mut Report<'_>) {
        match parse_dynamic_fields(&Value::Array(vec![field]).to_string()) {
            Ok(calculations) => {
                for calculation in &calculations {
                    self.calculation(calculation, place, report);
                }
            }
            // The other elements are shown.
            Err(mistake) if mistake.rule == rules::CUSTOM_FIELD => {
                let mut mistake = mistake.hint("declare it in the model");
                mistake.severity = Severity::Warning;
                tell_mistake(Some(mistake), place, report);
            }
            Err(mistake) => tell_mistake(Some(mistake), place, report),
        }
    }

    fn calculation(&self, calculation: &TableCalculation, place: &Place, report: &mut Report<'_>) {
        for reference in expression(&calculation.expression, place, report) {
            if self.calculations.contains(&reference.value) {
                continue;
            }
            known(self.model, self.explore, &reference, report);
            let what = format!("`{}` uses", calculation.name);
            self.selects(&reference, &what, report);
        }
        if let Some(name) = &calculation.value_format_name
            && !name.is_empty()
        {
            tell_mistake(formats::unknown(self.model, name, report), place, report);
        }
        if let Some(format) = &calculation.value_format {
            tell_mistake(formats::unreadable(format), place, report);
        }
    }
}

/// Reads an expression; gives the fields and calculations that it names.
fn expression(text: &str, place: &Place, report: &mut Report<'_>) -> Vec<Text> {
    if is_later(text) {
        return Vec::new();
    }
    match Expression::parse(text) {
        Ok(expression) => {
            let references = expression.references().into_iter();
            let references = references.map(|reference| Text {
                value: reference.name.clone(),
                place: place.clone(),
            });
            references.collect()
        }
        Err(mistake) => {
            let before = text.get(..mistake.span.range().start).unwrap_or_default();
            let at = before.chars().count() + 1;
            let hint = mistake.hint.clone();
            let hint = hint.unwrap_or_else(|| format!("the mistake is at character {at}"));
            tell_mistake(Some(mistake.hint(hint)), place, report);
            Vec::new()
        }
    }
}
