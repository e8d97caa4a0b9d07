//! A seal as the graph shows it.

use std::sync::Arc;

use async_graphql::{Context, Description, Enum, ID, Object, Result, SimpleObject};
use entities::record_seal;

use super::{
    super::{
        act::State,
        record::{ALL, type_of},
        store,
    },
    place::Place,
};
use crate::{
    audit_trail::{Filter, Kind, Order, Outcome, Page},
    auth::Person,
    vocabulary::{Classification, DateTime, EntityCode, bad_input, record_id, unreachable},
};

const RECIPIENTS: i32 = 100;
const MOST_RECIPIENTS: i32 = 500;

/// How far a seal is.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SealState {
    /// The record exists for nobody; its texts can still be read once the seal is lifted.
    Sealed,
    /// The same, and one person asked to destroy its key.
    DestructionAsked,
    /// The key is destroyed: nobody can read the texts any more.
    Destroyed,
    /// The record exists again.
    Lifted,
}

/// A person who acted on a seal.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(tag = "unclassified")]
pub(crate) struct SealOfficer {
    /// The entity that the person acted for.
    entity: EntityCode,
    /// Who made the token.
    issuer: String,
    /// Whom it names: who called.
    subject: String,
    /// For whom, where one acted for another.
    on_behalf_of: Option<String>,
}

/// Somebody who was given a record before it was sealed.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(tag = "unclassified")]
pub(crate) struct SealRecipient {
    /// When.
    at: DateTime,
    /// The entity that asked.
    entity: Option<EntityCode>,
    /// Who asked, as the token says.
    subject: Option<String>,
    /// For whom the subject asked.
    on_behalf_of: Option<String>,
    /// What the client calls itself.
    client_name: Option<String>,
    /// The id of the request.
    request_id: String,
}

/// What remains of a record that was sealed.
#[derive(Clone, Debug, Description)]
pub(crate) struct RecordSeal(pub(super) record_seal::Model);

#[Object(use_type_description)]
impl RecordSeal {
    /// Opaque.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn id(&self, context: &Context<'_>) -> Result<ID> {
        let level = Classification::from(store::level(&self.0));
        record_id(context, &self.0.public_id, level)
    }

    /// How far it is.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn state(&self) -> SealState {
        match store::state(&self.0) {
            State::Sealed => SealState::Sealed,
            State::DestructionAsked { .. } => SealState::DestructionAsked,
            State::Destroyed => SealState::Destroyed,
            State::Lifted => SealState::Lifted,
        }
    }

    /// The type of the record, as its file is called.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn record_type(&self) -> &str {
        type_of(&self.0.record_table).map_or(&*self.0.record_table, |one| one.name)
    }

    /// Its natural key, as files spell it.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn key(&self) -> &str {
        &self.0.record_key
    }

    /// The last revision that is sealed; null where the record has none.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn through_revision(&self) -> Option<i32> {
        Some(self.0.through_revision).filter(|revision| *revision != ALL)
    }

    /// The entity whose record it is; null for the review's own.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn owner(&self) -> Option<EntityCode> {
        self.0.owner.clone().map(EntityCode)
    }

    /// The highest level of the record, as far as who sealed it could see.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn level(&self) -> Classification {
        self.0.level.into()
    }

    /// Why it was sealed.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn reason(&self) -> &str {
        &self.0.reason
    }

    /// HMAC-SHA-256 of its texts with its key, in hexadecimal. Without the key no text can be tried against it.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn digest(&self) -> &str {
        &self.0.digest
    }

    /// When it was sealed.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn sealed_at(&self) -> DateTime {
        DateTime(self.0.sealed_at)
    }

    /// By whom.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn sealed_by(&self) -> Option<SealOfficer> {
        officer(Some(&self.0.sealed_by))
    }

    /// When the first of two persons asked to destroy its key.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn destruction_asked_at(&self) -> Option<DateTime> {
        self.0.destruction_asked_at.map(DateTime)
    }

    /// Who that was.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn destruction_asked_by(&self) -> Option<SealOfficer> {
        officer(self.0.destruction_asked_by.as_deref())
    }

    /// When the key was destroyed.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn destroyed_at(&self) -> Option<DateTime> {
        self.0.destroyed_at.map(DateTime)
    }

    /// Who confirmed that.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn destroyed_by(&self) -> Option<SealOfficer> {
        officer(self.0.destroyed_by.as_deref())
    }

    /// When what was destroyed had left the files of the database as well; null until then.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn erased_at(&self) -> Option<DateTime> {
        self.0.erased_at.map(DateTime)
    }

    /// When the seal was lifted.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn lifted_at(&self) -> Option<DateTime> {
        self.0.lifted_at.map(DateTime)
    }

    /// By whom.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn lifted_by(&self) -> Option<SealOfficer> {
        officer(self.0.lifted_by.as_deref())
    }

    /// Who was given it, as far as the audit trail says, newest first. Where a record has no id of its own, who was
    /// given its situation.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn recipients(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "At most so many; 100 unless given, 500 at most.")] first: Option<i32>,
    ) -> Result<Option<Vec<SealRecipient>>> {
        let first = first.unwrap_or(RECIPIENTS);
        if !(1..=MOST_RECIPIENTS).contains(&first) {
            return Err(bad_input(format!(
                "`first` is from 1 to {MOST_RECIPIENTS}."
            )));
        }
        let Some(record) = self.0.record_id.clone() else {
            return Ok(None);
        };
        let trail = context.data::<Arc<Place>>()?.trail.as_ref();
        let filter = Filter {
            record: Some(record),
            kind: Some(Kind::Operation),
            ..Filter::default()
        };
        let page = Page {
            first: u64::from(first.unsigned_abs()),
            after: None,
            order: Order::NewestFirst,
        };
        let read = trail.ok_or_else(unreachable)?.read(&filter, &page).await;
        let read = read.map_err(|error| {
            tracing::error!(%error, "the audit trail cannot be read");
            unreachable()
        })?;
        let recipients = read.records.iter().filter_map(|record| {
            let entry = record.operation()?;
            let is_given = matches!(entry.outcome, Outcome::Answered | Outcome::Partial);
            is_given.then(|| SealRecipient {
                at: DateTime(record.at),
                entity: entry.entity.map(EntityCode),
                subject: entry.subject,
                on_behalf_of: entry.on_behalf_of,
                client_name: entry.client.name,
                request_id: entry.request_id,
            })
        });
        Ok(Some(recipients.collect()))
    }
}

fn officer(stored: Option<&str>) -> Option<SealOfficer> {
    let person = Person::from_text(stored?)?;
    Some(SealOfficer {
        entity: EntityCode(person.entity),
        issuer: person.issuer,
        subject: person.subject,
        on_behalf_of: person.on_behalf_of,
    })
}
