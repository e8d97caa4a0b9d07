//! The plain federation gateway, over subgraphs on real sockets.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what tests share fails as tests do, and says what was skipped"
)]

#[path = "../support/app.rs"]
#[expect(dead_code, reason = "each suite uses a part of what is shared")]
mod app;
#[path = "../support/scratch.rs"]
mod scratch;

mod answers;
mod bounds;
mod errors;
mod fixture;
mod metrics;
mod planning;
mod reload;
mod retries;
mod settings;
