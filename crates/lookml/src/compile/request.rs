//! What the statements of a query never see: sorts by table calculations, and what it asks for to no effect.

use super::asked::Asked;
use super::error::{Notice, QueryError, Result};
use super::scope::Scope;
use super::{Compiled, StatementKind};
use crate::diagnostic::rules;
use crate::expression::{disabled_calculations, parse_dynamic_fields};
use crate::query::{Query, Sort};

/// A query in two parts.
pub(super) struct Request {
    /// What is compiled.
    pub(super) query: Query,
    /// By what the rows of the answer are sorted in the end; empty where the database does it all.
    order: Vec<Sort>,
    notices: Vec<Notice>,
}

impl Request {
    pub(super) fn of(scope: &Scope<'_>, query: &Query) -> Result<Self> {
        let mut request = Self {
            query: query.clone(),
            order: Vec::new(),
            notices: Vec::new(),
        };
        request.take_sorts()?;
        request.take_pivots(scope)?;
        request.take_totals();
        if query.other.get("hidden_fields").is_some_and(has_items) {
            request.note("`hidden_fields` hide columns from a picture, the answer has them");
        }
        Ok(request)
    }

    /// What was compiled, with what the statements did not see.
    pub(super) fn complete(self, mut compiled: Compiled) -> Compiled {
        let has = |kind| compiled.statement(kind).is_some();
        let has_row_totals = has(StatementKind::RowTotals);
        let columns = &compiled.outline.columns;
        let has_measure = columns.iter().any(|column| column.is_measure());
        if !has_row_totals {
            compiled.outline.row_total = None;
        }
        compiled.outline.order = self.order;
        let mut notices = self.notices;
        if self.query.total && !has_measure {
            notices.push(no_effect("there is no measure that could have a total"));
        }
        compiled.notices.extend(notices);
        compiled
    }

    fn note(&mut self, message: impl Into<String>) {
        self.notices.push(no_effect(message));
    }

    /// A calculation is computed from the rows, so the database can't sort by it.
    fn take_sorts(&mut self) -> Result<()> {
        let Some(text) = self.query.dynamic_fields.clone() else {
            return Ok(());
        };
        if self.query.sorts.is_empty() || self.query.is_unsorted() {
            return Ok(());
        }
        let error = |problem: crate::Diagnostic| QueryError::new(problem.rule, problem.message);
        let calculations = parse_dynamic_fields(&text).map_err(error)?;
        let disabled = disabled_calculations(&text);
        let is_calculation = |sort: &Sort| {
            calculations
                .iter()
                .any(|calculation| calculation.name == sort.field)
        };
        if self.query.sorts.iter().any(is_calculation) {
            self.order.clone_from(&self.query.sorts);
        }
        let mut ignored = Vec::new();
        self.query.sorts.retain(|sort| {
            let is_disabled = !is_calculation(sort) && disabled.contains(&sort.field);
            if is_disabled {
                ignored.push(sort.field.clone());
            }
            !is_disabled && !is_calculation(sort)
        });
        for name in ignored {
            self.notices.push(Notice {
                rule: rules::SORT_NOT_SELECTED,
                message: format!("`{name}` is switched off, so rows are not sorted by it"),
            });
        }
        Ok(())
    }

    /// Without a measure nothing would stand under the heads of pivoted columns.
    fn take_pivots(&mut self, scope: &Scope<'_>) -> Result<()> {
        if self.query.pivots.is_empty() {
            return Ok(());
        }
        let asked = Asked::of(scope, &self.query)?;
        if asked.measures().next().is_some() {
            return Ok(());
        }
        let names = self.query.pivots.join("`, `");
        self.note(format!(
            "nothing goes across without a measure, so `{names}` goes down"
        ));
        self.query.pivots.clear();
        Ok(())
    }

    fn take_totals(&mut self) {
        if self.query.row_total.is_some() && self.query.pivots.is_empty() {
            self.query.row_total = None;
            self.note("rows have totals only where a field is pivoted");
        }
    }
}

/// Something that a query asks for in vain.
pub(super) fn no_effect(message: impl Into<String>) -> Notice {
    Notice {
        rule: rules::NO_EFFECT,
        message: message.into(),
    }
}

/// Whether there is something in a list or a text.
fn has_items(value: &serde_json::Value) -> bool {
    match value {
        serde_json::Value::Array(items) => !items.is_empty(),
        serde_json::Value::String(text) => !text.is_empty(),
        _ => false,
    }
}
