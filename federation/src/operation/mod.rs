//! Operations of clients: what they ask, said in ways the later steps can use.

mod signature;
mod usage;

pub use signature::signature;
pub use usage::coordinates_used;
