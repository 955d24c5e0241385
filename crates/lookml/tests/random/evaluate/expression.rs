//! Expressions, with the three values of SQL's logic.

use std::cmp::Ordering;

use crate::evaluate::scope::{Row, Scope};
use crate::model::expression::{Expr, FieldName, Function, Op};
use crate::value::Value;

/// Over what an expression goes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Over<'a> {
    Row(&'a Row),
    /// The rows of a group: measures and aggregates have values, columns have none.
    Group(&'a [Row]),
    /// A row of a table before any join, as SQL of a derived table sees it.
    Table(&'a [String], &'a [Value]),
}

impl Scope<'_> {
    pub(crate) fn value(&self, over: Over<'_>, alias: &str, expr: &Expr) -> Value {
        match expr {
            Expr::Column(name) | Expr::Bare(name) => self.column(over, alias, name),
            Expr::Field(field) => self.field(over, alias, field),
            Expr::Number(number) => Value::Number(*number),
            Expr::Text(text) => Value::text(text),
            Expr::Null => Value::Null,
            Expr::Binary(op, left, right) => binary(
                *op,
                self.value(over, alias, left),
                self.value(over, alias, right),
            ),
            Expr::Not(inner) => match self.value(over, alias, inner) {
                Value::Bool(value) => Value::Bool(!value),
                _ => Value::Null,
            },
            Expr::IsNull(inner) => Value::Bool(self.value(over, alias, inner).is_null()),
            Expr::Call(function, arguments) => {
                let values = arguments
                    .iter()
                    .map(|argument| self.value(over, alias, argument));
                call(*function, values.collect())
            }
            Expr::Case(arms, other) => {
                let holds = |(when, _): &&(Expr, Expr)| self.value(over, alias, when).is_true();
                let found = arms.iter().find(holds).map_or(&**other, |(_, then)| then);
                self.value(over, alias, found)
            }
            Expr::Aggregate(aggregate, argument) => {
                let Over::Group(rows) = over else {
                    panic!("an aggregate outside a group")
                };
                self.aggregate(*aggregate, rows, alias, argument)
            }
            Expr::ParameterColumn(field) => {
                self.column(over, alias, &self.parameter(alias, field).1)
            }
            Expr::Parameter(field) => self.parameter_value(alias, field),
            Expr::Condition(field, inner) => Value::Bool(self.condition(over, alias, field, inner)),
            Expr::DateStart(field) => self.date_bound(alias, field, false),
            Expr::DateEnd(field) => self.date_bound(alias, field, true),
            Expr::Switch(field, arms, other) => {
                self.value(over, alias, self.chosen(alias, field, arms, other))
            }
            Expr::Repeated(times, of) => match self.value(over, alias, of).as_number() {
                Some(number) => Value::Number(number * *times as f64),
                None => Value::Null,
            },
            Expr::In(of, values) => match self.value(over, alias, of) {
                Value::Null => Value::Null,
                value => Value::Bool(values.iter().any(|text| value == Value::text(*text))),
            },
            Expr::Attribute(name, filters) => Value::text(self.attribute(name, filters)),
            Expr::Reckoned(field, steps) => self.reckoned(alias, field, steps),
            Expr::Name(named) => Value::text(self.name(*named)),
            Expr::If(test, then, other) => self.value(
                over,
                alias,
                if self.holds(alias, test) { then } else { other },
            ),
        }
    }

    fn column(&self, over: Over<'_>, alias: &str, name: &str) -> Value {
        match over {
            Over::Row(row) => match row[self.position(alias)] {
                Some(row) => self.relations[alias].value(row, name),
                None => Value::Null,
            },
            Over::Table(columns, values) => {
                let position = columns.iter().position(|column| column == name);
                values[position.expect("a column of the table")].clone()
            }
            Over::Group(_) => panic!("the column {name} outside an aggregate"),
        }
    }

    fn field(&self, over: Over<'_>, alias: &str, field: &FieldName) -> Value {
        let full = field.full(alias);
        if let Some((alias, dimension)) = self.dimension(&full) {
            return self.raw(over, &alias, &dimension);
        }
        let (alias, measure) = self
            .measure(&full)
            .unwrap_or_else(|| panic!("no field {full}"));
        let Over::Group(rows) = over else {
            panic!("the measure {full} outside a group")
        };
        self.measured(rows, &alias, measure)
    }

    fn condition(&self, over: Over<'_>, alias: &str, field: &FieldName, inner: &Expr) -> bool {
        let Some(filter) = self.filter(&field.full(alias)) else {
            return true;
        };
        let value = self.value(over, alias, inner);
        self.matches_type(self.filter_type(alias, field), filter, &value)
    }
}

fn binary(op: Op, left: Value, right: Value) -> Value {
    if let Op::And | Op::Or = op {
        return logic(op, &left, &right);
    }
    if left.is_null() || right.is_null() {
        return Value::Null;
    }
    match op {
        Op::Add | Op::Subtract | Op::Multiply | Op::Divide => arithmetic(op, &left, &right),
        Op::Concat => Value::text(format!("{}{}", left.shown(), right.shown())),
        _ => {
            let order = compare(&left, &right);
            Value::Bool(match op {
                Op::Equal => order == Ordering::Equal,
                Op::NotEqual => order != Ordering::Equal,
                Op::Less => order == Ordering::Less,
                Op::LessOrEqual => order != Ordering::Greater,
                Op::Greater => order == Ordering::Greater,
                _ => order != Ordering::Less,
            })
        }
    }
}

fn compare(left: &Value, right: &Value) -> Ordering {
    match (left, right) {
        (Value::Date(date), Value::Time(_)) => {
            Value::Time(date.to_datetime(jiff::civil::Time::midnight())).order(right)
        }
        (Value::Time(_), Value::Date(_)) => compare(right, left).reverse(),
        _ => left.order(right),
    }
}

fn logic(op: Op, left: &Value, right: &Value) -> Value {
    // The value that decides by itself: false for AND, true for OR.
    let decides = Value::Bool(op == Op::Or);
    if *left == decides || *right == decides {
        return decides;
    }
    if left.is_null() || right.is_null() {
        return Value::Null;
    }
    Value::Bool(op == Op::And)
}

fn arithmetic(op: Op, left: &Value, right: &Value) -> Value {
    let (Some(a), Some(b)) = (left.as_number(), right.as_number()) else {
        panic!("{left:?} {} {right:?}", op.sign());
    };
    match op {
        Op::Add => Value::Number(a + b),
        Op::Subtract => Value::Number(a - b),
        Op::Multiply => Value::Number(a * b),
        // It is written `a / NULLIF(b, 0)`.
        _ if b == 0.0 => Value::Null,
        _ => Value::Number(a / b),
    }
}

fn call(function: Function, values: Vec<Value>) -> Value {
    if function == Function::Coalesce {
        return values
            .into_iter()
            .find(|value| !value.is_null())
            .unwrap_or(Value::Null);
    }
    match (function, &values[0]) {
        (_, Value::Null) => Value::Null,
        (Function::Upper, Value::Text(text)) => Value::text(text.to_uppercase()),
        (Function::Lower, Value::Text(text)) => Value::text(text.to_lowercase()),
        (Function::Length, Value::Text(text)) => Value::whole(text.chars().count() as i64),
        (Function::Abs, Value::Number(number)) => Value::Number(number.abs()),
        (function, value) => panic!("{function:?} of {value:?}"),
    }
}
