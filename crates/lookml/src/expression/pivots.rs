//! Functions that see other pivot columns.

use std::sync::Arc;

use super::{
    Column, Expression, ExpressionKind, Line, ReferencePart, Table, Value,
    evaluate::{Answer, Evaluator, Pivot},
    functions::Kind,
    operators::number,
    rows::condition,
    value::integer,
};
use crate::{Diagnostic, token::Span};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PivotFunction {
    Column,
    Index,
    Offset,
    Row,
    Where,
}

/// Whether an expression has a value for each cell and not only for each row.
pub(super) fn is_pivoted(expression: &Expression, table: &Table) -> bool {
    if table.pivot_count() == 0 {
        return false;
    }
    let mut waiting = vec![expression];
    while let Some(expression) = waiting.pop() {
        match &expression.kind {
            ExpressionKind::Reference(reference) => {
                let column = table.column(&reference.name);
                let is_pivoted = !matches!(column, Some(Column::Plain(_)) | None);
                if is_pivoted && reference.part != ReferencePart::RowTotal {
                    return true;
                }
            }
            ExpressionKind::Call {
                function,
                arguments,
            } => match function.kind {
                Kind::Pivot(PivotFunction::Column | PivotFunction::Offset) => return true,
                Kind::Pivot(PivotFunction::Row | PivotFunction::Where) => {}
                // The column is chosen, but its number may be another one in each cell.
                Kind::Pivot(PivotFunction::Index) => waiting.extend(arguments.get(1)),
                _ => waiting.extend(arguments),
            },
            _ => waiting.extend(expression.children()),
        }
    }
    false
}

impl Evaluator<'_> {
    pub(super) fn pivot_function(
        &self,
        function: PivotFunction,
        arguments: &[Expression],
        span: Span,
        pivot: Pivot,
    ) -> Answer {
        if self.table.pivot_count() == 0 {
            return self.constant(&Value::Null);
        }
        match (function, arguments) {
            (PivotFunction::Column, _) => self.constant(&match pivot {
                Pivot::Column(pivot) => Value::count(pivot + 1),
                _ => Value::Null,
            }),
            (PivotFunction::Index, [expression, index]) => {
                self.pivot_at(expression, index, 0, pivot)
            }
            (PivotFunction::Offset, [expression, offset]) => match pivot {
                Pivot::Column(current) => self.pivot_at(expression, offset, current + 1, pivot),
                _ => self.constant(&Value::Null),
            },
            (PivotFunction::Row, [expression]) => self.pivot_row(expression, span),
            (PivotFunction::Where, [wanted, expression]) => self.pivot_where(wanted, expression),
            // The parser counted the arguments.
            _ => self.constant(&Value::Null),
        }
    }

    /// The value in the pivot column whose number, from 1, is the base plus the argument.
    fn pivot_at(
        &self,
        expression: &Expression,
        argument: &Expression,
        base: usize,
        pivot: Pivot,
    ) -> Answer {
        let numbers = self.line(argument, pivot)?;
        let mut values = Vec::with_capacity(self.table.row_count() + 1);
        for (at, value) in numbers.slots().enumerate() {
            let number = number((value, argument.span))?.and_then(integer);
            let column = number.and_then(|number| self.pivot_number(base, number));
            values.push(match column {
                Some(column) => {
                    let line = self.cell(expression, Pivot::Column(column))?;
                    line.slot(at).clone()
                }
                None => Value::Null,
            });
        }
        Ok(Arc::new(Line::from_slots(values)))
    }

    /// Counted from 0; nothing where there is no such column.
    fn pivot_number(&self, base: usize, number: i64) -> Option<usize> {
        let number = i64::try_from(base).ok()?.checked_add(number)?;
        let column = usize::try_from(number.checked_sub(1)?).ok()?;
        (column < self.table.pivot_count()).then_some(column)
    }

    fn pivot_cells(&self, expression: &Expression) -> Result<Vec<Arc<Line>>, Diagnostic> {
        let pivots = 0..self.table.pivot_count();
        let cells = pivots.map(|pivot| self.cell(expression, Pivot::Column(pivot)));
        cells.collect()
    }

    fn pivot_row(&self, expression: &Expression, span: Span) -> Answer {
        let cells = self.pivot_cells(expression)?;
        self.across(&cells, |values| {
            let list = Value::List(values.iter().copied().cloned().collect());
            self.spend(list.weight(), span)?;
            Ok(list)
        })
    }

    /// Null unless exactly one pivot column is wanted.
    fn pivot_where(&self, wanted: &Expression, expression: &Expression) -> Answer {
        let conditions = self.pivot_cells(wanted)?;
        let cells = self.pivot_cells(expression)?;
        let count = conditions.len();
        let lines = [conditions, cells].concat();
        self.across(&lines, |values| {
            let (conditions, cells) = values.split_at_checked(count).unwrap_or_default();
            let mut found = None;
            for (holds, value) in conditions.iter().zip(cells) {
                if condition(holds, wanted.span)? != Some(true) {
                    continue;
                }
                if found.replace(*value).is_some() {
                    return Ok(Value::Null);
                }
            }
            Ok(found.cloned().unwrap_or(Value::Null))
        })
    }
}
