//! Tokens of `OpenID` Connect providers, and the policies that their bearers satisfy.

mod keys;
mod mapping;
mod policies;
pub(crate) mod provider;
mod revoked;
mod tokens;
