//! What a check found, in the form in which it is stored and answered.

use entities::terms::CheckOutcome;
use federation::diagnostic::Sources;
use indexmap::IndexSet;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    check::{Change, Composed, Findings},
    state::Expelled,
    store::Usage,
};

/// Code of what is said of the parts of a source that stay out.
const LEFT_OUT: &str = "LEFT_OUT";

/// Fields named of those that an expelled source reads.
const MOST_READS: usize = 5;

/// Changes listed; a first version may bring thousands.
const MOST_CHANGES: usize = 500;

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// What stands against publishing it.
    pub refusals: Vec<ReportedRefusal>,
    /// What composition has to say, as it says it to tools.
    pub diagnostics: Vec<Value>,
    /// What clients would notice, breaking changes first.
    pub changes: Vec<ReportedChange>,
    /// How many changes there are in all.
    pub change_count: usize,
    /// Ways to write that it opens.
    #[serde(default)]
    pub writes: Vec<ReportedWrite>,
    /// Sources that it expels: they read what they may not, or depend on what it changes.
    #[serde(default)]
    pub expelled: Vec<ReportedExpulsion>,
}

/// A source that is expelled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportedExpulsion {
    /// Its name.
    pub source: String,
    /// Why, with the fields that it may not read.
    pub reason: String,
}

/// A way to write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportedWrite {
    /// The root mutation.
    pub coordinate: String,
    /// What a caller needs for it.
    pub needs: String,
}

/// A refusal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportedRefusal {
    /// Which rule.
    pub code: String,
    /// Where.
    pub coordinate: Option<String>,
    /// What is wrong.
    pub message: String,
    /// What to change.
    pub help: String,
}

/// A change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportedChange {
    /// BREAKING, DANGEROUS or SAFE.
    pub class: String,
    /// What it is.
    pub kind: String,
    /// Where.
    pub coordinate: String,
    /// What happened.
    pub message: String,
    /// Recorded operations that feel it, most used first; only for what is not safe.
    pub operations: Vec<ReportedOperation>,
}

/// A recorded operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportedOperation {
    /// Identifies its signature.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// How often it was sent.
    pub requests: i64,
    /// The last day it was seen.
    pub last_seen_on: String,
    /// Who sent it, most often first.
    pub clients: Vec<ReportedClient>,
}

/// A client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportedClient {
    /// Its name; empty where it does not say.
    pub name: String,
    /// Its version; empty where it does not say.
    pub version: String,
    /// How often it sent the operation.
    pub requests: i64,
}

impl Report {
    /// A report on what a check found, its changes without operations.
    pub fn new(findings: &Findings, composed: &Composed, name: &str) -> Self {
        let others = composed.members.iter().filter(|member| member.name != name);
        let sources: Sources<'_> = others
            .map(|member| (member.name.as_str(), member.sdl.as_str()))
            .chain([(name, findings.sdl.as_str())])
            .collect();
        let diagnostics = match findings.diagnostics.to_json(&sources) {
            Value::Array(diagnostics) => diagnostics,
            other => vec![other],
        };
        let refusals = findings.refusals.iter().map(|refusal| ReportedRefusal {
            code: refusal.code.to_string(),
            coordinate: refusal.coordinate.clone(),
            message: refusal.message.clone(),
            help: refusal.help.clone(),
        });
        let changes = findings.changes.iter().take(MOST_CHANGES);
        let mut report = Self {
            refusals: refusals.collect(),
            diagnostics,
            changes: changes.map(ReportedChange::from).collect(),
            change_count: findings.changes.len(),
            writes: findings
                .writes
                .iter()
                .take(MOST_CHANGES)
                .map(|write| ReportedWrite {
                    coordinate: write.coordinate.clone(),
                    needs: write.needs.clone(),
                })
                .collect(),
            expelled: Vec::new(),
        };
        report.add_left_out(&findings.left_out);
        report
    }

    /// Names the expelled sources, and says of each why.
    pub fn add_expelled(&mut self, expelled: &[Expelled]) {
        self.expelled
            .extend(expelled.iter().map(|each| ReportedExpulsion {
                source: each.source.clone(),
                reason: why(each),
            }));
    }

    /// Says among the diagnostics what of a source stays out.
    pub fn add_left_out(&mut self, sentences: &[String]) {
        for sentence in sentences {
            self.diagnostics.push(json!({
                "severity": "info",
                "code": LEFT_OUT,
                "message": sentence,
            }));
        }
    }

    /// What it came to.
    pub fn outcome(&self) -> CheckOutcome {
        let only_breaking = self
            .refusals
            .iter()
            .all(|refusal| refusal.code == "BREAKING_WITHOUT_REASON");
        match (self.refusals.is_empty(), only_breaking) {
            (true, _) => CheckOutcome::Passed,
            (false, true) => CheckOutcome::Breaking,
            (false, false) => CheckOutcome::Refused,
        }
    }
}

/// Why a source is expelled: what it may not read, where it is that, or the cause by itself.
fn why(expelled: &Expelled) -> String {
    let reads = expelled.refusals.iter().filter_map(|refusal| {
        let read = refusal.reads.as_ref()?;
        Some(format!("`{}`", read.coordinate))
    });
    let reads: IndexSet<String> = reads.collect();
    let mut named: Vec<String> = reads.into_iter().collect();
    let more = named.split_off(named.len().min(MOST_READS)).len();
    if more > 0 {
        named.push(format!("{more} more"));
    }
    let reason = &expelled.reason;
    match named.as_slice() {
        [] => reason.clone(),
        named => format!("{reason} ({})", named.join(", ")),
    }
}

impl From<&Change> for ReportedChange {
    fn from(change: &Change) -> Self {
        Self {
            class: change.class.to_string(),
            kind: change.kind.to_owned(),
            coordinate: change.coordinate.clone(),
            message: change.message.clone(),
            operations: Vec::new(),
        }
    }
}

impl From<Usage> for ReportedOperation {
    fn from(usage: Usage) -> Self {
        let clients = usage.clients.into_iter();
        Self {
            id: usage.key,
            name: usage.name,
            requests: usage.requests,
            last_seen_on: usage.last_seen_on.to_string(),
            clients: clients
                .map(|(name, version, requests)| ReportedClient {
                    name,
                    version,
                    requests,
                })
                .collect(),
        }
    }
}
