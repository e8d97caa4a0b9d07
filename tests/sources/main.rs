//! The embedded sources, each asked directly: what it tells, to whom, and what that costs.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "what tests share fails as tests do, and says what was skipped"
)]

#[path = "../support/database.rs"]
#[expect(
    dead_code,
    reason = "the records are loaded first, on one database after the other"
)]
mod database;
#[path = "../support/records.rs"]
mod records;

mod asking;
mod batches;
mod entities;
mod examples;
mod figures;
mod hidden_blocks;
mod pages;
mod refusals;
mod rows;
mod unreadable;
