//! The rules of outgoing calls: a registered URL must not make the gateway call addresses of its
//! private network (server-side request forgery).
//!
//! Hosts are allowed by name, addresses are checked when they are used, no redirect is followed and
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
