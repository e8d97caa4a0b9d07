//! One entry of the list of hosts that may be asked.

use std::net::IpAddr;

use reqwest::Url;

/// A host, or all hosts below a name, with the scheme and the port it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostPattern {
    text: String,
    /// `None`: https, and for this machine http too.
    scheme: Option<Scheme>,
    host: Host,
    /// `None`: any.
    port: Option<u16>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scheme {
    Http,
    Https,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Host {
    Address(IpAddr),
    Name(String),
    /// With the leading dot.
    Below(String),
}

impl HostPattern {
    /// Whether it names an address itself, which then needs no further permission.
    pub(super) fn is_address(&self) -> bool {
        matches!(self.host, Host::Address(_))
    }

    /// Whether it is for a URL's host and port, whatever the scheme.
    pub(super) fn is_for(&self, url: &Url) -> bool {
        let port = url.port_or_known_default();
        self.is_for_host(host_of(url).as_ref()) && (self.port.is_none() || self.port == port)
    }

    /// Whether it is for a name, whatever the port.
    pub(super) fn is_for_name(&self, name: &str) -> bool {
        self.is_for_host(Some(&Host::Name(bare(name))))
    }

    fn is_for_host(&self, host: Option<&Host>) -> bool {
        match (&self.host, host) {
            (Host::Below(suffix), Some(Host::Name(name))) => {
                name.len() > suffix.len() && name.ends_with(suffix.as_str())
            }
            (own, Some(host)) => own == host,
            (_, None) => false,
        }
    }

    /// Whether the URL's scheme is allowed.
    pub(super) fn allows_scheme(&self, url: &Url) -> bool {
        match (self.scheme, url.scheme()) {
            (_, "https") => self.scheme != Some(Scheme::Http),
            (Some(Scheme::Http), "http") => true,
            (None, "http") => match &self.host {
                Host::Address(address) => address.is_loopback(),
                Host::Name(name) => is_localhost(name),
                Host::Below(_) => false,
            },
            _ => false,
        }
    }
}

/// Whether a name always means this machine (RFC 6761).
pub(super) fn is_localhost(name: &str) -> bool {
    let name = bare(name);
    name == "localhost" || name.ends_with(".localhost")
}

/// The address of a URL that names one, `None` for a name.
pub(super) fn find_address(url: &Url) -> Option<IpAddr> {
    match host_of(url)? {
        Host::Address(address) => Some(address),
        _ => None,
    }
}

fn host_of(url: &Url) -> Option<Host> {
    let text = url.host_str()?;
    if let Some(domain) = url.domain() {
        return Some(Host::Name(bare(domain)));
    }
    let address = text.trim_start_matches('[').trim_end_matches(']');
    address.parse().ok().map(Host::Address)
}

/// In lower case and without the trailing dot of a full name.
fn bare(name: &str) -> String {
    let name = name.to_ascii_lowercase();
    name.strip_suffix('.')
        .map_or_else(|| name.clone(), str::to_owned)
}

impl std::str::FromStr for HostPattern {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refuse = |why: &str| {
            format!(
                "`{text}` {why}; write a host such as `graph.example.org`, \
                 `*.example.org:8443` or `http://10.20.0.7:4001`"
            )
        };
        let (scheme, rest) = match text.split_once("://") {
            Some(("http", rest)) => (Some(Scheme::Http), rest),
            Some(("https", rest)) => (Some(Scheme::Https), rest),
            Some(_) => return Err(refuse("has a scheme other than http and https")),
            None => (None, text),
        };
        let (is_below, rest) = match rest.strip_prefix("*.") {
            Some(suffix) => (true, suffix),
            None => (false, rest),
        };
        let has_more = rest.is_empty() || rest.contains(['/', '?', '#', '@', '*', '\\', ' ']);
        if has_more {
            return Err(refuse("is no host"));
        }
        let url = Url::parse(&format!("https://{rest}")).map_err(|_| refuse("is no host"))?;
        let host = match host_of(&url) {
            Some(Host::Name(name)) if is_below => Host::Below(format!(".{name}")),
            Some(Host::Address(_)) if is_below => return Err(refuse("has no hosts below it")),
            Some(host) => host,
            None => return Err(refuse("is no host")),
        };
        let has_port = rest.rsplit_once(':').is_some_and(|(_, port)| {
            !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit())
        }) && !rest.ends_with(']');
        Ok(Self {
            text: text.to_owned(),
            scheme,
            host,
            port: has_port.then(|| url.port_or_known_default()).flatten(),
        })
    }
}

impl std::fmt::Display for HostPattern {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_for(pattern: &str, url: &str) -> bool {
        let pattern: HostPattern = pattern.parse().unwrap();
        let url = Url::parse(url).unwrap();
        pattern.is_for(&url) && pattern.allows_scheme(&url)
    }

    #[test]
    fn hosts_match_whole() {
        assert!(is_for("graph.example.org", "https://GRAPH.example.org/q"));
        assert!(is_for(
            "graph.example.org",
            "https://graph.example.org.:9/q"
        ));
        assert!(!is_for("graph.example.org", "https://x.graph.example.org/"));
        assert!(!is_for(
            "graph.example.org",
            "https://graph.example.org.evil.test/"
        ));
        assert!(!is_for("graph.example.org", "https://graph.example.orgs/"));
    }

    #[test]
    fn a_star_stands_for_labels() {
        assert!(is_for("*.example.org", "https://a.example.org/"));
        assert!(is_for("*.example.org", "https://a.b.example.org/"));
        assert!(!is_for("*.example.org", "https://example.org/"));
        assert!(!is_for("*.example.org", "https://badexample.org/"));
    }

    #[test]
    fn a_port_is_exact() {
        assert!(is_for("a.example:443", "https://a.example/"));
        assert!(!is_for("a.example:443", "https://a.example:8443/"));
        assert!(is_for("a.example", "https://a.example:8443/"));
        assert!(is_for(
            "[2606:4700::1]:8443",
            "https://[2606:4700::1]:8443/"
        ));
        assert!(!is_for("[2606:4700::1]:8443", "https://[2606:4700::1]/"));
        assert!(is_for("[2606:4700::1]", "https://[2606:4700::1]:9/"));
    }

    #[test]
    fn http_needs_to_be_said() {
        assert!(!is_for("a.example", "http://a.example/"));
        assert!(is_for("http://a.example", "http://a.example/"));
        assert!(!is_for("http://a.example", "https://a.example/"));
        assert!(!is_for("https://localhost", "http://localhost/"));
        assert!(is_for("localhost:4001", "http://localhost:4001/"));
        assert!(is_for("127.0.0.1:4001", "http://127.0.0.1:4001/"));
    }

    #[test]
    fn what_is_no_pattern() {
        for wrong in [
            "",
            "*",
            "*.",
            "a/b",
            "ftp://a.example",
            "a b",
            "*.10.0.0.1",
            "a@b.example",
            "a.*.b",
            "https://",
            "a.example:99999",
        ] {
            assert!(wrong.parse::<HostPattern>().is_err(), "{wrong}");
        }
    }
}
