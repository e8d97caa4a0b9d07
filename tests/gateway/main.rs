//! The plain federation gateway, over subgraphs on real sockets.

#[path = "../support/app.rs"]
mod app;
#[path = "../support/scratch.rs"]
mod scratch;

mod bounds;
mod fixture;
mod reload;
mod retries;
