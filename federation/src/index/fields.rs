//! Reads which subgraphs serve a field, by the join spec's rules for readers. In: the
//! `@join__field` directives of the supergraph. Out: the facts of each field in each subgraph.
//!
//! Without `@join__field`: every subgraph that has the type. One without a subgraph: the field
//! comes from an interface object.

use apollo_compiler::{
    Name,
    ast::{FieldDefinition, Type},
    schema::{Component, DirectiveList},
};

use super::{
    ContextArgument, FieldFacts, FieldId, FieldIn, FieldSetId, Requirement, SubgraphId,
    SubgraphSet, TypeId, build::Builder, model::to_id,
};
use crate::supergraph::{
    SupergraphError,
    join::{JoinField, join_fields, join_owner, join_types},
};

/// Most lists around each other in a type.
const MOST_LISTS: usize = 100;

type Fields = apollo_compiler::collections::IndexMap<Name, Component<FieldDefinition>>;

impl Builder<'_> {
    /// Interns the fields of a type; who serves them comes later, as that may select any field.
    pub(super) fn declare_fields(
        &mut self,
        parent: TypeId,
        fields: &Fields,
    ) -> Result<(), SupergraphError> {
        let parent_name = self.index.type_(parent).name.clone();
        for (name, definition) in fields {
            let coordinate = format!("{parent_name}.{name}");
            let facts = FieldFacts {
                parent,
                name: name.clone(),
                ty: definition.ty.clone(),
                named_type: self.find_type(definition.ty.inner_named_type(), &coordinate)?,
                arguments: definition
                    .arguments
                    .iter()
                    .map(|argument| argument.name.clone())
                    .collect(),
                is_visible: self.is_visible_field(&parent_name, name),
                from_interface_object: false,
                subgraphs: Vec::new(),
                requirement: Requirement::of(
                    &definition.directives.iter().map(|directive| &**directive),
                    self.features(),
                ),
                likeness: 0,
            };
            let id = FieldId(to_id(self.index.fields.len()));
            self.index.fields.push(facts);
            self.index.types[parent.0 as usize]
                .fields
                .insert(name.clone(), id);
        }
        Ok(())
    }

    /// Reads who serves the fields of a type.
    pub(super) fn read_fields(
        &mut self,
        parent: TypeId,
        directives: &DirectiveList,
        fields: &Fields,
    ) -> Result<(), SupergraphError> {
        let default_in = match join_owner(directives, self.features()) {
            Some(owner) => [self.find_subgraph(&owner, "@join__owner")?]
                .into_iter()
                .collect(),
            None => self.index.type_(parent).subgraphs.clone(),
        };
        for (name, definition) in fields {
            let Some(id) = self.index.find_field(parent, name) else {
                continue;
            };
            self.read_field(id, definition, &default_in)?;
        }
        self.add_key_fields_of_extensions(parent, directives)
    }

    fn read_field(
        &mut self,
        id: FieldId,
        definition: &FieldDefinition,
        default_in: &SubgraphSet,
    ) -> Result<(), SupergraphError> {
        let facts = self.index.field(id);
        let (parent, named_type) = (facts.parent, facts.named_type);
        let coordinate = format!("{}.{}", self.index.type_(parent).name, facts.name);
        let entries = join_fields(&definition.directives, self.features());
        let mut subgraphs: Vec<FieldIn> = Vec::new();
        if entries.is_empty() {
            subgraphs.extend(
                default_in
                    .iter()
                    .map(|subgraph| FieldIn::plain(subgraph, &definition.ty, named_type)),
            );
        }
        for entry in &entries {
            let Some(graph) = &entry.graph else { continue };
            let subgraph = self.find_subgraph(graph, &coordinate)?;
            let ty = match &entry.type_ {
                Some(text) => parse_type(text, &coordinate)?,
                None => definition.ty.clone(),
            };
            let named_type = self.find_type(ty.inner_named_type(), &coordinate)?;
            let plain = FieldIn::plain(subgraph, &ty, named_type);
            subgraphs.push(self.read_entry(parent, plain, entry, &coordinate)?);
        }
        subgraphs.sort_by_key(|entry| entry.subgraph);
        let facts = &mut self.index.fields[id.0 as usize];
        facts.subgraphs = subgraphs;
        facts.from_interface_object = entries.iter().any(|entry| entry.graph.is_none());
        Ok(())
    }

    fn read_entry(
        &mut self,
        parent: TypeId,
        plain: FieldIn,
        entry: &JoinField,
        coordinate: &str,
    ) -> Result<FieldIn, SupergraphError> {
        let label = entry
            .override_label
            .as_ref()
            .map(|label| (self.label(label), entry.override_.is_some()));
        let is_overridden = entry.used_overridden && label.is_none();
        let named_type = plain.named_type;
        let mut field_in = FieldIn {
            is_external: entry.external || is_overridden,
            is_overridden,
            label,
            ..plain
        };
        if let Some(text) = &entry.requires {
            field_in.requires = Some(self.field_set(parent, text, coordinate)?);
        }
        if let Some(text) = &entry.provides {
            field_in.provides = Some(self.field_set(named_type, text, coordinate)?);
        }
        for argument in &entry.context_arguments {
            field_in
                .context_arguments
                .push(self.context_argument(argument, coordinate)?);
        }
        Ok(field_in)
    }

    fn context_argument(
        &mut self,
        argument: &crate::supergraph::join::JoinContextArgument,
        coordinate: &str,
    ) -> Result<ContextArgument, SupergraphError> {
        let problem = |text: String| SupergraphError::join(coordinate, text);
        let name = Name::new(&argument.name)
            .map_err(|_| problem(format!("`{}` is not an argument's name", argument.name)))?;
        let types: Vec<TypeId> = self
            .index
            .contexts
            .get(&argument.context)
            .ok_or_else(|| problem(format!("no type has the context `{}`", argument.context)))?
            .iter()
            .collect();
        let mut selections = Vec::new();
        for type_ in types {
            // A selection may have fields for some of the context's types only.
            let set = self.field_set(type_, &argument.selection, coordinate)?;
            if !self.index.field_set(set).is_empty() {
                selections.push((type_, set));
            }
        }
        Ok(ContextArgument {
            name,
            ty: parse_type(&argument.type_, coordinate)?,
            context: argument.context.clone(),
            selections,
        })
    }

    /// Join v0.1 does not list the key fields that a type's extensions repeat: they are served
    /// there.
    fn add_key_fields_of_extensions(
        &mut self,
        parent: TypeId,
        directives: &DirectiveList,
    ) -> Result<(), SupergraphError> {
        if join_owner(directives, self.features()).is_none() {
            return Ok(());
        }
        for join_type in join_types(directives, self.features()) {
            let Some(key) = &join_type.key else { continue };
            let subgraph = self.find_subgraph(&join_type.graph, "@join__type")?;
            let set = self.field_set(parent, key, "@join__type(key:)")?;
            self.serve_all(parent, set, subgraph);
        }
        Ok(())
    }

    fn serve_all(&mut self, parent: TypeId, set: FieldSetId, subgraph: SubgraphId) {
        let mut work = vec![(parent, self.index.field_set(set).to_vec())];
        while let Some((parent, set)) = work.pop() {
            for selection in set {
                let Some(selected) = selection.field() else {
                    continue;
                };
                let Some(id) = self.index.find_field(parent, &selected.name) else {
                    continue;
                };
                let facts = &mut self.index.fields[id.0 as usize];
                if facts.find_in(subgraph).is_none() {
                    let entry = FieldIn::plain(subgraph, &facts.ty, facts.named_type);
                    facts.subgraphs.push(entry);
                    facts.subgraphs.sort_by_key(|entry| entry.subgraph);
                }
                if let Some(below) = &selected.selection_set {
                    work.push((below.declared, below.selections.clone()));
                }
            }
        }
    }
}

impl FieldIn {
    pub(super) fn plain(subgraph: SubgraphId, ty: &Type, named_type: TypeId) -> Self {
        Self {
            subgraph,
            is_external: false,
            is_overridden: false,
            requires: None,
            provides: None,
            ty: ty.clone(),
            named_type,
            label: None,
            context_arguments: Vec::new(),
        }
    }
}

fn parse_type(text: &str, coordinate: &str) -> Result<Type, SupergraphError> {
    let ty = (text.matches('[').count() <= MOST_LISTS).then(|| read_type(text.trim()));
    ty.flatten()
        .ok_or_else(|| SupergraphError::join(coordinate, format!("`{text}` is not a type")))
}

/// Reads a type without spaces. The library's parser panics on texts that are none.
fn read_type(text: &str) -> Option<Type> {
    if let Some(nullable) = text.strip_suffix('!') {
        let ty = read_type(nullable).filter(|ty| !ty.is_non_null())?;
        return Some(ty.non_null());
    }
    match text.strip_prefix('[') {
        Some(items) => Some(read_type(items.strip_suffix(']')?)?.list()),
        None => Some(Type::Named(Name::new(text).ok()?)),
    }
}
