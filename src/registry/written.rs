//! What a subgraph writes on each element of its schema: directives, descriptions and defaults that
//! composition would take into the joint schema, whichever source owns the element.

use apollo_compiler::{
    Node,
    ast::{Directive, DirectiveLocation, InputValueDefinition},
    schema::ExtendedType,
};
use federation::subgraph::{
    Subgraph,
    directives::{Applied, compose_directives, is_external, is_interface_object},
};
use indexmap::{IndexMap, IndexSet};

/// The coordinate of the schema as a whole.
pub const SCHEMA: &str = "schema";

/// Directives that reach the joint schema from any subgraph.
const MERGED: [&str; 9] = [
    "authenticated",
    "cost",
    "deprecated",
    "inaccessible",
    "listSize",
    "oneOf",
    "policy",
    "requiresScopes",
    "tag",
];

/// Where directives of operations stand.
const OF_OPERATIONS: [DirectiveLocation; 8] = [
    DirectiveLocation::Query,
    DirectiveLocation::Mutation,
    DirectiveLocation::Subscription,
    DirectiveLocation::Field,
    DirectiveLocation::FragmentDefinition,
    DirectiveLocation::FragmentSpread,
    DirectiveLocation::InlineFragment,
    DirectiveLocation::VariableDefinition,
];

/// What is written on one element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Element {
    /// Directives that reach the joint schema, with their arguments.
    pub directives: IndexSet<String>,
    /// The default of an argument or input field.
    pub default: Option<String>,
    /// Its description.
    pub description: Option<String>,
    /// How a directive is defined that reaches the joint schema; of a type its kind and name, as in SDL.
    pub definition: Option<String>,
    /// The kinds of parts that only the owner of a type may add.
    pub parts: IndexSet<(PartKind, String)>,
}

/// The kind of a part of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PartKind {
    /// A value of an enum.
    Value,
    /// A field of an input object.
    InputField,
    /// A member of a union.
    Member,
    /// An interface that the type implements.
    Interface,
    /// A field of an interface.
    Field,
}

impl PartKind {
    /// The kind as it is called in a sentence.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Value => "value",
            Self::InputField => "input field",
            Self::Member => "member",
            Self::Interface => "interface",
            Self::Field => "field",
        }
    }
}

/// What is written on the elements of a subgraph, by coordinate. External fields are left out,
/// since composition takes nothing from them.
pub fn written(subgraph: &Subgraph) -> IndexMap<String, Element> {
    let composed = compose_directives(&subgraph.schema.schema_definition.directives);
    let mut writing = Writing {
        composed: composed
            .map(|(_, name)| name.trim_start_matches('@').to_owned())
            .collect(),
        elements: IndexMap::new(),
    };
    let schema = &subgraph.schema.schema_definition;
    let whole = writing.element(&schema.directives, schema.description.as_ref());
    writing.elements.insert(SCHEMA.to_owned(), whole);
    writing.add_definitions(subgraph);
    let types = subgraph.schema.types.values();
    for ty in types.filter(|ty| !ty.is_built_in()) {
        writing.add_type(subgraph, ty);
    }
    writing.elements
}

/// What SDL defines a type by. An interface object is an interface.
fn keyword(ty: &ExtendedType) -> &'static str {
    match ty {
        ExtendedType::Object(object) if is_interface_object(&object.directives) => "interface",
        ExtendedType::Object(_) => "type",
        ExtendedType::Interface(_) => "interface",
        ExtendedType::Union(_) => "union",
        ExtendedType::Enum(_) => "enum",
        ExtendedType::InputObject(_) => "input",
        ExtendedType::Scalar(_) => "scalar",
    }
}

struct Writing {
    composed: IndexSet<String>,
    elements: IndexMap<String, Element>,
}

impl Writing {
    fn element(&self, directives: &impl Applied, description: Option<&Node<str>>) -> Element {
        let composed = self.composed.iter().map(String::as_str);
        let names = MERGED.into_iter().chain(composed);
        let applied = names.flat_map(|name| directives.all(name).map(|each| each.directive));
        Element {
            directives: applied.map(|each| text(each)).collect(),
            description: description.map(ToString::to_string),
            ..Element::default()
        }
    }

    /// Directives that composition takes over: those that are composed, and those of operations.
    fn add_definitions(&mut self, subgraph: &Subgraph) {
        for definition in subgraph.schema.directive_definitions.values() {
            let mut locations = definition.locations.iter();
            let is_taken_over = self.composed.contains(definition.name.as_str())
                || locations.any(|location| OF_OPERATIONS.contains(location));
            if definition.is_built_in() || !is_taken_over {
                continue;
            }
            let element = Element {
                definition: Some(definition.serialize().no_indent().to_string()),
                ..Element::default()
            };
            self.elements
                .insert(format!("@{}", definition.name), element);
        }
    }

    fn add_type(&mut self, subgraph: &Subgraph, ty: &ExtendedType) {
        let name = subgraph.merged_type_name(ty.name()).to_owned();
        let mut element = self.element(ty.directives(), ty.description());
        element.definition = Some(format!("{} {name}", keyword(ty)));
        let mut part = |kind, text: &str| element.parts.insert((kind, text.to_owned()));
        match ty {
            ExtendedType::Object(object) => {
                for interface in &object.implements_interfaces {
                    part(PartKind::Interface, interface);
                }
            }
            ExtendedType::Interface(interface) => {
                for above in &interface.implements_interfaces {
                    part(PartKind::Interface, above);
                }
                for field in interface.fields.keys() {
                    part(PartKind::Field, field);
                }
            }
            ExtendedType::Union(union) => {
                for member in &union.members {
                    part(PartKind::Member, subgraph.merged_type_name(member));
                }
            }
            ExtendedType::Enum(declared) => {
                for (value, definition) in &declared.values {
                    part(PartKind::Value, value);
                    let written =
                        self.element(&definition.directives, definition.description.as_ref());
                    self.elements.insert(format!("{name}.{value}"), written);
                }
            }
            ExtendedType::InputObject(input) => {
                for (field, definition) in &input.fields {
                    part(PartKind::InputField, field);
                    self.add_input(format!("{name}.{field}"), definition);
                }
            }
            ExtendedType::Scalar(_) => {}
        }
        if is_interface_object(ty.directives()) {
            element.parts.clear();
        }
        for field in subgraph.fields(ty) {
            if is_external(&field.directives) {
                continue;
            }
            let coordinate = format!("{name}.{}", field.name);
            for argument in &field.arguments {
                self.add_input(format!("{coordinate}({}:)", argument.name), argument);
            }
            let written = self.element(&field.directives, field.description.as_ref());
            self.elements.insert(coordinate, written);
        }
        self.elements.insert(name, element);
    }

    fn add_input(&mut self, coordinate: String, input: &InputValueDefinition) {
        let mut element = self.element(&input.directives, input.description.as_ref());
        let default = input.default_value.as_ref();
        element.default = default.map(|value| value.serialize().no_indent().to_string());
        self.elements.insert(coordinate, element);
    }
}

fn text(directive: &Directive) -> String {
    directive.serialize().no_indent().to_string()
}
