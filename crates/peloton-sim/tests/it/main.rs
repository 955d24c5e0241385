//! The simulated service, held against what is known of the real one.

mod api;
mod browser;
mod faults;
mod login;
mod tokens;
