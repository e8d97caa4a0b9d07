//! Rebuilds a subgraph's own schema, which the plan verifier checks documents against. In: a
//! supergraph. Out: the schema as far as the supergraph describes it. It need not be valid as a
//! whole.

use std::fmt::Write as _;

use apollo_compiler::collections::IndexSet;
use apollo_compiler::{
    Schema,
    ast::{FieldDefinition, InputValueDefinition, OperationType, Value},
    schema::ExtendedType,
    validation::Valid,
};

use super::{FieldIn, Index, SubgraphId, TypeFacts, TypeId, TypeKind, literal::write_value};
use crate::supergraph::{
    Supergraph, client_directives,
    join::{join_enum_values, join_fields, join_implements},
};

const ROOTS: [OperationType; 3] = [
    OperationType::Query,
    OperationType::Mutation,
    OperationType::Subscription,
];

impl Index {
    /// A subgraph's own schema, as far as the supergraph tells it; it need not be valid as a whole.
    pub fn subgraph_schema(&self, id: SubgraphId) -> &Valid<Schema> {
        &self.subgraph_schemas()[id.0 as usize]
    }

    /// The subgraphs' own schemas, in the supergraph's order; made when first asked for.
    pub fn subgraph_schemas(&self) -> &[Valid<Schema>] {
        self.subgraph_schemas.get_or_init(|| {
            self.subgraphs()
                .map(|(id, _)| subgraph_schema(&self.supergraph, self, id))
                .collect()
        })
    }
}

/// Rebuilds a subgraph's schema. It need not be valid as a whole: what a subgraph has is more than
/// what it may be asked for, and before join v0.3 a supergraph does not say who has which part of an
/// interface or a value type.
fn subgraph_schema(supergraph: &Supergraph, index: &Index, subgraph: SubgraphId) -> Valid<Schema> {
    let sdl = Extraction {
        supergraph,
        index,
        subgraph,
    }
    .sdl();
    let schema = Schema::parse(sdl, "subgraph.graphql");
    Valid::assume_valid(schema.unwrap_or_else(|faulty| faulty.partial))
}

struct Extraction<'s> {
    supergraph: &'s Supergraph,
    index: &'s Index,
    subgraph: SubgraphId,
}

impl Extraction<'_> {
    fn sdl(&self) -> String {
        let mut sdl = String::new();
        let mut entities: IndexSet<&str> = IndexSet::default();
        let mut roots: Vec<(OperationType, &str)> = Vec::new();
        for (id, facts) in self.index.types() {
            let is_built_in = ["Int", "Float", "String", "Boolean", "ID"];
            if !facts.subgraphs.contains(self.subgraph)
                || is_built_in.contains(&facts.name.as_str())
            {
                continue;
            }
            let is_interface_object = facts.interface_object_in.contains(self.subgraph);
            if facts.keys.iter().any(|key| key.subgraph == self.subgraph)
                && (facts.kind == TypeKind::Object || is_interface_object)
            {
                entities.insert(&facts.name);
            }
            let root = ROOTS
                .into_iter()
                .find(|&kind| self.index.root(kind) == Some(id));
            let is_query = root == Some(OperationType::Query);
            let before = sdl.len();
            self.push_type(&mut sdl, id, facts, is_query);
            let written = root.filter(|_| sdl.len() > before);
            roots.extend(written.map(|kind| (kind, facts.name.as_str())));
        }
        if roots.iter().all(|(kind, _)| *kind != OperationType::Query) {
            let query = self.index.root(OperationType::Query);
            let name = query.map_or("Query", |id| &self.index.type_(id).name);
            let _ = writeln!(
                sdl,
                "type {name}{{_entities(representations:[_Any!]!):[_Entity]!}}"
            );
            roots.push((OperationType::Query, name));
        }
        let roots: Vec<String> = (roots.into_iter())
            .map(|(kind, name)| format!("{kind}:{name}"))
            .collect();
        let _ = writeln!(sdl, "schema{{{}}}", roots.join(" "));
        let members: Vec<&str> = entities.into_iter().collect();
        if members.is_empty() {
            sdl.push_str("type _Entity{_none:Boolean}\n");
        } else {
            let _ = writeln!(sdl, "union _Entity={}", members.join("|"));
        }
        sdl.push_str("scalar _Any\n");
        self.push_directives(&mut sdl);
        sdl
    }

    /// The directives that operations may apply: composition keeps those that all subgraphs define.
    fn push_directives(&self, sdl: &mut String) {
        let schema = &self.supergraph.schema;
        let names = client_directives(schema, &self.supergraph.features);
        for name in names.iter().filter(|name| *name != "oneOf") {
            let Some(definition) = schema.directive_definitions.get(name) else {
                continue;
            };
            if definition.is_built_in() {
                continue;
            }
            let _ = write!(sdl, "directive @{name}");
            if !definition.arguments.is_empty() {
                sdl.push('(');
                for argument in &definition.arguments {
                    self.push_input(sdl, argument);
                }
                sdl.push(')');
            }
            if definition.repeatable {
                sdl.push_str(" repeatable");
            }
            let locations: Vec<_> = (definition.locations.iter())
                .map(ToString::to_string)
                .collect();
            let _ = writeln!(sdl, " on {}", locations.join("|"));
        }
    }

    fn push_type(&self, sdl: &mut String, id: TypeId, facts: &TypeFacts, is_query: bool) {
        let name = &facts.name;
        match self.supergraph.schema.types.get(name) {
            Some(ExtendedType::Scalar(_)) => {
                let _ = writeln!(sdl, "scalar {name}");
            }
            Some(ExtendedType::Enum(enum_)) => {
                let values = enum_.values.values().filter(|value| {
                    let listed = join_enum_values(&value.directives, &self.supergraph.features);
                    listed.is_empty()
                        || listed.iter().any(|graph| {
                            self.supergraph.subgraphs[self.subgraph.0 as usize].graph == *graph
                        })
                });
                let values: Vec<&str> = values.map(|value| value.value.as_str()).collect();
                let _ = writeln!(sdl, "enum {name}{{{}}}", values.join(" "));
            }
            Some(ExtendedType::Union(_)) => {
                let members = facts.possible_in[self.subgraph.0 as usize].iter();
                let members: Vec<&str> = members
                    .map(|id| self.index.type_(id).name.as_str())
                    .collect();
                let _ = writeln!(sdl, "union {name}={}", members.join("|"));
            }
            Some(ExtendedType::InputObject(input)) => {
                let _ = write!(sdl, "input {name}{{");
                for field in input.fields.values() {
                    if self.has_input(field) {
                        self.push_input(sdl, field);
                    }
                }
                sdl.push_str("}\n");
            }
            Some(ExtendedType::Object(object)) => {
                self.push_fields(sdl, id, facts, &object.fields, is_query);
            }
            Some(ExtendedType::Interface(interface)) => {
                self.push_fields(sdl, id, facts, &interface.fields, false);
            }
            None => {}
        }
    }

    fn has_input(&self, field: &InputValueDefinition) -> bool {
        let entries = join_fields(&field.directives, &self.supergraph.features);
        let own = &self.supergraph.subgraphs[self.subgraph.0 as usize].graph;
        entries.is_empty()
            || entries
                .iter()
                .any(|entry| entry.graph.as_ref() == Some(own))
    }

    fn push_input(&self, sdl: &mut String, input: &InputValueDefinition) {
        let entries = join_fields(&input.directives, &self.supergraph.features);
        let own = &self.supergraph.subgraphs[self.subgraph.0 as usize].graph;
        let entry = entries
            .into_iter()
            .find(|entry| entry.graph.as_ref() == Some(own));
        let ty = entry
            .and_then(|entry| entry.type_)
            .unwrap_or_else(|| input.ty.to_string());
        let _ = write!(sdl, "{}:{ty}", input.name);
        if let Some(default) = &input.default_value {
            push_default(sdl, default);
        }
        sdl.push('\n');
    }

    fn push_fields(
        &self,
        sdl: &mut String,
        id: TypeId,
        facts: &TypeFacts,
        fields: &apollo_compiler::collections::IndexMap<
            apollo_compiler::Name,
            apollo_compiler::schema::Component<FieldDefinition>,
        >,
        is_query: bool,
    ) {
        let own = fields.iter().filter_map(|(name, definition)| {
            let field = self.index.find_field(id, name)?;
            let field_in = self.index.field(field).find_in(self.subgraph)?;
            Some((definition, field_in))
        });
        let own: Vec<_> = own.collect();
        // All that it had may have been moved away.
        if own.is_empty() && !is_query {
            return;
        }
        let is_interface =
            facts.kind == TypeKind::Interface && !facts.interface_object_in.contains(self.subgraph);
        let keyword = if is_interface { "interface" } else { "type" };
        let _ = write!(sdl, "{keyword} {}", facts.name);
        let interfaces: Vec<&str> = facts
            .interfaces
            .iter()
            .map(|&interface| self.index.type_(interface))
            .filter(|interface| {
                let within = self.subgraph.0 as usize;
                interface.subgraphs.contains(self.subgraph)
                    && !interface.interface_object_in.contains(self.subgraph)
                    && if facts.kind == TypeKind::Object {
                        interface.possible_in[within].contains(id)
                    } else {
                        is_interface && self.is_listed(&facts.name, &interface.name)
                    }
            })
            .map(|interface| interface.name.as_str())
            .collect();
        if !interfaces.is_empty() {
            let _ = write!(sdl, " implements {}", interfaces.join("&"));
        }
        sdl.push('{');
        for (definition, field_in) in own {
            self.push_field(sdl, definition, field_in);
        }
        if is_query {
            sdl.push_str("_entities(representations:[_Any!]!):[_Entity]!");
        }
        sdl.push_str("}\n");
    }

    /// Whether an interface implements another one in this subgraph.
    fn is_listed(&self, interface: &str, parent: &str) -> bool {
        let Some(definition) = self.supergraph.schema.types.get(interface) else {
            return false;
        };
        let own = &self.supergraph.subgraphs[self.subgraph.0 as usize].graph;
        join_implements(definition.directives(), &self.supergraph.features)
            .iter()
            .any(|(graph, listed)| graph == own && listed == parent)
    }

    fn push_field(&self, sdl: &mut String, definition: &FieldDefinition, field_in: &FieldIn) {
        sdl.push_str(&definition.name);
        if !definition.arguments.is_empty() || !field_in.context_arguments.is_empty() {
            sdl.push('(');
            for argument in &definition.arguments {
                self.push_input(sdl, argument);
            }
            for argument in &field_in.context_arguments {
                let _ = writeln!(sdl, "{}:{}", argument.name, argument.ty);
            }
            sdl.push(')');
        }
        let _ = writeln!(sdl, ":{}", field_in.ty);
    }
}

fn push_default(sdl: &mut String, default: &Value) {
    sdl.push('=');
    write_value(default, sdl, &mut IndexSet::default());
}
