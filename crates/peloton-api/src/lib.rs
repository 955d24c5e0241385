#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod answer;
mod client;
mod config;
mod error;
#[cfg(fuzzing)]
pub mod fuzzing;
mod judge;
pub mod models;
pub mod oauth;
mod pagination;
mod proxy;
mod rate_limit;
mod retry;
mod tokens;
mod transport;

pub use answer::{Answer, Endpoint};
pub use client::Client;
pub use config::{BROWSER_USER_AGENT, ClientConfig, Timeouts};
pub use error::{Error, LoginError, Result};
pub use pagination::Listing;
pub use retry::RetryConfig;
pub use tokens::{Credentials, StoreLock, TokenProvider, TokenStore, Tokens};
pub use transport::Stats;
