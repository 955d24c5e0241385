//! `lookml`: projects checked, tested and written.

mod check;
mod live;
mod test;
mod write;
