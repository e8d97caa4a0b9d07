//! The keys as they are stored.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entities::{record_key, record_seal};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect,
};

use super::cipher::{KeyError, RecordKey};

/// Values bound at once; SQLite takes 32,766.
const CHUNK: usize = 2_000;

/// The keys and seals of one record.
#[derive(Debug, Default)]
pub struct Keys {
    /// The first revision of each key, with the key.
    keys: Vec<(i32, RecordKey)>,
    /// The last revision of each seal, and whether it is in force.
    seals: Vec<(i32, bool)>,
}

/// The key of a revision.
#[derive(Debug)]
pub enum KeyOf<'a> {
    /// This one.
    Known(&'a RecordKey),
    /// One that is still to be made, for this revision and those after it.
    New(i32),
    /// None: the revision is sealed.
    Sealed,
}

impl Keys {
    /// The key that encrypts the texts of a revision. One that was made before a record was sealed encrypts no
    /// revision that came after.
    pub fn of(&self, revision: i32) -> KeyOf<'_> {
        let covers = |through: &i32| *through >= revision;
        if self
            .seals
            .iter()
            .any(|(through, is_held)| *is_held && covers(through))
        {
            return KeyOf::Sealed;
        }
        let ended = self.seals.iter().filter(|(through, _)| !covers(through));
        let first = ended.map(|(through, _)| through + 1).max().unwrap_or(1);
        let keys = self.keys.iter().filter(|(from, _)| *from <= revision);
        match keys.max_by_key(|(from, _)| *from) {
            Some((from, key)) if *from >= first => KeyOf::Known(key),
            _ => KeyOf::New(first),
        }
    }

    /// Adds a key that was made, from a revision on.
    pub fn add(&mut self, from: i32, key: RecordKey) {
        self.keys.push((from, key));
    }
}

/// A key that is not stored yet.
#[derive(Debug)]
pub struct NewKey {
    /// Table of its record.
    pub table: &'static str,
    /// Natural key of its record.
    pub record_key: String,
    /// The first revision that it encrypts.
    pub from_revision: i32,
    /// The key.
    pub key: RecordKey,
}

/// The keys and seals of records of a table, by natural key; records without either are not in it.
pub async fn keys_of<C: ConnectionTrait>(
    connection: &C,
    table: &str,
    records: &[&str],
) -> Result<HashMap<String, Keys>, DbErr> {
    let mut found: HashMap<String, Keys> = HashMap::new();
    for chunk in records.chunks(CHUNK) {
        use record_key::Column;
        let rows = record_key::Entity::find()
            .filter(Column::RecordTable.eq(table))
            .filter(Column::RecordKey.is_in(chunk.iter().copied()))
            .all(connection)
            .await?;
        for row in rows {
            let keys = found.entry(row.record_key).or_default();
            if let Some(secret) = row.secret {
                let key = RecordKey::stored(row.name, &secret).map_err(invalid)?;
                keys.add(row.from_revision, key);
            }
        }
        let seals = record_seal::Entity::find()
            .filter(record_seal::Column::RecordTable.eq(table))
            .filter(record_seal::Column::RecordKey.is_in(chunk.iter().copied()))
            .all(connection)
            .await?;
        for seal in seals {
            let keys = found.entry(seal.record_key).or_default();
            keys.seals
                .push((seal.through_revision, seal.lifted_at.is_none()));
        }
    }
    Ok(found)
}

/// The keys with these names that may be read with: not those of sealed records.
pub async fn readable<C: ConnectionTrait>(
    connection: &C,
    names: impl IntoIterator<Item = &str>,
) -> Result<Vec<RecordKey>, DbErr> {
    use record_key::Column;
    let rows: Vec<(String, Option<String>)> = record_key::Entity::find()
        .select_only()
        .columns([Column::Name, Column::Secret])
        .filter(Column::Name.is_in(names))
        .filter(Column::SealedAt.is_null())
        .into_tuple()
        .all(connection)
        .await?;
    let keys = rows.into_iter().filter_map(|(name, secret)| {
        let key = RecordKey::stored(name.clone(), &secret?);
        // One that is damaged is no reason not to read the others.
        key.inspect_err(|error| tracing::error!(%error, name, "a key cannot be read"))
            .ok()
    });
    Ok(keys.collect())
}

/// Stores new keys.
pub async fn store_keys<C: ConnectionTrait>(
    connection: &C,
    keys: &[NewKey],
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    for chunk in keys.chunks(CHUNK) {
        let rows = chunk.iter().map(|new| record_key::ActiveModel {
            name: Set(new.key.name().to_owned()),
            record_table: Set(new.table.to_owned()),
            record_key: Set(new.record_key.clone()),
            from_revision: Set(new.from_revision),
            secret: Set(Some(new.key.secret())),
            created_at: Set(now),
            ..Default::default()
        });
        record_key::Entity::insert_many(rows)
            .exec_without_returning(connection)
            .await?;
    }
    Ok(())
}

fn invalid(error: KeyError) -> DbErr {
    DbErr::Custom(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_ends_what_a_key_encrypts() {
        let key = || RecordKey::generate().unwrap();
        let mut keys = Keys::default();
        assert!(matches!(keys.of(3), KeyOf::New(1)));
        keys.add(1, key());
        assert!(matches!(keys.of(3), KeyOf::Known(_)));
        keys.seals.push((3, true));
        assert!(matches!(keys.of(2), KeyOf::Sealed));
        assert!(matches!(keys.of(4), KeyOf::New(4)));
        keys.add(4, key());
        let later = keys.keys[1].1.name().to_owned();
        assert!(matches!(keys.of(5), KeyOf::Known(key) if key.name() == later));
        keys.seals[0].1 = false;
        let first = keys.keys[0].1.name().to_owned();
        assert!(matches!(keys.of(3), KeyOf::Known(key) if key.name() == first));
    }
}
