//! The rules of outgoing calls: which URLs may be asked, and which addresses names may lead to.

use std::net::IpAddr;

use reqwest::Url;

use super::{
    address::{Network, Reach, reach},
    lookup::{Lookup, SystemLookup},
    pattern::{HostPattern, find_address, is_localhost},
    refusal::Refusal,
};

const MAX_URL_BYTES: usize = 2048;

/// The rules of outgoing calls.
#[derive(Debug)]
pub struct Egress {
    hosts: Vec<HostPattern>,
    networks: Vec<Network>,
    lookup: Box<dyn Lookup>,
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

    /// Reads a URL and checks it, without any network request.
    pub fn parse(&self, text: &str) -> Result<Url, Refusal> {
        // It is stored and answered as it was typed, so it has to be what it is parsed as.
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

    /// Checks a URL, without any network request. The addresses of its name are checked at each
    /// use.
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
        let Some(address) = find_address(url) else {
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

    /// The addresses of a name that may be asked; never empty.
    pub async fn resolve(&self, name: &str) -> Result<Vec<IpAddr>, Refusal> {
        if !self.hosts.iter().any(|pattern| pattern.is_for_name(name)) {
            return Err(Refusal::Host(name.to_owned()));
        }
        if is_localhost(name) {
            // RFC 6761: this machine, without a name server.
            return Ok(vec![
                IpAddr::from([127, 0, 0, 1]),
                IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1]),
            ]);
        }
        let found = self.lookup.lookup(name).await;
        let found =
            found.map_err(|error| Refusal::Unresolved(name.to_owned(), error.to_string()))?;
        let mut refused = None;
        let allowed: Vec<IpAddr> = found
            .into_iter()
            .filter(|address| match self.check_address(*address) {
                Ok(()) => true,
                Err(kind) => {
                    tracing::warn!(name, %address, kind, "a name leads to an address that is not allowed");
                    refused = Some(Refusal::NameLeads(name.to_owned()));
                    false
                }
            })
            .collect();
        if allowed.is_empty() {
            return Err(refused.unwrap_or_else(|| {
                Refusal::Unresolved(name.to_owned(), "it has no address".to_owned())
            }));
        }
        Ok(allowed)
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
