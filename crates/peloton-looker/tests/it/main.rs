//! The real program against the simulated service, on a real DuckDB file.

mod bad_days;
mod commands;
mod fields;
mod home;
mod life;
