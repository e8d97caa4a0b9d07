//! Names to addresses for outgoing calls: what a name leads to is judged at the moment of use, so
//! that a name server that changes its answer after a check gains nothing.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use futures::future::BoxFuture;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::{Egress, Refusal, pattern::is_localhost};

/// Asks name servers.
pub trait Lookup: Send + Sync + std::fmt::Debug {
    /// All addresses of a name.
    fn lookup(&self, name: &str) -> BoxFuture<'static, io::Result<Vec<IpAddr>>>;
}

/// The resolver of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemLookup;

impl Lookup for SystemLookup {
    fn lookup(&self, name: &str) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        let name = name.to_owned();
        Box::pin(async move {
            let addresses = tokio::net::lookup_host((name.as_str(), 0)).await?;
            Ok(addresses.map(|address| address.ip()).collect())
        })
    }
}

/// What reqwest asks for the addresses of a name.
#[derive(Clone, Debug)]
pub(super) struct GuardedResolver(pub(super) Arc<Egress>);

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let egress = Arc::clone(&self.0);
        Box::pin(async move {
            let addresses = egress.resolve(name.as_str()).await?;
            let addresses = addresses
                .into_iter()
                .map(|address| SocketAddr::new(address, 0));
            Ok(Box::new(addresses) as Addrs)
        })
    }
}

impl Egress {
    /// The addresses of a name that may be asked; never empty.
    pub async fn resolve(&self, name: &str) -> Result<Vec<IpAddr>, Refusal> {
        if !self.hosts.iter().any(|pattern| pattern.is_for_name(name)) {
            return Err(Refusal::Host(name.to_owned()));
        }
        if is_localhost(name) {
            // RFC 6761: this machine, without asking anybody.
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
                    tracing::warn!(name, %address, kind, "a name leads to what is not asked");
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
