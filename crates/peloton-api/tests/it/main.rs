//! The client against small scripted services; the program's tests hold it against the simulated one.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod auth;
mod login;
mod paging;
mod road;
mod secrets;
mod service;
mod tokens;
