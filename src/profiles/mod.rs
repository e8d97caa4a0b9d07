//! Joined profiles as they are read to be frozen: through the gateway, as the service itself, once for each level and
//! once more for each scope that opens exact figures. In: a situation and the end of a period. Out: what of its profile
//! is told to whom, as canonical JSON, with the operation and how each source answered.
//!
//! `operation` is the operation, `parts` splits its answers.

mod operation;
mod parts;

use std::sync::Arc;

use chrono::NaiveDate;
use entities::terms::Classification;
use futures::{FutureExt, future::BoxFuture};
use serde_json::Value;
use tokio::sync::watch;

use crate::{
    auth::{Clearance, EXACT, Principal},
    gateway::{Caller, FetchStatus, Graph, Live, Request, read_variables},
    reviews::{ReadProfile, ReadProfiles, SourceRead},
};
use operation::Operation;
use parts::{Answers, split};

/// Reads profiles through the gateway.
#[derive(Debug)]
pub struct Profiles {
    live: Arc<Live>,
    supergraph: Option<watch::Receiver<i32>>,
}

impl Profiles {
    /// Through a gateway; `supergraph` is the number of what it serves, where there is a registry.
    pub fn new(live: Arc<Live>, supergraph: Option<watch::Receiver<i32>>) -> Self {
        Self { live, supergraph }
    }
}

impl ReadProfiles for Profiles {
    fn read<'a>(
        &'a self,
        situation: &'a str,
        period_end: NaiveDate,
    ) -> BoxFuture<'a, Result<ReadProfile, String>> {
        async move {
            let graph = self.live.current();
            let supergraph = self.supergraph.as_ref().map(|number| *number.borrow());
            let operation = Operation::new(&graph, situation, period_end);
            let mut answers = Answers::default();
            let mut sources = Vec::new();
            for level in [
                Classification::Unclassified,
                Classification::Confidential,
                Classification::StrictlyConfidential,
            ] {
                let (answer, asked) = ask(&graph, &operation, level, None).await?;
                answers.joint.push((level, answer));
                sources = asked;
                if level == Classification::Unclassified {
                    continue;
                }
                for scope in EXACT {
                    let (answer, _) = ask(&graph, &operation, level, Some(scope)).await?;
                    answers.exact.push((level, scope, answer));
                }
            }
            Ok(ReadProfile {
                supergraph,
                parts: split(answers, &operation),
                operation: operation.document,
                sources,
            })
        }
        .boxed()
    }
}

/// Asks as the service itself, with a clearance.
async fn ask(
    graph: &Graph,
    operation: &Operation,
    level: Classification,
    exact: Option<&str>,
) -> Result<(Value, Vec<SourceRead>), String> {
    let clearances = match level {
        Classification::Unclassified => Vec::new(),
        Classification::Confidential => vec![Clearance::Confidential],
        Classification::StrictlyConfidential => {
            vec![Clearance::Confidential, Clearance::StrictlyConfidential]
        }
    };
    let scopes = clearances.into_iter().map(|clearance| clearance.scope());
    let scopes = scopes.chain(exact).map(str::to_owned);
    let caller = Caller::new(Arc::new(Principal::service(scopes)));
    let variables = read_variables(&operation.variables)?;
    let request = Request {
        query: operation.document.clone(),
        variables,
        ..Request::default()
    };
    let response = graph.respond(&request, &caller).await;
    let failed = || {
        let errors = response.errors.iter().map(|error| error.message.as_str());
        errors.collect::<Vec<_>>().join("; ")
    };
    let data = response.data.as_ref().ok_or_else(failed)?;
    let data: Value = serde_json::from_slice(data).map_err(|error| error.to_string())?;
    let mut sources: Vec<SourceRead> = Vec::new();
    for fetch in caller.fetches() {
        let status = match fetch.status {
            FetchStatus::Ok => "OK",
            FetchStatus::Invalid => "INVALID",
            FetchStatus::Timeout => "TIMEOUT",
            FetchStatus::Unavailable => "UNAVAILABLE",
        };
        let as_of = fetch.as_of.map(Into::into);
        match sources.iter_mut().find(|known| known.name == *fetch.source) {
            Some(known) if status == "OK" => known.as_of = known.as_of.or(as_of),
            Some(known) => status.clone_into(&mut known.status),
            None => sources.push(SourceRead {
                name: fetch.source.to_string(),
                status: status.to_owned(),
                as_of,
            }),
        }
    }
    sources.sort_by(|left, right| left.name.cmp(&right.name));
    Ok((data, sources))
}
