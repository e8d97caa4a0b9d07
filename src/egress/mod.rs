//! What may be asked over the network: a URL that somebody registers must not turn the gateway on
//! its own surroundings (server-side request forgery).
//!
//! Hosts are allowed by name, addresses are judged when they are used, no redirect is followed and
//! no proxy is taken from the environment.

mod address;
mod pattern;
mod resolver;

use std::{net::IpAddr, sync::Arc};

use reqwest::{ClientBuilder, Url, redirect};

pub use address::{Network, Reach, reach, unmapped};
pub use pattern::HostPattern;
pub use resolver::{Lookup, SystemLookup};

const MAX_URL_BYTES: usize = 2048;

/// The rules of outgoing calls.
#[derive(Debug)]
pub struct Egress {
    hosts: Vec<HostPattern>,
    networks: Vec<Network>,
    lookup: Box<dyn Lookup>,
}

/// Why a URL is not asked; says what to change.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It is none.
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
    #[error("the scheme `{0}` is not asked; use https")]
    Scheme(String),
    /// http where https is needed.
    #[error(
        "`{0}` may be asked over https alone; use https, or have the operator allow \
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
        "the host `{0}` is not among those that may be asked; have the operator add it \
         (`serve --allow-source-host {0}`, or `registry.source_hosts` in the settings)"
    )]
    Host(String),
    /// An address nobody is asked at, or not without leave.
    #[error("the address {0} is not asked: {1}")]
    Address(IpAddr, &'static str),
    /// A name that leads to such an address; the address is for the operator's log alone.
    #[error(
        "the name `{0}` leads to an address that is not asked, of a private network or of none; \
         if that network is meant, have the operator add it to `registry.source_networks`"
    )]
    NameLeads(String),
    /// A name without an address.
    #[error("the name `{0}` cannot be resolved: {1}")]
    Unresolved(String, String),
}

impl Egress {
    /// Rules with the hosts that may be asked and the private networks that names may lead to.
    pub fn new(hosts: Vec<HostPattern>, networks: Vec<Network>) -> Self {
        Self::with_lookup(hosts, networks, Box::new(SystemLookup))
    }

    /// The same with name servers of one's own.
    pub fn with_lookup(
        hosts: Vec<HostPattern>,
        networks: Vec<Network>,
        lookup: Box<dyn Lookup>,
    ) -> Self {
        Self {
            hosts,
            networks,
            lookup,
        }
    }

    /// Reads a URL and checks it, without asking anybody.
    pub fn parse(&self, text: &str) -> Result<Url, Refusal> {
        // It is stored and told as it was typed, so it has to be what it is parsed as.
        if let Some(refusal) = find_character(text) {
            return Err(refusal);
        }
        if text.len() > MAX_URL_BYTES {
            let why = format!("it is longer than {MAX_URL_BYTES} bytes");
            let start = text.chars().take(40).collect::<String>() + "…";
            return Err(Refusal::NoUrl(start, why));
        }
        let url =
            Url::parse(text).map_err(|error| Refusal::NoUrl(text.to_owned(), error.to_string()))?;
        self.check(&url)?;
        Ok(url)
    }

    /// Checks a URL, without asking anybody. What its name leads to is checked at each use.
    pub fn check(&self, url: &Url) -> Result<(), Refusal> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Refusal::Scheme(url.scheme().to_owned()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refusal::Credentials);
        }
        if url.fragment().is_some() {
            return Err(Refusal::Fragment);
        }
        let host = authority(url);
        let mut patterns = self
            .hosts
            .iter()
            .filter(|pattern| pattern.is_for(url))
            .peekable();
        if patterns.peek().is_none() {
            return Err(Refusal::Host(host));
        }
        let mut is_named = false;
        let mut is_encrypted_enough = false;
        for pattern in patterns {
            is_named |= pattern.is_address();
            is_encrypted_enough |= pattern.allows_scheme(url);
        }
        if !is_encrypted_enough {
            return Err(Refusal::Unencrypted(host));
        }
        let Some(address) = pattern::find_address(url) else {
            return Ok(());
        };
        match reach(address) {
            // The operator wrote this very address into the list.
            Reach::Private(_) if is_named => Ok(()),
            _ => self
                .check_address(address)
                .map_err(|kind| Refusal::Address(address, kind)),
        }
    }

    fn check_address(&self, address: IpAddr) -> Result<(), &'static str> {
        let is_allowed = || {
            self.networks
                .iter()
                .any(|network| network.contains(address))
        };
        match reach(address) {
            Reach::Public => Ok(()),
            Reach::Private(_) if is_allowed() => Ok(()),
            Reach::Private(kind) | Reach::Never(kind) => Err(kind),
        }
    }

    /// Makes a client obey: names are resolved under these rules, nothing is followed, no proxy of
    /// the environment is used. URLs must still pass [`Egress::check`], since an address in a URL
    /// is not resolved.
    pub fn guard(self: &Arc<Self>, client: ClientBuilder) -> ClientBuilder {
        client
            .no_proxy()
            .redirect(redirect::Policy::none())
            .dns_resolver(Arc::new(resolver::GuardedResolver(Arc::clone(self))))
    }
}

fn find_character(text: &str) -> Option<Refusal> {
    let what = |letter: char| match letter {
        '\\' => Some("a backslash"),
        _ if letter.is_control() => Some("a control character"),
        _ if letter.is_whitespace() => Some("white space"),
        // They make a text look like another one.
        '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' => {
            Some("an invisible character")
        }
        '\u{2060}'..='\u{206f}' | '\u{feff}' => Some("an invisible character"),
        _ => None,
    };
    let mut letters = text.chars().enumerate();
    letters.find_map(|(before, letter)| {
        let what = format!("{} (U+{:04X})", what(letter)?, u32::from(letter));
        let place = before + 1;
        Some(Refusal::Character { what, place })
    })
}

fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port()
        .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}
