//! Requests by the keys that their clients gave them: one that is repeated changes nothing and answers the same.

use chrono::{DateTime, TimeDelta, Utc};
use data_encoding::HEXLOWER;
use entities::review_request::{ActiveModel, Column, Entity};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};

use super::{super::state::Act, error::ActError};
use crate::auth::Person;

/// How long a key is remembered.
const REMEMBERED: TimeDelta = TimeDelta::days(2);

/// A request with its key.
#[derive(Debug)]
pub(super) struct Keyed {
    asked_by: String,
    key: String,
    digest: String,
}

impl Keyed {
    /// The request of a person.
    pub(super) fn new(person: &Person, key: &str, act: &Act) -> Self {
        let act = format!("{act:?}");
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, act.as_bytes());
        Self {
            asked_by: person.to_text(),
            key: key.to_owned(),
            digest: HEXLOWER.encode(digest.as_ref()),
        }
    }

    /// What came of it, if it was carried out already.
    pub(super) async fn outcome<C: ConnectionTrait>(
        &self,
        connection: &C,
    ) -> Result<Option<String>, ActError> {
        let found = Entity::find()
            .filter(Column::AskedBy.eq(self.asked_by.as_str()))
            .filter(Column::RequestKey.eq(self.key.as_str()))
            .one(connection)
            .await?;
        match found {
            Some(request) if request.digest == self.digest => Ok(Some(request.outcome)),
            Some(_) => Err(ActError::KeyReused),
            None => Ok(None),
        }
    }

    /// Remembers what came of it, and forgets what is past its time.
    pub(super) async fn remember<C: ConnectionTrait>(
        &self,
        connection: &C,
        outcome: &str,
        now: DateTime<Utc>,
    ) -> Result<(), DbErr> {
        Entity::delete_many()
            .filter(Column::AskedAt.lt(now - REMEMBERED))
            .exec(connection)
            .await?;
        let request = ActiveModel {
            asked_by: Set(self.asked_by.clone()),
            request_key: Set(self.key.clone()),
            digest: Set(self.digest.clone()),
            outcome: Set(outcome.to_owned()),
            asked_at: Set(now),
            ..Default::default()
        };
        Entity::insert(request)
            .exec_without_returning(connection)
            .await
            .map(|_| ())
    }
}
