//! Tokens that are refused before their end. The list is in the database, and each replica keeps a copy of
//! it, read at intervals. Where the database cannot be read, the last copy stays in use.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use arc_swap::ArcSwap;
use entities::revoked_token::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DbErr, EntityTrait, QueryFilter, sea_query::OnConflict,
};

use super::{Clock, Identity};
use crate::database::Database;

/// Seconds that an issuer's clock may be ahead: a token that was made before says so much later.
const CLOCKS: u64 = 60;

/// What is revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Revoked {
    /// One token, by its `jti`.
    Token,
    /// All tokens of a session, by their `sid`.
    Session,
    /// All tokens of a subject that were made until now, by their `sub`.
    Subject,
}

impl Revoked {
    const fn name(self) -> &'static str {
        match self {
            Self::Token => "TOKEN",
            Self::Session => "SESSION",
            Self::Subject => "SUBJECT",
        }
    }
}

/// A revocation as it is stored.
#[derive(Clone, Debug)]
pub struct Revocation {
    /// What is revoked.
    pub what: Revoked,
    /// The issuer, as in `iss`.
    pub issuer: String,
    /// The `jti`, `sid` or `sub`.
    pub value: String,
    /// Seconds after which no token that it is about can be valid any more.
    pub lasts: u64,
    /// Why.
    pub reason: String,
}

/// Stores a revocation; one that is there is made to last longer.
pub async fn revoke(
    database: &Database,
    revocation: &Revocation,
    clock: &dyn Clock,
) -> Result<(), DbErr> {
    let now = clock.instant();
    let lasts = i64::try_from(revocation.lasts).unwrap_or(i64::MAX);
    let lasts = chrono::Duration::try_seconds(lasts).unwrap_or(chrono::Duration::MAX);
    let end = now.checked_add_signed(lasts);
    let row = ActiveModel {
        kind: Set(revocation.what.name().to_owned()),
        issuer: Set(revocation.issuer.clone()),
        value: Set(revocation.value.clone()),
        revoked_at: Set(now),
        expires_at: Set(end.unwrap_or(chrono::DateTime::<chrono::Utc>::MAX_UTC)),
        reason: Set(revocation.reason.clone()),
    };
    let key = [Column::Kind, Column::Issuer, Column::Value];
    let again = OnConflict::columns(key)
        .update_columns([Column::RevokedAt, Column::ExpiresAt, Column::Reason])
        .to_owned();
    Entity::insert(row)
        .on_conflict(again)
        .exec_without_returning(&database.write)
        .await?;
    Ok(())
}

/// An issuer, and what it calls a token, a session or a subject.
type Named = (String, String);

#[derive(Debug, Default)]
struct List {
    tokens: HashSet<Named>,
    sessions: HashSet<Named>,
    /// With the second of the revocation.
    subjects: HashMap<Named, u64>,
}

/// This replica's copy of the list.
#[derive(Debug, Default)]
pub struct Revocations(ArcSwap<List>);

impl Revocations {
    /// Reads the list; what has ended by itself is left out.
    pub async fn load(&self, database: &Database, clock: &dyn Clock) -> Result<(), DbErr> {
        let rows = Entity::find()
            .filter(Column::ExpiresAt.gt(clock.instant()))
            .all(&database.read)
            .await?;
        self.0.store(Arc::new(List::of(rows)));
        Ok(())
    }

    /// Keeps the copy up to date.
    pub async fn follow(
        self: Arc<Self>,
        database: Database,
        clock: Arc<dyn Clock>,
        pause: Duration,
    ) {
        let mut has_failed = false;
        loop {
            tokio::time::sleep(pause).await;
            let outcome = self.load(&database.at_once(), clock.as_ref()).await;
            match outcome {
                Ok(()) => has_failed = false,
                Err(error) => {
                    database.suspect();
                    if !has_failed {
                        tracing::warn!(%error, "revoked tokens cannot be read; the last list is used");
                    }
                    has_failed = true;
                }
            }
        }
    }

    /// Whether a token is on the list.
    pub(super) fn holds(&self, identity: &Identity) -> bool {
        let list = self.0.load();
        if list.is_empty() {
            return false;
        }
        let named = |value: &str| (identity.issuer.to_string(), value.to_owned());
        let has = |set: &HashSet<Named>, value: &Option<String>| {
            value
                .as_ref()
                .is_some_and(|value| set.contains(&named(value)))
        };
        let is_of_revoked = |subject: &str| {
            let since = list.subjects.get(&named(subject));
            since.is_some_and(|since| {
                let until = since.saturating_add(CLOCKS);
                identity.issued_at.is_none_or(|made| made <= until)
            })
        };
        has(&list.tokens, &identity.token_id)
            || has(&list.sessions, &identity.session)
            || is_of_revoked(&identity.subject)
            || identity.on_behalf_of.as_deref().is_some_and(is_of_revoked)
    }
}

impl List {
    fn of(rows: Vec<Model>) -> Self {
        let mut list = Self::default();
        for row in rows {
            let named = (row.issuer, row.value);
            match row.kind.as_str() {
                "TOKEN" => {
                    list.tokens.insert(named);
                }
                "SESSION" => {
                    list.sessions.insert(named);
                }
                _ => {
                    let at = u64::try_from(row.revoked_at.timestamp()).unwrap_or_default();
                    list.subjects.insert(named, at);
                }
            }
        }
        list
    }

    fn is_empty(&self) -> bool {
        self.tokens.is_empty() && self.sessions.is_empty() && self.subjects.is_empty()
    }
}
