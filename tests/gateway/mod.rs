//! The plain federation gateway, over subgraphs on real sockets.

mod answers;
mod bounds;
mod errors;
mod fixture;
mod metrics;
mod planning;
mod reload;
mod retries;
mod settings;
