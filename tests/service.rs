//! The service from outside: one program of tests, since each one takes as long to link as the service itself.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "what tests share fails as tests do, and says what was skipped"
)]

mod support;

mod audit_trail;
mod cli;
mod gateway;
mod import;
mod interference;
mod issuers;
mod joint;
mod matrix;
mod redaction;
mod registration;
mod registry;
mod reviews;
mod schema;
mod sealing;
mod server;
mod sources;
