//! The levels of the records in an answer: each that is above UNCLASSIFIED is noted with its id when it is
//! answered, so that the answer can be labelled, and so that the gateway knows what it may hand to others.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_graphql::{Context, ID, Name, Response, Result, Value};

use super::provenance::Classification;

/// The extension of a source's response that holds the levels of records: by the code of the entity whose they
/// are, then by id.
pub const RECORD_LEVELS: &str = "recordLevels";

/// Stands for values without an id among the ids of records.
pub const VALUES: &str = "";

/// The entity whose the records of the review are: situations, parties.
pub const REVIEW: &str = "REVIEWS";

/// What is noted for one request to a source.
#[derive(Clone, Debug)]
pub struct RecordLevels(Arc<Noted>);

#[derive(Debug)]
struct Noted {
    owner: String,
    levels: Mutex<ByOwner>,
}

type ByOwner = BTreeMap<String, BTreeMap<String, Classification>>;

impl RecordLevels {
    /// For a source whose records are an entity's.
    pub fn new(owner: String) -> Self {
        Self(Arc::new(Noted {
            owner,
            levels: Mutex::default(),
        }))
    }

    /// Notes the level of a record of the source's entity that is answered, by an id or another key.
    pub fn note(&self, id: &str, level: Classification) {
        self.note_of(&self.0.owner, id, level);
    }

    /// Notes the level of another entity's record whose id is answered.
    pub fn note_of(&self, owner: &str, id: &str, level: Classification) {
        if level == Classification::Unclassified {
            return;
        }
        let mut noted = lock(&self.0.levels);
        let of_owner = noted.entry(owner.to_owned()).or_default();
        let known = of_owner.entry(id.to_owned()).or_insert(level);
        *known = level.max(*known);
    }

    /// Notes the level of values of rows without an id: figures, counts of rows.
    pub fn note_values(&self, level: Classification) {
        self.note(VALUES, level);
    }

    /// Adds what was noted to a response.
    pub fn add_to(&self, response: &mut Response) {
        let noted = lock(&self.0.levels);
        if noted.is_empty() {
            return;
        }
        let by_owner = noted.iter().map(|(owner, levels)| {
            let levels = levels.iter();
            let levels = levels.map(|(id, level)| (Name::new(id), Value::from(*level)));
            (Name::new(owner), Value::Object(levels.collect()))
        });
        let levels = Value::Object(by_owner.collect());
        response.extensions.insert(RECORD_LEVELS.to_owned(), levels);
    }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The id of a record of the source's entity, its level noted.
pub fn record_id(context: &Context<'_>, id: &str, level: Classification) -> Result<ID> {
    context.data::<RecordLevels>()?.note(id, level);
    Ok(ID(id.to_owned()))
}

/// The level of what exists for everybody, or for who needs to know alone.
pub const fn level_where(is_public: bool) -> Classification {
    if is_public {
        Classification::Unclassified
    } else {
        Classification::Confidential
    }
}
