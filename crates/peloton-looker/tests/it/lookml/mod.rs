//! `lookml`: projects checked, tested and written.

mod check;
mod test;
mod write;
