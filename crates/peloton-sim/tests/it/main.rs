//! The simulated service, held against what is known of the real one.

mod api;
mod browser;
mod compression;
mod facts;
mod faults;
mod login;
mod odd_cases;
mod service;
mod session;
mod shapes;
mod tokens;
mod world;
