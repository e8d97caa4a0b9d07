//! The service over HTTP.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what tests share fails as tests do, and says what was skipped"
)]

#[path = "../support/app.rs"]
mod app;
#[path = "../support/database.rs"]
mod database;
#[path = "../support/scratch.rs"]
mod scratch;

mod connections;
mod credentials;
mod cross_origin;
mod egress;
mod faults;
mod fixture;
mod host;
mod keys;
mod limits;
mod pages;
mod protocol;
mod refusals;
mod shutdown;
mod withheld;
