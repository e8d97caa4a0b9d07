//! Transport to a source in this process, without HTTP, and without JSON text in the answer.

use std::{panic::AssertUnwindSafe, pin::pin, sync::Arc, time::Duration};

use async_graphql::{
    PathSegment, Request, Response, ServerError, Value, Variables,
    parser::{parse_query, types::ExecutableDocument},
};
use bytes::Bytes;
use federation::{
    error::{SubgraphError, SubgraphErrorKind},
    execute::Answer,
    query_plan::{Fetch, OperationKind},
};
use futures::{
    FutureExt,
    future::{Either, select},
};

use super::{
    caller::{Caller, FetchStatus},
    large_numbers::{spell_out_in_document, spell_out_in_variables},
    record_ids::RecordTypes,
    tree::Tree,
    type_names::ask_for_types,
};
use crate::{
    auth::{Clock, Principal},
    database::Database,
    sources::{Asked, BAD_USER_INPUT, SOURCE_UNAVAILABLE, Source},
};

/// After this time without an answer, the database is checked.
const SUSPICIOUS: Duration = Duration::from_secs(1);

/// A source in this process.
#[derive(Clone, Debug)]
pub struct Embedded {
    source: Arc<dyn Source>,
    database: Database,
    clock: Arc<dyn Clock>,
    records: RecordTypes,
}

/// A request to an embedded source, and its caller.
struct Question<'a> {
    document: &'a ExecutableDocument,
    variables: Variables,
    principal: &'a Principal,
}

/// An answer, or a panic.
type Outcome = std::thread::Result<Response>;

/// A fetch's document, parsed once and kept with the plan.
type Parsed = Result<ExecutableDocument, String>;

impl Embedded {
    /// A source that reads from a database and takes the time from a clock.
    pub fn new(source: Arc<dyn Source>, database: Database, clock: Arc<dyn Clock>) -> Self {
        Self {
            records: RecordTypes::read(&source.sdl()),
            source,
            database,
            clock,
        }
    }

    /// Fetches; an answer that lacks records that cannot be reached says so beside it.
    pub(super) async fn fetch(
        &self,
        fetch: &Fetch,
        variables: &Bytes,
        caller: &Caller,
    ) -> Result<(Answer, FetchStatus), SubgraphError> {
        let parsed = fetch
            .prepared
            .get_or_init::<Parsed>(|| {
                let mut document =
                    parse_query(fetch.document.as_ref()).map_err(|error| error.to_string())?;
                self.records.ask_for_ids(&mut document);
                ask_for_types(&mut document);
                spell_out_in_document(&mut document);
                Ok(document)
            })
            .ok_or_else(|| self.fault(&"the fetch was prepared for another transport"))?;
        let document = parsed.as_ref().map_err(|error| self.fault(error))?;
        let mut variables: Variables =
            serde_json::from_slice(variables).map_err(|error| self.fault(&error))?;
        spell_out_in_variables(&mut variables);
        let question = Question {
            document,
            variables,
            principal: &caller.principal,
        };
        let response = match fetch.kind {
            OperationKind::Query => self.ask_reachable(&question).await,
            // A mutation is not asked again, since it may have been carried out.
            _ => self.ask(&question, self.database.at_once()).await,
        };
        let mut response = response.map_err(|_| self.fault(&"it panicked"))?;
        let mut status = FetchStatus::Ok;
        if response.errors.iter().any(is_unreachable) {
            self.database.suspect();
            status = FetchStatus::Unavailable;
        }
        caller.note_records(|reached| {
            RecordTypes::collect(&response.data, reached);
            RecordTypes::collect_noted(&response, reached);
        });
        caller.note_classified(|classified| classified.note(&mut response));
        let tree = Tree::new(self.source.name(), response);
        Ok((Answer::Tree(Box::new(tree)), status))
    }

    /// Those of some ids that records have which exist for the caller, whose levels are noted, and what is no id of
    /// any kind of record.
    pub(super) async fn known_of(&self, ids: &[String], caller: &Caller) -> Vec<String> {
        let fields = ids.iter().enumerate();
        let fields: Vec<_> = fields
            .map(|(index, id)| format!("n{index}: node(id: \"{id}\") {{ id }}"))
            .collect();
        let query = format!("{{ {} }}", fields.join(" "));
        // The ids are letters and digits, so that this can be parsed.
        let Ok(document) = parse_query(query) else {
            return Vec::new();
        };
        let question = Question {
            document: &document,
            variables: Variables::default(),
            principal: &caller.principal,
        };
        let Ok(mut response) = self.ask_reachable(&question).await else {
            return Vec::new();
        };
        caller.note_classified(|classified| classified.note(&mut response));
        let refused: Vec<String> = response.errors.iter().filter_map(refused_at).collect();
        let is_there = |index: usize| match &response.data {
            Value::Object(members) => {
                let name = format!("n{index}");
                let node = members.get(name.as_str());
                node.is_some_and(|node| *node != Value::Null) || refused.contains(&name)
            }
            _ => false,
        };
        let known = ids.iter().enumerate().filter(|(index, _)| is_there(*index));
        known.map(|(_, id)| id.clone()).collect()
    }

    /// Asks, and once the database is found to be gone asks again with failing statements, so that
    /// no request waits for it until the time-out.
    async fn ask_reachable(&self, question: &Question<'_>) -> Outcome {
        if self.database.is_lost() {
            return self.ask(question, self.database.at_once()).await;
        }
        let answer = pin!(self.ask(question, self.database.clone()));
        let lost = pin!(async {
            tokio::time::sleep(SUSPICIOUS).await;
            self.database.suspect();
            self.database.lost().await;
        });
        match select(answer, lost).await {
            Either::Left((answer, _)) => answer,
            Either::Right(((), _)) => self.ask(question, self.database.at_once()).await,
        }
    }

    async fn ask(&self, question: &Question<'_>, database: Database) -> Outcome {
        let mut request = Request::new(String::new()).variables(question.variables.clone());
        request.set_parsed_query(question.document.clone());
        let asked = Asked {
            database: &database,
            principal: question.principal,
            now: self.clock.instant(),
            known_at: None,
        };
        let running = self.source.execute(request, asked);
        AssertUnwindSafe(running).catch_unwind().await
    }

    fn fault(&self, cause: &dyn std::fmt::Display) -> SubgraphError {
        let source = self.source.name();
        tracing::error!(source, %cause, "an embedded source failed");
        SubgraphError {
            kind: SubgraphErrorKind::Unavailable,
            message: format!("The source `{source}` could not answer."),
            retryable: false,
        }
    }
}

/// The field that an error refuses as no id of any kind of record.
fn refused_at(error: &ServerError) -> Option<String> {
    let code = error.extensions.as_ref()?.get("code");
    if !matches!(code, Some(Value::String(code)) if code == BAD_USER_INPUT) {
        return None;
    }
    match error.path.first() {
        Some(PathSegment::Field(name)) => Some(name.clone()),
        _ => None,
    }
}

/// Whether an error says that the records cannot be reached.
fn is_unreachable(error: &ServerError) -> bool {
    let code = (error.extensions.as_ref()).and_then(|extensions| extensions.get("code"));
    matches!(code, Some(Value::String(code)) if code == SOURCE_UNAVAILABLE)
}
