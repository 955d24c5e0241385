//! The simulated service, held against what is known of the real one.

mod access;
mod browser;
mod changes;
mod compression;
mod facts;
mod faults;
mod joins;
mod lists;
mod login;
mod odd_cases;
mod service;
mod session;
mod shapes;
mod tokens;
mod world;
