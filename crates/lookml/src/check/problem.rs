//! What is wrong with a project: one finding, and the form that Looker's API has for it.

use serde::Serialize;

use crate::diagnostic::{Rule, Severity};
use crate::token::Span;

/// One finding. It is told once, however many models and explores show it.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// Its kind.
    pub rule: Rule,
    /// How bad it is here.
    pub severity: Severity,
    /// What is wrong, one line.
    pub message: String,
    /// The path of the file.
    pub file: String,
    /// The characters that are meant; none where it is the file.
    pub span: Span,
    /// The line where they begin, from 1.
    pub line: usize,
    /// The column where they begin, from 1, in characters.
    pub column: usize,
    /// What to do.
    pub hint: Option<String>,
    /// What it is in: `view.field`, or the name of a view or an explore.
    pub object: Option<String>,
    /// The models that show it.
    pub models: Vec<String>,
    /// The explores that show it.
    pub explores: Vec<String>,
}

/// A finding as Looker's API has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProjectError {
    /// `LK210`
    pub code: String,
    /// `error`, `warning` or `info`.
    pub severity: String,
    /// What sort of thing it is about: `syntax`, `project`, `object`, `reference`, `query`, `style`, `database` or
    /// `unsupported`.
    pub kind: String,
    /// What is wrong, and what to do.
    pub message: String,
    /// `view.field`, or the name of a view or an explore.
    pub field_name: Option<String>,
    /// The path of the file.
    pub file_path: String,
    /// Its line, from 1.
    pub line_number: usize,
    /// The first of the models that show it.
    pub model_id: Option<String>,
    /// The first of the explores that show it.
    pub explore: Option<String>,
    /// Where the rule is explained.
    pub help_url: Option<String>,
    /// All the rest.
    pub params: ProjectErrorParams,
}

/// What Looker's form has no name for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProjectErrorParams {
    /// Its column, from 1.
    pub column_number: usize,
    /// What to do.
    pub hint: Option<String>,
    /// Every model that shows it.
    pub models: Vec<String>,
    /// Every explore that shows it.
    pub explores: Vec<String>,
    /// What the rule means.
    pub explanation: String,
}

impl Problem {
    /// The form of Looker's API. `help_url` makes an address of a code.
    pub fn to_project_error(&self, help_url: impl Fn(&str) -> Option<String>) -> ProjectError {
        let message = match &self.hint {
            Some(hint) => format!("{}; {hint}", self.message),
            None => self.message.clone(),
        };
        ProjectError {
            code: self.rule.code.to_owned(),
            severity: self.severity.name().to_owned(),
            kind: self.rule.kind().to_owned(),
            message,
            field_name: self.object.clone(),
            file_path: self.file.clone(),
            line_number: self.line,
            model_id: self.models.first().cloned(),
            explore: self.explores.first().cloned(),
            help_url: help_url(self.rule.code),
            params: ProjectErrorParams {
                column_number: self.column,
                hint: self.hint.clone(),
                models: self.models.clone(),
                explores: self.explores.clone(),
                explanation: self.rule.explanation.to_owned(),
            },
        }
    }
}
