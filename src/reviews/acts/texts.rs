//! Texts of the review as they are stored: encrypted with the key of their record.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};

use super::super::state::Text;
use crate::record_keys::{KeyOf, Keys, NewKey, RecordKey, keys_of, store_keys};

/// A record whose texts are stored: its table, its natural key, its revision.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record<'a> {
    pub(super) table: &'static str,
    pub(super) key: &'a str,
    pub(super) revision: i32,
}

/// The encryption of the texts of one record.
#[derive(Debug)]
pub(super) struct Texts<'a> {
    record: Record<'a>,
    keys: Keys,
    new: Option<NewKey>,
}

impl<'a> Texts<'a> {
    /// That of a record.
    pub(super) async fn of<C: ConnectionTrait>(
        connection: &C,
        record: Record<'a>,
    ) -> Result<Self, DbErr> {
        let mut found: HashMap<_, _> = keys_of(connection, record.table, &[record.key]).await?;
        Ok(Self {
            keys: found.remove(record.key).unwrap_or_default(),
            record,
            new: None,
        })
    }

    /// A text as it is stored.
    pub(super) fn stored(&mut self, text: &Text) -> Result<String, DbErr> {
        let text = match text {
            Text::Stored(text) => return Ok(text.clone()),
            Text::New(text) => text,
        };
        let from = match self.keys.of(self.record.revision) {
            KeyOf::Known(key) => return key.encrypt(text).map_err(failed),
            KeyOf::Sealed => return Err(failed("the record is sealed")),
            KeyOf::New(from) => from,
        };
        let key = RecordKey::generate().map_err(failed)?;
        let stored = key.encrypt(text).map_err(failed)?;
        self.new = Some(NewKey {
            table: self.record.table,
            record_key: self.record.key.to_owned(),
            from_revision: from,
            key: key.clone(),
        });
        self.keys.add(from, key);
        Ok(stored)
    }

    /// The same of a text that may be missing.
    pub(super) fn stored_if_any(&mut self, text: Option<&Text>) -> Result<Option<String>, DbErr> {
        text.map(|text| self.stored(text)).transpose()
    }

    /// Stores the key, if one was made.
    pub(super) async fn finish<C: ConnectionTrait>(
        self,
        connection: &C,
        now: DateTime<Utc>,
    ) -> Result<(), DbErr> {
        let new: Vec<_> = self.new.into_iter().collect();
        store_keys(connection, &new, now).await
    }
}

fn failed(error: impl std::fmt::Display) -> DbErr {
    DbErr::Custom(error.to_string())
}
