//! URLs of services whose word is believed: https, or this machine.

/// Whether nobody on the way can change what is read from there.
pub fn is_safe_url(url: &str) -> bool {
    let authority = |scheme: &str| {
        let rest = url.strip_prefix(scheme)?;
        rest.split(['/', '?', '#']).next()
    };
    if authority("https://").is_some_and(|authority| !authority.is_empty()) {
        return true;
    }
    authority("http://").is_some_and(|authority| {
        let host = authority
            .rsplit_once(':')
            .map_or(authority, |(host, _)| host);
        let address = host.trim_start_matches('[').trim_end_matches(']');
        !authority.contains('@')
            && (host == "localhost"
                || address
                    .parse::<std::net::IpAddr>()
                    .is_ok_and(|address| address.is_loopback()))
    })
}
