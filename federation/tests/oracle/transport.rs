//! Subgraphs in memory as a transport: calls are counted, faults are made.

use std::sync::Mutex;

use bytes::Bytes;
use federation::{
    error::{SubgraphError, SubgraphErrorKind},
    execute::{Answer, Transport},
    query_plan::Fetch,
};
use serde_json::{Value as Json, json};

use super::subgraph::Subgraph;

/// One document sent.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) subgraph: String,
    pub(crate) document: String,
    pub(crate) variables: Json,
}

/// What a subgraph does wrong.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// It does not answer.
    Down,
    /// It answers this.
    Says(String),
    /// It answers `data: null` with an error.
    Null,
}

/// The transport.
pub(crate) struct InMemory {
    subgraphs: Vec<Subgraph>,
    calls: Mutex<Vec<Call>>,
    faults: Mutex<Vec<(String, Fault)>>,
}

impl InMemory {
    pub(crate) fn new(subgraphs: Vec<Subgraph>) -> Self {
        Self {
            subgraphs,
            calls: Mutex::default(),
            faults: Mutex::default(),
        }
    }

    pub(crate) fn take_calls(&self) -> Vec<Call> {
        std::mem::take(&mut *self.calls.lock().expect("no panic"))
    }

    /// Makes these subgraphs fail from now on, and the others not.
    pub(crate) fn set_faults(&self, faults: Vec<(String, Fault)>) {
        *self.faults.lock().expect("no panic") = faults;
    }
}

impl Transport for InMemory {
    type Caller = ();
    type Receipt = ();

    async fn fetch<'a>(
        &'a self,
        fetch: &'a Fetch,
        variables: Bytes,
        (): &'a (),
    ) -> Result<(Answer, ()), SubgraphError> {
        let variables: Json = serde_json::from_slice(&variables).expect("variables are JSON");
        let name = &*fetch.subgraph_name;
        self.calls.lock().expect("no panic").push(Call {
            subgraph: name.to_owned(),
            document: fetch.document.to_string(),
            variables: variables.clone(),
        });
        let faults = self.faults.lock().expect("no panic").clone();
        match faults.iter().find(|(broken, _)| broken == name) {
            Some((_, Fault::Down)) => {
                return Err(SubgraphError {
                    kind: SubgraphErrorKind::Unavailable,
                    message: format!("Subgraph `{name}` does not answer."),
                    retryable: true,
                });
            }
            Some((_, Fault::Says(text))) => {
                return Ok((Answer::Json(Bytes::from(text.clone().into_bytes())), ()));
            }
            Some((_, Fault::Null)) => {
                let text = json!({ "data": null, "errors": [{ "message": "all is lost" }] });
                return Ok((Answer::Json(Bytes::from(text.to_string().into_bytes())), ()));
            }
            None => {}
        }
        let subgraph = self.subgraphs.iter().find(|subgraph| subgraph.name == name);
        let subgraph = subgraph.expect("the plan names a subgraph there is");
        let answer = subgraph.answer(&fetch.document, &variables);
        Ok((Answer::Json(Bytes::from(answer.into_bytes())), ()))
    }
}
