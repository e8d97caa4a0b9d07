//! What an answer ought to be: subgraphs in memory over one set of data, and the same data asked
//! as one schema.

pub(crate) mod subgraph;
pub(crate) mod transport;
pub(crate) mod value;

use std::sync::Arc;

use apollo_compiler::{
    ExecutableDocument, Schema,
    response::{ExecutionResponse, JsonMap},
    validation::Valid,
};
use federation::{
    compose::compose,
    diagnostic::Sources,
    gateway::{Gateway, Options},
    grants::Grants,
    request::Request,
    response::Response,
    subgraph::SubgraphInput,
    supergraph::Supergraph,
};
use serde_json::{Value as Json, json};

use subgraph::Subgraph;
use transport::InMemory;
use value::Data;

/// A graph with its subgraphs in memory.
pub(crate) struct Graph {
    /// Composed of the subgraphs.
    pub(crate) gateway: Gateway<InMemory>,
    data: Arc<dyn Data>,
}

impl Graph {
    /// Composes subgraphs; what stands against it is told as text.
    pub(crate) fn compose(inputs: &[SubgraphInput], data: Arc<dyn Data>) -> Result<Self, String> {
        let (composed, diagnostics) = compose(inputs);
        let sources: Sources<'_> = inputs
            .iter()
            .map(|input| (input.name.as_str(), input.sdl.as_str()))
            .collect();
        let composed = composed.ok_or_else(|| diagnostics.to_text(&sources))?;
        Self::new(&composed.supergraph_sdl, inputs, data)
    }

    /// Serves a supergraph that is given.
    pub(crate) fn new(
        supergraph_sdl: &str,
        inputs: &[SubgraphInput],
        data: Arc<dyn Data>,
    ) -> Result<Self, String> {
        let supergraph = Supergraph::parse(supergraph_sdl).map_err(|error| error.to_string())?;
        let whole = Arc::new(supergraph.schema.clone());
        let subgraphs = Subgraph::read_all(inputs, &whole, &data)?;
        let transport = Arc::new(InMemory::new(subgraphs));
        let gateway = Gateway::new(supergraph, transport, Options::default())
            .map_err(|error| error.to_string())?;
        Ok(Self { gateway, data })
    }

    /// Answers through the gateway.
    pub(crate) fn respond(&self, query: &str, variables: &Json, grants: &Grants) -> Response {
        let request = Request {
            query: query.to_owned(),
            variables: map(variables),
            may_mutate: true,
            ..Request::default()
        };
        self.answer(&request, grants)
    }

    /// Answers a request through the gateway.
    pub(crate) fn answer(&self, request: &Request, grants: &Grants) -> Response {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        let runtime = runtime.expect("a runtime");
        runtime.block_on(self.gateway.respond(request, grants, &()))
    }

    /// Answers as one schema would.
    pub(crate) fn monolith(&self, query: &str, variables: &Json) -> Json {
        let schema = &self.gateway.supergraph().api_schema;
        let text = execute(schema, query, variables, &*self.data, None);
        serde_json::from_str(&text).expect("a response is JSON")
    }

    /// The `data` of one schema's answer as text, fields in their order.
    pub(crate) fn monolith_text(&self, query: &str, variables: &Json) -> String {
        let schema = &self.gateway.supergraph().api_schema;
        let text = execute(schema, query, variables, &*self.data, None);
        let response: ExecutionResponse = serde_json::from_str(&text).expect("a response");
        serde_json::to_string(&response.data).expect("JSON")
    }

    /// What the subgraphs were asked since this was last asked, in the order of arrival.
    pub(crate) fn take_calls(&self) -> Vec<transport::Call> {
        self.gateway.transport().take_calls()
    }

    /// The transport, for faults.
    pub(crate) fn transport(&self) -> &InMemory {
        self.gateway.transport()
    }
}

/// Everything is granted.
pub(crate) fn everything() -> Grants {
    Grants {
        unrestricted: true,
        ..Grants::default()
    }
}

/// A response as JSON, errors as `[path, message]`.
pub(crate) fn to_json(response: &Response) -> Json {
    let data: Json = match &response.data {
        Some(data) => serde_json::from_slice(data).expect("data is JSON"),
        None => Json::Null,
    };
    let errors = response.errors.iter();
    let errors: Vec<Json> = errors
        .map(|error| json!([error.path, error.message]))
        .collect();
    json!({ "data": data, "errors": errors })
}

pub(crate) fn map(variables: &Json) -> JsonMap {
    serde_json::from_value(variables.clone()).expect("variables are an object")
}

/// Executes a document over data: the response as JSON text. What does not validate is told as an
/// error.
pub(crate) fn execute(
    schema: &Valid<Schema>,
    query: &str,
    variables: &Json,
    data: &dyn Data,
    subgraph: Option<&Subgraph>,
) -> String {
    let document = match ExecutableDocument::parse_and_validate(schema, query, "query.graphql") {
        Ok(document) => document,
        Err(invalid) => {
            let message = format!("invalid document: {}\n{query}", invalid.errors);
            return json!({ "errors": [{ "message": message }] }).to_string();
        }
    };
    let operation = document.operations.get(None).expect("one operation");
    let root = value::Resolver::root(data, subgraph, operation.object_type());
    let variables = map(variables);
    let response = apollo_compiler::resolvers::Execution::new(schema, &document)
        .operation(operation)
        .raw_variable_values(&variables)
        .enable_schema_introspection(true)
        .execute_sync(&root);
    match response {
        Ok(response) => serde_json::to_string(&response).expect("a response is JSON"),
        Err(error) => json!({ "errors": [{ "message": error.message().to_string() }] }).to_string(),
    }
}
