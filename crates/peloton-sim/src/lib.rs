#![recursion_limit = "256"]
#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod api;
mod faults;
mod limit;
mod log;
mod login;
mod overlay;
mod service;
mod settings;
mod thinned;
mod tokens;
mod world;

pub use faults::{FaultKind, Faults, Poison};
pub use log::{Logged, Totals};
pub use service::Sim;
pub use settings::{Account, LoginMode, RateLimit, RetryAfter, Settings};
