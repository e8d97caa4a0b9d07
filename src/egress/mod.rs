//! What may be asked over the network: a URL that somebody registers must not turn the gateway on
//! its own surroundings (server-side request forgery).
//!
//! Hosts are allowed by name, addresses are judged when they are used, no redirect is followed and
//! no proxy is taken from the environment.

mod address;
mod lookup;
mod pattern;
mod refusal;
mod resolver;
mod rules;

pub use address::{Network, Reach, reach, unmapped};
pub use lookup::{Lookup, SystemLookup};
pub use pattern::HostPattern;
pub use refusal::Refusal;
pub use rules::Egress;
