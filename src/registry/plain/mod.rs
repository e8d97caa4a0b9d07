//! A GraphQL server without federation (a plain source), made a subgraph.
//!
//! In: what it answers to introspection, a prefix, and the root mutations that its entity names. Out: the
//! SDL of a subgraph whose types and root fields have prefixed names. Invariant: it has no keys and
//! shares nothing; its root fields are nullable; mutations that are not named, subscriptions, and types
//! that only these lead to are left out. `src/gateway/translation` translates requests to the server.

mod error;
mod introspection;
mod left_out;
mod prefix;
mod roots;
mod unreachable;

pub use error::PrefixError;
pub use introspection::{Features, PROBE, question, sdl_of};
pub use left_out::{left_out, told_left_out};
pub use prefix::{mutations_of, prefixed};

/// A root mutation of a plain server that its entity wants in the joint schema. The others stay
/// out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedMutation {
    /// Its name at the server.
    pub name: String,
    /// The scope that callers need for it; the schema itself has to say where none is given.
    pub scope: Option<String>,
}

impl std::str::FromStr for NamedMutation {
    type Err = std::convert::Infallible;

    /// Reads `field` or `field=scope`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, scope) = match text.split_once('=') {
            Some((name, scope)) => (name, Some(scope.to_owned())),
            None => (text, None),
        };
        Ok(Self {
            name: name.to_owned(),
            scope,
        })
    }
}
