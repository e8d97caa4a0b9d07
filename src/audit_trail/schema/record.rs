//! Entries as the graph shows them.

use async_graphql::SimpleObject;

use crate::{
    audit_trail::{AuditEntry, Level, OperationKind, Outcome, Record, Records},
    vocabulary::{DateTime, EntityCode},
};

/// An operation that was recorded.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(tag = "unclassified")]
pub(crate) struct AuditRecord {
    /// The chain that it is an entry of.
    chain: String,
    /// Its place in the chain.
    sequence: String,
    /// SHA-256 of the entry and of the one before it.
    hash: String,
    /// When it was recorded.
    at: DateTime,
    /// Who asked, as the token says.
    subject: Option<String>,
    /// Who made the token.
    issuer: Option<String>,
    /// For whom the subject asked.
    on_behalf_of: Option<String>,
    /// The entity that asked.
    entity: Option<EntityCode>,
    /// What the client says it was for.
    purpose: Option<String>,
    /// What the client calls itself.
    client_name: Option<String>,
    /// Its version.
    client_version: Option<String>,
    /// Where the request came from.
    address: Option<String>,
    /// The id of the request.
    request_id: String,
    /// The id of the token.
    token_id: Option<String>,
    /// The session that the token belongs to.
    session_id: Option<String>,
    /// The operation's name.
    operation_name: Option<String>,
    /// SHA-256 of its document.
    operation_hash: String,
    /// `query` or `mutation`.
    operation_kind: &'static str,
    /// The sources that were asked.
    sources: Vec<String>,
    /// The highest level of what was read: `UNCLASSIFIED`, `CONFIDENTIAL` or `STRICTLY_CONFIDENTIAL`.
    highest_level: &'static str,
    /// The classified fields that were read, by coordinate; the first 200.
    fields: Vec<String>,
    /// How many they were.
    field_count: i32,
    /// The entities whose classified fields were read.
    owners: Vec<EntityCode>,
    /// How many fields were withheld.
    withheld_count: i32,
    /// Ids of the records that were reached, in this entry.
    records: Vec<String>,
    /// How many the operation reached; where it reached many it has several entries.
    record_count: i32,
    /// How it ended: `ANSWERED`, `PARTIAL`, `FAILED`, `REFUSED`, or `BEGUN` for a mutation that is about
    /// to run.
    outcome: &'static str,
}

/// A page of the trail.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(tag = "unclassified")]
pub(crate) struct AuditPage {
    /// The entries.
    records: Vec<AuditRecord>,
    /// The cursor of the next page; null where there is none.
    next: Option<String>,
}

/// An operation that read classified fields of an entity, as that entity sees it.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(tag = "unclassified")]
pub(crate) struct AccessRecord {
    /// When it was recorded.
    at: DateTime,
    /// Who asked, as the token says.
    subject: Option<String>,
    /// For whom the subject asked.
    on_behalf_of: Option<String>,
    /// The entity that asked.
    entity: Option<EntityCode>,
    /// What the client says it was for.
    purpose: Option<String>,
    /// What the client calls itself.
    client_name: Option<String>,
    /// The operation's name.
    operation_name: Option<String>,
    /// The highest level of what was read, of whatever entity.
    highest_level: &'static str,
    /// How it ended: `ANSWERED`, `PARTIAL`, `FAILED` or `REFUSED`.
    outcome: &'static str,
}

/// A page of the log.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(tag = "unclassified")]
pub(crate) struct AccessPage {
    /// The entries.
    records: Vec<AccessRecord>,
    /// The cursor of the next page; null where there is none.
    next: Option<String>,
}

fn next(page: &Records) -> Option<String> {
    let last = page.records.last().filter(|_| page.has_more)?;
    Some(last.cursor().to_string())
}

impl From<Records> for AuditPage {
    fn from(page: Records) -> Self {
        Self {
            next: next(&page),
            records: (page.records.iter())
                .filter_map(|record| Some(audit_record(record, record.operation()?)))
                .collect(),
        }
    }
}

impl From<Records> for AccessPage {
    fn from(page: Records) -> Self {
        Self {
            next: next(&page),
            records: (page.records.iter())
                .filter_map(|record| Some(access_record(record, record.operation()?)))
                .collect(),
        }
    }
}

fn audit_record(record: &Record, entry: AuditEntry) -> AuditRecord {
    let count = |count: u64| i32::try_from(count).unwrap_or(i32::MAX);
    AuditRecord {
        chain: record.chain.clone(),
        sequence: record.sequence.to_string(),
        hash: record.hash.clone(),
        at: DateTime(record.at),
        subject: entry.subject,
        issuer: entry.issuer,
        on_behalf_of: entry.on_behalf_of,
        entity: entry.entity.map(EntityCode),
        purpose: entry.purpose,
        client_name: entry.client.name,
        client_version: entry.client.version,
        address: entry.address,
        request_id: entry.request_id,
        token_id: entry.token,
        session_id: entry.session,
        operation_name: entry.operation_name,
        operation_hash: entry.operation_hash,
        operation_kind: match entry.operation_kind {
            OperationKind::Query => "query",
            OperationKind::Mutation => "mutation",
        },
        sources: entry.sources.into_iter().collect(),
        highest_level: entry.highest_level.name(),
        fields: entry.fields.into_iter().collect(),
        field_count: count(entry.field_count),
        owners: entry.owners.into_iter().map(EntityCode).collect(),
        withheld_count: count(entry.withheld),
        records: entry.records.into_iter().collect(),
        record_count: count(entry.record_count),
        outcome: outcome(entry.outcome),
    }
}

fn access_record(record: &Record, entry: AuditEntry) -> AccessRecord {
    AccessRecord {
        at: DateTime(record.at),
        subject: entry.subject,
        on_behalf_of: entry.on_behalf_of,
        entity: entry.entity.map(EntityCode),
        purpose: entry.purpose,
        client_name: entry.client.name,
        operation_name: entry.operation_name,
        highest_level: Level::name(entry.highest_level),
        outcome: outcome(entry.outcome),
    }
}

const fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Answered => "ANSWERED",
        Outcome::Partial => "PARTIAL",
        Outcome::Failed => "FAILED",
        Outcome::Refused => "REFUSED",
        Outcome::Begun => "BEGUN",
    }
}
