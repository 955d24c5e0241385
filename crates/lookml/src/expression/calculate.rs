//! Calculations that may use each other, and asserts.

use std::collections::{HashMap, HashSet};

use super::{Column, Context, Expression, Line, Table, Value, evaluate::Evaluator};
use crate::{Diagnostic, rules, token::Span};

/// How many calculations of a circle are named.
const LONGEST_PATH: usize = 10;

/// A table calculation whose expression was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Calculation {
    /// What others call it in `${…}`.
    pub name: String,
    /// What it computes.
    pub expression: Expression,
}

/// The columns of calculations, in the order they were given, which need not be the one they depend on each other.
///
/// A calculation with a mistake does not keep those from being computed that do not use it. The place of a
/// diagnostic is one in the calculation's own expression.
pub fn calculate(
    calculations: &[Calculation],
    table: &Table,
    context: &Context<'_>,
) -> Vec<Result<Column, Diagnostic>> {
    let graph = Graph::of(calculations);
    let mut table = table.clone();
    let mut columns: Vec<Option<Result<Column, Diagnostic>>> = vec![None; calculations.len()];
    for at in graph.in_order() {
        let Some(calculation) = calculations.get(at) else {
            continue;
        };
        let column = match graph.obstacle(at, &columns) {
            Some(obstacle) => Err(obstacle),
            None => Evaluator::new(&table, context).column(&calculation.expression),
        };
        if let Ok(column) = &column {
            table.insert(calculation.name.clone(), column.clone());
        }
        if let Some(place) = columns.get_mut(at) {
            *place = Some(column);
        }
    }
    graph.with_cycles(columns)
}

/// The rows, counted from 0, in which an assert isn't `yes`. Null isn't.
pub fn failing_rows(
    assert: &Expression,
    table: &Table,
    context: &Context<'_>,
) -> Result<Vec<usize>, Diagnostic> {
    let column = Evaluator::new(table, context).column(assert)?;
    let lines: Vec<&Line> = match &column {
        Column::Plain(line) => vec![line],
        Column::Pivoted { cells, .. } => cells.iter().map(|line| &**line).collect(),
        Column::Pivot(_) => Vec::new(),
    };
    let rows = 0..table.row_count();
    let is_failing = |row: &usize| {
        let mut values = lines.iter().map(|line| line.slot(*row));
        values.any(|value| *value != Value::YesNo(true))
    };
    Ok(rows.filter(is_failing).collect())
}

/// Which calculation uses which.
struct Graph<'a> {
    calculations: &'a [Calculation],
    /// Where the one of that name is; the first, if there are more.
    places: HashMap<&'a str, usize>,
    /// For each of them, those it uses.
    needs: Vec<Vec<usize>>,
}

impl<'a> Graph<'a> {
    fn of(calculations: &'a [Calculation]) -> Self {
        let mut places: HashMap<&'a str, usize> = HashMap::new();
        for (at, calculation) in calculations.iter().enumerate() {
            places.entry(&calculation.name).or_insert(at);
        }
        let needs = calculations.iter().map(|calculation| {
            let mut needs = Vec::new();
            for reference in calculation.expression.references() {
                needs.extend(places.get(reference.name.as_str()).copied());
            }
            needs.sort_unstable();
            needs.dedup();
            needs
        });
        Self {
            calculations,
            needs: needs.collect(),
            places,
        }
    }

    /// Whether an earlier one has the same name.
    fn is_second(&self, at: usize) -> bool {
        let calculation = self.calculations.get(at);
        let first = calculation.and_then(|found| self.places.get(found.name.as_str()));
        first.is_some_and(|first| *first != at)
    }

    /// Each behind those it uses. What is in a circle, or uses one, is left out.
    fn in_order(&self) -> Vec<usize> {
        let mut users: Vec<Vec<usize>> = vec![Vec::new(); self.needs.len()];
        let mut missing: Vec<usize> = self.needs.iter().map(Vec::len).collect();
        for (user, needs) in self.needs.iter().enumerate() {
            for need in needs {
                if let Some(users) = users.get_mut(*need) {
                    users.push(user);
                }
            }
        }
        let is_ready = |(at, missing): (usize, &usize)| (*missing == 0).then_some(at);
        let mut order: Vec<usize> = missing.iter().enumerate().filter_map(is_ready).collect();
        let mut next = 0;
        while let Some(done) = order.get(next).copied() {
            next += 1;
            for user in users.get(done).into_iter().flatten() {
                let Some(missing) = missing.get_mut(*user) else {
                    continue;
                };
                *missing -= 1;
                if *missing == 0 {
                    order.push(*user);
                }
            }
        }
        order
    }

    /// Why one cannot be computed though it is in no circle.
    fn obstacle(
        &self,
        at: usize,
        columns: &[Option<Result<Column, Diagnostic>>],
    ) -> Option<Diagnostic> {
        let calculation = self.calculations.get(at)?;
        let message = match self.is_second(at) {
            true => format!("another calculation is called `{}`", calculation.name),
            false => {
                let name = self.failed_need(at, columns)?;
                format!("`{name}` has a mistake of its own")
            }
        };
        let span = calculation.expression.span;
        Some(Diagnostic::new(rules::BAD_EXPRESSION, span, message))
    }

    /// The columns, and why those that were left out are none.
    fn with_cycles(
        &self,
        columns: Vec<Option<Result<Column, Diagnostic>>>,
    ) -> Vec<Result<Column, Diagnostic>> {
        let places = columns.iter().enumerate();
        let left_out = places.filter_map(|(at, column)| column.is_none().then_some(at));
        let left_out: HashSet<usize> = left_out.collect();
        let places = columns.into_iter().enumerate();
        let columns = places.map(|(at, column)| {
            let cycle = || Err(self.cycle(at, &left_out));
            column.unwrap_or_else(cycle)
        });
        columns.collect()
    }

    /// One that it uses and that has no column.
    fn failed_need(
        &self,
        at: usize,
        columns: &[Option<Result<Column, Diagnostic>>],
    ) -> Option<&'a str> {
        let mut needs = self.needs.get(at)?.iter();
        let has_failed = |need: &&usize| matches!(columns.get(**need), Some(Some(Err(_))));
        let failed = needs.find(has_failed)?;
        Some(&self.calculations.get(*failed)?.name)
    }

    /// Why one was left out: the way from it to where the way meets itself.
    fn cycle(&self, start: usize, left_out: &HashSet<usize>) -> Diagnostic {
        let next = |at: usize| {
            let mut needs = self.needs.get(at)?.iter().copied();
            needs.find(|need| left_out.contains(need))
        };
        let mut path = vec![start];
        let mut seen = HashSet::from([start]);
        while let Some(need) = path.last().and_then(|at| next(*at)) {
            path.push(need);
            if !seen.insert(need) || path.len() > LONGEST_PATH {
                break;
            }
        }
        let named = path.iter().filter_map(|at| self.calculations.get(*at));
        let names = named.map(|calculation| format!("`{}`", calculation.name));
        let names = names.collect::<Vec<_>>().join(" → ");
        let span = self
            .calculations
            .get(start)
            .map_or_else(Span::default, |calculation| calculation.expression.span);
        let message = format!("calculations need each other: {names}");
        Diagnostic::new(rules::REFERENCE_CYCLE, span, message)
    }
}
