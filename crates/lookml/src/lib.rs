#![doc = include_str!("../README.md")]
#![warn(missing_docs)]
#![warn(clippy::indexing_slicing, clippy::panic, clippy::unreachable)]

mod answer;
mod calendar;
mod check;
mod compile;
pub mod dashboard;
mod data_test;
mod diagnostic;
mod dialect;
mod explore_url;
pub mod expression;
pub mod filter;
mod glob;
mod html;
pub mod label;
mod lexer;
pub mod liquid;
pub mod model;
pub mod parameters;
mod parser;
mod project;
mod query;
mod resolve;
mod suggest;
mod syntax;
#[cfg(feature = "testing")]
pub mod testing;
mod timeframe;
mod token;
pub mod value_format;

pub use answer::{Answer, Cell, PivotColumn, ResultError, Row, TextTable, Value as AnswerValue};
pub use calendar::{Calendar, DateRange, TimeUnit};
pub use check::{
    Problem, ProjectError, ProjectErrorParams, Suppressions, check_field, check_file,
    check_project, lint_project, problems_of,
};
pub use compile::{
    ColumnStatistics, Compiled, Notice, Promise, QueryError, Settings, Statement, StatementKind,
    Statistics, TableNames, TableStatistics, UserAttribute, compile, dimensions, promises,
};
pub use diagnostic::{Diagnostic, Lines, Rule, Severity, rules};
pub use dialect::{DUCKDB_SETUP, Dialect};
pub use explore_url::{ExploreUrl, ExploreUrlError};
pub use html::sanitise_html;
pub use lexer::{is_expression_key, lex};
pub use model::{Model, weekday};
pub use parser::parse;
pub use project::{File, Included, Located, Project};
pub use query::{Limit, Query, RowTotal, Sort, SortError};
pub use resolve::Place;
pub use suggest::{did_you_mean, nearest};
pub use syntax::{Block, Element, Form, Item, List, Scalar, Syntax, Value};
pub use timeframe::{Domain, Fill, FilterBy, Interval, Timeframe, Truncation, Unit};
pub use token::{Span, Token, TokenKind};
