//! Encrypts the free text of rows before they are staged, each with the key of its record. Rows of sealed
//! records are not staged.

use std::collections::{HashMap, HashSet};

use entities::{list::TextList, record_key, record_seal};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect, Value};

use super::{
    problem::Problems,
    row::{ReadRow, columns},
};
use crate::{
    record_keys::{KeyOf, Keys, NewKey, RecordKey, keys_of},
    records::{Kind, RecordType},
};

/// Which keys and seals there are; while it stays the same, none was made or lifted.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct KeyState([Option<i64>; 3]);

impl KeyState {
    /// What it is now.
    pub(super) async fn read<C: ConnectionTrait>(connection: &C) -> Result<Self, DbErr> {
        let last_key = record_key::Entity::find()
            .select_only()
            .expr(record_key::Column::Id.max());
        let last_seal = record_seal::Entity::find()
            .select_only()
            .expr(record_seal::Column::Id.max());
        let lifted = record_seal::Entity::find()
            .select_only()
            .expr(record_seal::Column::Id.count())
            .filter(record_seal::Column::LiftedAt.is_not_null());
        Ok(Self([
            last_key
                .into_tuple::<Option<i64>>()
                .one(connection)
                .await?
                .flatten(),
            last_seal
                .into_tuple::<Option<i64>>()
                .one(connection)
                .await?
                .flatten(),
            lifted
                .into_tuple::<Option<i64>>()
                .one(connection)
                .await?
                .flatten(),
        ]))
    }
}

/// The encryption of one type's rows.
#[derive(Debug)]
pub(super) struct Encryption {
    record_type: &'static RecordType,
    /// Where the encrypted values stand among those of a row, and whether each is a list.
    places: Vec<(usize, bool)>,
    /// Where the revision stands, if there is one.
    revision: Option<usize>,
    /// Whether rows of sealed records are left out without a word: nobody can take them out of the binary.
    leaves_out_sealed: bool,
    known: HashMap<String, Keys>,
    new: Vec<NewKey>,
}

impl Encryption {
    /// That of a type of which no row was read.
    pub(super) fn new(record_type: &'static RecordType, leaves_out_sealed: bool) -> Self {
        // The line of a row stands before its columns.
        let columns = columns(record_type);
        let place = |name: &str| {
            let place = columns.iter().position(|column| column.staged() == name);
            place.map(|place| place + 1)
        };
        let places = record_type.encrypted().filter_map(|field| {
            let is_list = matches!(field.kind, Kind::List);
            place(field.name).map(|place| (place, is_list))
        });
        Self {
            places: places.collect(),
            revision: place("revision").filter(|_| record_type.is_revised()),
            record_type,
            leaves_out_sealed,
            known: HashMap::new(),
            new: Vec::new(),
        }
    }

    /// Encrypts the rows of a batch; those of sealed records are taken out of it, and go to the problems.
    pub(super) async fn apply<C: ConnectionTrait>(
        &mut self,
        connection: &C,
        batch: &mut Vec<ReadRow>,
        problems: &mut Problems,
    ) -> Result<(), DbErr> {
        if self.record_type.sealed_by.is_none() {
            return Ok(());
        }
        let records: HashSet<&str> = batch.iter().map(|row| row.record_key.as_str()).collect();
        let unknown = records
            .into_iter()
            .filter(|key| !self.known.contains_key(*key));
        let unknown: Vec<_> = unknown.collect();
        let mut found = keys_of(connection, self.record_type.table, &unknown).await?;
        for record in unknown {
            let keys = found.remove(record).unwrap_or_default();
            self.known.insert(record.to_owned(), keys);
        }
        let mut kept = Vec::with_capacity(batch.len());
        for mut row in std::mem::take(batch) {
            if self.encrypt(&mut row)? {
                kept.push(row);
            } else if !self.leaves_out_sealed {
                let reason = sealed(self.record_type).to_owned();
                problems.add(&self.record_type.file(), row.line, None, reason);
            }
        }
        *batch = kept;
        Ok(())
    }

    /// Whether its record is not sealed: then its texts are encrypted.
    fn encrypt(&mut self, row: &mut ReadRow) -> Result<bool, DbErr> {
        let revision = match self.revision.and_then(|place| row.values.get(place)) {
            Some(Value::Int(Some(revision))) => *revision,
            _ => 1,
        };
        let keys = self.known.entry(row.record_key.clone()).or_default();
        let from = match keys.of(revision) {
            KeyOf::Sealed => return Ok(false),
            KeyOf::Known(key) => {
                encrypt_values(&mut row.values, &self.places, key)?;
                return Ok(true);
            }
            KeyOf::New(from) => from,
        };
        if !self
            .places
            .iter()
            .any(|(place, _)| has_text(row.values.get(*place)))
        {
            return Ok(true);
        }
        let key = RecordKey::generate().map_err(failed)?;
        encrypt_values(&mut row.values, &self.places, &key)?;
        self.new.push(NewKey {
            table: self.record_type.table,
            record_key: row.record_key.clone(),
            from_revision: from,
            key: key.clone(),
        });
        keys.add(from, key);
        Ok(true)
    }

    /// The keys that were made.
    pub(super) fn into_new(self) -> Vec<NewKey> {
        self.new
    }
}

fn sealed(record_type: &RecordType) -> &'static str {
    if record_type.is_revised() {
        "this revision is of a sealed record; leave the row out (a correction is a later revision)"
    } else {
        "this record is sealed; leave the row out (another record in its place has another key)"
    }
}

fn has_text(value: Option<&Value>) -> bool {
    matches!(value, Some(Value::String(Some(text))) if !text.is_empty())
}

fn encrypt_values(
    values: &mut [Value],
    places: &[(usize, bool)],
    key: &RecordKey,
) -> Result<(), DbErr> {
    for (place, is_list) in places {
        if let Some(Value::String(Some(text))) = values.get_mut(*place) {
            *text = encrypt_value(text, *is_list, key)?;
        }
    }
    Ok(())
}

/// A value as it is stored: each element of a list by itself, what is empty as it is.
pub(super) fn encrypt_value(text: &str, is_list: bool, key: &RecordKey) -> Result<String, DbErr> {
    if text.is_empty() {
        return Ok(String::new());
    }
    if !is_list {
        return key.encrypt(text).map_err(failed);
    }
    let list: TextList = std::iter::once(text.to_owned()).collect();
    let elements = list.into_vec().into_iter();
    let elements: Result<TextList, _> = elements.map(|element| key.encrypt(&element)).collect();
    Ok(elements.map_err(failed)?.to_string())
}

pub(super) fn failed(error: impl std::fmt::Display) -> DbErr {
    DbErr::Custom(error.to_string())
}
