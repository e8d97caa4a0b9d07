//! Emits the fetches of the plan. In: the graph of fetches. Out: fetches with their documents,
//! variables and dependencies. Invariant: each stands after those that it waits for; one that
//! cannot is an error.

use std::sync::Arc;

use apollo_compiler::Name;
use apollo_compiler::collections::{IndexMap, IndexSet};

use super::documents::Emitter;
use crate::{
    budget::Budget,
    index::{Index, SubgraphId},
    operation::NormalizedOperation,
    plan::{
        error::{self, PlanError},
        fetch_graph::{
            dag::{Dag, Node, NodeKind, Part, rounds_of},
            ids::NodeId,
        },
    },
    query_plan::{
        EntityList, EntityTarget, Fetch, FetchId, FetchInput, Ingest, OperationKind, Prepared,
        RootTarget,
    },
};

/// Emits a fetch for each node of a graph.
pub(crate) fn emit_fetches(
    index: &Index,
    operation: &NormalizedOperation,
    (dag, budget): (&Dag, &Budget),
    ingests: &mut Vec<Ingest>,
) -> Result<Vec<Fetch>, PlanError> {
    let order = in_order(&dag.nodes);
    let mut ids: IndexMap<NodeId, FetchId> = IndexMap::default();
    let mut fetches: Vec<Fetch> = Vec::with_capacity(order.len());
    for node_id in order {
        error::check(budget)?;
        let node = &dag.nodes[node_id.0];
        let mut emitter = Emitter {
            index,
            dag,
            budget,
            subgraph: node.subgraph,
            ingests,
            variables: IndexSet::default(),
            filled: IndexMap::default(),
        };
        let kind = match node.kind {
            NodeKind::Root => operation.kind,
            NodeKind::RootBelow | NodeKind::Entities => OperationKind::Query,
        };
        let (document, input) = match node.kind {
            NodeKind::Root | NodeKind::RootBelow => root(&mut emitter, operation, kind, node),
            NodeKind::Entities => entities(&mut emitter, operation, &node.parts),
        };
        let variables = emitter
            .variables
            .iter()
            .map(|name| name.as_str().into())
            .collect();
        let depends_on: Option<Vec<FetchId>> =
            (node.needs.iter().map(|need| ids.get(need).copied())).collect();
        let Some(mut depends_on) = depends_on else {
            let why = "fetches wait for one another";
            return Err(PlanError::Faulty(why.into()));
        };
        depends_on.sort_unstable();
        // Several of them may have become one fetch.
        depends_on.dedup();
        if matches!(input, FetchInput::RootBelow(_)) {
            budget.step(fetches.len());
        }
        let input = match join(&mut fetches, node.subgraph, (&document, &depends_on), input) {
            Ok(id) => {
                ids.insert(node_id, id);
                continue;
            }
            Err(input) => input,
        };
        let id = FetchId(u32::try_from(fetches.len()).unwrap_or(u32::MAX));
        for needed in &depends_on {
            fetches[needed.0 as usize].dependants.push(id);
        }
        fetches.push(Fetch {
            subgraph: node.subgraph,
            subgraph_name: Arc::clone(&index.subgraph(node.subgraph).name),
            kind,
            document: document.into(),
            variables,
            input,
            instead_of: node.instead_of.and_then(|of| ids.get(&of).copied()),
            depends_on,
            dependants: Vec::new(),
            prepared: Prepared::default(),
        });
        ids.insert(node_id, id);
    }
    Ok(fetches)
}

/// Adds the objects to an earlier fetch that asks for the same root fields and waits for the same
/// fetches; else returns the input unchanged. Equal documents use equal variables.
fn join(
    fetches: &mut [Fetch],
    subgraph: SubgraphId,
    (document, depends_on): (&str, &[FetchId]),
    input: FetchInput,
) -> Result<FetchId, FetchInput> {
    let FetchInput::RootBelow(more) = input else {
        return Err(input);
    };
    let ids = (0..).map(FetchId);
    for (id, fetch) in ids.zip(fetches) {
        let is_same = fetch.subgraph == subgraph
            && *fetch.document == *document
            && fetch.depends_on == depends_on;
        if let (true, FetchInput::RootBelow(targets)) = (is_same, &mut fetch.input) {
            targets.extend(more);
            return Ok(id);
        }
    }
    Err(FetchInput::RootBelow(more))
}

/// How many fetches a request counts as: one for root fields, one for each list of representations.
pub(crate) fn count(fetch: &Fetch) -> u32 {
    match &fetch.input {
        FetchInput::Root(_) | FetchInput::RootBelow(_) => 1,
        FetchInput::Entities(lists) => u32::try_from(lists.len()).unwrap_or(u32::MAX),
    }
}

/// Nodes by the length of the longest chain before each, then in the order of the graph.
fn in_order(nodes: &[Node]) -> Vec<NodeId> {
    let rounds = rounds_of(nodes);
    let mut order: Vec<NodeId> = (0..nodes.len()).map(NodeId).collect();
    order.sort_by_key(|node| rounds[node.0]);
    order
}

fn root(
    emitter: &mut Emitter<'_>,
    operation: &NormalizedOperation,
    kind: OperationKind,
    node: &Node,
) -> (String, FetchInput) {
    let selections: Vec<_> = node.parts.iter().map(|part| part.selection).collect();
    let (ingest, texts) = emitter.emit(&selections);
    let text: String = texts.into_values().collect();
    let keyword = match kind {
        OperationKind::Query => "query",
        OperationKind::Mutation => "mutation",
        OperationKind::Subscription => "subscription",
    };
    let applied = applied(emitter, operation, kind);
    let variables = declarations(&emitter.variables, operation);
    let is_short = variables.is_empty() && applied.is_empty();
    let document = if is_short && kind == OperationKind::Query {
        text
    } else if variables.is_empty() {
        format!("{keyword}{applied}{text}")
    } else {
        format!("{keyword}({}){applied}{text}", variables.join(","))
    };
    let input = match node.kind {
        NodeKind::RootBelow => FetchInput::RootBelow(
            (node.parts.iter())
                .flat_map(|part| part.targets.iter().cloned())
                .map(|path| RootTarget { path, ingest })
                .collect(),
        ),
        NodeKind::Root | NodeKind::Entities => FetchInput::Root(ingest),
    };
    (document, input)
}

fn entities(
    emitter: &mut Emitter<'_>,
    operation: &NormalizedOperation,
    parts: &[Part],
) -> (String, FetchInput) {
    let mut lists: IndexMap<String, Vec<EntityTarget>> = IndexMap::default();
    for part in parts {
        let (ingest, texts) = emitter.emit(&[part.selection]);
        let text: String = texts.into_values().collect();
        let targets = part.targets.iter().map(|path| EntityTarget {
            path: path.clone(),
            representation: part.representation.clone(),
            ingest,
            context: part.context.clone(),
        });
        lists.entry(text).or_default().extend(targets);
    }
    let is_one = lists.len() == 1;
    let mut declared: Vec<String> = Vec::new();
    let mut body = String::new();
    let mut entity_lists = Vec::with_capacity(lists.len());
    for (at, (text, targets)) in lists.into_iter().enumerate() {
        let (alias, wanted) = if is_one {
            ("_entities".to_owned(), "representations".to_owned())
        } else {
            (format!("_e{at}"), format!("r{at}"))
        };
        let variable = free_variable(wanted, operation);
        declared.push(format!("${variable}:[_Any!]!"));
        if !body.is_empty() && !body.ends_with('}') {
            body.push(' ');
        }
        if !is_one {
            body.push_str(&alias);
            body.push(':');
        }
        body.push_str("_entities(representations:$");
        body.push_str(&variable);
        body.push(')');
        body.push_str(&text);
        entity_lists.push(EntityList {
            alias: alias.into(),
            variable: variable.into(),
            targets,
        });
    }
    let applied = applied(emitter, operation, OperationKind::Query);
    declared.extend(declarations(&emitter.variables, operation));
    declared.extend(
        emitter
            .filled
            .iter()
            .map(|(name, ty)| format!("${name}:{ty}")),
    );
    let document = format!("query({}){applied}{{{body}}}", declared.join(","));
    (document, FetchInput::Entities(entity_lists))
}

/// The directives of the client's operation that may stand on a document of some kind.
fn applied(
    emitter: &mut Emitter<'_>,
    operation: &NormalizedOperation,
    kind: OperationKind,
) -> String {
    let mut text = String::new();
    for one in &operation.directives {
        if kind == operation.kind || one.is_for_queries {
            text.push_str(&one.text);
            emitter.variables.extend(one.variables.iter().cloned());
        }
    }
    text
}

fn free_variable(mut wanted: String, operation: &NormalizedOperation) -> String {
    while operation.variables.contains_key(wanted.as_str()) {
        wanted.insert(0, '_');
    }
    wanted
}

fn declarations(variables: &IndexSet<Name>, operation: &NormalizedOperation) -> Vec<String> {
    variables
        .iter()
        .filter_map(|name| {
            let variable = operation.variables.get(name)?;
            Some(match &variable.default {
                Some(default) => format!("${name}:{}={default}", variable.ty),
                None => format!("${name}:{}", variable.ty),
            })
        })
        .collect()
}
