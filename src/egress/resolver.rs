//! A client that obeys the rules of outgoing calls: what a name leads to is checked at the moment of
//! use, so that a name server that changes its answer after a check gains nothing.

use std::{net::SocketAddr, sync::Arc};

use reqwest::{
    ClientBuilder,
    dns::{Addrs, Name, Resolve, Resolving},
    redirect,
};

use super::Egress;

/// What reqwest asks for the addresses of a name.
#[derive(Clone, Debug)]
struct GuardedResolver(Arc<Egress>);

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
    /// Makes a client obey: names are resolved under these rules, nothing is followed, no proxy of
    /// the environment is used. URLs must still pass [`Egress::check`], since an address in a URL
    /// is not resolved.
    pub fn guard(self: &Arc<Self>, client: ClientBuilder) -> ClientBuilder {
        client
            .no_proxy()
            .redirect(redirect::Policy::none())
            .dns_resolver(Arc::new(GuardedResolver(Arc::clone(self))))
    }
}
