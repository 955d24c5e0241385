//! Data tests: the query of one, and what its rows say.

use crate::answer::{self, Answer};
use crate::compile::QueryError;
use crate::diagnostic::{Diagnostic, rules};
use crate::expression::{self, Expression};
use crate::model::{Assert, Model, Test};
use crate::query::{Limit, Query, Sort};

impl Test {
    /// The query whose rows are tested: all of them, unless the test has a limit.
    pub fn query(&self, model: &Model) -> Result<Query, QueryError> {
        let source = &self.source;
        if let Some((column, _)) = source.derived_columns.first() {
            let message = format!("the test `{}` has a `derived_column`", self.name);
            let hint =
                format!("make `{column}` a field of the explore, or compute it in the assert");
            return Err(QueryError::new(rules::UNSUPPORTED, message).hint(hint));
        }
        let base = model.explores.get(&source.explore);
        let full = |name: &str| match base {
            Some(explore) if !name.contains('.') => format!("{}.{name}", explore.base),
            _ => name.to_owned(),
        };
        let of_column = |name: &str| {
            let column = source.columns.iter().find(|(column, _)| column == name);
            full(column.map_or(name, |(_, field)| field))
        };
        let mut query = Query {
            model: model.name.clone(),
            view: source.explore.clone(),
            limit: Some(source.limit.map_or(Limit::None, Limit::To)),
            query_timezone: source
                .timezone
                .clone()
                .filter(|zone| zone != "query_timezone"),
            filter_expression: source.expression_custom_filter.clone(),
            ..Query::default()
        };
        for (_, field) in &source.columns {
            let field = full(field);
            if !query.fields.contains(&field) {
                query.fields.push(field);
            }
        }
        for filter in &source.filters {
            let field = full(&filter.field);
            if query.filters.contains_key(&field) {
                let message = format!("the test `{}` has two filters on `{field}`", self.name);
                let error = QueryError::new(rules::UNSUPPORTED, message);
                return Err(error.hint("write them as one filter expression").of(&field));
            }
            query.filters.insert(field, filter.value.clone());
        }
        query
            .sorts
            .extend(source.sorts.iter().map(|(name, descending)| Sort {
                field: of_column(name),
                descending: *descending,
                pivot: None,
            }));
        Ok(query)
    }

    /// The rows of the answer to its query, counted from 0, in which an assert isn't `yes`. An assert may call a field
    /// by its name or by that of the column. The place of a diagnostic is one in the assert's expression.
    pub fn failing_rows(&self, assert: &Assert, answer: &Answer) -> Result<Vec<usize>, Diagnostic> {
        let expression = Expression::parse(&assert.expression)?;
        let mut table = answer::table(answer);
        for (name, field) in &self.source.columns {
            let is_meant = |known: &&str| {
                *known == field
                    || known
                        .split_once('.')
                        .is_some_and(|(_, known)| known == field)
            };
            let known = table.names().find(is_meant);
            if let Some(column) = known.and_then(|known| table.column(known)).cloned() {
                table.insert(name.clone(), column);
            }
        }
        answer::in_context(answer, |context| {
            expression::failing_rows(&expression, &table, context)
        })
    }
}
