//! Builds the index. In: a supergraph. Out: the index, or an error about a join directive; types
//! are read first, then fields, then selections. Invariant: object types have the first ids,
//! otherwise ids follow the supergraph's order, so equal supergraphs give equal indexes.

use std::{
    cell::Cell,
    sync::{Arc, OnceLock},
};

use apollo_compiler::collections::{IndexMap, IndexSet};
use apollo_compiler::{
    Name,
    ast::OperationType,
    executable::FieldSet,
    schema::{DirectiveList, ExtendedType},
};

use super::{
    Collector, FieldSetId, Index, Key, LabelId, Requirement, SubgraphFacts, SubgraphId,
    SubgraphSet, TypeFacts, TypeId, TypeKind, TypeNames, TypeSet, model::to_id,
};
use crate::{
    invalid::describe,
    subgraph::field_set,
    supergraph::{
        Features, Supergraph, SupergraphError,
        join::{join_implements, join_types, join_union_members},
    },
};

/// Most selections of one field set.
const FIELD_SET_BUDGET: u32 = 10_000;

pub(super) struct Builder<'s> {
    supergraph: &'s Supergraph,
    pub(super) index: Index,
}

impl Index {
    /// Reads the facts out of a supergraph.
    pub fn new(supergraph: &Supergraph) -> Result<Self, SupergraphError> {
        let mut builder = Builder {
            supergraph,
            index: Self {
                subgraphs: supergraph
                    .subgraphs
                    .iter()
                    .map(|subgraph| SubgraphFacts {
                        name: subgraph.name.as_str().into(),
                        url: subgraph.url.as_str().into(),
                    })
                    .collect(),
                types: IndexMap::default(),
                fields: Vec::new(),
                field_sets: IndexSet::default(),
                labels: IndexSet::default(),
                contexts: IndexMap::default(),
                roots: [None; 3],
                root_entries: Vec::new(),
                visible: TypeSet::new(),
                type_names: Arc::default(),
                supergraph: supergraph.clone(),
                subgraph_schemas: OnceLock::new(),
            },
        };
        builder.read_types()?;
        builder.read_possible_types()?;
        builder.read_contexts();
        builder.read_all_fields()?;
        builder.read_provided();
        builder.read_keys()?;
        builder.read_root_entries()?;
        builder.index.read_likeness();
        Ok(builder.index)
    }
}

impl Builder<'_> {
    pub(super) fn features(&self) -> &Features {
        &self.supergraph.features
    }

    pub(super) fn find_subgraph(
        &self,
        graph: &Name,
        coordinate: &str,
    ) -> Result<SubgraphId, SupergraphError> {
        self.supergraph
            .subgraphs
            .iter()
            .position(|subgraph| subgraph.graph == *graph)
            .map(|at| SubgraphId(to_id(at)))
            .ok_or_else(|| {
                SupergraphError::join(coordinate, format!("`{graph}` is not one of the subgraphs"))
            })
    }

    pub(super) fn find_type(
        &self,
        name: &str,
        coordinate: &str,
    ) -> Result<TypeId, SupergraphError> {
        self.index
            .find_type(name)
            .ok_or_else(|| SupergraphError::join(coordinate, format!("there is no type `{name}`")))
    }

    pub(super) fn is_visible_field(&self, parent: &str, field: &str) -> bool {
        self.supergraph.api_schema.type_field(parent, field).is_ok()
    }

    pub(super) fn label(&mut self, label: &str) -> LabelId {
        LabelId(to_id(self.index.labels.insert_full(label.to_owned()).0))
    }

    /// Interns what a key, `@requires` or `@provides` selects.
    pub(super) fn field_set(
        &mut self,
        declared: TypeId,
        text: &str,
        coordinate: &str,
    ) -> Result<FieldSetId, SupergraphError> {
        let name = self.index.type_(declared).name.clone();
        let malformed = |problem: String| {
            SupergraphError::join(
                coordinate,
                format!("`{text}` does not select from `{name}`: {problem}"),
            )
        };
        // The library panics on text that does not begin with a token of GraphQL.
        field_set::parse(text).map_err(malformed)?;
        let parsed = FieldSet::parse(
            &self.supergraph.schema,
            name.clone(),
            // The library accepts braces only at the beginning.
            text.trim_start(),
            "field_set.graphql",
        )
        .map_err(|invalid| malformed(describe(&invalid.errors)))?;
        let collector = Collector {
            index: &self.index,
            fragments: None,
            is_included: &|_| true,
            visible: None,
            budget: Cell::new(FIELD_SET_BUDGET),
        };
        let mut selections = collector
            .collect(declared, &parsed.selection_set)
            .map_err(|error| malformed(error.to_string()))?
            .selections;
        if self.index.is_object(declared) {
            // So that one text selects one set, whichever type it is a key of.
            for selection in &mut selections {
                selection.written_on.clear();
            }
        }
        Ok(FieldSetId(to_id(
            self.index.field_sets.insert_full(selections).0,
        )))
    }

    fn read_types(&mut self) -> Result<(), SupergraphError> {
        let supergraph = self.supergraph;
        let types =
            || {
                supergraph.schema.types.iter().filter(|(name, _)| {
                    !name.starts_with("__") && !supergraph.features.owns_type(name)
                })
            };
        let objects = types().filter(|(_, definition)| definition.is_object());
        let others = types().filter(|(_, definition)| !definition.is_object());
        for (name, definition) in objects.chain(others) {
            let facts = self.read_type(name, definition)?;
            self.index.types.insert(name.clone(), facts);
        }
        let mut names = TypeNames::default();
        for name in self.index.types.keys() {
            names.intern(name);
        }
        self.index.type_names = Arc::new(names);
        for kind in [
            OperationType::Query,
            OperationType::Mutation,
            OperationType::Subscription,
        ] {
            self.index.roots[kind as usize] = supergraph
                .schema
                .root_operation(kind)
                .and_then(|name| self.index.find_type(name));
        }
        self.index.visible = self
            .index
            .types()
            .filter(|(_, facts)| facts.kind == TypeKind::Object && facts.is_visible)
            .map(|(id, _)| id)
            .collect();
        Ok(())
    }

    fn read_type(
        &self,
        name: &Name,
        definition: &ExtendedType,
    ) -> Result<TypeFacts, SupergraphError> {
        let mut subgraphs = SubgraphSet::new();
        let mut interface_object_in = SubgraphSet::new();
        for join_type in join_types(definition.directives(), self.features()) {
            let subgraph = self.find_subgraph(&join_type.graph, name)?;
            subgraphs.insert(subgraph);
            if join_type.is_interface_object {
                interface_object_in.insert(subgraph);
            }
        }
        if subgraphs.is_empty() {
            // Join v0.1 leaves value types unmarked; built-in scalars are everywhere.
            subgraphs = self.index.subgraphs().map(|(id, _)| id).collect();
        }
        Ok(TypeFacts {
            name: name.clone(),
            kind: match definition {
                ExtendedType::Object(_) => TypeKind::Object,
                ExtendedType::Interface(_) => TypeKind::Interface,
                ExtendedType::Union(_) => TypeKind::Union,
                ExtendedType::Scalar(_) => TypeKind::Scalar,
                ExtendedType::Enum(_) => TypeKind::Enum,
                ExtendedType::InputObject(_) => TypeKind::Input,
            },
            possible: TypeSet::new(),
            possible_in: Vec::new(),
            subgraphs,
            interface_object_in,
            interfaces: Vec::new(),
            keys: Vec::new(),
            fields: IndexMap::default(),
            values: self.visible_values(name),
            is_visible: self.supergraph.api_schema.types.contains_key(name),
            requirement: Requirement::of(
                &definition
                    .directives()
                    .iter()
                    .map(|directive| &***directive),
                self.features(),
            ),
            read: Vec::new(),
            likeness: None,
        })
    }

    fn visible_values(&self, name: &Name) -> Option<Arc<IndexSet<Box<str>>>> {
        let enum_ = self.supergraph.api_schema.get_enum(name)?;
        Some(Arc::new(
            enum_
                .values
                .keys()
                .map(|value| value.as_str().into())
                .collect(),
        ))
    }

    fn read_possible_types(&mut self) -> Result<(), SupergraphError> {
        let supergraph = self.supergraph;
        for at in 0..self.index.types.len() {
            self.index.types[at].possible_in = vec![TypeSet::new(); self.index.subgraph_count()];
        }
        for at in 0..self.index.types.len() {
            let id = TypeId(to_id(at));
            let name = self.index.types[at].name.clone();
            match supergraph.schema.types.get(&name) {
                Some(ExtendedType::Object(object)) => {
                    self.add_possible(id, id, &self.index.types[at].subgraphs.clone());
                    self.read_implements(id, &object.implements_interfaces, &object.directives)?;
                }
                Some(ExtendedType::Interface(interface)) => {
                    for parent in &interface.implements_interfaces {
                        let parent = self.find_type(&parent.name, &name)?;
                        self.index.types[at].interfaces.push(parent);
                    }
                }
                Some(ExtendedType::Union(union)) => {
                    let by_subgraph = join_union_members(&union.directives, self.features());
                    for member in &union.members {
                        let object = self.find_type(&member.name, &name)?;
                        let within = self.listed(object, id, &by_subgraph, &member.name)?;
                        self.add_possible(id, object, &within);
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn read_implements(
        &mut self,
        object: TypeId,
        interfaces: &apollo_compiler::collections::IndexSet<apollo_compiler::schema::ComponentName>,
        directives: &DirectiveList,
    ) -> Result<(), SupergraphError> {
        let by_subgraph = join_implements(directives, self.features());
        for interface in interfaces {
            let coordinate = self.index.type_(object).name.clone();
            let id = self.find_type(&interface.name, &coordinate)?;
            let within = self.listed(object, id, &by_subgraph, &interface.name)?;
            self.index.types[object.0 as usize].interfaces.push(id);
            self.add_possible(id, object, &within);
        }
        Ok(())
    }

    /// The subgraphs in which an object type belongs to an abstract one: those listed, or, where
    /// the join spec is too old to list any, all that have both.
    fn listed(
        &self,
        object: TypeId,
        abstract_: TypeId,
        by_subgraph: &[(Name, String)],
        name: &str,
    ) -> Result<SubgraphSet, SupergraphError> {
        if by_subgraph.is_empty() {
            let facts = self.index.type_(abstract_);
            return Ok(self
                .index
                .type_(object)
                .subgraphs
                .intersection(&facts.subgraphs)
                .difference(&facts.interface_object_in));
        }
        let is_implements = self.index.type_(abstract_).kind == TypeKind::Interface;
        by_subgraph
            .iter()
            .filter(|(_, listed)| {
                if is_implements {
                    listed == name
                } else {
                    *listed == *self.index.type_(object).name
                }
            })
            .map(|(graph, _)| self.find_subgraph(graph, name))
            .collect()
    }

    fn add_possible(&mut self, abstract_: TypeId, object: TypeId, within: &SubgraphSet) {
        let facts = &mut self.index.types[abstract_.0 as usize];
        facts.possible.insert(object);
        for subgraph in within.iter() {
            if !facts.interface_object_in.contains(subgraph) {
                facts.possible_in[subgraph.0 as usize].insert(object);
            }
        }
    }

    fn read_contexts(&mut self) {
        let supergraph = self.supergraph;
        let directive = self.features().directive("context", "context");
        for (name, definition) in &supergraph.schema.types {
            for applied in definition.directives().get_all(&directive) {
                let context = applied
                    .specified_argument_by_name("name")
                    .and_then(|value| value.as_str());
                if let (Some(context), Some(id)) = (context, self.index.find_type(name)) {
                    let possible = self.index.type_(id).possible.clone();
                    self.index
                        .contexts
                        .entry(context.to_owned())
                        .or_default()
                        .extend(&possible);
                }
            }
        }
    }

    fn read_all_fields(&mut self) -> Result<(), SupergraphError> {
        let supergraph = self.supergraph;
        let types: Vec<_> = self
            .index
            .types
            .keys()
            .enumerate()
            .filter_map(|(at, name)| {
                let id = TypeId(to_id(at));
                match supergraph.schema.types.get(name)? {
                    ExtendedType::Object(object) => Some((id, &object.directives, &object.fields)),
                    ExtendedType::Interface(interface) => {
                        Some((id, &interface.directives, &interface.fields))
                    }
                    _ => None,
                }
            })
            .collect();
        for &(id, _, fields) in &types {
            self.declare_fields(id, fields)?;
        }
        for &(id, directives, fields) in &types {
            self.read_fields(id, directives, fields)?;
        }
        Ok(())
    }

    fn read_keys(&mut self) -> Result<(), SupergraphError> {
        let supergraph = self.supergraph;
        let names: Vec<Name> = self.index.types.keys().cloned().collect();
        for (at, name) in names.iter().enumerate() {
            let Some(definition) = supergraph.schema.types.get(name) else {
                continue;
            };
            for join_type in join_types(definition.directives(), self.features()) {
                let Some(text) = &join_type.key else { continue };
                let key = Key {
                    subgraph: self.find_subgraph(&join_type.graph, name)?,
                    fields: self.field_set(TypeId(to_id(at)), text, name)?,
                    resolvable: join_type.resolvable,
                };
                self.index.types[at].keys.push(key);
            }
        }
        Ok(())
    }

    fn read_root_entries(&mut self) -> Result<(), SupergraphError> {
        let Some(query) = self.index.root(OperationType::Query) else {
            return Ok(());
        };
        let fields = self.field_set(query, "__typename", "Query")?;
        let subgraphs = self.index.type_(query).subgraphs.clone();
        self.index.root_entries = subgraphs
            .iter()
            .map(|subgraph| Key {
                subgraph,
                fields,
                resolvable: true,
            })
            .collect();
        Ok(())
    }
}
