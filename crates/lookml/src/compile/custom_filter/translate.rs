//! Expressions as SQL: constants, logic, and which function is written where.

use std::cell::RefCell;
use std::collections::BTreeSet;

use super::typed::{Kind, Typed};
use super::{is_of_a_row, mistake, not_of_a_row, numbers, operators, texts};
use crate::compile::error::{QueryError, Result};
use crate::compile::sql::{Level, Sql, Writer};
use crate::diagnostic::{Diagnostic, rules};
use crate::dialect::Dialect;
use crate::expression::{self, Calculation, Column, Expression, ExpressionKind, Table, Value};
use crate::token::Span;

/// More characters of SQL than any filter that means something has. BigQuery reads twice as many.
const MOST_SQL: usize = 512 << 10;

/// Writes the SQL of a part of a filter.
pub(super) struct Translator<'w, 'a> {
    pub(super) writer: &'w Writer<'a>,
    /// The whole filter as it is written.
    text: &'w str,
    pub(super) level: Level,
    /// The views that are needed.
    pub(super) views: RefCell<BTreeSet<&'a str>>,
}

/// The arguments of a call, written.
pub(super) struct Arguments<'e> {
    pub(super) values: Vec<Typed>,
    pub(super) written: &'e [Expression],
    pub(super) span: Span,
}

impl Arguments<'_> {
    /// One of them; null where it was left out.
    pub(super) fn get(&self, at: usize) -> Typed {
        self.values.get(at).cloned().unwrap_or_else(Typed::null)
    }

    pub(super) fn has(&self, at: usize) -> bool {
        self.values.len() > at
    }

    pub(super) fn span(&self, at: usize) -> Span {
        self.written
            .get(at)
            .map_or(self.span, |written| written.span)
    }
}

impl<'w, 'a> Translator<'w, 'a> {
    pub(super) fn new(writer: &'w Writer<'a>, text: &'w str, level: Level) -> Self {
        Self {
            writer,
            text,
            level,
            views: RefCell::default(),
        }
    }

    pub(super) fn dialect(&self) -> Dialect {
        self.writer.dialect()
    }

    /// What has to hold. Here NULL is as good as no, so a filter need not tell them apart.
    pub(super) fn condition(&self, expression: &Expression) -> Result<Sql<'a>> {
        let typed = match &expression.kind {
            ExpressionKind::Call {
                function,
                arguments,
            } if function.name == "matches_filter" => self.passes(arguments)?,
            _ => self.expression(expression)?,
        };
        let typed = self.yes_no(typed, expression.span)?;
        let mut sql = Sql::new(typed.sql);
        sql.views = self.views.take();
        Ok(sql)
    }

    /// A mistake in the filter.
    pub(super) fn mistake(&self, span: Span, message: impl Into<String>) -> QueryError {
        mistake(
            self.text,
            Diagnostic::new(rules::BAD_EXPRESSION, span, message.into()),
        )
    }

    pub(super) fn mismatch(&self, span: Span, wanted: &str, found: &Typed) -> QueryError {
        let found = found.kind.name();
        self.mistake(span, format!("{wanted} is needed, this is {found}"))
    }

    pub(super) fn expression(&self, expression: &Expression) -> Result<Typed> {
        let typed = match is_constant(expression) {
            true => self.constant(expression)?,
            false => self.changing(expression)?,
        };
        match typed.sql.len() > MOST_SQL {
            true => Err(self.mistake(expression.span, "this makes more SQL than a database reads")),
            false => Ok(typed),
        }
    }

    /// What is the same in all rows is evaluated, not written.
    fn constant(&self, expression: &Expression) -> Result<Typed> {
        let calculation = Calculation {
            name: String::new(),
            expression: expression.clone(),
        };
        let context = expression::Context {
            now: self.writer.scope.calendar.local_now(),
            matches_filter: &|_, _, _| Ok(false),
        };
        let table = Table::new(1, 0);
        let columns = expression::calculate(&[calculation], &table, &context);
        let column = columns
            .into_iter()
            .next()
            .unwrap_or_else(|| Ok(Column::plain(Vec::new())));
        let value = match column.map_err(|problem| mistake(self.text, problem))? {
            Column::Plain(line) => line.values.first().cloned(),
            _ => None,
        };
        let value = value.unwrap_or(Value::Null);
        Typed::constant(&value, self.dialect()).ok_or_else(|| {
            self.mistake(
                expression.span,
                "SQL has no dates before the year 1, and no zero bytes",
            )
        })
    }

    fn changing(&self, expression: &Expression) -> Result<Typed> {
        let span = expression.span;
        match &expression.kind {
            ExpressionKind::Literal(_) => self.constant(expression),
            ExpressionKind::Filter(_) => {
                let message = "a filter in back-ticks belongs to `matches_filter(field, …)`";
                Err(self.mistake(span, message))
            }
            ExpressionKind::Reference(reference) => {
                let field = self.field(&reference.name)?;
                self.value(&field)
            }
            ExpressionKind::Negate(inner) => {
                let number = self.number(self.expression(inner)?, inner.span)?;
                Ok(numbers::negated(&number))
            }
            ExpressionKind::Not(inner) => {
                let holds = self.yes_no(self.expression(inner)?, inner.span)?;
                Ok(Typed::new(Kind::YesNo, format!("NOT {}", holds.operand())))
            }
            ExpressionKind::Chain { first, rest } => operators::chain(self, first, rest),
            ExpressionKind::Case {
                branches,
                otherwise,
            } => self.case(branches, otherwise.as_deref(), span),
            ExpressionKind::Call {
                function,
                arguments,
            } => self.call(function.name, arguments, span),
        }
    }

    fn call(&self, name: &str, written: &[Expression], span: Span) -> Result<Typed> {
        if name == "matches_filter" {
            let passes = self.passes(written)?;
            return Ok(Typed::atom(
                Kind::YesNo,
                format!("COALESCE(({}), FALSE)", passes.sql),
            ));
        }
        let values = written.iter().map(|written| self.expression(written));
        let arguments = Arguments {
            values: values.collect::<Result<_>>()?,
            written,
            span,
        };
        match name {
            "if" => self.if_(&arguments),
            "coalesce" => self.coalesce(&arguments),
            "is_null" => {
                let value = arguments.get(0);
                let sql = match value.kind {
                    Kind::Null => "TRUE".to_owned(),
                    _ => format!("{} IS NULL", value.operand()),
                };
                Ok(Typed::new(Kind::YesNo, sql))
            }
            "min" | "max" => operators::extreme(self, &arguments, name == "max"),
            // In these a null makes null of everything.
            _ if arguments
                .values
                .iter()
                .any(|value| value.kind == Kind::Null) =>
            {
                Ok(Typed::null())
            }
            _ => self.strict(name, &arguments),
        }
    }

    fn strict(&self, name: &str, arguments: &Arguments<'_>) -> Result<Typed> {
        let written = match numbers::call(self, name, arguments)? {
            Some(typed) => Some(typed),
            None => texts::call(self, name, arguments)?,
        };
        match written {
            Some(typed) => Ok(typed),
            None => match super::dates::call(self, name, arguments)? {
                Some(typed) => Ok(typed),
                None => Err(mistake(self.text, not_of_a_row(name, arguments.span))),
            },
        }
    }

    fn if_(&self, arguments: &Arguments<'_>) -> Result<Typed> {
        let condition = self.yes_no(arguments.get(0), arguments.span(0))?;
        let values = [arguments.get(1), arguments.get(2)];
        let (kind, values) = self.alike(values.into(), arguments.span)?;
        let [then, otherwise] = values.as_slice() else {
            return Ok(Typed::null());
        };
        let sql = format!(
            "CASE WHEN {} THEN {then} ELSE {otherwise} END",
            condition.sql
        );
        Ok(Typed::atom(kind, sql))
    }

    fn case(
        &self,
        branches: &[(Expression, Expression)],
        otherwise: Option<&Expression>,
        span: Span,
    ) -> Result<Typed> {
        let mut conditions = Vec::new();
        let mut values = Vec::new();
        for (when, then) in branches {
            conditions.push(self.yes_no(self.expression(when)?, when.span)?.sql);
            values.push(self.expression(then)?);
        }
        values.push(match otherwise {
            Some(otherwise) => self.expression(otherwise)?,
            None => Typed::null(),
        });
        let (kind, mut values) = self.alike(values, span)?;
        let otherwise = values.pop().unwrap_or_default();
        let branches = conditions.iter().zip(&values);
        let branches = branches.map(|(when, then)| format!("WHEN {when} THEN {then} "));
        let sql = format!("CASE {}ELSE {otherwise} END", branches.collect::<String>());
        Ok(Typed::atom(kind, sql))
    }

    fn coalesce(&self, arguments: &Arguments<'_>) -> Result<Typed> {
        let (kind, values) = self.alike(arguments.values.clone(), arguments.span)?;
        Ok(Typed::atom(
            kind,
            format!("COALESCE({})", values.join(", ")),
        ))
    }

    /// Values of one type, since a column of SQL has one.
    pub(super) fn alike(&self, values: Vec<Typed>, span: Span) -> Result<(Kind, Vec<String>)> {
        let known = values.iter().map(|value| value.kind);
        let mut known = known.filter(|kind| *kind != Kind::Null);
        let Some(first) = known.next() else {
            return Ok((
                Kind::Null,
                values.into_iter().map(|value| value.sql).collect(),
            ));
        };
        let kinds: Vec<Kind> = known.collect();
        if kinds.iter().all(|kind| *kind == first) {
            return Ok((first, values.into_iter().map(|value| value.sql).collect()));
        }
        let is_moment = |value: &Typed| match value.kind {
            Kind::Day | Kind::Time | Kind::Null => true,
            Kind::Text => value.moment.is_some(),
            Kind::Number | Kind::YesNo => false,
        };
        if values.iter().all(is_moment) {
            let times = values.iter().map(|value| match value.kind {
                Kind::Null => Ok(value.sql.clone()),
                _ => Ok(self.time(value, span)?.sql),
            });
            return Ok((Kind::Time, times.collect::<Result<_>>()?));
        }
        let other = kinds.iter().find(|kind| **kind != first);
        let message = format!(
            "this is {} or {}, and SQL has one type for both",
            first.name(),
            other.map_or("another type", |kind| kind.name())
        );
        Err(self.mistake(span, message))
    }

    /// A condition.
    pub(super) fn yes_no(&self, value: Typed, span: Span) -> Result<Typed> {
        match value.kind {
            Kind::YesNo => Ok(value),
            Kind::Null => Ok(Typed::atom(Kind::YesNo, "CAST(NULL AS BOOL)")),
            _ => Err(self.mismatch(span, "yes or no", &value)),
        }
    }

    pub(super) fn number(&self, value: Typed, span: Span) -> Result<Typed> {
        match value.kind {
            Kind::Number => Ok(value),
            Kind::Null => {
                let float = super::typed::float_type(self.dialect());
                Ok(Typed::float_atom(format!("CAST(NULL AS {float})")))
            }
            _ => Err(self.mismatch(span, "a number", &value)),
        }
    }
}

/// Whether it is the same in all rows.
fn is_constant(expression: &Expression) -> bool {
    let is_so = match &expression.kind {
        ExpressionKind::Reference(_) | ExpressionKind::Filter(_) => false,
        ExpressionKind::Call {
            function,
            arguments,
        } => function.name != "matches_filter" && is_of_a_row(function.name, arguments.len()),
        _ => true,
    };
    is_so && expression.children().into_iter().all(is_constant)
}
