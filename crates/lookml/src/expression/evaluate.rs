//! An expression over a table: all rows at once, one pivot column at a time.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    iter,
    sync::Arc,
};

use super::{
    Column, Context, Expression, ExpressionKind, Line, Operator, Reference, ReferencePart, Table,
    Value,
    aggregates::Values,
    functions::{AggregateFunction, Kind},
    operators::{number, operate},
    pivots::is_pivoted,
    rows::{Arguments, condition},
};
use crate::{Diagnostic, did_you_mean, filter::FilterType, rules, token::Span};

/// How many bytes an expression may fill with new texts and lists.
const BUDGET: usize = 512 << 20;

/// Whose cells a pivoted field means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Pivot {
    /// Nobody's: the expression has one value for each row.
    None,
    Column(usize),
    RowTotal,
}

pub(super) struct Evaluator<'a> {
    pub(super) table: &'a Table,
    context: &'a Context<'a>,
    budget: Cell<usize>,
    /// What pivot functions asked for, so that nested ones do not ask again and again.
    cells: RefCell<HashMap<(Span, Pivot), Arc<Line>>>,
}

pub(super) type Answer = Result<Arc<Line>, Diagnostic>;

impl<'a> Evaluator<'a> {
    pub(super) fn new(table: &'a Table, context: &'a Context<'a>) -> Self {
        Self {
            table,
            context,
            budget: Cell::new(BUDGET),
            cells: RefCell::default(),
        }
    }

    /// The column an expression is.
    pub(super) fn column(&self, expression: &Expression) -> Result<Column, Diagnostic> {
        if !is_pivoted(expression, self.table) {
            return self.result(expression, Pivot::None).map(Column::Plain);
        }
        let pivots = 0..self.table.pivot_count();
        let cells = pivots.map(|pivot| self.result(expression, Pivot::Column(pivot)));
        let cells = cells.collect::<Result<Vec<_>, _>>()?;
        let row_totals = match self.table.has_row_totals() {
            true => Some(self.result(expression, Pivot::RowTotal)?),
            false => None,
        };
        Ok(Column::Pivoted { cells, row_totals })
    }

    /// A line to be shown: a table without totals has none to calculate with.
    fn result(&self, expression: &Expression, pivot: Pivot) -> Answer {
        let mut line = self.line(expression, pivot)?;
        if !self.table.has_totals() && !line.total.is_null() {
            Arc::make_mut(&mut line).total = Value::Null;
        }
        Ok(line)
    }

    /// Its value in every row.
    pub(super) fn line(&self, expression: &Expression, pivot: Pivot) -> Answer {
        match &expression.kind {
            ExpressionKind::Literal(value) => self.constant(value),
            ExpressionKind::Filter(_) => {
                let message = "a filter in back-ticks belongs to `matches_filter(field, …)`";
                Err(Diagnostic::new(
                    rules::BAD_EXPRESSION,
                    expression.span,
                    message,
                ))
            }
            ExpressionKind::Reference(reference) => {
                self.reference(reference, pivot, expression.span)
            }
            ExpressionKind::Negate(inner) => self.map(inner, pivot, |value| {
                let number = number((value, inner.span))?;
                Ok(number.map_or(Value::Null, |number| Value::number(-number)))
            }),
            ExpressionKind::Not(inner) => self.map(inner, pivot, |value| {
                let holds = condition(value, inner.span)?;
                Ok(holds.map_or(Value::Null, |holds| Value::YesNo(!holds)))
            }),
            ExpressionKind::Chain { first, rest } => self.chain(first, rest, pivot),
            ExpressionKind::Case {
                branches,
                otherwise,
            } => self.case(branches, otherwise.as_deref(), pivot),
            ExpressionKind::Call { .. } => self.call(expression, pivot),
        }
    }

    pub(super) fn constant(&self, value: &Value) -> Answer {
        Ok(Arc::new(self.table.constant(value)))
    }

    /// Its value in a pivot column, which is computed once.
    pub(super) fn cell(&self, expression: &Expression, pivot: Pivot) -> Answer {
        let pivot = match is_pivoted(expression, self.table) {
            true => pivot,
            false => Pivot::None,
        };
        let key = (expression.span, pivot);
        if let Some(line) = self.cells.borrow().get(&key) {
            return Ok(Arc::clone(line));
        }
        let line = self.line(expression, pivot)?;
        self.cells.borrow_mut().insert(key, Arc::clone(&line));
        Ok(line)
    }

    fn map(
        &self,
        inner: &Expression,
        pivot: Pivot,
        operation: impl Fn(&Value) -> Result<Value, Diagnostic>,
    ) -> Answer {
        let line = self.line(inner, pivot)?;
        let values = line.slots().map(operation);
        Ok(Arc::new(Line::from_slots(
            values.collect::<Result<_, _>>()?,
        )))
    }

    fn chain(&self, first: &Expression, rest: &[(Operator, Expression)], pivot: Pivot) -> Answer {
        let mut left = self.line(first, pivot)?;
        let mut left_span = first.span;
        for (operator, expression) in rest {
            let right = self.line(expression, pivot)?;
            let pairs = left.slots().zip(right.slots());
            let values = pairs.map(|(left, right)| {
                operate((left, left_span), *operator, (right, expression.span))
            });
            left = Arc::new(Line::from_slots(values.collect::<Result<_, _>>()?));
            left_span = left_span.to(expression.span);
        }
        Ok(left)
    }

    /// From the last branch to the first: each puts itself before what comes after it.
    fn case(
        &self,
        branches: &[(Expression, Expression)],
        otherwise: Option<&Expression>,
        pivot: Pivot,
    ) -> Answer {
        let mut line = match otherwise {
            Some(otherwise) => self.line(otherwise, pivot)?,
            None => self.constant(&Value::Null)?,
        };
        for (when, then) in branches.iter().rev() {
            let (conditions, values) = (self.line(when, pivot)?, self.line(then, pivot)?);
            let places = conditions.slots().zip(values.slots()).zip(line.slots());
            let chosen = places.map(|((holds, value), other)| {
                Ok(match condition(holds, when.span)? {
                    Some(true) => value.clone(),
                    _ => other.clone(),
                })
            });
            line = Arc::new(Line::from_slots(chosen.collect::<Result<_, _>>()?));
        }
        Ok(line)
    }

    fn call(&self, expression: &Expression, pivot: Pivot) -> Answer {
        let ExpressionKind::Call {
            function,
            arguments,
        } = &expression.kind
        else {
            return self.constant(&Value::Null);
        };
        // What is the same in every pivot column is computed for the first one.
        if pivot != Pivot::None && !is_pivoted(expression, self.table) {
            return self.cell(expression, Pivot::None);
        }
        let span = expression.span;
        match function.kind {
            Kind::Row(function) => self.rows(arguments, span, pivot, &|arguments| match arguments
                .values
                .iter()
                .any(|value| value.is_null())
            {
                true => Ok(Value::Null),
                false => function(arguments),
            }),
            Kind::RowWithNulls(function) => self.rows(arguments, span, pivot, &function),
            Kind::Aggregate(function) => self.aggregate(function, arguments, span, pivot),
            Kind::Column(function) => self.column_function(function, arguments, span, pivot),
            Kind::Pivot(function) => self.pivot_function(function, arguments, span, pivot),
            Kind::MatchesFilter => self.matches_filter(arguments, pivot),
        }
    }

    fn rows(
        &self,
        written: &[Expression],
        span: Span,
        pivot: Pivot,
        function: &dyn Fn(&Arguments<'_>) -> Result<Value, Diagnostic>,
    ) -> Answer {
        let lines = self.lines(written, pivot)?;
        self.across(&lines, |values| {
            let value = function(&Arguments {
                values,
                written,
                span,
                context: self.context,
            })?;
            self.spend(value.weight(), span)?;
            Ok(value)
        })
    }

    pub(super) fn lines(
        &self,
        expressions: &[Expression],
        pivot: Pivot,
    ) -> Result<Vec<Arc<Line>>, Diagnostic> {
        let lines = expressions
            .iter()
            .map(|expression| self.line(expression, pivot));
        lines.collect()
    }

    /// Row by row, and once more for the totals.
    pub(super) fn across(
        &self,
        lines: &[Arc<Line>],
        mut operation: impl FnMut(&[&Value]) -> Result<Value, Diagnostic>,
    ) -> Answer {
        let mut slots: Vec<_> = lines.iter().map(|line| line.slots()).collect();
        let mut values = Vec::with_capacity(slots.len());
        let mut results = Vec::with_capacity(self.table.row_count() + 1);
        for _ in 0..=self.table.row_count() {
            values.clear();
            values.extend(slots.iter_mut().filter_map(Iterator::next));
            results.push(operation(&values)?);
        }
        Ok(Arc::new(Line::from_slots(results)))
    }

    /// Counts what an expression builds, which nested functions could multiply without end.
    pub(super) fn spend(&self, bytes: usize, span: Span) -> Result<(), Diagnostic> {
        let Some(left) = self.budget.get().checked_sub(bytes) else {
            let message = "this makes more text and lists than fit";
            return Err(Diagnostic::new(rules::BAD_EXPRESSION, span, message));
        };
        self.budget.set(left);
        Ok(())
    }

    fn aggregate(
        &self,
        function: AggregateFunction,
        arguments: &[Expression],
        span: Span,
        pivot: Pivot,
    ) -> Answer {
        let lines = self.lines(arguments, pivot)?;
        let [line] = lines.as_slice() else {
            return self.across(&lines, |values| {
                function(&Values::of(values.iter().copied(), span))
            });
        };
        let span = arguments.first().map_or(span, |argument| argument.span);
        if !has_lists(line) {
            let value = function(&Values::of(line.values.iter(), span))?;
            return self.constant(&value);
        }
        self.across(&lines, |values| {
            Ok(match list_values(values, 0, span) {
                Some(values) => function(&values)?,
                None => Value::Null,
            })
        })
    }

    fn matches_filter(&self, arguments: &[Expression], pivot: Pivot) -> Answer {
        let [value, filter] = arguments else {
            return self.constant(&Value::Null);
        };
        let text = match &filter.kind {
            ExpressionKind::Filter(text) | ExpressionKind::Literal(Value::Text(text)) => text,
            _ => {
                let message = "a filter expression is needed";
                let diagnostic = Diagnostic::new(rules::BAD_EXPRESSION, filter.span, message);
                return Err(diagnostic.hint("write it in back-ticks"));
            }
        };
        let filter_type = self.filter_type(value, pivot)?;
        self.map(value, pivot, |value| {
            let matches = (self.context.matches_filter)(text, filter_type, value);
            matches.map(Value::YesNo).map_err(|mut diagnostic| {
                // Its place is one in the filter, which begins behind the back-tick.
                let start = filter.span.start + 1;
                let moved = |at: u32| start.saturating_add(at).min(filter.span.end);
                diagnostic.span = Span {
                    start: moved(diagnostic.span.start),
                    end: moved(diagnostic.span.end),
                };
                diagnostic
            })
        })
    }

    /// In which language something is filtered: that of the first value that there is, or else of the field. Dates
    /// may be texts.
    fn filter_type(&self, value: &Expression, pivot: Pivot) -> Result<FilterType, Diagnostic> {
        let declared = match &value.kind {
            ExpressionKind::Reference(reference) => self.table.filter_type(&reference.name),
            _ => None,
        };
        let line = self.line(value, pivot)?;
        let found = line.slots().find_map(Value::filter_type);
        Ok(match (declared, found) {
            (Some(FilterType::Date), Some(FilterType::String)) => FilterType::Date,
            (_, Some(found)) => found,
            (declared, None) => declared.unwrap_or(FilterType::String),
        })
    }

    fn reference(&self, reference: &Reference, pivot: Pivot, span: Span) -> Answer {
        let name = &reference.name;
        let Some(column) = self.table.column(name) else {
            return Err(self.unknown_column(name, span));
        };
        match reference.part {
            ReferencePart::Row => self.row_values(column, pivot),
            ReferencePart::Total if self.table.has_totals() => {
                let total = self.row_values(column, pivot)?.total.clone();
                self.constant(&total)
            }
            ReferencePart::Total => {
                let message = format!("`{name}` has no total");
                let diagnostic = Diagnostic::new(rules::BAD_EXPRESSION, span, message);
                Err(diagnostic.hint("ask for totals in the query"))
            }
            ReferencePart::RowTotal => match column {
                Column::Pivoted {
                    row_totals: Some(row_totals),
                    ..
                } => Ok(Arc::clone(row_totals)),
                _ => {
                    let message = format!("`{name}` has no row total");
                    let diagnostic = Diagnostic::new(rules::BAD_EXPRESSION, span, message);
                    Err(diagnostic.hint("ask for a pivot and for row totals in the query"))
                }
            },
        }
    }

    fn row_values(&self, column: &Column, pivot: Pivot) -> Answer {
        let line = match (column, pivot) {
            (Column::Plain(line), _) => Some(line),
            (Column::Pivoted { cells, .. }, Pivot::Column(pivot)) => cells.get(pivot),
            (Column::Pivoted { row_totals, .. }, Pivot::RowTotal) => row_totals.as_ref(),
            (Column::Pivot(values), Pivot::Column(pivot)) => {
                return self.constant(values.get(pivot).unwrap_or(&Value::Null));
            }
            _ => None,
        };
        match line {
            Some(line) => Ok(Arc::clone(line)),
            None => self.constant(&Value::Null),
        }
    }

    fn unknown_column(&self, name: &str, span: Span) -> Diagnostic {
        let message = format!("`{name}` is no field of this query and no calculation");
        let mut diagnostic = Diagnostic::new(rules::UNKNOWN_FIELD, span, message);
        diagnostic.hint = did_you_mean(name, self.table.names());
        diagnostic
    }
}

/// Whether a function works in each row on a list instead of on the column.
pub(super) fn has_lists(line: &Line) -> bool {
    line.slots().any(|value| matches!(value, Value::List(_)))
}

/// What is in the list that an argument is.
pub(super) fn list_values<'a>(values: &[&'a Value], at: usize, span: Span) -> Option<Values<'a>> {
    match values.get(at) {
        Some(Value::List(list)) => Some(Values::of(list.iter(), span)),
        Some(Value::Null) | None => None,
        Some(single) => Some(Values::of(iter::once(*single), span)),
    }
}
