//! Sources that register while the service runs: what they may do, what a change would break, and
//! which supergraph they make together with the embedded ones.

pub mod default_level;
mod export;
pub mod fetch;
pub mod hash;
pub mod holdings;
pub mod judgement;
pub mod level;
pub mod name;
pub mod plain;
pub mod recording;
pub mod report;
pub mod rules;
mod schema;
pub mod service;
pub mod store;

pub use export::{ExportError, export, levels};
pub use schema::{Handle, source};
