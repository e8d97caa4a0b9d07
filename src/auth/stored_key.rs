//! The key in the database, so that all replicas sign with one.

use std::path::Path;

use base64::{Engine, prelude::BASE64_STANDARD};
use entities::installation_key::{ActiveModel, Column, Entity};
use sea_orm::{ActiveValue::Set, DbErr, EntityTrait, sea_query::OnConflict};

use super::{
    Clock,
    key::{KeyError, SigningKey, make_pkcs8},
};
use crate::database::Database;

/// Its name among the installation's keys.
const NAME: &str = "token-signing";

impl SigningKey {
    /// The database's key, if it has one.
    pub async fn find_stored(database: &Database) -> Result<Option<Self>, KeyError> {
        // Through the connection that writes: what has just been stored is seen.
        let row = Entity::find_by_id(NAME).one(&database.write).await;
        let Some(row) = row.map_err(KeyError::Database)? else {
            return Ok(None);
        };
        let pkcs8 = BASE64_STANDARD.decode(row.value);
        let key = pkcs8.ok().and_then(|pkcs8| Self::from_pkcs8(&pkcs8));
        key.map(Some).ok_or(KeyError::StoredUnusable(NAME))
    }

    /// The database's key. Where it has none, the key in this node's data directory is stored, so
    /// that earlier tokens stay valid; without one, a new key is made. Replicas that start at once
    /// end up with the same key.
    pub async fn find_stored_or_store(
        database: &Database,
        data_dir: &Path,
        clock: &dyn Clock,
    ) -> Result<Self, KeyError> {
        if let Some(key) = Self::find_stored(database).await? {
            return Ok(key);
        }
        let pkcs8 = match Self::read_own(data_dir)? {
            Some(bytes) => bytes,
            None => make_pkcs8()?,
        };
        let row = ActiveModel {
            name: Set(NAME.to_owned()),
            value: Set(BASE64_STANDARD.encode(pkcs8)),
            created_at: Set(clock.instant()),
        };
        let first_stays = OnConflict::column(Column::Name).do_nothing().to_owned();
        let stored = Entity::insert(row)
            .on_conflict(first_stays)
            .exec_without_returning(&database.write)
            .await;
        match stored {
            Ok(_) | Err(DbErr::RecordNotInserted) => {}
            Err(error) => return Err(KeyError::Database(error)),
        }
        Self::find_stored(database).await?.ok_or(KeyError::NotMade)
    }
}
