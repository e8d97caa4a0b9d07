//! Asks a source as the gateway does, with the example records loaded.

use std::sync::{Arc, LazyLock};

use async_graphql::{Request, Variables};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use upfront::{
    auth::{Clock, Principal, SystemClock},
    database::Database,
    embedded, import,
    sources::{Asked, Source},
};

use crate::support::records;

/// The id that an example record of a type has.
pub(crate) fn id(prefix: &str, key: &str) -> String {
    import::IdKey::example().public_id(prefix, key)
}

static SOURCES: LazyLock<Vec<Arc<dyn Source>>> = LazyLock::new(embedded::sources);

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Caller {
    Anonymous,
    Confidential,
    Strict,
    /// Cleared for everything, with the scopes of the mandates for exact figures.
    Exact,
}

impl Caller {
    fn principal(self) -> Principal {
        let scopes: &[&str] = match self {
            Self::Anonymous => &[],
            Self::Confidential => &["clearance:confidential"],
            Self::Strict => &["clearance:confidential", "clearance:strictly-confidential"],
            Self::Exact => &[
                "clearance:confidential",
                "clearance:strictly-confidential",
                "ohchr:exact",
                "caac:exact",
                "svc:exact",
            ],
        };
        Principal {
            // The example's officers of this entity need to know of everything.
            entity: (self != Self::Anonymous).then(|| "OHCHR".to_owned()),
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            ..Principal::default()
        }
    }
}

/// The example records in a database of their own, and who asks of them.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) database: Database,
    /// The instant that is asked about; none asks about now.
    pub(crate) known_at: Option<DateTime<Utc>>,
    /// Who asks instead of the [`Caller`], and when.
    pub(crate) officer: Option<(Principal, DateTime<Utc>)>,
}

/// Runs a test on the example records, on each kind of database.
pub(crate) async fn on_example<T, F>(test: T)
where
    T: Fn(World) -> F,
    F: Future<Output = ()> + Send + 'static,
{
    records::on_example(|database| {
        test(World {
            database,
            known_at: None,
            officer: None,
        })
    })
    .await;
}

impl World {
    /// The whole answer of a source.
    pub(crate) async fn answer(
        &self,
        source: &str,
        caller: Caller,
        query: &str,
        variables: Value,
    ) -> Value {
        let source = SOURCES.iter().find(|each| each.name() == source).unwrap();
        let request = Request::new(query).variables(Variables::from_json(variables));
        let default = (caller.principal(), SystemClock.instant());
        let (principal, now) = self.officer.as_ref().unwrap_or(&default);
        let asked = Asked {
            database: &self.database,
            principal,
            now: *now,
            known_at: self.known_at,
        };
        let response = source.execute(request, asked).await;
        serde_json::to_value(response).unwrap()
    }

    /// The data of an answer that has no errors.
    pub(crate) async fn data(
        &self,
        source: &str,
        caller: Caller,
        query: &str,
        variables: Value,
    ) -> Value {
        let mut answer = self.answer(source, caller, query, variables).await;
        assert!(answer.get("errors").is_none(), "{answer:#}");
        answer["data"].take()
    }

    /// The only error of an answer, by message and code.
    pub(crate) async fn error(
        &self,
        source: &str,
        query: &str,
        variables: Value,
    ) -> (String, String) {
        let answer = self.answer(source, Caller::Strict, query, variables).await;
        let errors = answer["errors"]
            .as_array()
            .unwrap_or_else(|| panic!("{answer:#}"));
        assert_eq!(errors.len(), 1, "{answer:#}");
        let code = errors[0]["extensions"]["code"].as_str().unwrap_or_default();
        (
            errors[0]["message"].as_str().unwrap().to_owned(),
            code.to_owned(),
        )
    }

    /// Entities by their representations.
    pub(crate) async fn entities(
        &self,
        source: &str,
        caller: Caller,
        selection: &str,
        representations: Value,
    ) -> Vec<Value> {
        let query =
            format!("query ($r: [_Any!]!) {{ _entities(representations: $r) {{ {selection} }} }}");
        let data = self
            .data(source, caller, &query, json!({ "r": representations }))
            .await;
        data["_entities"].as_array().unwrap().clone()
    }

    /// What a source adds to some situations.
    pub(crate) async fn blocks(
        &self,
        source: &str,
        caller: Caller,
        block: &str,
        situations: &[&str],
    ) -> Vec<Value> {
        let representations: Vec<_> = situations
            .iter()
            .map(|id| json!({ "__typename": "Situation", "id": id }))
            .collect();
        let selection = format!("... on Situation {{ {block} }}");
        self.entities(source, caller, &selection, json!(representations))
            .await
    }

    /// The id of a situation by its natural key.
    pub(crate) fn situation(key: &str) -> String {
        id("sit", key)
    }

    /// The ids of all situations.
    pub(crate) async fn all_situations(&self) -> Vec<String> {
        let query = "{ situations(first: 100) { nodes { id } } }";
        let data = self.data("reviews", Caller::Strict, query, json!({})).await;
        let nodes = data["situations"]["nodes"].as_array().unwrap();
        nodes
            .iter()
            .map(|node| node["id"].as_str().unwrap().to_owned())
            .collect()
    }

    /// How many statements a question costs.
    pub(crate) async fn statements<F: Future>(&self, asking: F) -> (F::Output, u64) {
        let before = self.database.statements_run();
        let output = asking.await;
        (output, self.database.statements_run() - before)
    }
}
