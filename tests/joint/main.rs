//! The joint schema over the example records, asked over HTTP, on every database there is.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "what tests share fails as tests do, and says what was skipped"
)]

#[path = "../support/app.rs"]
#[expect(dead_code, reason = "each suite uses a part of what is shared")]
mod app;
#[path = "../support/database.rs"]
#[expect(dead_code, reason = "each suite uses a part of what is shared")]
mod database;
#[path = "../support/records.rs"]
mod records;
#[path = "../support/scratch.rs"]
#[expect(dead_code, reason = "each suite uses a part of what is shared")]
mod scratch;

mod arguments;
mod clearance;
mod cost;
mod example;
mod failures;
mod landing;
mod levels;
mod nodes;
mod parties;
