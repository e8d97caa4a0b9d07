//! Adds fetches for objects that a fetch leaves out since an input (`@requires` or a context)
//! cannot be sent.
//!
//! In: the graph with all fetches merged. Out: for each fetch that sends inputs, others that
//! replace it for those objects: one for the fields that need the key alone, and one for each set
//! of inputs that some of its fields take, where there are several. A field further down may take a
//! context: each of these fetches asks for the objects on the way to its fields, and the one by the
//! key also for objects of which nothing else is asked, since they exist whatever the context is.
//! Invariant: such a fetch asks for nothing that the first does not ask for.

use std::collections::BTreeSet;

use apollo_compiler::collections::{IndexMap, IndexSet};

use super::{
    identify::{Deliveries, deliveries, identify},
    sorted::{Sorted, bit, keep_group},
};
use crate::{
    budget::Budget,
    index::{FieldSetId, Index, Selected, Selection, SubgraphId, TypeId},
    plan::fetch_graph::{
        asked::AskedField,
        dag::{Asking, Dag, Declared, Node, NodeKind, Part},
        ids::NodeId,
    },
    query_plan::{
        ContextVariable, RepresentationTypename, RepresentationValue, RepresentationVariant,
    },
};

/// How many sets of inputs of one fetch get separate fetches; fields with further sets share one.
const MOST_SETS: usize = 8;

/// What a fetch takes beside keys: field sets, and variables of contexts.
type Taken = (BTreeSet<FieldSetId>, BTreeSet<Box<str>>);

/// Adds the other fetches. What waits for the first waits for these, which wait for the first.
pub(crate) fn ask_without_inputs(index: &Index, dag: &mut Dag, budget: &Budget) {
    let mut parts = dag.nodes.iter().flat_map(|node| &node.parts);
    let has_contexts = parts.any(|part| !part.context.is_empty());
    let deliveries = has_contexts.then(|| deliveries(dag, budget));
    let deliveries = deliveries.unwrap_or_default();
    for at in 0..dag.nodes.len() {
        if dag.nodes[at].kind != NodeKind::Entities || !budget.step(1) {
            continue;
        }
        let subgraph = dag.nodes[at].subgraph;
        let own = std::mem::take(&mut dag.nodes[at].parts);
        let mut fetches: IndexMap<Taken, Vec<Part>> = IndexMap::default();
        for part in &own {
            for (taken, part) in apart(index, dag, (subgraph, budget), &deliveries, part) {
                fetches.entry(taken).or_default().push(part);
            }
        }
        dag.nodes[at].parts = own;
        let of = NodeId(at);
        let others = dag.nodes.len()..dag.nodes.len() + fetches.len();
        budget.step(others.len() * dag.nodes.len());
        for node in &mut dag.nodes {
            if !others.is_empty() && node.needs.swap_remove(&of) {
                node.needs.extend(others.clone().map(NodeId));
            }
        }
        dag.nodes.extend(fetches.into_values().map(|parts| Node {
            subgraph,
            parts,
            kind: NodeKind::Entities,
            needs: IndexSet::from_iter([of]),
            instead_of: Some(of),
        }));
    }
}

/// The parts that replace one, each with fewer inputs; none where all its fields take the same.
fn apart(
    index: &Index,
    dag: &mut Dag,
    (subgraph, budget): (SubgraphId, &Budget),
    deliveries: &Deliveries,
    part: &Part,
) -> Vec<(Taken, Part)> {
    let is_key_alone = part.representation.iter().all(is_key_alone);
    if part.context.is_empty() && is_key_alone {
        return Vec::new();
    }
    let asking = dag.askings[part.selection.0].clone();
    let owners = Owners {
        index,
        subgraph,
        declared: declared(&asking),
    };
    let mut groups = Groups {
        index,
        part,
        budget,
        all: Vec::new(),
        of_inputs: IndexMap::default(),
    };
    let by_key = groups.find_or_add(Inputs::default());
    let sorted = owners.sort(dag, &asking, &mut groups);
    let used = sorted.iter().fold(0, |used, one| used | one.within());
    let of_inputs = groups.all.len() - 1;
    let has_more = of_inputs > 1 || of_inputs == 1 && used & bit(by_key) != 0;
    if of_inputs > 1 {
        let of = (part.selection, sorted.as_slice());
        identify(index, dag, (subgraph, budget), deliveries, of);
    }
    let mut parts = Vec::new();
    for (at, group) in groups.all.into_iter().enumerate() {
        // The only group with inputs would be sent the same as the first fetch, so it is not added.
        let is_replaced = has_more && (at == by_key || of_inputs > 1);
        if !is_replaced || used & bit(at) == 0 || !budget.step(1 + sorted.len()) {
            continue;
        }
        let selection = keep_group(dag, budget, (part.selection, &sorted), at);
        let variables = group.context.iter();
        let variables = variables
            .map(|variable| variable.variable.clone())
            .collect();
        let part = Part {
            shape: part.shape,
            targets: part.targets.clone(),
            representation: group.representation,
            selection,
            context: group.context,
        };
        parts.push(((group.inputs.requires, variables), part));
    }
    parts
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

/// What fields take beside the key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Inputs {
    requires: BTreeSet<FieldSetId>,
    /// Variables that are filled from a context.
    filled: BTreeSet<String>,
}

/// Fields of a part that are sent the same.
struct Group {
    inputs: Inputs,
    representation: Vec<RepresentationVariant>,
    context: Vec<ContextVariable>,
}

struct Groups<'g> {
    index: &'g Index,
    part: &'g Part,
    budget: &'g Budget,
    all: Vec<Group>,
    of_inputs: IndexMap<Inputs, usize>,
}

impl Groups<'_> {
    /// The group of fields that take some inputs.
    fn find_or_add(&mut self, inputs: Inputs) -> usize {
        if let Some(&at) = self.of_inputs.get(&inputs) {
            return at;
        }
        let group = self.group(inputs.clone());
        let same = self.all.iter().position(|other| {
            other.representation == group.representation && other.context == group.context
        });
        let at = match same {
            Some(at) => at,
            None if self.all.len() <= MOST_SETS => {
                self.all.push(group);
                self.all.len() - 1
            }
            None => {
                let mut all = self.all[MOST_SETS].inputs.clone();
                all.requires.extend(group.inputs.requires);
                all.filled.extend(group.inputs.filled);
                self.all[MOST_SETS] = self.group(all);
                MOST_SETS
            }
        };
        self.of_inputs.insert(inputs, at);
        at
    }

    fn group(&self, inputs: Inputs) -> Group {
        let sets: Vec<&[Selection]> = (inputs.requires.iter())
            .map(|&set| self.index.field_set(set))
            .collect();
        let variants = self.part.representation.iter();
        let variables = self.part.context.iter();
        Group {
            representation: variants
                .map(|variant| with_inputs(variant, &sets, self.budget))
                .collect(),
            context: variables
                .filter(|variable| inputs.filled.contains(&*variable.variable))
                .cloned()
                .collect(),
            inputs,
        }
    }
}

/// A representation with the key and what some field sets select.
fn with_inputs(
    variant: &RepresentationVariant,
    sets: &[&[Selection]],
    budget: &Budget,
) -> RepresentationVariant {
    let mut variant = variant.clone();
    let selections = sets.iter().map(|set| set.len()).sum::<usize>();
    budget.step(1 + variant.fields.len() * (1 + selections));
    let below = |name: &str| -> Option<Vec<&[Selection]>> {
        let fields = sets
            .iter()
            .flat_map(|set| set.iter())
            .filter_map(Selection::field);
        let mut fields = fields.filter(|field| field.name == name).peekable();
        fields.peek()?;
        let sets = fields.filter_map(|field| field.selection_set.as_ref());
        Some(sets.map(|set| &*set.selections).collect())
    };
    variant
        .fields
        .retain(|field| field.is_key || below(&field.name).is_some());
    for field in &mut variant.fields {
        if let RepresentationValue::Object(variants) = &mut field.value {
            let sets = below(&field.name).unwrap_or_default();
            let own = variants.iter();
            let own = own.map(|variant| with_inputs(variant, &sets, budget));
            let all = own.collect();
            *variants = if field.is_key {
                all
            } else {
                whatever_the_type(all, &sets)
            };
        }
    }
    variant
}

/// Variants for objects below an entity: one that does not need their type, if all types send the
/// same.
fn whatever_the_type(
    mut variants: Vec<RepresentationVariant>,
    sets: &[&[Selection]],
) -> Vec<RepresentationVariant> {
    let mut selections = sets.iter().flat_map(|set| set.iter());
    let is_named = selections.any(|one| matches!(one.selected, Selected::Typename));
    let is_runtime = |one: &RepresentationVariant| {
        one.typename == RepresentationTypename::Runtime && one.types.is_some()
    };
    let Some((first, others)) = variants.split_first_mut() else {
        return variants;
    };
    let is_like = |one: &RepresentationVariant| is_runtime(one) && one.fields == first.fields;
    if is_named || !is_runtime(first) || !others.iter().all(is_like) {
        return variants;
    }
    for other in others {
        if let (Some(types), Some(more)) = (&mut first.types, &other.types) {
            types.extend(more);
        }
    }
    first.typename = RepresentationTypename::IfKnown;
    variants.truncate(1);
    variants
}

/// Types whose objects a list asks for.
struct Owners<'i> {
    index: &'i Index,
    subgraph: SubgraphId,
    declared: Option<TypeId>,
}

impl Owners<'_> {
    /// Sorts the fields of a list, and all below them, by what they take.
    fn sort(&self, dag: &Dag, asking: &Asking, groups: &mut Groups<'_>) -> Vec<Sorted> {
        let fields = asking.fields.iter();
        fields
            .map(|field| sort(dag, field, &self.required(field), groups))
            .collect()
    }

    /// What a field requires beside the key, of any type that it is asked of.
    fn required(&self, field: &AskedField) -> Inputs {
        let mut inputs = Inputs::default();
        let of_interface = field.of_interface.into_iter();
        let by_type = field.types.iter().flat_map(crate::index::TypeSet::iter);
        let possible = self.declared.into_iter().flat_map(|declared| {
            let facts = self.index.type_(declared);
            let possible = facts.possible_in[self.subgraph.0 as usize].iter();
            possible.chain([declared])
        });
        for owner in of_interface.chain(by_type).chain(possible) {
            let id = self.index.find_field(owner, &field.name);
            let field_in = id.and_then(|id| self.index.field(id).find_in(self.subgraph));
            let requires = field_in.and_then(|field_in| field_in.requires);
            inputs.requires.extend(requires);
        }
        inputs
    }
}

/// Sorts a field and those below it. It takes the inputs of the fields above it, since it is not
/// fetched without these, and its own contexts.
fn sort(dag: &Dag, field: &AskedField, above: &Inputs, groups: &mut Groups<'_>) -> Sorted {
    let mut inputs = above.clone();
    let filled = field.filled.iter();
    (inputs.filled).extend(filled.map(|argument| argument.variable.clone()));
    let mut below = Vec::new();
    let asked = field.below.map(|(id, _)| &dag.askings[id.0]);
    if let Some(asked) = asked.filter(|asked| asked.is_touched)
        && groups.budget.step(1 + asked.fields.len())
    {
        below.extend((asked.fields.iter()).map(|field| sort(dag, field, &inputs, groups)));
    }
    Sorted::new(groups.find_or_add(inputs), below)
}
