//! Stdout is data, stderr is talk: how rows, tables and messages reach a person or a program.

mod file;
mod finding;
mod json;
mod rows;
mod terminal;

pub(crate) use file::persist;
pub(crate) use finding::Finding;
pub(crate) use rows::RowWriter;
pub(crate) use terminal::{
    Talk, Terminal, counted, excerpt, is_utf8, megabytes, plain_table, printable, program,
    thousands,
};
