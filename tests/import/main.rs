//! Records on their way from files into the database, on every database there is.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "what tests share fails as tests do, and says what was skipped"
)]

#[path = "../support/database.rs"]
mod database;
#[path = "../support/scratch.rs"]
mod scratch;

mod case;
mod cells;
mod example;
mod files;
mod migrations;
mod references;
mod revisions;
mod rules;
mod templates;
