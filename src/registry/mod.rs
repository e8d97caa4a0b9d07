//! Sources that register while the service runs: what they may do, what a change would break, and
//! which supergraph they make together with the embedded ones.

pub mod default_level;
mod export;
pub mod holdings;
pub mod judgement;
pub mod level;
pub mod name;
pub mod rules;

pub use export::{ExportError, export, levels};
