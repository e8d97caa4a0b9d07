//! The names of the directives that subgraphs apply.

use apollo_compiler::ast::Directive;
use apollo_compiler::collections::{IndexMap, IndexSet};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Name, Node};

use crate::compose::merge::joined_subgraph::{Element, JoinedSubgraph, Occurrence};
use crate::compose::merge::joins::Graph;

/// In which subgraphs each directive is applied at all.
pub(super) fn applied_names(sources: &[JoinedSubgraph<'_>]) -> IndexMap<Name, IndexSet<Graph>> {
    let mut applied: IndexMap<Name, IndexSet<Graph>> = IndexMap::default();
    for source in sources {
        let mut note = |directives: &mut dyn Iterator<Item = &Node<Directive>>| {
            for directive in directives {
                let graphs = applied.entry(directive.name.clone()).or_default();
                graphs.insert(source.graph);
            }
        };
        note(
            &mut source
                .schema
                .schema_definition
                .directives
                .0
                .iter()
                .map(|one| &one.node),
        );
        for definition in source.schema.directive_definitions.values() {
            for argument in &definition.arguments {
                note(&mut argument.directives.iter());
            }
        }
        for type_ in source.schema.types.values() {
            if type_.is_built_in() {
                continue;
            }
            for_each_element(type_, &mut |element| {
                note(&mut element.directives.iter().copied());
            });
        }
    }
    applied
}

/// Visits a type and everything in it that can bear a directive.
fn for_each_element<'a>(type_: &'a ExtendedType, visit: &mut dyn FnMut(Occurrence<'a>)) {
    visit(type_.occurrence(0));
    match type_ {
        ExtendedType::Object(object) => {
            for field in object.fields.values() {
                visit(field.node.occurrence(0));
                for argument in &field.arguments {
                    visit(argument.occurrence(0));
                }
            }
        }
        ExtendedType::Interface(interface) => {
            for field in interface.fields.values() {
                visit(field.node.occurrence(0));
                for argument in &field.arguments {
                    visit(argument.occurrence(0));
                }
            }
        }
        ExtendedType::InputObject(input) => {
            for field in input.fields.values() {
                visit(field.node.occurrence(0));
            }
        }
        ExtendedType::Enum(enum_) => {
            for value in enum_.values.values() {
                visit(value.node.occurrence(0));
            }
        }
        ExtendedType::Scalar(_) | ExtendedType::Union(_) => {}
    }
}
