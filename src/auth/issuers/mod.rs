//! Bearer tokens of other issuers: `OpenID` Connect providers that the settings name. In: a token. Out: the
//! caller that it names, by the issuer's mapping, or why it is refused. Invariant: which issuer a token is
//! checked against follows from its `iss`, which keys and algorithms from the settings of that issuer; the
//! token's header chooses among them and nothing else (no `jwk`, `jku` or `x5u` is read).

mod cache;
mod issuer;
mod keys;
mod mapping;
mod source;

pub(super) use cache::OnRemoval;
pub use issuer::Issuers;
