//! What checks found, in the graph.

use async_graphql::{ID, SimpleObject};
use entities::registry_check;
use serde_json::Value;

use super::terms::{ChangeClass, CheckOutcome};
use crate::{
    registry::{
        report::{
            Report, ReportedChange, ReportedExpulsion, ReportedOperation, ReportedRefusal,
            ReportedWrite,
        },
        service::Checked,
    },
    vocabulary::{DateTime, EntityCode},
};

/// What a check of a source found.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(tag = "unclassified")]
pub(crate) struct SourceCheck {
    /// Opaque.
    id: ID,
    /// Name of the source.
    source: String,
    /// Which entity asked.
    entity: EntityCode,
    /// What it came to.
    outcome: CheckOutcome,
    /// When.
    checked_at: DateTime,
    /// What stands against publishing it, and what to change.
    refusals: Vec<SourceRefusal>,
    /// What composition has to say.
    diagnostics: Vec<CompositionDiagnostic>,
    /// What clients would notice, breaking changes first.
    changes: Vec<SchemaChange>,
    /// How many changes there are; not all are listed where there are very many.
    change_count: i32,
    /// Ways to write that it opens: root mutations that were not there before.
    writes: Vec<OpenedMutation>,
    /// Sources of others that it expels from the joint schema: they read what it classifies, need
    /// what it takes away, or depend on one that does.
    expelled: Vec<ExpelledSource>,
}

/// A source that is taken out of the joint schema, though its entity did not retire it.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(tag = "unclassified")]
pub(crate) struct ExpelledSource {
    /// Its name.
    source: String,
    /// Why, with the fields that it may not read.
    reason: String,
}

/// A root mutation that a version of a source brings.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(tag = "unclassified")]
pub(crate) struct OpenedMutation {
    /// It, as a schema coordinate.
    coordinate: String,
    /// What a caller needs for it.
    needs: String,
}

/// What stands against a source.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(tag = "unclassified")]
pub(crate) struct SourceRefusal {
    /// Which rule.
    code: String,
    /// Where, as a schema coordinate.
    coordinate: Option<String>,
    /// What is wrong.
    message: String,
    /// What to change.
    help: String,
}

/// What composition has to say.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(tag = "unclassified")]
pub(crate) struct CompositionDiagnostic {
    /// error, warning or info.
    severity: String,
    /// The published code.
    code: String,
    /// What is wrong.
    message: String,
    /// The smallest edit that corrects it.
    help: Option<String>,
    /// Where: source, line and column, and what is to be seen there.
    places: Vec<String>,
}

/// What clients would notice.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(tag = "unclassified")]
pub(crate) struct SchemaChange {
    /// How much it weighs.
    class: ChangeClass,
    /// What it is: `FIELD_REMOVED`, `LEVEL_RAISED`.
    kind: String,
    /// Where, as a schema coordinate.
    coordinate: String,
    /// What happened.
    message: String,
    /// Recorded operations that feel it, most used first; none for a safe change.
    operations: Vec<RecordedOperation>,
}

/// An operation that clients sent.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(tag = "unclassified")]
pub(crate) struct RecordedOperation {
    /// Identifies its signature.
    id: ID,
    /// Its name.
    name: Option<String>,
    /// How often it was sent.
    requests: i32,
    /// The last day it was seen.
    last_seen_on: String,
    /// Who sent it, most often first.
    clients: Vec<RecordedClient>,
}

/// A client, as it calls itself.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(tag = "unclassified")]
pub(crate) struct RecordedClient {
    /// Its name; empty where it does not say.
    name: String,
    /// Its version; empty where it does not say.
    version: String,
    /// How often it sent the operation.
    requests: i32,
}

impl From<Checked> for SourceCheck {
    fn from(Checked { check, report }: Checked) -> Self {
        Self::new(check, report)
    }
}

impl From<registry_check::Model> for SourceCheck {
    fn from(check: registry_check::Model) -> Self {
        let report = serde_json::from_str(&check.report).unwrap_or_default();
        Self::new(check, report)
    }
}

impl SourceCheck {
    fn new(check: registry_check::Model, report: Report) -> Self {
        let refusals = refusals(&report);
        let diagnostics = diagnostics(&report);
        Self {
            id: ID(check.record_key),
            source: check.source_name,
            entity: check.entity.into(),
            outcome: check.outcome.into(),
            checked_at: DateTime(check.checked_at),
            refusals,
            diagnostics,
            change_count: whole(report.change_count),
            writes: writes(&report),
            expelled: expelled(&report),
            changes: changes(report),
        }
    }
}

/// What stands against it.
pub(super) fn refusals(report: &Report) -> Vec<SourceRefusal> {
    let convert = |refusal: ReportedRefusal| SourceRefusal {
        code: refusal.code,
        coordinate: refusal.coordinate,
        message: refusal.message,
        help: refusal.help,
    };
    report.refusals.iter().cloned().map(convert).collect()
}

/// Which sources are expelled.
pub(super) fn expelled(report: &Report) -> Vec<ExpelledSource> {
    let convert = |expelled: ReportedExpulsion| ExpelledSource {
        source: expelled.source,
        reason: expelled.reason,
    };
    report.expelled.iter().cloned().map(convert).collect()
}

/// What composition said.
pub(super) fn diagnostics(report: &Report) -> Vec<CompositionDiagnostic> {
    report.diagnostics.iter().map(diagnostic).collect()
}

/// What clients would notice.
pub(super) fn changes(report: Report) -> Vec<SchemaChange> {
    let convert = |change: ReportedChange| SchemaChange {
        class: match change.class.as_str() {
            "BREAKING" => ChangeClass::Breaking,
            "DANGEROUS" => ChangeClass::Dangerous,
            _ => ChangeClass::Safe,
        },
        kind: change.kind,
        coordinate: change.coordinate,
        message: change.message,
        operations: change.operations.into_iter().map(operation).collect(),
    };
    report.changes.into_iter().map(convert).collect()
}

fn writes(report: &Report) -> Vec<OpenedMutation> {
    let writes = report.writes.iter().cloned();
    let convert = |write: ReportedWrite| OpenedMutation {
        coordinate: write.coordinate,
        needs: write.needs,
    };
    writes.map(convert).collect()
}

fn operation(operation: ReportedOperation) -> RecordedOperation {
    let clients = operation.clients.into_iter();
    RecordedOperation {
        id: ID(operation.id),
        name: operation.name,
        requests: whole(operation.requests),
        last_seen_on: operation.last_seen_on,
        clients: clients
            .map(|client| RecordedClient {
                name: client.name,
                version: client.version,
                requests: whole(client.requests),
            })
            .collect(),
    }
}

fn diagnostic(stored: &Value) -> CompositionDiagnostic {
    let text = |key: &str| stored[key].as_str().unwrap_or_default().to_owned();
    let labels = stored["labels"].as_array();
    CompositionDiagnostic {
        severity: text("severity").to_lowercase(),
        code: text("code"),
        message: text("message"),
        help: stored["help"].as_str().map(str::to_owned),
        places: labels.into_iter().flatten().map(place).collect(),
    }
}

fn place(label: &Value) -> String {
    let subgraph = label["subgraph"].as_str().unwrap_or_default();
    let text = label["text"].as_str().unwrap_or_default();
    let start = &label["start"];
    match (start["line"].as_u64(), start["column"].as_u64()) {
        (Some(line), Some(column)) => format!("{subgraph}:{line}:{column}: {text}"),
        _ => format!("{subgraph}: {text}"),
    }
}

/// A count as an `Int`; beyond that, the greatest.
fn whole<N: TryInto<i32>>(number: N) -> i32 {
    number.try_into().unwrap_or(i32::MAX)
}
