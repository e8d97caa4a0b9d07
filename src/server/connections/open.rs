//! Open connections, and which idle one is closed where there are too many.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU8, AtomicU64, Ordering},
    },
};

use indexmap::IndexMap;
use tokio::sync::Notify;

use crate::server::network::network;

/// Places for connections, in total and by address.
#[derive(Debug)]
pub(super) struct OpenConnections {
    most: usize,
    most_by_address: usize,
    /// Numbers the moments at which connections began to wait.
    order: Arc<AtomicU64>,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    next: u64,
    connections: IndexMap<u64, Arc<ConnectionState>>,
    by_address: HashMap<IpAddr, usize>,
}

/// A place; dropping it gives it back.
#[derive(Debug)]
pub(super) struct ConnectionGuard {
    open: Arc<OpenConnections>,
    number: u64,
    peer: IpAddr,
    state: Arc<ConnectionState>,
}

/// A connection, as far as others may have to know it.
#[derive(Debug)]
pub(in crate::server) struct ConnectionState {
    address: IpAddr,
    phase: AtomicU8,
    /// The number of the moment since which it waits for its client.
    waits_since: AtomicU64,
    order: Arc<AtomicU64>,
    wanted: Notify,
}

/// Nothing has been asked yet.
const UNUSED: u8 = 0;
/// It waits for its client to ask, or to send the rest of its request.
const WAITS: u8 = 1;
/// A request is being worked on.
const WORKS: u8 = 2;

/// As long as it lives, the connection is not closed to make room for another.
#[derive(Debug)]
pub(in crate::server) struct Working(Arc<ConnectionState>);

impl OpenConnections {
    /// So many places, so many of them for one address.
    pub(super) fn new(most: usize, most_by_address: usize) -> Self {
        Self {
            most,
            most_by_address,
            order: Arc::default(),
            taken: Mutex::default(),
        }
    }

    /// A place for a connection. Where there is none, the connection that waits the longest for its
    /// client makes room: one of the same address where that has its share already. `None` where
    /// all of them have a request that is worked on. A trusted proxy has no share of its own: its
    /// connections are those of many clients.
    pub(super) fn take(self: &Arc<Self>, peer: IpAddr, is_proxy: bool) -> Option<ConnectionGuard> {
        let address = network(peer);
        let mut taken = self.lock();
        let of_address = taken.by_address.get(&address).copied().unwrap_or_default();
        if !is_proxy && of_address >= self.most_by_address {
            taken.close_one(Some(address))?;
        } else if taken.connections.len() >= self.most {
            taken.close_one(None)?;
        }
        let state = Arc::new(ConnectionState {
            address,
            phase: AtomicU8::new(UNUSED),
            waits_since: AtomicU64::default(),
            order: Arc::clone(&self.order),
            wanted: Notify::new(),
        });
        state.waits_from_now();
        let number = taken.next;
        taken.next += 1;
        taken.connections.insert(number, Arc::clone(&state));
        *taken.by_address.entry(address).or_default() += 1;
        Some(ConnectionGuard {
            open: Arc::clone(self),
            number,
            peer,
            state,
        })
    }

    /// Closes the connection that waits the longest, if one waits.
    pub(super) fn make_room(&self) {
        self.lock().close_one(None);
    }

    /// Closes the connections on which nothing was asked yet.
    pub(super) fn close_unused(&self) {
        for state in self.lock().connections.values() {
            if state.phase.load(Ordering::Acquire) == UNUSED {
                state.wanted.notify_one();
            }
        }
    }

    /// Closes every connection.
    pub(super) fn close_all(&self) {
        for state in self.lock().connections.values() {
            state.wanted.notify_one();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Taken {
    fn close_one(&mut self, address: Option<IpAddr>) -> Option<()> {
        let (&number, _) = self
            .connections
            .iter()
            .filter(|(_, state)| {
                state.phase.load(Ordering::Acquire) != WORKS
                    && address.is_none_or(|address| state.address == address)
            })
            .min_by_key(|(_, state)| state.waits_since.load(Ordering::Relaxed))?;
        let state = self.remove(number)?;
        state.wanted.notify_one();
        Some(())
    }

    fn remove(&mut self, number: u64) -> Option<Arc<ConnectionState>> {
        let state = self.connections.swap_remove(&number)?;
        if let Some(count) = self.by_address.get_mut(&state.address) {
            *count -= 1;
            if *count == 0 {
                self.by_address.remove(&state.address);
            }
        }
        Some(state)
    }
}

impl ConnectionGuard {
    /// The connection that has this place.
    pub(super) fn state(&self) -> Arc<ConnectionState> {
        Arc::clone(&self.state)
    }

    /// The address of its other end.
    pub(super) fn peer(&self) -> IpAddr {
        self.peer
    }

    /// Resolves when the connection has to be closed.
    pub(super) async fn is_wanted(&self) {
        self.state.wanted.notified().await;
    }
}

impl Drop for ConnectionGuard {
    fn drop(&mut self) {
        self.open.lock().remove(self.number);
    }
}

impl ConnectionState {
    /// The head of a request has arrived.
    pub(super) fn has_asked(&self) {
        self.phase.store(WAITS, Ordering::Release);
        self.waits_from_now();
    }

    /// A request has arrived whole and is worked on as long as what this returns lives.
    pub(in crate::server) fn work(self: &Arc<Self>) -> Working {
        self.phase.store(WORKS, Ordering::Release);
        Working(Arc::clone(self))
    }

    fn waits_from_now(&self) {
        let number = self.order.fetch_add(1, Ordering::Relaxed);
        self.waits_since.store(number, Ordering::Relaxed);
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        self.0.has_asked();
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    fn open_connections(
        most: usize,
        most_by_address: usize,
    ) -> (
        Arc<OpenConnections>,
        impl Fn(&str) -> Option<ConnectionGuard>,
    ) {
        let open = Arc::new(OpenConnections::new(most, most_by_address));
        let same = Arc::clone(&open);
        (open, move |address: &str| {
            same.take(address.parse().unwrap(), false)
        })
    }

    fn is_closed(place: &ConnectionGuard) -> bool {
        place.is_wanted().now_or_never().is_some()
    }

    #[test]
    fn an_address_makes_room_for_itself() {
        let (_open, take) = open_connections(10, 2);
        let other = take("198.51.100.1").unwrap();
        let first = take("192.0.2.1").unwrap();
        let second = take("192.0.2.1").unwrap();
        first.state().has_asked();
        let third = take("192.0.2.1").unwrap();
        let closed = [&other, &first, &second, &third].map(is_closed);
        assert_eq!(closed, [false, false, true, false]);
    }

    #[test]
    fn a_request_that_is_worked_on_is_left_alone() {
        let (_open, take) = open_connections(10, 1);
        let first = take("192.0.2.1").unwrap();
        let working = first.state().work();
        assert!(take("192.0.2.1").is_none());
        drop(working);
        let second = take("192.0.2.1").unwrap();
        assert!(is_closed(&first) && !is_closed(&second));
    }

    #[test]
    fn the_total_holds_and_places_come_back() {
        let (open, take) = open_connections(2, 2);
        let first = take("192.0.2.1").unwrap();
        let second = take("192.0.2.2").unwrap();
        let third = take("192.0.2.3").unwrap();
        assert_eq!(
            [&first, &second, &third].map(is_closed),
            [true, false, false]
        );
        drop((first, second, third));
        let taken = open.lock();
        assert!(taken.connections.is_empty() && taken.by_address.is_empty());
    }

    #[test]
    fn a_network_of_ipv6_counts_as_one_address() {
        let (_open, take) = open_connections(10, 1);
        let first = take("2001:db8:1:2::1").unwrap();
        let _second = take("2001:db8:1:3::1").unwrap();
        assert!(!is_closed(&first));
        let _third = take("2001:db8:1:2:ffff::1").unwrap();
        assert!(is_closed(&first));
        let fourth = take("::ffff:192.0.2.1").unwrap();
        let _fifth = take("192.0.2.1").unwrap();
        assert!(is_closed(&fourth));
    }
}
