//! Sources that register while the service runs, over HTTP: published, failing, retired, returned.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "what tests share fails as tests do, and says what was skipped"
)]

#[path = "../support/app.rs"]
#[expect(dead_code, reason = "each suite uses a part of what is shared")]
mod app;
#[path = "../support/database.rs"]
mod database;
#[path = "../support/scratch.rs"]
mod scratch;

mod changes;
mod command_line;
mod crash;
mod failures;
mod faulty;
mod fixture;
mod length;
mod load;
mod outage;
mod plain;
mod proxy;
#[path = "../registry/random.rs"]
#[expect(dead_code, reason = "each suite uses a part of what is shared")]
mod random;
mod refusals;
mod replicas;
mod source;
mod terminal;
mod tls;
mod token;
mod told;
