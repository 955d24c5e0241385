//! Tests: what is true.

use std::cmp::Ordering;

use super::Evaluation;
use crate::liquid::context::Problem;
use crate::liquid::error::LiquidError;
use crate::liquid::syntax::{Comparison, Connective, Operand, Operator, Test};
use crate::liquid::value::Value;

impl Evaluation<'_> {
    /// What stands behind `and` or `or` is one whole: `a and b or c` is `a and (b or c)`.
    pub(super) fn test(&self, test: &Test) -> Result<bool, LiquidError> {
        let mut holds = false;
        for (comparison, connective) in &test.0 {
            holds = self.comparison(comparison)?;
            match connective {
                Some(Connective::And) if !holds => return Ok(false),
                Some(Connective::Or) if holds => return Ok(true),
                _ => {}
            }
        }
        Ok(holds)
    }

    fn comparison(&self, comparison: &Comparison) -> Result<bool, LiquidError> {
        let left = &comparison.left;
        let Some((operator, right)) = &comparison.right else {
            return Ok(self.operand(left)?.is_true());
        };
        match operator {
            Operator::Equal => self.equal(left, right),
            Operator::NotEqual => Ok(!self.equal(left, right)?),
            operator => {
                let (left, right) = (self.operand(left)?, self.operand(right)?);
                self.spend(comparison.at, left.weight())?;
                let holds = ordered(*operator, &left, &right);
                holds.map_err(LiquidError::at(comparison.at))
            }
        }
    }

    /// `empty` and `blank` are no values: they equal what has nothing in it.
    pub(super) fn equal(&self, left: &Operand, right: &Operand) -> Result<bool, LiquidError> {
        Ok(match (left, right) {
            (Operand::Empty | Operand::Blank, Operand::Empty | Operand::Blank) => true,
            (Operand::Empty, other) | (other, Operand::Empty) => self.operand(other)?.is_empty(),
            (Operand::Blank, other) | (other, Operand::Blank) => self.operand(other)?.is_blank(),
            (left, right) => self.operand(left)?.equals(self.operand(right)?.as_ref()),
        })
    }
}

/// Nil is neither less nor more than anything. Ruby prints an error where the kinds differ.
fn ordered(operator: Operator, left: &Value, right: &Value) -> Result<bool, Problem> {
    if operator == Operator::Contains {
        return Ok(left.contains(right));
    }
    if matches!(left, Value::Nil) || matches!(right, Value::Nil) {
        return Ok(false);
    }
    let Some(order) = left.order(right) else {
        let (left, right) = (left.kind(), right.kind());
        let message = format!("{left} is neither less nor more than {right}");
        return Err(Problem::failed(message));
    };
    Ok(match operator {
        Operator::Less => order == Ordering::Less,
        Operator::LessOrEqual => order != Ordering::Greater,
        Operator::Greater => order == Ordering::Greater,
        Operator::GreaterOrEqual => order != Ordering::Less,
        _ => order == Ordering::Equal,
    })
}
