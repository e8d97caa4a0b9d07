//! The service over HTTP.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what tests share fails as tests do, and says what was skipped"
)]

#[path = "../support/app.rs"]
mod app;
#[path = "../support/scratch.rs"]
#[expect(dead_code, reason = "each suite uses a part of what is shared")]
mod scratch;

mod credentials;
mod cross_origin;
mod faults;
mod fixture;
mod limits;
mod pages;
mod protocol;
mod shutdown;
mod withheld;
