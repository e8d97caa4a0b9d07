//! Tokens of `OpenID` Connect providers.

mod keys;
mod mapping;
pub(crate) mod provider;
mod revoked;
mod tokens;
