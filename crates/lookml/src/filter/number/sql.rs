//! The terms of numbers as conditions.

use super::{Comparison, Number, NumberFilter, NumberTerm, Operator};
use crate::dialect::Dialect;
use crate::filter::condition::Condition;

impl NumberFilter {
    pub(in crate::filter) fn to_sql(&self, name: &str, dialect: Dialect) -> String {
        let column = Column { name, dialect };
        let mut groups = Vec::new();
        if !self.is.is_empty() {
            groups.push(column.is_one_of(&self.is));
        }
        // Beside other conditions each number has its own: only a list of nothing but negations is one.
        let is_list = self.is.is_empty();
        if is_list {
            groups.extend(column.is_none_of(&self.is_not));
        }
        let others = self.is_not.iter();
        let others = others.filter(|term| !is_list || term.equal().is_none());
        groups.extend(others.map(|term| column.is_not(term)));
        Condition::groups(groups)
    }
}

/// The column of a condition.
struct Column<'a> {
    name: &'a str,
    dialect: Dialect,
}

impl Column<'_> {
    /// The numbers stand in one list, where the first of them stood.
    fn is_one_of(&self, terms: &[NumberTerm]) -> Condition {
        let mut numbers = self.equal(terms, "=", "IN");
        let conditions = terms.iter().filter_map(|term| match term.equal() {
            Some(_) => numbers.take(),
            None => Some(self.is(term)),
        });
        Condition::any(conditions.collect())
    }

    fn is_none_of(&self, terms: &[NumberTerm]) -> Option<Condition> {
        let numbers = self.equal(terms, "<>", "NOT IN")?;
        Some(Condition::any(vec![numbers, self.is_null()]))
    }

    fn equal(&self, terms: &[NumberTerm], one: &str, several: &str) -> Option<Condition> {
        let numbers = terms.iter().filter_map(|term| term.equal());
        let numbers: Vec<_> = numbers.map(|number| self.literal(number)).collect();
        let name = self.name;
        match numbers.as_slice() {
            [] => None,
            [number] => Some(Condition::new(format!("{name} {one} {number}"))),
            numbers => {
                let list = numbers.join(", ");
                Some(Condition::new(format!("{name} {several} ({list})")))
            }
        }
    }

    fn is(&self, term: &NumberTerm) -> Condition {
        match term {
            NumberTerm::Null => self.is_null(),
            NumberTerm::Any => self.is_not_null(),
            NumberTerm::Compare(comparison) => self.compare(comparison),
            NumberTerm::Between { low, high } => Condition::all(vec![
                self.condition(low.operator_above(), &low.value),
                self.condition(high.operator_below(), &high.value),
            ]),
            NumberTerm::Both(first, second) => {
                Condition::all(vec![self.compare(first), self.compare(second)])
            }
        }
    }

    fn is_not(&self, term: &NumberTerm) -> Condition {
        match term {
            NumberTerm::Null => self.is_not_null(),
            NumberTerm::Any => self.is_null(),
            NumberTerm::Compare(comparison) => {
                Condition::any(vec![self.compare_not(comparison), self.is_null()])
            }
            NumberTerm::Between { low, high } => Condition::any(vec![
                self.condition(Operator::Less, &low.value),
                self.condition(Operator::Greater, &high.value),
                self.is_null(),
            ]),
            NumberTerm::Both(first, second) => Condition::any(vec![
                self.compare_not(first),
                self.compare_not(second),
                self.is_null(),
            ]),
        }
    }

    fn compare(&self, comparison: &Comparison) -> Condition {
        self.condition(comparison.operator, &comparison.value)
    }

    fn compare_not(&self, comparison: &Comparison) -> Condition {
        self.condition(comparison.operator.opposite(), &comparison.value)
    }

    fn condition(&self, operator: Operator, value: &Number) -> Condition {
        let (name, symbol, value) = (self.name, operator.symbol(), self.literal(value));
        Condition::new(format!("{name} {symbol} {value}"))
    }

    fn is_null(&self) -> Condition {
        Condition::new(format!("{} IS NULL", self.name))
    }

    fn is_not_null(&self) -> Condition {
        Condition::new(format!("{} IS NOT NULL", self.name))
    }

    /// As it was written; but an integer that BigQuery has no type for becomes a float.
    fn literal(&self, number: &Number) -> String {
        let text = number.as_str();
        let is_integer = !text.contains(['.', 'e']);
        match self.dialect {
            Dialect::BigQuery if is_integer && text.parse::<i64>().is_err() => format!("{text}e0"),
            _ => text.to_owned(),
        }
    }
}
