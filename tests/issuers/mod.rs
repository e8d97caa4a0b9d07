//! Tokens of `OpenID` Connect providers.

mod keys;
mod mapping;
mod provider;
mod revoked;
mod tokens;
