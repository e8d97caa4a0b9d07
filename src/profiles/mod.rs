//! Joined profiles as they are read to be frozen: through the gateway, as the service itself, once for each level and
//! once more with the scopes that open exact figures. In: situations and the end of a period. Out: what of their profiles
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

/// The levels that profiles are read at.
const LEVELS: [Classification; 3] = [
    Classification::Unclassified,
    Classification::Confidential,
    Classification::StrictlyConfidential,
];

impl ReadProfiles for Profiles {
    fn read<'a>(
        &'a self,
        situations: &'a [String],
        period_end: NaiveDate,
    ) -> BoxFuture<'a, Result<Vec<ReadProfile>, String>> {
        async move {
            let graph = self.live.current();
            let supergraph = self.supergraph.as_ref().map(|number| *number.borrow());
            let operation = Operation::new(&graph, situations, period_end);
            let mut answers = vec![Answers::default(); situations.len()];
            let mut sources = Vec::new();
            for level in LEVELS {
                let (joint, asked) = ask(&graph, &operation, level, &[]).await?;
                sources = asked;
                // Each scope opens figures of a block of its own, so that they can be asked for together.
                let exact = if level == Classification::Unclassified {
                    None
                } else {
                    Some(ask(&graph, &operation, level, &EXACT).await?.0)
                };
                for (answers, number) in answers.iter_mut().zip(0..) {
                    let name = format!("s{number}");
                    answers.joint.push((level, joint[&name].clone()));
                    let exact = exact.as_ref().map(|exact| (level, exact[&name].clone()));
                    answers.exact.extend(exact);
                }
            }
            let profiles = answers.into_iter().map(|answers| ReadProfile {
                supergraph,
                parts: split(answers, &operation),
                operation: operation.document.clone(),
                sources: sources.clone(),
            });
            Ok(profiles.collect())
        }
        .boxed()
    }
}

/// Asks as the service itself, with a clearance.
async fn ask(
    graph: &Graph,
    operation: &Operation,
    level: Classification,
    exact: &[&str],
) -> Result<(Value, Vec<SourceRead>), String> {
    let clearances = match level {
        Classification::Unclassified => Vec::new(),
        Classification::Confidential => vec![Clearance::Confidential],
        Classification::StrictlyConfidential => {
            vec![Clearance::Confidential, Clearance::StrictlyConfidential]
        }
    };
    let scopes = clearances.into_iter().map(|clearance| clearance.scope());
    let scopes = scopes.chain(exact.iter().copied()).map(str::to_owned);
    let caller = Caller::new(Arc::new(Principal::service(scopes)));
    let variables = read_variables(&operation.variables)?;
    let request = Request {
        query: operation.document_of_all.clone(),
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
