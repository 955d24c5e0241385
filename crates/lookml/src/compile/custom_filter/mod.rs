//! Custom filters: an expression in the language of table calculations as conditions on rows and on groups.
//!
//! What such an expression says of a value is defined where table calculations are evaluated; here the same is written
//! as SQL. That evaluator finds out what a value is when it sees it, SQL has to know before: each part has a type.
//!
//! | module | what it writes |
//! |---|---|
//! | `mod` | which parts of the filter are about rows and which about groups |
//! | `typed` | values with their types, literals, one type in the place of another |
//! | `translate` | expressions: constants, logic, which function is written where |
//! | `fields` | fields as the answer shows them, `matches_filter` |
//! | `operators`, `numbers`, `texts`, `dates` | operators and functions |

mod dates;
mod fields;
mod numbers;
mod operators;
mod texts;
mod translate;
mod typed;

use std::rc::Rc;

use self::translate::Translator;
use super::asked::Asked;
use super::error::{QueryError, Result};
use super::scope::{FieldRef, Scope};
use super::sql::{Level, Sql, Writer};
use crate::diagnostic::{Diagnostic, rules};
use crate::expression::{
    Expression, ExpressionKind, Operator, Reference, ReferencePart, parse_dynamic_fields,
};
use crate::query::Query;
use crate::token::Span;

/// A filter that is an expression, its fields looked up.
pub(super) struct CustomFilter<'a> {
    text: String,
    /// What has to hold, each by itself.
    conjuncts: Vec<Conjunct>,
    /// The fields that it names, each once.
    fields: Vec<FieldRef<'a>>,
}

/// A part of a filter that has to hold by itself.
#[derive(Debug)]
struct Conjunct {
    expression: Expression,
    /// Groups where it names a measure.
    level: Level,
}

impl<'a> CustomFilter<'a> {
    /// From what is written, where that is not blank. The columns are what groups of rows have one value of.
    pub(super) fn of(
        scope: &Scope<'a>,
        text: &str,
        columns: &[FieldRef<'a>],
        look_up: impl Fn(&str) -> Result<FieldRef<'a>>,
    ) -> Result<Option<Self>> {
        if text.trim().is_empty() {
            return Ok(None);
        }
        let expression = Expression::parse(text).map_err(|problem| mistake(text, problem))?;
        if let Some(refused) = refused(&expression) {
            return Err(mistake(text, refused));
        }
        let mut fields: Vec<FieldRef<'a>> = Vec::new();
        for reference in expression.references() {
            let field = look_up(&scope.full_name(&reference.name))?;
            if !field.is_dimension() && !field.is_measure() {
                let name = field.name();
                let message = format!("`{name}` has no value that a custom filter could look at");
                return Err(QueryError::new(rules::UNKNOWN_FIELD, message).of(&name));
            }
            // What it is filtered by is its type; some have none.
            super::asked::filter_type(&field)?;
            if !fields.iter().any(|other| other.is_same(&field)) {
                fields.push(field);
            }
        }
        let mut parts = Vec::new();
        split(expression, &mut parts);
        let conjuncts = parts.into_iter().map(|expression| {
            let level = level(scope, &expression, columns)?;
            Ok(Conjunct { expression, level })
        });
        Ok(Some(Self {
            text: text.to_owned(),
            conjuncts: conjuncts.collect::<Result<_>>()?,
            fields,
        }))
    }

    pub(super) fn fields(&self) -> &[FieldRef<'a>] {
        &self.fields
    }

    pub(super) fn has_measure(&self) -> bool {
        self.fields.iter().any(FieldRef::is_measure)
    }

    /// What it says of rows, as it is written. None: nothing.
    pub(super) fn row_text(&self) -> Option<String> {
        let of_rows = self
            .conjuncts
            .iter()
            .filter(|conjunct| conjunct.level == Level::Row);
        let texts = of_rows.filter_map(|conjunct| {
            let written = self.text.get(conjunct.expression.span.range())?;
            // A comment goes to the end of its line.
            Some(format!("({written}\n)"))
        });
        let texts: Vec<_> = texts.collect();
        (!texts.is_empty()).then(|| texts.join(" AND "))
    }

    /// The conditions on rows, or those on groups.
    pub(super) fn conditions(&self, writer: &Writer<'a>, level: Level) -> Result<Vec<Sql<'a>>> {
        let of_level = self
            .conjuncts
            .iter()
            .filter(|conjunct| conjunct.level == level);
        let conditions = of_level.map(|conjunct| {
            let translator = Translator::new(writer, &self.text, level);
            translator.condition(&conjunct.expression)
        });
        conditions.collect()
    }
}

impl<'a> Asked<'a> {
    /// Adds the filter of a query that is an expression.
    pub(super) fn add_custom(&mut self, scope: &Scope<'a>, query: &Query) -> Result<()> {
        let text = query.filter_expression.as_deref().unwrap_or_default();
        let calculations = query.dynamic_fields.as_deref().unwrap_or_default();
        let look_up = |name: &str| {
            let error = match scope.ask(name) {
                Ok(field) => return Ok(field),
                Err(error) => error,
            };
            let is_calculation = scope.find(name).is_none()
                && parse_dynamic_fields(calculations).is_ok_and(|calculations| {
                    let mut names = calculations.iter().map(|calculation| &calculation.name);
                    names.any(|calculation| scope.full_name(calculation) == name)
                });
            Err(match is_calculation {
                true => of_calculation(name),
                false => error,
            })
        };
        let custom = CustomFilter::of(scope, text, &self.selected, look_up)?;
        self.custom = custom.map(Rc::new);
        Ok(())
    }
}

fn of_calculation(name: &str) -> QueryError {
    let (_, name) = name.split_once('.').unwrap_or_default();
    let message = format!("the custom filter uses the table calculation `{name}`");
    let error = QueryError::new(rules::BAD_EXPRESSION, message);
    error.hint("it is computed from the rows that the filter lets through: filter by fields")
}

/// What stands between the `AND`s.
fn split(expression: Expression, parts: &mut Vec<Expression>) {
    match expression.kind {
        ExpressionKind::Chain { first, rest }
            if rest.iter().all(|(operator, _)| *operator == Operator::And) =>
        {
            split(*first, parts);
            for (_, part) in rest {
                split(part, parts);
            }
        }
        kind => parts.push(Expression {
            kind,
            span: expression.span,
        }),
    }
}

/// Whether a part is about rows or about groups. Of a group a dimension has one value only where it is grouped by.
fn level<'a>(scope: &Scope<'a>, part: &Expression, columns: &[FieldRef<'a>]) -> Result<Level> {
    let references = part.references();
    let named = references
        .iter()
        .filter_map(|reference| scope.find(&scope.full_name(&reference.name)));
    let (measures, dimensions): (Vec<_>, Vec<_>) = named.partition(FieldRef::is_measure);
    let Some(measure) = measures.first() else {
        return Ok(Level::Row);
    };
    let is_column = |field: &FieldRef<'_>| columns.iter().any(|column| column.is_same(field));
    match dimensions.iter().find(|dimension| !is_column(dimension)) {
        None => Ok(Level::Group),
        Some(dimension) => {
            let name = dimension.name();
            let message = format!(
                "the custom filter compares rows by `{name}` and groups by `{}`, and groups have no one `{name}`",
                measure.name()
            );
            let error = QueryError::new(rules::BAD_EXPRESSION, message).of(&name);
            Err(error.hint(format!(
                "select `{name}`, or join the two conditions by AND"
            )))
        }
    }
}

/// What can't be in any filter, whatever the fields are. None: there is nothing of that.
pub(crate) fn refused(expression: &Expression) -> Option<Diagnostic> {
    let here = match &expression.kind {
        ExpressionKind::Reference(reference) => refused_total(reference, expression.span),
        ExpressionKind::Call {
            function,
            arguments,
        } if !is_of_a_row(function.name, arguments.len()) => {
            Some(not_of_a_row(function.name, expression.span))
        }
        _ => None,
    };
    here.or_else(|| expression.children().into_iter().find_map(refused))
}

fn refused_total(reference: &Reference, span: Span) -> Option<Diagnostic> {
    if reference.part == ReferencePart::Row {
        return None;
    }
    let message = format!(
        "a total of `{}` is known only when the rows are there that the filter lets through",
        reference.name
    );
    let refused = Diagnostic::new(rules::BAD_EXPRESSION, span, message);
    Some(refused.hint("compare with a number"))
}

/// Whether a function is of one row, called with so many arguments.
fn is_of_a_row(name: &str, arguments: usize) -> bool {
    match name {
        "min" | "max" => arguments > 1,
        "sum" | "mean" | "median" | "count" | "count_distinct" | "stddev_samp" | "percentile"
        | "running_total" | "offset" | "offset_list" | "row" | "index" | "rank" | "lookup"
        | "list" | "split" => false,
        name => !name.starts_with("pivot_"),
    }
}

fn not_of_a_row(name: &str, span: Span) -> Diagnostic {
    let (why, hint) = match name {
        "list" | "split" => ("makes a list", "compare each value by itself"),
        _ => (
            "looks at other rows of the answer",
            "a filter decides which rows the answer has: filter by a measure instead",
        ),
    };
    let message = format!("`{name}` {why}, which a filter can't do");
    Diagnostic::new(rules::BAD_EXPRESSION, span, message).hint(hint)
}

/// What is wrong with a custom filter.
fn mistake(text: &str, problem: Diagnostic) -> QueryError {
    let before = text.get(..problem.span.range().start).unwrap_or_default();
    let place = format!("the mistake is at character {}", before.chars().count() + 1);
    let message = format!("the custom filter: {}", problem.message);
    QueryError::new(problem.rule, message).hint(problem.hint.unwrap_or(place))
}
