//! What a template mentions from outside of it.

use std::collections::HashSet;

use super::syntax::{Filtered, Loop, Node, NodeKind, Operand, Over, Step, Test, Variable, When};
use super::value::Value;

/// One mention.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// In what manner.
    pub kind: ReferenceKind,
    /// The path: `["orders", "status", "_value"]`, `["row", "orders.status"]`, and for a tag the parts of the
    /// field's name, of which a condition without a name has none.
    pub path: Vec<String>,
    /// Where in the template, in bytes.
    pub position: usize,
}

/// How something is mentioned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReferenceKind {
    /// As a variable.
    Value,
    /// `{% condition … %}`
    Condition,
    /// `{% date_start … %}`
    DateStart,
    /// `{% date_end … %}`
    DateEnd,
    /// `{% parameter … %}`
    Parameter,
}

impl Reference {
    /// The field's name as it is written: `orders.status` or `status`. None: what is mentioned is no field.
    pub fn field(&self) -> Option<String> {
        if self.kind != ReferenceKind::Value {
            return (!self.path.is_empty()).then(|| self.path.join("."));
        }
        match self.path.as_slice() {
            [root, field, ..] if root == "row" || root == "_filters" => Some(field.clone()),
            [root, ..] if root.starts_with('_') => None,
            path => {
                let end = path.iter().position(|part| part.starts_with('_'))?;
                path.get(..end).map(|field| field.join("."))
            }
        }
    }

    /// What of the field is mentioned: `_value`, `_rendered_value`, `_in_query`. None: nothing of that sort.
    pub fn member(&self) -> Option<&str> {
        if self.kind != ReferenceKind::Value {
            return None;
        }
        let member = self.path.iter().skip(1).find(|part| part.starts_with('_'));
        member.map(String::as_str)
    }
}

pub(super) fn of(nodes: &[Node]) -> Vec<Reference> {
    let mut references = References::default();
    references.nodes(nodes);
    references.found
}

/// Those found, and the names that the template itself gives.
#[derive(Default)]
struct References<'a> {
    found: Vec<Reference>,
    names: HashSet<&'a str>,
}

impl<'a> References<'a> {
    fn nodes(&mut self, nodes: &'a [Node]) {
        nodes.iter().for_each(|node| self.node(node));
    }

    fn node(&mut self, node: &'a Node) {
        let at = node.at;
        match &node.kind {
            NodeKind::Text(_) | NodeKind::Break | NodeKind::Continue => {}
            NodeKind::Output(value) => self.filtered(value),
            NodeKind::Assign { name, value } => {
                self.filtered(value);
                self.names.insert(name);
            }
            NodeKind::Capture { name, body } => {
                self.nodes(body);
                self.names.insert(name);
            }
            NodeKind::If(branches) => {
                for branch in branches {
                    branch.test.iter().for_each(|test| self.test(test));
                    self.nodes(&branch.body);
                }
            }
            NodeKind::Case {
                subject,
                whens,
                otherwise,
            } => {
                self.operand(subject);
                whens.iter().for_each(|when| self.when(when));
                self.nodes(otherwise);
            }
            NodeKind::For(cycle) => self.cycle(cycle),
            NodeKind::Condition { field, body } => {
                self.field(at, ReferenceKind::Condition, field.as_deref());
                self.nodes(body);
            }
            NodeKind::IncrementCondition(body) => self.nodes(body),
            NodeKind::DateStart(field) => self.field(at, ReferenceKind::DateStart, Some(field)),
            NodeKind::DateEnd(field) => self.field(at, ReferenceKind::DateEnd, Some(field)),
            NodeKind::Parameter(name) => self.field(at, ReferenceKind::Parameter, Some(name)),
        }
    }

    fn when(&mut self, when: &'a When) {
        when.values.iter().for_each(|value| self.operand(value));
        self.nodes(&when.body);
    }

    fn cycle(&mut self, cycle: &'a Loop) {
        match &cycle.over {
            Over::Values(values) => self.operand(values),
            Over::Range(first, last) => {
                self.operand(first);
                self.operand(last);
            }
        }
        let numbers = cycle.limit.iter().chain(&cycle.offset);
        numbers.for_each(|operand| self.operand(operand));
        let is_new = self.names.insert(&cycle.name);
        self.nodes(&cycle.body);
        if is_new {
            self.names.remove(cycle.name.as_str());
        }
        self.nodes(&cycle.otherwise);
    }

    fn test(&mut self, test: &'a Test) {
        for (comparison, _) in &test.0 {
            self.operand(&comparison.left);
            let right = comparison.right.iter();
            right.for_each(|(_, operand)| self.operand(operand));
        }
    }

    fn filtered(&mut self, value: &'a Filtered) {
        value
            .operand
            .iter()
            .for_each(|operand| self.operand(operand));
        let arguments = value.calls.iter().flat_map(|call| &call.arguments);
        arguments.for_each(|operand| self.operand(operand));
    }

    fn operand(&mut self, operand: &'a Operand) {
        if let Operand::Variable(variable) = operand {
            self.variable(variable);
        }
    }

    /// The path ends where a part is known only later.
    fn variable(&mut self, variable: &'a Variable) {
        let mut path = vec![variable.root.clone()];
        let mut is_known = true;
        for step in &variable.steps {
            match step {
                Step::Name(name) if is_known => path.push(name.clone()),
                Step::Index(Operand::Literal(value)) if is_known && *value != Value::Nil => {
                    path.push(value.text().into_owned());
                }
                Step::Name(_) => {}
                Step::Index(operand) => {
                    is_known = false;
                    self.operand(operand);
                }
            }
        }
        if !self.names.contains(variable.root.as_str()) && variable.root != "forloop" {
            self.found.push(Reference {
                kind: ReferenceKind::Value,
                path,
                position: variable.at,
            });
        }
    }

    fn field(&mut self, position: usize, kind: ReferenceKind, field: Option<&str>) {
        let parts = field.into_iter().flat_map(|field| field.split('.'));
        self.found.push(Reference {
            kind,
            path: parts.map(str::to_owned).collect(),
            position,
        });
    }
}
