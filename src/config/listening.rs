//! Settings of where it listens: TLS, proxies in front of it, what callers without a token may read of the
//! schema.

use std::{net::IpAddr, path::PathBuf, time::Duration};

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

/// TLS; off without `cert_file`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TlsSettings {
    /// The certificate with those of its issuers, in PEM.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cert_file: Option<PathBuf>,
    /// The private key of the certificate, in PEM.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_file: Option<PathBuf>,
    /// Authorities that certificates of clients may come from, in PEM; without it clients show none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_ca_file: Option<PathBuf>,
    /// Whether a client without a certificate is refused.
    pub require_client_certificate: bool,
    /// Seconds between two looks whether the files have changed.
    pub reload_seconds: u64,
}

impl Default for TlsSettings {
    fn default() -> Self {
        Self {
            cert_file: None,
            key_file: None,
            client_ca_file: None,
            require_client_certificate: false,
            reload_seconds: 10,
        }
    }
}

impl TlsSettings {
    /// Whether it is on.
    pub fn is_on(&self) -> bool {
        self.cert_file.is_some()
    }

    /// [`TlsSettings::reload_seconds`] as a duration, never zero.
    pub fn reload(&self) -> Duration {
        Duration::from_secs(self.reload_seconds.max(1))
    }

    pub(super) fn check(&self) -> Result<(), String> {
        if self.cert_file.is_some() != self.key_file.is_some() {
            return Err("`tls.cert_file` and `tls.key_file` belong together; give both".to_owned());
        }
        if self.client_ca_file.is_some() && !self.is_on() {
            return Err("`tls.client_ca_file` needs `tls.cert_file`".to_owned());
        }
        if self.require_client_certificate && self.client_ca_file.is_none() {
            return Err(
                "`tls.require_client_certificate` needs `tls.client_ca_file`, which says whose \
                 certificates are accepted"
                    .to_owned(),
            );
        }
        Ok(())
    }
}

/// What callers without a token may read of the schema.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct IntrospectionSettings {
    /// Whether they may introspect and read `/schema.graphql` and `/levels.json`. Unless it is set: where
    /// it listens on a loopback address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub anonymous: Option<bool>,
}

/// The header in which a proxy says for whom it asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ForwardedHeader {
    /// `X-Forwarded-For` and `X-Forwarded-Host`.
    #[default]
    #[serde(rename = "x-forwarded")]
    XForwarded,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

/// Networks of proxies.
#[derive(Clone, Debug, Default)]
pub struct Networks(Vec<IpNet>);

impl Networks {
    /// Reads networks (`10.20.0.0/16`) and addresses.
    pub fn parse(texts: &[String]) -> Result<Self, String> {
        let networks = texts.iter().map(|text| {
            let address = text.parse::<IpAddr>().map(IpNet::from);
            let network = text.parse::<IpNet>().ok().or(address.ok());
            let network = network.ok_or_else(|| {
                format!(
                    "`{text}` is no address or network; write such as `10.20.0.7` or `10.20.0.0/16`"
                )
            })?;
            if network.prefix_len() == 0 {
                return Err(format!("`{text}` is every address"));
            }
            Ok(network)
        });
        networks.collect::<Result<_, _>>().map(Self)
    }

    /// Whether an address is in one of them.
    pub fn contain(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
