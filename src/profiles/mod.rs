//! Joined profiles as they are read to be frozen: through the gateway, as the service itself, once for each level and
//! once more with the scopes that open exact figures. In: situations and the end of a period. Out: what of their profiles
//! is told to whom, as canonical JSON, with the operation and how each source answered.
//!
//! `operation` is the operation, `parts` splits its answers.

mod operation;
mod parts;

use std::{sync::Arc, time::Duration};

use chrono::NaiveDate;
use entities::terms::Classification;
use futures::{FutureExt, future::BoxFuture};
use serde_json::Value;
use tokio::{sync::watch, time::timeout};

use crate::{
    auth::{Clearance, EXACT, Principal},
    gateway::{Caller, ErrorOrigin, FetchStatus, Graph, Live, Request, read_variables},
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
        at: (&'a str, NaiveDate),
    ) -> BoxFuture<'a, Result<Vec<ReadProfile>, String>> {
        async move {
            let graph = self.live.current();
            let supergraph = self.supergraph.as_ref().map(|number| *number.borrow());
            let operation = Operation::new(&graph, situations, at);
            let mut answers = vec![Answers::default(); situations.len()];
            let mut sources = Vec::new();
            for level in LEVELS {
                let (joint, asked) = ask(&graph, &operation, level, &[]).await?;
                add_sources(&mut sources, asked);
                // Each scope opens figures of a block of its own, so that they can be asked for together.
                let exact = if level == Classification::Unclassified {
                    None
                } else {
                    let (exact, asked) = ask(&graph, &operation, level, &EXACT).await?;
                    add_sources(&mut sources, asked);
                    Some(exact)
                };
                for (answers, number) in answers.iter_mut().zip(0..) {
                    let name = format!("s{number}");
                    answers.joint.push((level, joint[&name].clone()));
                    let exact = exact.as_ref().map(|exact| (level, exact[&name].clone()));
                    answers.exact.extend(exact);
                }
            }
            let failed = sources
                .iter()
                .find(|source| source.status != OK && !graph.is_over_http(&source.name));
            if let Some(source) = failed {
                // What the service itself holds is there whole, or nothing is frozen.
                return Err(format!("the source `{}` did not answer", source.name));
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
    let clearances = clearances.into_iter().map(Clearance::scope);
    let scopes = clearances
        .map(str::to_owned)
        .chain(exact.iter().map(|&scope| scope.to_owned()));
    let caller = Caller::new(Arc::new(Principal::service(scopes)));
    let variables = read_variables(&operation.variables)?;
    let request = Request {
        query: operation.document_of_all.clone(),
        variables,
        ..Request::default()
    };
    let response = timeout(PATIENCE, graph.respond(&request, &caller)).await;
    let response = response
        .map_err(|_| format!("they were not read within {} seconds", PATIENCE.as_secs()))?;
    let of_own = response.errors.iter().find(|error| match &error.origin {
        ErrorOrigin::Subgraph { subgraph } => !graph.is_over_http(subgraph),
        _ => false,
    });
    if let Some(error) = of_own {
        // A null would look like nothing known.
        return Err(error.message.clone());
    }
    let failed = || {
        let errors = response.errors.iter().map(|error| error.message.as_str());
        errors.collect::<Vec<_>>().join("; ")
    };
    let data = response.data.as_ref().ok_or_else(failed)?;
    let data: Value = serde_json::from_slice(data).map_err(|error| error.to_string())?;
    let mut sources: Vec<SourceRead> = Vec::new();
    for fetch in caller.fetches() {
        let status = match fetch.status {
            FetchStatus::Ok => OK,
            FetchStatus::Invalid => "INVALID",
            FetchStatus::Timeout => "TIMEOUT",
            FetchStatus::Unavailable => "UNAVAILABLE",
        };
        let read = SourceRead {
            name: fetch.source.to_string(),
            status: status.to_owned(),
            as_of: fetch.as_of.map(Into::into),
        };
        add_sources(&mut sources, vec![read]);
    }
    Ok((data, sources))
}

/// How long one operation may take: what the service's own sources are slow with is waited for.
const PATIENCE: Duration = Duration::from_mins(2);

/// How a source answered where nothing is missing.
const OK: &str = "OK";

/// Adds how sources answered to what is known: the first time that they were asked, and the worst of how it ended.
fn add_sources(sources: &mut Vec<SourceRead>, asked: Vec<SourceRead>) {
    for read in asked {
        match sources.iter_mut().find(|known| known.name == read.name) {
            Some(known) => {
                known.as_of = known.as_of.or(read.as_of);
                if known.status == OK {
                    known.status = read.status;
                }
            }
            None => sources.push(read),
        }
    }
    sources.sort_by(|left, right| left.name.cmp(&right.name));
}
