//! Which addresses are public, which belong to a private network, and which are never allowed.
//!
//! After the special-purpose registries of IANA (RFC 6890 and its successors).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// What an address leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The internet.
    Public,
    /// This machine or a private network: only where that network is allowed.
    Private(&'static str),
    /// An address that is never allowed.
    Never(&'static str),
}

const fn v4([a, b, c, d]: [u8; 4], length: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), length)
}

const fn v6(first: u16, second: u16, length: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(first, second, 0, 0, 0, 0, 0, 0), length)
}

const V4: &[(Ipv4Net, Reach)] = &[
    (v4([0, 0, 0, 0], 8), Reach::Never("unspecified")),
    (v4([10, 0, 0, 0], 8), Reach::Private("private")),
    (v4([100, 64, 0, 0], 10), Reach::Private("shared")),
    (v4([127, 0, 0, 0], 8), Reach::Private("loopback")),
    (v4([169, 254, 0, 0], 16), Reach::Never("link-local")),
    (v4([172, 16, 0, 0], 12), Reach::Private("private")),
    (v4([192, 0, 0, 0], 24), Reach::Never("protocol assignment")),
    (v4([192, 0, 2, 0], 24), Reach::Never("documentation")),
    (v4([192, 88, 99, 0], 24), Reach::Never("relay")),
    (v4([192, 168, 0, 0], 16), Reach::Private("private")),
    (v4([198, 18, 0, 0], 15), Reach::Never("benchmarking")),
    (v4([198, 51, 100, 0], 24), Reach::Never("documentation")),
    (v4([203, 0, 113, 0], 24), Reach::Never("documentation")),
    (v4([224, 0, 0, 0], 4), Reach::Never("multicast")),
    (v4([240, 0, 0, 0], 4), Reach::Never("reserved")),
];

/// Where public addresses of IPv6 are, but for what is named below; no other is one.
const PUBLIC_V6: Ipv6Net = v6(0x2000, 0, 3);

const V6: &[(Ipv6Net, Reach)] = &[
    (v6(0x2001, 0, 23), Reach::Never("protocol assignment")),
    (v6(0x2001, 0xdb8, 32), Reach::Never("documentation")),
    (v6(0x3fff, 0, 20), Reach::Never("documentation")),
    (v6(0xfc00, 0, 7), Reach::Private("unique local")),
    (v6(0xfe80, 0, 10), Reach::Never("link-local")),
    (v6(0xfec0, 0, 10), Reach::Never("site-local")),
    (v6(0xff00, 0, 8), Reach::Never("multicast")),
];

/// What an address leads to, IPv4 addresses inside IPv6 ones included.
pub fn reach(address: IpAddr) -> Reach {
    match unmapped(address) {
        IpAddr::V4(address) => reach_v4(address),
        IpAddr::V6(address) => reach_v6(address),
    }
}

/// The address that a packet ends up at: IPv4 where IPv6 merely wraps it.
pub fn unmapped(address: IpAddr) -> IpAddr {
    let IpAddr::V6(wrapper) = address else {
        return address;
    };
    let parts = wrapper.segments();
    let low = (parts[6], parts[7]);
    let middle = (parts[1], parts[2]);
    let inner = match parts {
        // 2002:a.b.c.d:: (6to4)
        [0x2002, ..] => Some(middle),
        // ::a.b.c.d (compatible), save for :: and ::1
        [0, 0, 0, 0, 0, 0, ..] if low <= (0, 1) => None,
        // That, ::ffff:a.b.c.d (mapped), ::ffff:0:a.b.c.d (translated), 64:ff9b::a.b.c.d (NAT64)
        // and …:0:5efe:a.b.c.d, …:200:5efe:a.b.c.d (ISATAP)
        [0, 0, 0, 0, 0, 0 | 0xffff, ..]
        | [0, 0, 0, 0, 0xffff, 0, ..]
        | [0x64, 0xff9b, 0, 0, 0, 0, ..]
        | [_, _, _, _, 0 | 0x200, 0x5efe, ..] => Some(low),
        _ => None,
    };
    inner.map_or(address, |(high, low)| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        IpAddr::V4(Ipv4Addr::new(a, b, c, d))
    })
}

fn reach_v4(address: Ipv4Addr) -> Reach {
    let known = V4.iter().find(|(network, _)| network.contains(&address));
    known.map_or(Reach::Public, |(_, reach)| *reach)
}

fn reach_v6(address: Ipv6Addr) -> Reach {
    if address.is_loopback() {
        return Reach::Private("loopback");
    }
    if address.is_unspecified() {
        return Reach::Never("unspecified");
    }
    let known = V6.iter().find(|(network, _)| network.contains(&address));
    match known {
        Some((_, reach)) => *reach,
        None if PUBLIC_V6.contains(&address) => Reach::Public,
        None => Reach::Never("reserved"),
    }
}

/// A network: an address and how many of its bits count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network(IpNet);

impl Network {
    /// Whether an address lies in it.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.contains(&unmapped(address))
    }
}

impl std::str::FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.parse()
            .map(Self)
            .map_err(|_| format!("`{text}` is no network; write one such as `10.20.0.0/16`"))
    }
}

impl std::fmt::Display for Network {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Reach {
        reach(text.parse().unwrap())
    }

    #[test]
    fn public_addresses() {
        for text in [
            "1.1.1.1",
            "9.255.255.255",
            "11.0.0.0",
            "172.32.0.1",
            "2606:4700::1111",
        ] {
            assert_eq!(of(text), Reach::Public, "{text}");
        }
    }

    #[test]
    fn private_addresses() {
        for text in [
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.0.9",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.3.4",
            "::1",
            "fc00::1",
            "fd12:3456::1",
        ] {
            assert!(matches!(of(text), Reach::Private(_)), "{text}");
        }
    }

    #[test]
    fn addresses_nobody_is_asked_at() {
        for text in [
            "0.0.0.0",
            "0.1.2.3",
            "169.254.169.254",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "198.18.0.1",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "239.1.1.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "2001:db8::1",
            "2001::1",
            "3fff::1",
            "100::1",
            "5f00::1",
            "64:ff9b:1::1",
            "4000::1",
        ] {
            assert!(matches!(of(text), Reach::Never(_)), "{text}");
        }
    }

    #[test]
    fn an_address_inside_another_counts() {
        for text in [
            "::ffff:127.0.0.1",
            "::ffff:0:127.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2606:4700::5efe:7f00:1",
            "2606:4700::200:5efe:7f00:1",
        ] {
            assert_eq!(of(text), Reach::Private("loopback"), "{text}");
        }
        assert_eq!(of("::ffff:169.254.169.254"), Reach::Never("link-local"));
        assert_eq!(of("::ffff:1.1.1.1"), Reach::Public);
    }

    #[test]
    fn networks() {
        let network: Network = "10.20.0.0/16".parse().unwrap();
        assert!(network.contains("10.20.3.4".parse().unwrap()));
        assert!(network.contains("::ffff:10.20.3.4".parse().unwrap()));
        assert!(!network.contains("10.21.0.0".parse().unwrap()));
        assert!(
            "0.0.0.0/0"
                .parse::<Network>()
                .unwrap()
                .contains("10.0.0.1".parse().unwrap())
        );
        let one: Network = "2001:db8::1/128".parse().unwrap();
        assert!(one.contains("2001:db8::1".parse().unwrap()));
        assert!(!one.contains("2001:db8::2".parse().unwrap()));
        // Bits beyond the length do not count.
        let with_bits: Network = "10.20.3.4/16".parse().unwrap();
        assert!(with_bits.contains("10.20.0.1".parse().unwrap()));
        for wrong in ["10.0.0.0", "10.0.0.0/33", "x/8", "::/129", "10.0.0.0/-1"] {
            assert!(wrong.parse::<Network>().is_err(), "{wrong}");
        }
    }
}
