//! What is wrong with a project: with each file by itself, with its models when everything is put together, and with
//! its style.
//!
//! | stage | what it finds |
//! |---|---|
//! | [`check_file`] | parameters of a file against the table of all there are |
//! | [`check_field`] | how the parameters of a field fit together when refinements and parents are merged |
//! | `survey` | nothing: a model laid out for the rest, with everything that each declaration mentions |
//! | `fields`, `explores`, `lists`, `joins`, `sources`, `cycles`, `declared`, `dashboards` | references of a model |
//! | `filters`, `formats`, `measures` | values that no query could use |
//! | `files` | files that nobody needs, and the manifest |
//! | `style`, `unused` | what works, and could be better |

mod columns;
mod cycles;
mod dashboards;
mod declared;
mod explores;
mod field;
mod fields;
mod file;
mod files;
mod filters;
mod formats;
mod joins;
mod lists;
mod measures;
mod problem;
mod project;
mod references;
mod report;
mod sources;
mod style;
mod suppressions;
mod survey;
mod unused;
mod value;
mod verdict;

pub use field::check_field;
pub use file::check_file;
pub use problem::{Problem, ProjectError, ProjectErrorParams};
pub use project::{check_project, lint_project};
pub use report::problems_of;
pub use suppressions::Suppressions;
