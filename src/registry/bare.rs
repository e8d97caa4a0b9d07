//! Blanks descriptions and `@specifiedBy` of elements that another source owns, in a source's SDL:
//! code-first libraries and copied definitions have them, and they are no reason for a refusal. The
//! rest keeps its place, so that diagnostics point into the given text.

use std::ops::Range;

use apollo_compiler::{
    Node,
    ast::{Definition, DirectiveList, Document, FieldDefinition, InputValueDefinition},
};
use federation::subgraph::Subgraph;

use super::written::SCHEMA;

/// What other sources write on an element.
pub(super) trait Others {
    /// Whether an element is another's, and none of them describes it so.
    fn is_described_otherwise(&self, coordinate: &str, description: &str) -> bool;

    /// Whether an element is another's.
    fn is_of_others(&self, coordinate: &str) -> bool;
}

/// The SDL without what it writes on others' elements. An SDL that cannot be read stays as it is.
pub(super) fn bare(sdl: &str, subgraph: &Subgraph, others: &dyn Others) -> String {
    let Ok(document) = Document::parse(sdl, "source.graphql") else {
        return sdl.to_owned();
    };
    let mut found = Found {
        others,
        spans: Vec::new(),
    };
    for definition in &document.definitions {
        let own_name = definition.name().map_or(SCHEMA, |name| name.as_str());
        found.look_at(definition, subgraph.merged_type_name(own_name));
    }
    blank(sdl, found.spans)
}

/// An SDL with spaces in the place of some of it, lines kept.
pub(super) fn blank(sdl: &str, spans: Vec<Range<usize>>) -> String {
    let mut bytes = sdl.as_bytes().to_vec();
    for span in spans {
        let taken_out = bytes[span].iter_mut();
        for byte in taken_out.filter(|byte| !matches!(byte, b'\n' | b'\r')) {
            *byte = b' ';
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| sdl.to_owned())
}

struct Found<'a> {
    others: &'a dyn Others,
    spans: Vec<Range<usize>>,
}

impl Found<'_> {
    fn look_at(&mut self, definition: &Definition, name: &str) {
        match definition {
            Definition::SchemaDefinition(node) => self.describe(SCHEMA, node.description.as_ref()),
            Definition::ScalarTypeDefinition(node) => {
                self.describe(name, node.description.as_ref());
                self.specify(name, &node.directives);
            }
            Definition::ScalarTypeExtension(node) => self.specify(name, &node.directives),
            Definition::ObjectTypeDefinition(node) => {
                self.describe(name, node.description.as_ref());
                self.fields(name, &node.fields);
            }
            Definition::ObjectTypeExtension(node) => self.fields(name, &node.fields),
            Definition::InterfaceTypeDefinition(node) => {
                self.describe(name, node.description.as_ref());
                self.fields(name, &node.fields);
            }
            Definition::InterfaceTypeExtension(node) => self.fields(name, &node.fields),
            Definition::UnionTypeDefinition(node) => {
                self.describe(name, node.description.as_ref());
            }
            Definition::EnumTypeDefinition(node) => {
                self.describe(name, node.description.as_ref());
                for value in &node.values {
                    let coordinate = format!("{name}.{}", value.value);
                    self.describe(&coordinate, value.description.as_ref());
                }
            }
            Definition::EnumTypeExtension(node) => {
                for value in &node.values {
                    let coordinate = format!("{name}.{}", value.value);
                    self.describe(&coordinate, value.description.as_ref());
                }
            }
            Definition::InputObjectTypeDefinition(node) => {
                self.describe(name, node.description.as_ref());
                self.inputs(&node.fields, |field| format!("{name}.{field}"));
            }
            Definition::InputObjectTypeExtension(node) => {
                self.inputs(&node.fields, |field| format!("{name}.{field}"));
            }
            _ => {}
        }
    }

    fn fields(&mut self, parent: &str, fields: &[Node<FieldDefinition>]) {
        for field in fields {
            let coordinate = format!("{parent}.{}", field.name);
            self.describe(&coordinate, field.description.as_ref());
            self.inputs(&field.arguments, |name| format!("{coordinate}({name}:)"));
        }
    }

    fn inputs(
        &mut self,
        inputs: &[Node<InputValueDefinition>],
        coordinate: impl Fn(&str) -> String,
    ) {
        for input in inputs {
            self.describe(&coordinate(&input.name), input.description.as_ref());
        }
    }

    fn describe(&mut self, coordinate: &str, description: Option<&Node<str>>) {
        let Some(description) = description else {
            return;
        };
        if self.others.is_described_otherwise(coordinate, description) {
            self.take_out(description.location());
        }
    }

    fn specify(&mut self, coordinate: &str, directives: &DirectiveList) {
        if self.others.is_of_others(coordinate) {
            for directive in directives.get_all("specifiedBy") {
                self.take_out(directive.location());
            }
        }
    }

    fn take_out(&mut self, span: Option<apollo_compiler::parser::SourceSpan>) {
        self.spans
            .extend(span.map(|span| span.offset()..span.end_offset()));
    }
}
