//! Liquid: what its tests say, what its outputs print.

use crate::evaluate::scope::Scope;
use crate::model::expression::{Expr, FieldName, Named, Op, Test, TextFilter};
use crate::value::Value;

impl Scope<'_> {
    pub(crate) fn holds(&self, alias: &str, test: &Test) -> bool {
        match test {
            Test::ParameterIs(field, value) => self.parameter(alias, field).1 == *value,
            Test::TextIs(field, value) => self.parameter(alias, field).1 == *value,
            Test::IsMoreThan(field, number) => {
                let value = self.parameter_value(alias, field).as_number();
                value.is_some_and(|value| value > *number as f64)
            }
            Test::InQuery(field) => self.in_query.contains(field) || self.is_access(field),
            Test::ViewInQuery(alias) => {
                let access = self.explore.access.iter().map(|(field, _)| field);
                let prefix = format!("{alias}.");
                let mut fields = self.in_query.iter().chain(access);
                fields.any(|field| field.starts_with(&prefix))
            }
            Test::IsSelected(field) => self.selected.contains(field),
            Test::IsFiltered(field) => self.filter(field).is_some() || self.is_access(field),
            Test::AttributeIs(name, value) => self.known(name) == Some(value),
            Test::FilterHas(field, text) => {
                let filter = self.filter(field);
                filter.is_some_and(|filter| filter.written().contains(text))
            }
            Test::Not(test) => !self.holds(alias, test),
            Test::And(one, other) => self.holds(alias, one) && self.holds(alias, other),
            Test::Or(one, other) => self.holds(alias, one) || self.holds(alias, other),
        }
    }

    /// An access filter is a filter.
    fn is_access(&self, full: &str) -> bool {
        let access = self.explore.access.as_ref();
        access.is_some_and(|(field, _)| field == full)
    }

    /// What is known of the person who asks.
    fn known(&self, name: &str) -> Option<&str> {
        let mut attributes = self.world.attributes.iter();
        let (_, value) = attributes.find(|(known, _)| known == name)?;
        Some(value)
    }

    pub(crate) fn attribute(&self, name: &str, filters: &[TextFilter]) -> String {
        let text = self.known(name).unwrap_or_default().to_owned();
        filters.iter().fold(text, |text, filter| match filter {
            TextFilter::Upcase => text.to_uppercase(),
            TextFilter::Downcase => text.to_lowercase(),
            TextFilter::Append(end) => text + end,
            TextFilter::Replace(from, to) => text.replace(from, to),
        })
    }

    pub(crate) fn reckoned(&self, alias: &str, field: &FieldName, steps: &[(Op, i64)]) -> Value {
        let number = self.parameter_value(alias, field).as_number();
        let step = |number: f64, (op, by): &(Op, i64)| match op {
            Op::Add => number + *by as f64,
            Op::Subtract => number - *by as f64,
            _ => number * *by as f64,
        };
        Value::Number(steps.iter().fold(number.expect("a number"), step))
    }

    /// The branch of a `case` that is taken.
    pub(crate) fn chosen<'e>(
        &self,
        alias: &str,
        field: &FieldName,
        arms: &'e [(Vec<&'static str>, Expr)],
        other: &'e Expr,
    ) -> &'e Expr {
        let (_, value) = self.parameter(alias, field);
        let mut arms = arms.iter();
        let arm = arms.find(|(values, _)| values.contains(&value.as_str()));
        arm.map_or(other, |(_, then)| then)
    }

    pub(crate) fn name(&self, named: Named) -> String {
        let name = match named {
            Named::Model => "m",
            Named::Explore => &self.explore.name,
            Named::Dialect => "duckdb",
            Named::Timezone => self
                .clock
                .query_zone
                .iana_name()
                .expect("a zone with a name"),
        };
        name.to_owned()
    }
}
