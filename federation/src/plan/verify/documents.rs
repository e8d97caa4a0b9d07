//! Checks each document: it is valid in its subgraph and asks only for what the subgraph resolves
//! and the caller may read. In: a fetch. Out: problems; and in [`Written`] the slots that it
//! writes, by runtime type.

use apollo_compiler::{
    ExecutableDocument, Schema,
    collections::IndexMap,
    executable::{Field, Operation, Selection, SelectionSet},
    validation::Valid,
};

use super::written::{Extent, Problems, Written};
use crate::{
    budget::Budget,
    index::{FieldIn, Index, LabelSet, SubgraphId, TypeId, TypeSet},
    invalid::describe,
    query_plan::{
        EntityList, EntityTarget, FetchId, FetchInput, IngestEntry, IngestId, IngestInto, Plan,
        RepresentationField, RepresentationTypename, RepresentationValue, RepresentationVariant,
    },
    reachable::ReachableOperation,
};

pub(super) struct Documents<'v> {
    pub(super) index: &'v Index,
    pub(super) operation: &'v ReachableOperation,
    pub(super) labels: &'v LabelSet,
    pub(super) budget: &'v Budget,
    pub(super) plan: &'v Plan,
    pub(super) written: &'v mut Written,
    pub(super) problems: &'v mut Problems,
    /// Where the entries of programs are, by response name.
    pub(super) entries: IndexMap<IngestId, IndexMap<&'v str, usize>>,
}

/// Where in a document a selection set stands.
#[derive(Clone)]
struct Scope<'v> {
    fetch: FetchId,
    subgraph: SubgraphId,
    /// The type the subgraph knows the object as.
    declared: TypeId,
    /// Runtime types that the enclosing type conditions admit; `None` below an interface object.
    types: Option<TypeSet>,
    /// What enclosing fields provide: schema coordinates below them are readable though external.
    provided: Vec<&'v [crate::index::Selection]>,
    /// The representations that are sent, directly below `_entities`.
    sent: Option<&'v [RepresentationVariant]>,
}

impl<'v> Documents<'v> {
    pub(super) fn fetch(&mut self, id: FetchId) {
        let fetch = &self.plan.fetches[id.0 as usize];
        if !self.budget.step(1 + fetch.document.len() / 8) {
            return;
        }
        let schema = self.index.subgraph_schema(fetch.subgraph);
        let document = match parse(schema, &fetch.document) {
            Ok(document) => document,
            Err(errors) => {
                self.problems.push(format!(
                    "fetch {} is not valid in `{}`: {errors}\n{}",
                    id.0, fetch.subgraph_name, fetch.document
                ));
                return;
            }
        };
        self.operation_of(id, &document);
    }

    fn operation_of(&mut self, id: FetchId, document: &ExecutableDocument) {
        let fetch = &self.plan.fetches[id.0 as usize];
        let Some(operation) = document.operations.iter().next() else {
            return;
        };
        match &fetch.input {
            FetchInput::Root(_) | FetchInput::RootBelow(_) => {
                let Some(declared) = self.index.root(operation.operation_type) else {
                    return;
                };
                let scope = Scope {
                    fetch: id,
                    subgraph: fetch.subgraph,
                    declared,
                    types: Some([declared].into_iter().collect()),
                    provided: Vec::new(),
                    sent: None,
                };
                for (_, ingest) in fetch.input.targets() {
                    self.selections(&scope, &operation.selection_set, ingest);
                }
            }
            FetchInput::Entities(lists) => {
                self.contexts(id, operation, lists);
                for list in lists {
                    let field = operation
                        .selection_set
                        .fields()
                        .find(|field| field.response_key().as_str() == &*list.alias);
                    match field {
                        Some(field) => self.list(id, list, field),
                        None => self.problems.push(format!(
                            "fetch {}: the document has no `{}`",
                            id.0, list.alias
                        )),
                    }
                }
            }
        }
    }

    /// A fetch that replaces another declares no context variable of that one which it does not
    /// send.
    fn contexts(&mut self, id: FetchId, operation: &Operation, lists: &[EntityList]) {
        let of = self.plan.fetches[id.0 as usize].instead_of;
        let other = of.and_then(|of| self.plan.fetches.get(of.0 as usize));
        let Some(FetchInput::Entities(others)) = other.map(|other| &other.input) else {
            return;
        };
        let given = |lists: &[EntityList], name: &str| {
            let mut targets = lists.iter().flat_map(|list| &list.targets);
            targets.any(|target| target.context.iter().any(|one| *one.variable == *name))
        };
        self.budget.step(operation.variables.len());
        for variable in &operation.variables {
            let name = variable.name.as_str();
            if given(others, name) && !given(lists, name) {
                self.problems
                    .push(format!("fetch {}: nothing is sent as `${name}`", id.0));
            }
        }
    }

    fn list(&mut self, id: FetchId, list: &'v EntityList, field: &Field) {
        for target in &list.targets {
            self.representations(id, target);
            for selection in &field.selection_set.selections {
                let Selection::InlineFragment(fragment) = selection else {
                    continue;
                };
                let condition = fragment.type_condition.as_ref();
                let Some(declared) = condition.and_then(|name| self.index.find_type(name)) else {
                    continue;
                };
                self.entities(id, target, declared, &fragment.selection_set);
            }
        }
    }

    fn entities(
        &mut self,
        id: FetchId,
        target: &'v EntityTarget,
        declared: TypeId,
        set: &SelectionSet,
    ) {
        let subgraph = self.plan.fetches[id.0 as usize].subgraph;
        let facts = self.index.type_(declared);
        let types = if facts.interface_object_in.contains(subgraph) {
            None
        } else {
            Some(facts.possible_in[subgraph.0 as usize].clone())
        };
        let scope = Scope {
            fetch: id,
            subgraph,
            declared,
            types,
            provided: Vec::new(),
            sent: Some(&target.representation),
        };
        self.selections(&scope, set, target.ingest);
    }

    /// Checks that every representation has a key that the subgraph resolves.
    fn representations(&mut self, id: FetchId, target: &EntityTarget) {
        let subgraph = self.plan.fetches[id.0 as usize].subgraph;
        for variant in &target.representation {
            let named: Vec<TypeId> = match &variant.typename {
                RepresentationTypename::Name(name) => {
                    self.index.find_type(name).into_iter().collect()
                }
                RepresentationTypename::Runtime => {
                    variant.types.iter().flat_map(TypeSet::iter).collect()
                }
                RepresentationTypename::IfKnown | RepresentationTypename::Absent => Vec::new(),
            };
            if named.is_empty() {
                self.problems
                    .push(format!("fetch {}: a representation names no type", id.0));
            }
            for type_ in named {
                let facts = self.index.type_(type_);
                let is_by_key = facts.keys.iter().any(|key| {
                    key.subgraph == subgraph
                        && key.resolvable
                        && holds(variant, self.index.field_set(key.fields), type_, true)
                });
                if !is_by_key {
                    self.problems.push(format!(
                        "fetch {}: `{}` resolves no `{}` by what is sent",
                        id.0, self.plan.fetches[id.0 as usize].subgraph_name, facts.name
                    ));
                }
            }
        }
    }

    fn selections(&mut self, scope: &Scope<'v>, set: &SelectionSet, ingest: IngestId) {
        let program = &self.plan.ingests[ingest.0 as usize];
        let arrival = (program.shape, program.runtime_type.told());
        self.written.arrivals.insert(arrival);
        self.walk(scope, set, ingest);
    }

    fn walk(&mut self, scope: &Scope<'v>, set: &SelectionSet, ingest: IngestId) {
        for selection in &set.selections {
            if !self.budget.step(1) {
                return;
            }
            match selection {
                Selection::Field(field) => self.field(scope, field, ingest),
                Selection::InlineFragment(fragment) => {
                    let mut inner = scope.clone();
                    let condition = fragment.type_condition.as_ref();
                    if let Some(id) = condition.and_then(|name| self.index.find_type(name)) {
                        inner.declared = id;
                        let possible = &self.index.type_(id).possible_in[scope.subgraph.0 as usize];
                        inner.types = scope
                            .types
                            .as_ref()
                            .map(|types| types.intersection(possible));
                    }
                    self.walk(&inner, &fragment.selection_set, ingest);
                }
                Selection::FragmentSpread(_) => {}
            }
        }
    }

    fn field(&mut self, scope: &Scope<'v>, field: &Field, ingest: IngestId) {
        if field.name == "__typename" {
            return;
        }
        let owners: Vec<TypeId> = match &scope.types {
            Some(types) if !types.is_empty() => types.iter().collect(),
            _ => vec![scope.declared],
        };
        let mut below: Option<&'v FieldIn> = None;
        self.budget.step(owners.len());
        for owner in owners {
            below = self.resolvable(scope, owner, field).or(below);
        }
        let Some(below) = below else { return };
        let program = &self.plan.ingests[ingest.0 as usize];
        let key = field.response_key().as_str();
        let Some(entry) = self.entry(ingest, key) else {
            self.problems
                .push(format!("fetch {}: `{key}` goes nowhere", scope.fetch.0));
            return;
        };
        let (slot, next) = match entry.into {
            IngestInto::Typename => return,
            IngestInto::Leaf(slot) => (slot, None),
            IngestInto::Object { slot, ingest, .. } => (slot, Some(ingest)),
        };
        let extent = match &scope.types {
            Some(types) if !types.is_empty() => Extent::Types(types.clone()),
            _ => scope.sent.map_or(Extent::All, extent_of),
        };
        self.written
            .add(scope.fetch, (program.shape, ingest), slot, &extent);
        let Some(next) = next else { return };
        let declared = below.named_type;
        let facts = self.index.type_(declared);
        let is_untyped = facts.interface_object_in.contains(scope.subgraph);
        let scope = Scope {
            declared,
            types: (!is_untyped).then(|| facts.possible_in[scope.subgraph.0 as usize].clone()),
            provided: provided_below(self.index, scope, below, &field.name),
            sent: None,
            ..scope.clone()
        };
        self.selections(&scope, &field.selection_set, next);
    }

    /// The first entry of a program with some response name.
    fn entry(&mut self, ingest: IngestId, key: &str) -> Option<&'v IngestEntry> {
        let entries = &self.plan.ingests[ingest.0 as usize].entries;
        let at = self.entries.entry(ingest).or_insert_with(|| {
            self.budget.step(entries.len());
            let mut at: IndexMap<&'v str, usize> = IndexMap::default();
            for (number, entry) in entries.iter().enumerate() {
                at.entry(&*entry.key).or_insert(number);
            }
            at
        });
        entries.get(*at.get(key)?)
    }

    /// The field as one type has it in the subgraph, if it may be asked for there.
    fn resolvable(
        &mut self,
        scope: &Scope<'v>,
        owner: TypeId,
        field: &Field,
    ) -> Option<&'v FieldIn> {
        let mut problem = |text: &str| {
            let (number, type_name) = (scope.fetch.0, &self.index.type_(owner).name);
            let subgraph = &self.plan.fetches[number as usize].subgraph_name;
            self.problems.push(format!(
                "fetch {number}: `{type_name}.{}` of `{subgraph}` {text}",
                field.name
            ));
        };
        let Some(id) = self.index.find_field(owner, &field.name) else {
            problem("is unknown");
            return None;
        };
        let facts = self.index.field(id);
        let Some(field_in) = facts.find_in(scope.subgraph) else {
            problem("does not exist");
            return None;
        };
        if self.operation.forbidden().contains(id) {
            problem("is not for this caller");
        }
        let is_provided = scope
            .provided
            .iter()
            .any(|set| selects(set, owner, &field.name));
        if field_in.is_external && !is_provided {
            problem("is external");
        }
        if let Some((label, on)) = field_in.label
            && self.labels.contains(label) != on
        {
            problem("is overridden by label");
        }
        if let Some(set) = field_in.requires
            && !is_provided
        {
            let set = self.index.field_set(set);
            let fits = |variant: &RepresentationVariant| {
                variant
                    .types
                    .as_ref()
                    .is_none_or(|types| types.contains(owner))
                    || !self.index.is_object(owner)
            };
            let is_sent = scope.sent.is_some_and(|sent| {
                sent.iter()
                    .filter(|variant| fits(variant))
                    .all(|variant| holds(variant, set, owner, false))
            });
            if !is_sent {
                problem("is not sent what it requires");
            }
        }
        Some(field_in)
    }
}

/// Parses a document against the subgraph's schema. Full validation costs more than all other
/// checks here, and a subgraph refuses an invalid document itself, so it is done in debug builds
/// only; that the fields exist is checked in every build.
fn parse(schema: &Valid<Schema>, document: &str) -> Result<ExecutableDocument, String> {
    let name = "fetch.graphql";
    if cfg!(debug_assertions) {
        let document = ExecutableDocument::parse_and_validate(schema, document, name);
        return (document.map(Valid::into_inner)).map_err(|invalid| describe(&invalid.errors));
    }
    let document = ExecutableDocument::parse(schema, document, name);
    document.map_err(|invalid| describe(&invalid.errors))
}

fn selects(set: &[crate::index::Selection], owner: TypeId, name: &str) -> bool {
    set.iter().any(|selection| {
        selection.applies_to(owner) && selection.field().is_some_and(|field| field.name == name)
    })
}

fn provided_below<'v>(
    index: &'v Index,
    scope: &Scope<'v>,
    field_in: &FieldIn,
    name: &str,
) -> Vec<&'v [crate::index::Selection]> {
    let own = field_in.provides.map(|set| index.field_set(set));
    let inherited = scope.provided.iter().flat_map(|set| {
        set.iter()
            .filter_map(|selection| selection.field())
            .filter(|field| field.name == name)
            .filter_map(|field| field.selection_set.as_ref())
            .map(|set| &*set.selections)
    });
    own.into_iter().chain(inherited).collect()
}

/// The runtime types of the objects that are asked for, by the representations.
fn extent_of(sent: &[RepresentationVariant]) -> Extent {
    let mut all = TypeSet::new();
    for variant in sent {
        match &variant.types {
            Some(types) => all.extend(types),
            None => return Extent::All,
        }
    }
    Extent::Types(all)
}

/// Whether a representation holds what a field set selects.
fn holds(
    variant: &RepresentationVariant,
    set: &[crate::index::Selection],
    owner: TypeId,
    as_key: bool,
) -> bool {
    set.iter()
        .filter(|selection| selection.applies_to(owner))
        .all(|selection| {
            let Some(field) = selection.field() else {
                return true;
            };
            variant.fields.iter().any(|sent: &RepresentationField| {
                *sent.name == *field.name.as_str()
                    && (!as_key || sent.is_key)
                    && match (&sent.value, &field.selection_set) {
                        (RepresentationValue::Leaf(_), None) => true,
                        (RepresentationValue::Object(variants), Some(below)) => {
                            variants.iter().all(|variant| match &variant.types {
                                None => holds(variant, &below.selections, below.declared, as_key),
                                Some(types) => types
                                    .iter()
                                    .all(|type_| holds(variant, &below.selections, type_, as_key)),
                            })
                        }
                        _ => false,
                    }
            })
        })
}
