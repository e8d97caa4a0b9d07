//! Fetches of what can be had without inputs. In: the graph with all fetches joined. Out: for each fetch
//! that sends required fields or contexts and asks for fields that need none, a second one of these
//! fields by the key alone, for the objects that the first one leaves out since an input failed.
//! Invariant: the second fetch asks for nothing that the first does not ask for.

use apollo_compiler::collections::IndexSet;

use crate::{
    budget::Budget,
    index::{Index, SubgraphId, TypeId},
    plan::fetch_graph::{
        asked::AskedField,
        dag::{Asking, Dag, Declared, Node, NodeKind, Part},
        ids::{NodeId, SelectionId},
    },
    query_plan::{RepresentationValue, RepresentationVariant},
};

/// Adds the second fetches. What waits for the first of a pair waits for the second, which waits for the
/// first.
pub(crate) fn ask_without_inputs(index: &Index, dag: &mut Dag, budget: &Budget) {
    for at in 0..dag.nodes.len() {
        if dag.nodes[at].kind != NodeKind::Entities || !budget.step(1) {
            continue;
        }
        let subgraph = dag.nodes[at].subgraph;
        let own = std::mem::take(&mut dag.nodes[at].parts);
        let parts: Vec<Part> = (own.iter())
            .filter_map(|part| without_inputs(index, dag, (subgraph, budget), part))
            .collect();
        dag.nodes[at].parts = own;
        if parts.is_empty() {
            continue;
        }
        let own = NodeId(dag.nodes.len());
        let of = NodeId(at);
        for node in &mut dag.nodes {
            if node.needs.swap_remove(&of) {
                node.needs.insert(own);
            }
        }
        budget.step(dag.nodes.len());
        dag.nodes.push(Node {
            subgraph,
            parts,
            kind: NodeKind::Entities,
            needs: IndexSet::from_iter([of]),
            instead_of: Some(of),
        });
    }
}

/// The part with the key alone, and what that suffices for; `None` where it is all or nothing.
fn without_inputs(
    index: &Index,
    dag: &mut Dag,
    (subgraph, budget): (SubgraphId, &Budget),
    part: &Part,
) -> Option<Part> {
    if part.context.is_empty() && part.representation.iter().all(is_key_alone) {
        return None;
    }
    let mut asking = dag.askings[part.selection.0].clone();
    budget.step(1 + asking.fields.len());
    let all = asking.fields.len();
    let owners = Owners {
        index,
        subgraph,
        declared: declared(&asking),
    };
    asking
        .fields
        .retain(|field| !owners.requires(field) && !is_filled(dag, field, budget));
    if asking.fields.is_empty() || asking.fields.len() == all {
        return None;
    }
    dag.askings.push(asking);
    Some(Part {
        shape: part.shape,
        targets: part.targets.clone(),
        representation: part.representation.iter().map(key_alone).collect(),
        selection: SelectionId(dag.askings.len() - 1),
        context: Vec::new(),
    })
}

fn declared(asking: &Asking) -> Option<TypeId> {
    match asking.declared {
        Declared::As(id) => Some(id),
        Declared::Entity => asking.typed_as,
    }
}

fn is_key_alone(variant: &RepresentationVariant) -> bool {
    variant.fields.iter().all(|field| {
        let is_below = match &field.value {
            RepresentationValue::Leaf(_) => true,
            RepresentationValue::Object(below) => below.iter().all(is_key_alone),
        };
        field.is_key && is_below
    })
}

/// A representation without the fields that are required beside the key.
fn key_alone(variant: &RepresentationVariant) -> RepresentationVariant {
    let mut variant = variant.clone();
    variant.fields.retain(|field| field.is_key);
    for field in &mut variant.fields {
        if let RepresentationValue::Object(below) = &mut field.value {
            *below = below.iter().map(key_alone).collect();
        }
    }
    variant
}

/// Whether an argument of a field, or of one below it, is filled from a context.
fn is_filled(dag: &Dag, field: &AskedField, budget: &Budget) -> bool {
    let mut open = vec![field];
    while let Some(field) = open.pop() {
        if !field.filled.is_empty() || !budget.step(1) {
            return true;
        }
        if let Some((below, _)) = field.below {
            open.extend(dag.askings[below.0].fields.iter());
        }
    }
    false
}

/// Types whose objects a list asks for.
struct Owners<'i> {
    index: &'i Index,
    subgraph: SubgraphId,
    declared: Option<TypeId>,
}

impl Owners<'_> {
    /// Whether a field requires more than the key, of any type that it is asked of.
    fn requires(&self, field: &AskedField) -> bool {
        let requires = |owner: TypeId| {
            let id = self.index.find_field(owner, &field.name);
            let field_in = id.and_then(|id| self.index.field(id).find_in(self.subgraph));
            field_in.is_some_and(|field_in| field_in.requires.is_some())
        };
        let of_interface = field.of_interface.into_iter();
        let by_type = field.types.iter().flat_map(crate::index::TypeSet::iter);
        let possible = self.declared.into_iter().flat_map(|declared| {
            let facts = self.index.type_(declared);
            let possible = facts.possible_in[self.subgraph.0 as usize].iter();
            possible.chain([declared])
        });
        of_interface.chain(by_type).chain(possible).any(requires)
    }
}
