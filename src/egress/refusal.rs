//! Why a URL or an address may not be asked.

use std::net::IpAddr;

/// Why a URL may not be asked; says what to change.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It is not a URL.
    #[error("`{0}` is no URL: {1}; write one such as `https://graph.example.org/graphql`")]
    NoUrl(String, String),
    /// A character that no URL is written with, and that parsing would leave out or replace.
    #[error("the URL has {what} as its character {place}; leave it out, or percent-encode it")]
    Character {
        /// What it is.
        what: String,
        /// Which character of the URL it is; 1 is the first.
        place: usize,
    },
    /// Neither http nor https.
    #[error("the scheme `{0}` is not allowed; use https")]
    Scheme(String),
    /// http where https is needed.
    #[error(
        "`{0}` is allowed over https only; use https, or have the operator allow \
         `http://{0}` by name"
    )]
    Unencrypted(String),
    /// A name or a password in the URL.
    #[error("the URL holds credentials; leave them out: they would be stored and shown")]
    Credentials,
    /// A fragment, which never reaches a server.
    #[error("the URL holds a fragment (`#…`); leave it out")]
    Fragment,
    /// Not on the list.
    #[error(
        "the host `{0}` is not among those that are allowed; have the operator add it \
         (`serve --allow-source-host {0}`, or `registry.source_hosts` in the settings)"
    )]
    Host(String),
    /// An address that is never allowed, or whose network the operator has to allow.
    #[error("the address {0} is not allowed: {1}")]
    Address(IpAddr, &'static str),
    /// A name that leads to such an address, which only the operator's log shows.
    #[error(
        "the name `{0}` leads to an address that is not allowed, private or reserved; \
         if that network is meant, have the operator add it to `registry.source_networks`"
    )]
    NameLeads(String),
    /// A name without an address.
    #[error("the name `{0}` cannot be resolved: {1}")]
    Unresolved(String, String),
}
