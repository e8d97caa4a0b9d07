//! Records operations that were answered: by signature, counted, and stored at intervals.
//!
//! No value of a client is recorded, since signatures have none. All that is kept is bounded.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use indexmap::IndexMap;
use moka::sync::Cache;

use super::{
    hash,
    service::Registry,
    store::{Client, Seen},
};
use crate::gateway::ParsedOperation;

/// Bytes of a signature that are kept.
const MOST_SIGNATURE_BYTES: usize = 16 * 1024;
/// Bytes of an operation's name that are kept.
const MOST_NAME_BYTES: usize = 128;
/// Coordinates of one operation that are kept.
const MOST_COORDINATES: usize = 2_000;
/// Operations of one entity counted between two times of storing, and of all anonymous callers
/// together; more are not counted.
const MOST_PENDING: usize = 1_000;
/// Clients of one entity that are counted separately for one operation between two times of
/// storing.
const MOST_CLIENTS: usize = 20;
/// The client name for all callers without a token, whatever they call themselves.
const ANONYMOUS: &str = "(anonymous)";
/// The client name for further clients.
const OTHERS: &str = "(others)";
/// Bytes of signed documents remembered.
const CACHE_BYTES: u64 = 16 << 20;

/// An operation without its values.
#[derive(Debug)]
struct Signed {
    key: String,
    name: Option<String>,
    signature: String,
    coordinates: Vec<String>,
}

/// What an operation is counted by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Asked {
    supergraph: u64,
    document: Arc<str>,
    operation: Option<String>,
}

/// Counts operations until they are stored.
#[derive(Debug)]
pub struct Recorder {
    signed: Cache<Asked, Option<Arc<Signed>>>,
    pending: Mutex<Pending>,
}

/// What is counted and not stored yet.
#[derive(Debug, Default)]
struct Pending {
    seen: IndexMap<String, Seen>,
    /// How many operations an entity was the first to send; the empty one is for anonymous callers.
    first_by: IndexMap<String, usize>,
}

impl Pending {
    /// The entry of an operation, made if the entity has not too many.
    fn entry(&mut self, key: &str, entity: &str, make: impl FnOnce() -> Seen) -> Option<&mut Seen> {
        if !self.seen.contains_key(key) {
            let first = self.first_by.entry(entity.to_owned()).or_default();
            if *first >= MOST_PENDING {
                return None;
            }
            *first += 1;
            self.seen.insert(key.to_owned(), make());
        }
        self.seen.get_mut(key)
    }
}

impl Default for Recorder {
    fn default() -> Self {
        let weigh = |asked: &Asked, signed: &Option<Arc<Signed>>| {
            let kept = signed.as_ref().map_or(0, |signed| {
                signed.signature.len() + signed.coordinates.iter().map(String::len).sum::<usize>()
            });
            u32::try_from(asked.document.len() + kept).unwrap_or(u32::MAX)
        };
        Self {
            signed: Cache::builder()
                .weigher(weigh)
                .max_capacity(CACHE_BYTES)
                .build(),
            pending: Mutex::default(),
        }
    }
}

impl Recorder {
    /// Counts one request that was answered. `supergraph` identifies the schema.
    pub fn count(&self, supergraph: u64, operation: &ParsedOperation, client: Client) {
        let asked = Asked {
            supergraph,
            document: Arc::clone(operation.text()),
            operation: operation.name().map(str::to_owned),
        };
        let signed = self
            .signed
            .get_with(asked, || sign(operation).map(Arc::new));
        let Some(signed) = signed else {
            return;
        };
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = pending.entry(&signed.key, &client.entity, || Seen {
            key: signed.key.clone(),
            name: signed.name.clone(),
            signature: signed.signature.clone(),
            coordinates: signed.coordinates.clone(),
            clients: IndexMap::new(),
        });
        let Some(seen) = seen else {
            return;
        };
        let client = client.among(&seen.clients);
        let requests = seen.clients.entry(client).or_default();
        *requests = requests.saturating_add(1);
    }

    /// Takes what was counted since the last time.
    pub fn take(&self) -> Vec<Seen> {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *pending).seen.into_values().collect()
    }

    /// Gives back what could not be stored, as long as there is room.
    pub fn put_back(&self, seen: Vec<Seen>) {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        for operation in seen {
            let mut clients = operation.clients.clone();
            let entity = clients.keys().map(|client| client.entity.clone()).max();
            let entity = entity.unwrap_or_default();
            let empty = || Seen {
                clients: IndexMap::new(),
                ..operation.clone()
            };
            let Some(known) = pending.entry(&operation.key, &entity, empty) else {
                continue;
            };
            for (client, requests) in clients.drain(..) {
                let known = known.clients.entry(client).or_default();
                *known = known.saturating_add(requests);
            }
        }
    }
}

impl Client {
    /// All callers without a token.
    pub fn anonymous() -> Self {
        Self {
            entity: String::new(),
            name: ANONYMOUS.to_owned(),
            version: String::new(),
        }
    }

    /// The client it is counted as: itself, unless its entity has too many.
    fn among(self, known: &IndexMap<Self, i64>) -> Self {
        let of_entity = known.keys().filter(|each| each.entity == self.entity);
        if known.contains_key(&self) || of_entity.count() < MOST_CLIENTS {
            return self;
        }
        Self {
            name: OTHERS.to_owned(),
            version: String::new(),
            ..self
        }
    }
}

/// Stores what was counted, at intervals, forever.
pub async fn store_counts(recorder: Arc<Recorder>, registry: Arc<Registry>, pause: Duration) {
    loop {
        tokio::time::sleep(pause).await;
        let seen = recorder.take();
        if seen.is_empty() {
            continue;
        }
        let today = registry.now().date_naive();
        if let Err(error) = registry.store().record(&seen, today).await {
            tracing::warn!(%error, "recorded operations could not be stored; they are kept");
            recorder.put_back(seen);
        }
    }
}

/// `None` for introspection.
fn sign(operation: &ParsedOperation) -> Option<Signed> {
    let coordinates = operation.coordinates_used();
    if !coordinates
        .iter()
        .any(|coordinate| coordinate.contains('.'))
    {
        return None;
    }
    let text = operation.signature();
    Some(Signed {
        key: hash::of([text.as_str()]),
        name: operation
            .name()
            .map(|name| cut(name.to_owned(), MOST_NAME_BYTES)),
        signature: cut(text, MOST_SIGNATURE_BYTES),
        coordinates: coordinates.into_iter().take(MOST_COORDINATES).collect(),
    })
}

fn cut(mut text: String, most: usize) -> String {
    text.truncate(text.floor_char_boundary(most));
    text
}
