//! A tree and a context to text.

mod test;

use std::borrow::Cow;
use std::collections::HashMap;

use super::context::Context;
use super::error::LiquidError;
use super::filters::{Call, Work};
use super::number::number;
use super::syntax::{Branch, Filtered, Loop, Node, NodeKind, Operand, Over, Step, Variable, When};
use super::value::Value;

/// What a step costs, in bytes that could have been made instead.
const STEP: usize = 16;

pub(super) fn evaluate(nodes: &[Node], context: &dyn Context) -> Result<String, LiquidError> {
    let mut evaluation = Evaluation {
        context,
        work: Work::full(),
        assigned: HashMap::new(),
        cycles: Vec::new(),
    };
    let mut out = String::new();
    evaluation.nodes(nodes, &mut out)?;
    Ok(out)
}

struct Evaluation<'a> {
    context: &'a dyn Context,
    work: Work,
    /// By `assign` and `capture`, wherever these stand.
    assigned: HashMap<&'a str, Value>,
    /// The innermost last.
    cycles: Vec<Cycle<'a>>,
}

/// One turn of a `for`.
struct Cycle<'a> {
    name: &'a str,
    value: Value,
    index: usize,
    length: usize,
}

/// How to go on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    On,
    Break,
    Continue,
}

type Found<'v> = Result<Cow<'v, Value>, LiquidError>;

impl<'a> Evaluation<'a> {
    fn nodes(&mut self, nodes: &'a [Node], out: &mut String) -> Result<Flow, LiquidError> {
        for node in nodes {
            self.spend(node.at, STEP)?;
            let before = out.len();
            let flow = self.node(node, out)?;
            self.spend(node.at, out.len().saturating_sub(before))?;
            if flow != Flow::On {
                return Ok(flow);
            }
        }
        Ok(Flow::On)
    }

    fn node(&mut self, node: &'a Node, out: &mut String) -> Result<Flow, LiquidError> {
        match &node.kind {
            NodeKind::Text(text) => out.push_str(text),
            NodeKind::Output(value) => {
                let start = out.len();
                self.filtered(value)?.print(out);
                let (before, printed) = out.split_at(start);
                // Two of them would begin a comment of SQL.
                if self.context.is_sql() && before.ends_with('-') && printed.starts_with('-') {
                    out.insert(start, ' ');
                }
            }
            NodeKind::Assign { name, value } => {
                let value = self.filtered(value)?.into_owned();
                self.assigned.insert(name, value);
            }
            NodeKind::Capture { name, body } => {
                let mut text = String::new();
                let flow = self.nodes(body, &mut text)?;
                self.assigned.insert(name, Value::String(text));
                return Ok(flow);
            }
            NodeKind::If(branches) => return self.branches(branches, out),
            NodeKind::Case {
                subject,
                whens,
                otherwise,
            } => return self.case(subject, whens, otherwise, out),
            NodeKind::For(cycle) => return self.r#for(node.at, cycle, out),
            NodeKind::Break => return Ok(Flow::Break),
            NodeKind::Continue => return Ok(Flow::Continue),
            NodeKind::Condition { .. }
            | NodeKind::IncrementCondition(_)
            | NodeKind::DateStart(_)
            | NodeKind::DateEnd(_)
            | NodeKind::Parameter(_) => return self.asked(node, out),
        }
        Ok(Flow::On)
    }

    /// The tags that only the context can evaluate.
    fn asked(&mut self, node: &'a Node, out: &mut String) -> Result<Flow, LiquidError> {
        let mut expression = String::new();
        let flow = match &node.kind {
            NodeKind::Condition { body, .. } | NodeKind::IncrementCondition(body) => {
                self.nodes(body, &mut expression)?
            }
            _ => Flow::On,
        };
        let (context, expression) = (self.context, expression.trim());
        let made = match &node.kind {
            NodeKind::Condition { field, .. } => context.condition(field.as_deref(), expression),
            NodeKind::IncrementCondition(_) => context.increment_condition(expression),
            NodeKind::DateStart(field) => context.date_start(field),
            NodeKind::DateEnd(field) => context.date_end(field),
            NodeKind::Parameter(parameter) => context.parameter(parameter),
            _ => Ok(String::new()),
        };
        out.push_str(&made.map_err(LiquidError::at(node.at))?);
        Ok(flow)
    }

    fn branches(&mut self, branches: &'a [Branch], out: &mut String) -> Result<Flow, LiquidError> {
        for branch in branches {
            let holds = match &branch.test {
                Some(test) => self.test(test)? != branch.negated,
                None => true,
            };
            if holds {
                return self.nodes(&branch.body, out);
            }
        }
        Ok(Flow::On)
    }

    /// Every `when` that fits is printed, as in Ruby.
    fn case(
        &mut self,
        subject: &'a Operand,
        whens: &'a [When],
        otherwise: &'a [Node],
        out: &mut String,
    ) -> Result<Flow, LiquidError> {
        let mut fits = false;
        for when in whens {
            let mut is_this = false;
            for value in &when.values {
                is_this = is_this || self.equal(subject, value)?;
            }
            if !is_this {
                continue;
            }
            fits = true;
            let flow = self.nodes(&when.body, out)?;
            if flow != Flow::On {
                return Ok(flow);
            }
        }
        match fits {
            true => Ok(Flow::On),
            false => self.nodes(otherwise, out),
        }
    }

    fn r#for(&mut self, at: usize, cycle: &'a Loop, out: &mut String) -> Result<Flow, LiquidError> {
        let values = self.cycled(at, cycle)?;
        if values.is_empty() {
            return self.nodes(&cycle.otherwise, out);
        }
        let length = values.len();
        for (index, value) in values.into_iter().enumerate() {
            self.spend(at, STEP)?;
            self.cycles.push(Cycle {
                name: &cycle.name,
                value,
                index,
                length,
            });
            let flow = self.nodes(&cycle.body, out);
            self.cycles.pop();
            if flow? == Flow::Break {
                break;
            }
        }
        Ok(Flow::On)
    }

    /// What a `for` goes through.
    fn cycled(&self, at: usize, cycle: &Loop) -> Result<Vec<Value>, LiquidError> {
        let offset = self.count(&cycle.offset)?.unwrap_or(0);
        let limit = self.count(&cycle.limit)?.unwrap_or(usize::MAX);
        let mut values: Vec<Value> = match &cycle.over {
            Over::Values(operand) => match self.operand(operand)?.as_ref() {
                Value::List(values) => {
                    let values = values.iter().skip(offset).take(limit);
                    self.spend(at, values.clone().map(Value::weight).sum())?;
                    values.cloned().collect()
                }
                // As in Ruby a text is a list of one.
                Value::String(text) if !text.is_empty() => {
                    let value = Some(Value::String(text.clone()));
                    value.into_iter().skip(offset).take(limit).collect()
                }
                _ => Vec::new(),
            },
            Over::Range(first, last) => {
                let first = number(self.operand(first)?.as_ref()).truncated();
                let last = number(self.operand(last)?.as_ref()).truncated();
                let offset = i64::try_from(offset).unwrap_or(i64::MAX);
                let first = first.saturating_add(offset);
                let length = i128::from(last) - i128::from(first) + 1;
                let length = usize::try_from(length).unwrap_or(0).min(limit);
                self.spend(at, length.saturating_mul(STEP))?;
                (first..=last).take(length).map(Value::Integer).collect()
            }
        };
        if cycle.reversed {
            values.reverse();
        }
        Ok(values)
    }

    fn count(&self, operand: &Option<Operand>) -> Result<Option<usize>, LiquidError> {
        let Some(operand) = operand else {
            return Ok(None);
        };
        let count = match self.operand(operand)?.as_ref() {
            Value::Nil => None,
            value => Some(usize::try_from(number(value).truncated()).unwrap_or(0)),
        };
        Ok(count)
    }

    fn filtered(&self, value: &'a Filtered) -> Found<'_> {
        let mut result = match &value.operand {
            Some(operand) => self.operand(operand)?,
            None => Cow::Owned(Value::Nil),
        };
        for call in &value.calls {
            let arguments = call.arguments.iter().map(|argument| self.operand(argument));
            let arguments: Vec<_> = arguments.collect::<Result<_, _>>()?;
            let made = call.filter.apply(Call {
                input: &result,
                arguments: &arguments,
                context: self.context,
                work: &self.work,
            });
            result = Cow::Owned(made.map_err(LiquidError::at(call.at))?);
        }
        Ok(result)
    }

    fn operand<'v>(&'v self, operand: &'v Operand) -> Found<'v> {
        let value = match operand {
            Operand::Literal(value) => Cow::Borrowed(value),
            Operand::Empty | Operand::Blank => Cow::Owned(Value::String(String::new())),
            Operand::Variable(variable) => self.variable(variable)?,
        };
        Ok(value)
    }

    /// What the template itself has under that name, else what the context has.
    fn variable(&self, variable: &Variable) -> Found<'_> {
        let mut path = vec![Cow::Borrowed(variable.root.as_str())];
        for step in &variable.steps {
            path.push(match step {
                Step::Name(name) => Cow::Borrowed(name.as_str()),
                Step::Index(operand) => Cow::Owned(self.operand(operand)?.text().into_owned()),
            });
        }
        let path: Vec<&str> = path.iter().map(AsRef::as_ref).collect();
        let value = match self.local(&path) {
            Some(value) => value,
            None => self.outer(&path),
        };
        self.spend(variable.at, value.weight())?;
        Ok(value)
    }

    fn local<'v>(&'v self, path: &[&str]) -> Option<Cow<'v, Value>> {
        let (root, steps) = path.split_first()?;
        if let (&"forloop", [step], Some(cycle)) = (root, steps, self.cycles.last()) {
            return cycle.step(step).map(Cow::Owned);
        }
        let mut cycles = self.cycles.iter().rev();
        let cycled = cycles.find(|cycle| cycle.name == *root);
        let value = cycled.map(|cycle| &cycle.value);
        let value = value.or_else(|| self.assigned.get(*root))?;
        walk(Cow::Borrowed(value), steps)
    }

    /// The longest path that the context knows; the rest are steps from there.
    fn outer(&self, path: &[&str]) -> Cow<'static, Value> {
        for length in (1..=path.len()).rev() {
            let Some((known, steps)) = path.split_at_checked(length) else {
                continue;
            };
            if let Some(value) = self.context.value(known) {
                return walk(Cow::Owned(value), steps).unwrap_or_default();
            }
        }
        Cow::default()
    }

    fn spend(&self, at: usize, amount: usize) -> Result<(), LiquidError> {
        self.work.spend(amount).map_err(LiquidError::at(at))
    }
}

/// From a value to a part of a part of it.
fn walk<'v>(value: Cow<'v, Value>, steps: &[&str]) -> Option<Cow<'v, Value>> {
    steps.iter().try_fold(value, |value, step| match value {
        Cow::Borrowed(value) => value.step(step),
        Cow::Owned(value) => value.step(step).map(|found| Cow::Owned(found.into_owned())),
    })
}

impl Cycle<'_> {
    fn step(&self, step: &str) -> Option<Value> {
        let count = |count: usize| Value::Integer(i64::try_from(count).unwrap_or(i64::MAX));
        let left = self.length.saturating_sub(self.index);
        Some(match step {
            "index" => count(self.index + 1),
            "index0" => count(self.index),
            "rindex" => count(left),
            "rindex0" => count(left.saturating_sub(1)),
            "first" => Value::Boolean(self.index == 0),
            "last" => Value::Boolean(left == 1),
            "length" => count(self.length),
            _ => return None,
        })
    }
}
