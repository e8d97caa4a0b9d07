//! Where a request comes from. In: the address of the connection and the headers of the request. Out: a
//! [`ClientAddress`]. Invariant: `Forwarded` and `X-Forwarded-*` count only where the connection comes
//! from a proxy that the settings name, and of the addresses in them only those that such a proxy wrote.

use std::{net::IpAddr, sync::Arc};

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::host;
use crate::{
    app::App,
    config::{ForwardedHeader, Networks},
    error::ApiError,
};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");

/// The address of a connection's other end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer(pub(super) IpAddr);

/// The address of the client, behind whatever trusted proxies there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ClientAddress(pub(super) IpAddr);

/// Finds the client's address; refuses what does not come through a proxy where one is needed.
pub(super) async fn resolve(
    State(app): State<Arc<App>>,
    mut request: Request,
    next: Next,
) -> Response {
    let Some(Peer(peer)) = request.extensions().get().copied() else {
        return next.run(request).await;
    };
    let proxies = &app.proxies;
    let is_proxy = proxies.contain(peer);
    let is_health = request.uri().path().starts_with("/health/");
    if !is_proxy && !is_health && !peer.to_canonical().is_loopback() && app.needs_proxy() {
        return ApiError::ProxyRequired.into_response();
    }
    let mut client = peer;
    if is_proxy {
        let kind = app.config.forwarded_header;
        client = client_of(peer, request.headers(), proxies, kind);
        if let Some(host) = host_of(request.headers(), kind) {
            // The host of the connection is checked as well: a page whose name leads to this machine may
            // write this header itself.
            if let Err(refusal) = host::check_foreign(&app, &request) {
                return refusal.into_response();
            }
            request.headers_mut().insert(header::HOST, host);
        }
    }
    request.extensions_mut().insert(ClientAddress(client));
    let mut response = next.run(request).await;
    if app.config.tls.is_on() {
        let year = HeaderValue::from_static("max-age=31536000");
        let name = header::STRICT_TRANSPORT_SECURITY;
        response.headers_mut().insert(name, year);
    }
    response
}

/// The nearest address that is no trusted proxy. One that cannot be read ends the search: what is
/// beyond it was written by somebody unknown.
fn client_of(
    peer: IpAddr,
    headers: &HeaderMap,
    proxies: &Networks,
    kind: ForwardedHeader,
) -> IpAddr {
    let addresses = match kind {
        ForwardedHeader::XForwarded => values(headers, &FORWARDED_FOR)
            .flat_map(|value| value.split(','))
            .map(|text| read_address(text.trim()))
            .collect::<Vec<_>>(),
        ForwardedHeader::Forwarded => elements(headers)
            .map(|element| parameter(&element, "for").and_then(|text| read_address(&text)))
            .collect(),
    };
    let mut client = peer;
    for address in addresses.into_iter().rev() {
        let Some(address) = address else {
            break;
        };
        client = address;
        if !proxies.contain(address) {
            break;
        }
    }
    client
}

/// The host that the client asked for, as the nearest proxy says.
fn host_of(headers: &HeaderMap, kind: ForwardedHeader) -> Option<HeaderValue> {
    let host = match kind {
        ForwardedHeader::XForwarded => {
            let last = values(headers, &FORWARDED_HOST).last()?;
            last.rsplit(',').next()?.trim().to_owned()
        }
        ForwardedHeader::Forwarded => parameter(&elements(headers).last()?, "host")?,
    };
    (!host.is_empty()).then(|| host.parse().ok()).flatten()
}

fn values<'h>(headers: &'h HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'h str> {
    let all = headers.get_all(name).into_iter();
    // What is no text is an address that cannot be read.
    all.map(|value| value.to_str().unwrap_or("?"))
}

/// The parameters of one element of `Forwarded`, each a proxy's; `None` where it cannot be read.
type Element = Option<Vec<(String, String)>>;

/// The elements of `Forwarded` (RFC 7239, section 4). A header line that is not written like that is one
/// element that cannot be read: what a proxy added to it cannot be told from what the client wrote.
fn elements(headers: &HeaderMap) -> impl Iterator<Item = Element> {
    values(headers, &header::FORWARDED).flat_map(|line| {
        read_line(line).map_or_else(
            || vec![None],
            |elements| elements.into_iter().map(Some).collect(),
        )
    })
}

fn read_line(line: &str) -> Option<Vec<Vec<(String, String)>>> {
    let mut elements = vec![Vec::new()];
    let mut rest = line.trim();
    while !rest.is_empty() {
        let (name, after) = rest.split_once('=')?;
        let name = name.trim_start();
        if name.is_empty() || !name.bytes().all(is_token) {
            return None;
        }
        let (value, after) = read_value(after)?;
        let element: &mut Vec<(String, String)> = elements.last_mut()?;
        let name = name.to_ascii_lowercase();
        if element.iter().any(|(known, _)| *known == name) {
            return None;
        }
        element.push((name, value));
        let after = after.trim_start();
        rest = match after.as_bytes().first() {
            None => "",
            Some(b';') => &after[1..],
            Some(b',') => {
                elements.push(Vec::new());
                &after[1..]
            }
            Some(_) => return None,
        };
    }
    Some(elements)
}

/// A token or a quoted string (RFC 9110, section 5.6), and what follows it.
fn read_value(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([';', ',', ' ', '\t']).unwrap_or(text.len());
        let (value, rest) = text.split_at(end);
        let is_plain = |byte: u8| is_token(byte) || b":[]".contains(&byte);
        return (!value.is_empty() && value.bytes().all(is_plain))
            .then(|| (value.to_owned(), rest));
    };
    let mut value = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Some((value, &quoted[at + 1..])),
            '\\' => value.push(characters.next()?.1),
            other => value.push(other),
        }
    }
    None
}

fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

fn parameter(element: &Element, name: &str) -> Option<String> {
    let mut parameters = element.as_ref()?.iter();
    let (_, value) = parameters.find(|(known, _)| known == name)?;
    Some(value.clone())
}

/// An address with or without a port; IPv6 with a port is in brackets.
fn read_address(text: &str) -> Option<IpAddr> {
    if let Ok(address) = text.parse::<IpAddr>() {
        return Some(address.to_canonical());
    }
    let host = match text.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?.0,
        None => text.split_once(':')?.0,
    };
    host.parse::<IpAddr>()
        .ok()
        .map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;

    use super::*;

    fn client(kind: ForwardedHeader, headers: &[(&'static str, &str)]) -> String {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        let proxies = ["10.0.0.0/8".to_owned(), "2001:db8::/32".to_owned()];
        let proxies = Networks::parse(&proxies).unwrap();
        client_of("10.0.0.1".parse().unwrap(), &map, &proxies, kind).to_string()
    }

    #[test]
    fn the_nearest_address_that_is_no_proxy_is_the_client() {
        let of = |value: &str| client(ForwardedHeader::XForwarded, &[("x-forwarded-for", value)]);
        assert_eq!(of("203.0.113.9"), "203.0.113.9");
        // What the client wrote itself stands to the left of what the proxy added.
        assert_eq!(of("198.51.100.1, 203.0.113.9"), "203.0.113.9");
        assert_eq!(of("198.51.100.1, 203.0.113.9, 10.0.0.7"), "203.0.113.9");
        assert_eq!(of("203.0.113.9:5123"), "203.0.113.9");
        assert_eq!(of("[2001:db9::7]:80"), "2001:db9::7");
        assert_eq!(of("198.51.100.1, unknown, 10.0.0.7"), "10.0.0.7");
        assert_eq!(of("unknown"), "10.0.0.1");
        assert_eq!(of(""), "10.0.0.1");
        let twice = [
            ("x-forwarded-for", "198.51.100.1"),
            ("x-forwarded-for", "203.0.113.9"),
        ];
        assert_eq!(client(ForwardedHeader::XForwarded, &twice), "203.0.113.9");
    }

    #[test]
    fn forwarded_is_read_as_in_rfc_7239() {
        let of = |value: &str| client(ForwardedHeader::Forwarded, &[("forwarded", value)]);
        assert_eq!(of("for=203.0.113.9;proto=https;by=10.0.0.1"), "203.0.113.9");
        assert_eq!(of("For=\"[2001:db9::7]:4711\""), "2001:db9::7");
        assert_eq!(of("for=198.51.100.1, for=203.0.113.9"), "203.0.113.9");
        assert_eq!(of("for=\"198.51.100.1, for=203.0.113.9\""), "10.0.0.1");
        assert_eq!(of("for=_hidden"), "10.0.0.1");
        // What a client writes cannot swallow what the proxy adds to the same line.
        for written in ["for=6.6.6.6", "for=6.6.6.6;x=\"\\\"\""] {
            assert_eq!(of(&format!("{written}, for=203.0.113.9")), "203.0.113.9");
        }
        for broken in [
            "for=6.6.6.6;x=\"",
            "for=6.6.6.6;for=6.6.6.7",
            "for",
            "for=6.6.6.6 x",
            "=",
            ";",
        ] {
            assert_eq!(
                of(&format!("{broken}, for=203.0.113.9")),
                "10.0.0.1",
                "{broken}"
            );
        }
        assert_eq!(of("for=6.6.6.6;x=\"\\\"\", for=203.0.113.9"), "203.0.113.9");
        // The other header is the client's own.
        let other = [
            ("x-forwarded-for", "198.51.100.1"),
            ("forwarded", "for=203.0.113.9"),
        ];
        assert_eq!(client(ForwardedHeader::Forwarded, &other), "203.0.113.9");
        assert_eq!(client(ForwardedHeader::XForwarded, &other), "198.51.100.1");
    }
}
