//! What counts as one address.

use std::net::IpAddr;

use ipnet::Ipv6Net;

/// Bits of the network that a subscriber is given with IPv6.
const SUBSCRIBER: u8 = 64;

/// What counts as one address: with IPv6, the network that a subscriber is given.
pub(super) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Net::new_assert(address, SUBSCRIBER).network().into(),
        address @ IpAddr::V4(_) => address,
    }
}
