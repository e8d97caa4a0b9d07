//! Refuses requests whose `Host` is not a name of this service.
//!
//! A page can make its own host name resolve to 127.0.0.1 after it was loaded (DNS rebinding): for
//! the browser it then has the same origin as this service, but the `Host` header has the page's
//! name.

use std::{net::IpAddr, sync::Arc};

use axum::{
    extract::{Request, State},
    http::{HeaderValue, Version, header, uri::Authority},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{app::App, error::ApiError};

/// Runs a request if its host is one of this service.
pub(super) async fn check(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    if let Some(what) = find_fault(&request) {
        return ApiError::BadRequest(what.to_owned()).into_response();
    }
    if let Err(refusal) = check_foreign(&app, &request) {
        return refusal.into_response();
    }
    next.run(request).await
}

/// Refuses a host that is not this service's.
pub(super) fn check_foreign(app: &App, request: &Request) -> Result<(), ApiError> {
    let allowed = &app.config.allowed_hosts;
    let is_checked = app.address.ip().is_loopback() || !allowed.is_empty();
    let foreign = is_checked.then(|| find_foreign_host(request, allowed));
    match foreign.flatten() {
        None => Ok(()),
        Some(host) => Err(ApiError::Host(format!(
            "This service does not go by the name `{host}`; whoever runs it can add the name to \
             `allowed_hosts` in the settings."
        ))),
    }
}

/// What is wrong with the `Host` of an HTTP/1.1 request, which has to have one.
///
/// <https://www.rfc-editor.org/rfc/rfc9112#section-3.2>
fn find_fault(request: &Request) -> Option<&'static str> {
    if request.version() != Version::HTTP_11 {
        return None;
    }
    let mut hosts = request.headers().get_all(header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (None, _) => Some(
            "The request has no `Host` header, which HTTP/1.1 requires: send the name or address \
             that is asked.",
        ),
        (Some(_), Some(_)) => Some("The request has several `Host` headers; send one."),
        (Some(host), None) => (!host.is_empty() && !is_authority(host))
            .then_some("The `Host` header is no name or address, with a port or without."),
    }
}

fn is_authority(host: &HeaderValue) -> bool {
    let authority = host
        .to_str()
        .ok()
        .and_then(|host| host.parse::<Authority>().ok());
    authority.is_some_and(|authority| !authority.as_str().contains('@'))
}

/// The host that is asked for, where it is none of this service's. A request without one is of
/// HTTP/1.0, and not a browser's.
fn find_foreign_host(request: &Request, allowed: &[String]) -> Option<String> {
    let mut hosts = request
        .headers()
        .get_all(header::HOST)
        .iter()
        .map(|value| value.to_str().unwrap_or("(unreadable)"))
        .chain(request.uri().authority().map(Authority::as_str));
    hosts
        .find(|host| !is_own(host, allowed))
        .map(|host| host.chars().take(100).collect())
}

fn is_own(host: &str, allowed: &[String]) -> bool {
    let Ok(authority) = host.parse::<Authority>() else {
        return false;
    };
    let name = authority.host().trim_end_matches('.');
    let address = name.trim_start_matches('[').trim_end_matches(']');
    !host.contains('@')
        && (name.eq_ignore_ascii_case("localhost")
            || address
                .parse::<IpAddr>()
                .is_ok_and(|address| address.to_canonical().is_loopback())
            || allowed
                .iter()
                .any(|known| known.eq_ignore_ascii_case(name) || known.eq_ignore_ascii_case(host)))
}

#[cfg(test)]
mod tests {
    use super::is_own;

    #[test]
    fn names_of_this_machine_and_those_allowed() {
        let allowed = ["graph.example.org".to_owned(), "[2001:db8::1]".to_owned()];
        for host in [
            "localhost",
            "LOCALHOST:4000",
            "localhost.",
            "127.0.0.1:4000",
            "127.9.9.9",
            "[::1]:4000",
            "[::ffff:127.0.0.1]",
            "graph.example.org",
            "Graph.Example.Org:443",
            "[2001:db8::1]:4000",
        ] {
            assert!(is_own(host, &allowed), "{host}");
        }
        for host in [
            "",
            "evil.example",
            "evil.example:4000",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "localhost@evil.example",
            "evil.example@localhost",
            "graph.example.org.evil.example",
            "10.0.0.1",
            "[::2]",
            "a b",
        ] {
            assert!(!is_own(host, &allowed), "{host}");
        }
    }
}
