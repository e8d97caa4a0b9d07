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
use ipnet::Ipv6Net;
use tokio::sync::Notify;

/// Bits of the network that a subscriber is given with IPv6.
const SUBSCRIBER: u8 = 64;

/// Places for connections, in total and by address.
#[derive(Debug)]
pub(super) struct Seats {
    most: usize,
    most_by_address: usize,
    /// Counts the turns that clients got.
    turns: Arc<AtomicU64>,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    next: u64,
    seats: IndexMap<u64, Arc<Occupant>>,
    by_address: HashMap<IpAddr, usize>,
}

/// A place; dropping it gives it back.
#[derive(Debug)]
pub(super) struct Seat {
    seats: Arc<Seats>,
    number: u64,
    occupant: Arc<Occupant>,
}

/// A connection, as far as others may have to know it.
#[derive(Debug)]
pub(in crate::server) struct Occupant {
    address: IpAddr,
    phase: AtomicU8,
    /// The turn since which it has waited for its client.
    waits_since: AtomicU64,
    turns: Arc<AtomicU64>,
    wanted: Notify,
}

/// Nothing has been asked yet.
const UNUSED: u8 = 0;
/// It is the client's turn: to ask, or to send the rest of its request.
const WAITS: u8 = 1;
/// A request is being worked on.
const WORKS: u8 = 2;

/// As long as it lives, the connection is not closed to make room for another.
#[derive(Debug)]
pub(in crate::server) struct Working(Arc<Occupant>);

impl Seats {
    /// So many places, so many of them for one address.
    pub(super) fn new(most: usize, most_by_address: usize) -> Self {
        Self {
            most,
            most_by_address,
            turns: Arc::default(),
            taken: Mutex::default(),
        }
    }

    /// A place for a connection. Where there is none, the connection that waits the longest for its
    /// client makes room: one of the same address where that has its share already. `None` where
    /// all of them have a request that is worked on.
    pub(super) fn take(self: &Arc<Self>, address: IpAddr) -> Option<Seat> {
        let address = network(address);
        let mut taken = self.lock();
        let of_address = taken.by_address.get(&address).copied().unwrap_or_default();
        if of_address >= self.most_by_address {
            taken.close_one(Some(address))?;
        } else if taken.seats.len() >= self.most {
            taken.close_one(None)?;
        }
        let occupant = Arc::new(Occupant {
            address,
            phase: AtomicU8::new(UNUSED),
            waits_since: AtomicU64::default(),
            turns: Arc::clone(&self.turns),
            wanted: Notify::new(),
        });
        occupant.waits_from_now();
        let number = taken.next;
        taken.next += 1;
        taken.seats.insert(number, Arc::clone(&occupant));
        *taken.by_address.entry(address).or_default() += 1;
        Some(Seat {
            seats: Arc::clone(self),
            number,
            occupant,
        })
    }

    /// Closes the connection that waits the longest, if one waits.
    pub(super) fn make_room(&self) {
        self.lock().close_one(None);
    }

    /// Closes the connections on which nothing was asked yet.
    pub(super) fn close_unused(&self) {
        for occupant in self.lock().seats.values() {
            if occupant.phase.load(Ordering::Acquire) == UNUSED {
                occupant.wanted.notify_one();
            }
        }
    }

    /// Closes every connection.
    pub(super) fn close_all(&self) {
        for occupant in self.lock().seats.values() {
            occupant.wanted.notify_one();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Taken {
    fn close_one(&mut self, address: Option<IpAddr>) -> Option<()> {
        let (&number, _) = self
            .seats
            .iter()
            .filter(|(_, occupant)| {
                occupant.phase.load(Ordering::Acquire) != WORKS
                    && address.is_none_or(|address| occupant.address == address)
            })
            .min_by_key(|(_, occupant)| occupant.waits_since.load(Ordering::Relaxed))?;
        let occupant = self.remove(number)?;
        occupant.wanted.notify_one();
        Some(())
    }

    fn remove(&mut self, number: u64) -> Option<Arc<Occupant>> {
        let occupant = self.seats.swap_remove(&number)?;
        if let Some(count) = self.by_address.get_mut(&occupant.address) {
            *count -= 1;
            if *count == 0 {
                self.by_address.remove(&occupant.address);
            }
        }
        Some(occupant)
    }
}

impl Seat {
    /// Who sits here.
    pub(super) fn occupant(&self) -> Arc<Occupant> {
        Arc::clone(&self.occupant)
    }

    /// Resolves when the connection has to be closed.
    pub(super) async fn is_wanted(&self) {
        self.occupant.wanted.notified().await;
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.seats.lock().remove(self.number);
    }
}

impl Occupant {
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
        let turn = self.turns.fetch_add(1, Ordering::Relaxed);
        self.waits_since.store(turn, Ordering::Relaxed);
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        self.0.has_asked();
    }
}

/// What counts as one address: with IPv6, the network that a subscriber is given.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Net::new_assert(address, SUBSCRIBER).network().into(),
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    fn seats(most: usize, most_by_address: usize) -> (Arc<Seats>, impl Fn(&str) -> Option<Seat>) {
        let seats = Arc::new(Seats::new(most, most_by_address));
        let same = Arc::clone(&seats);
        (seats, move |address: &str| {
            same.take(address.parse().unwrap())
        })
    }

    fn is_closed(seat: &Seat) -> bool {
        seat.is_wanted().now_or_never().is_some()
    }

    #[test]
    fn an_address_makes_room_for_itself() {
        let (_seats, take) = seats(10, 2);
        let other = take("198.51.100.1").unwrap();
        let first = take("192.0.2.1").unwrap();
        let second = take("192.0.2.1").unwrap();
        first.occupant().has_asked();
        let third = take("192.0.2.1").unwrap();
        let closed = [&other, &first, &second, &third].map(is_closed);
        assert_eq!(closed, [false, false, true, false]);
    }

    #[test]
    fn a_request_that_is_worked_on_is_left_alone() {
        let (_seats, take) = seats(10, 1);
        let first = take("192.0.2.1").unwrap();
        let working = first.occupant().work();
        assert!(take("192.0.2.1").is_none());
        drop(working);
        let second = take("192.0.2.1").unwrap();
        assert!(is_closed(&first) && !is_closed(&second));
    }

    #[test]
    fn the_total_holds_and_places_come_back() {
        let (seats, take) = seats(2, 2);
        let first = take("192.0.2.1").unwrap();
        let second = take("192.0.2.2").unwrap();
        let third = take("192.0.2.3").unwrap();
        assert_eq!(
            [&first, &second, &third].map(is_closed),
            [true, false, false]
        );
        drop((first, second, third));
        let taken = seats.lock();
        assert!(taken.seats.is_empty() && taken.by_address.is_empty());
    }

    #[test]
    fn a_network_of_ipv6_counts_as_one_address() {
        let (_seats, take) = seats(10, 1);
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
