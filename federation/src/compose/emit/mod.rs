//! Writes a merged schema as supergraph SDL in the join spec, version 0.5. In: a [`Merged`]. Out:
//! SDL that any router of Federation 2 reads. Invariant: the same facts give the same bytes.

mod directives;
mod graph_names;
mod print;

use apollo_compiler::ast::{Directive, DirectiveDefinition, EnumValueDefinition};
use apollo_compiler::schema::{Component, DirectiveList, EnumType, ExtendedType};
use apollo_compiler::{Name, Node, Schema, name};

use self::directives::GraphNames;
use self::graph_names::graph_names;
use super::merge::Merged;
use super::merge::joins::{JoinDirective, JoinSite, Joins, Purpose, SpecLink};
use crate::subgraph::Subgraph;

/// The definitions that every supergraph has, as a separate schema.
const DEFINITIONS: &str = include_str!("join_spec.graphql");

const LINK: &str = "https://specs.apollo.dev/link/v1.0";
const JOIN: &str = "https://specs.apollo.dev/join/v0.5";

/// Writes a merged schema as SDL.
pub(super) fn emit(merged: &Merged, subgraphs: &[Subgraph]) -> String {
    let names = graph_names(subgraphs.iter().map(|subgraph| subgraph.name.as_str()));
    let graphs = GraphNames(&names);
    let mut schema = merged.schema.clone();
    for (name, type_) in &mut schema.types {
        join_type(name, type_, &merged.joins, &graphs);
    }
    link_specs(&mut schema, merged, &graphs);
    define_join_spec(&mut schema, subgraphs, &names);
    sort(&mut schema);
    print::print(&schema)
}

/// Puts join directives before the directives of the subgraphs.
fn prepend(list: &mut DirectiveList, joins: Vec<Directive>) {
    let rest = std::mem::take(&mut list.0);
    list.0 = joins.into_iter().map(Component::new).chain(rest).collect();
}

fn prepend_ast(list: &mut apollo_compiler::ast::DirectiveList, joins: Vec<Directive>) {
    let rest = std::mem::take(&mut list.0);
    list.0 = joins.into_iter().map(Node::new).chain(rest).collect();
}

fn join_type(name: &Name, type_: &mut ExtendedType, joins: &Joins, graphs: &GraphNames<'_>) {
    let mut applied: Vec<Directive> = Vec::new();
    for (graph, interface) in joins.implements.get(name).into_iter().flatten() {
        applied.push(directives::join_implements(*graph, interface, graphs));
    }
    for join in joins.types.get(name).into_iter().flatten() {
        applied.push(directives::join_type(join, graphs));
    }
    for (graph, member) in joins.members.get(name).into_iter().flatten() {
        applied.push(directives::join_union_member(*graph, member, graphs));
    }
    let site = JoinSite::Type(name.clone());
    applied.extend(join_directives(&site, joins, graphs));
    match type_ {
        ExtendedType::Scalar(scalar) => prepend(&mut scalar.make_mut().directives, applied),
        ExtendedType::Union(union_) => prepend(&mut union_.make_mut().directives, applied),
        ExtendedType::Object(object) => {
            let object = object.make_mut();
            prepend(&mut object.directives, applied);
            for (field, definition) in &mut object.fields {
                let joined = join_field(name, field, joins, graphs);
                prepend_ast(&mut definition.make_mut().directives, joined);
            }
        }
        ExtendedType::Interface(interface) => {
            let interface = interface.make_mut();
            prepend(&mut interface.directives, applied);
            for (field, definition) in &mut interface.fields {
                let joined = join_field(name, field, joins, graphs);
                prepend_ast(&mut definition.make_mut().directives, joined);
            }
        }
        ExtendedType::InputObject(input) => {
            let input = input.make_mut();
            prepend(&mut input.directives, applied);
            for (field, definition) in &mut input.fields {
                let joined = join_field(name, field, joins, graphs);
                prepend_ast(&mut definition.make_mut().directives, joined);
            }
        }
        ExtendedType::Enum(enum_) => {
            let enum_ = enum_.make_mut();
            prepend(&mut enum_.directives, applied);
            for (value, definition) in &mut enum_.values {
                let from = joins.enum_values.get(&(name.clone(), value.clone()));
                let joined = from.into_iter().flatten();
                let joined = joined.map(|graph| directives::join_enum_value(*graph, graphs));
                prepend_ast(&mut definition.make_mut().directives, joined.collect());
            }
        }
    }
}

fn join_field(
    type_: &Name,
    field: &Name,
    joins: &Joins,
    graphs: &GraphNames<'_>,
) -> Vec<Directive> {
    let fields = joins.fields.get(&(type_.clone(), field.clone()));
    let site = JoinSite::Field(type_.clone(), field.clone());
    fields
        .into_iter()
        .flatten()
        .map(|join| directives::join_field(join, graphs))
        .chain(join_directives(&site, joins, graphs))
        .collect()
}

fn join_directives(site: &JoinSite, joins: &Joins, graphs: &GraphNames<'_>) -> Vec<Directive> {
    let found: Option<&Vec<JoinDirective>> = joins.directives.get(site);
    found
        .into_iter()
        .flatten()
        .map(|join| directives::join_directive(join, graphs))
        .collect()
}

fn link_specs(schema: &mut Schema, merged: &Merged, graphs: &GraphNames<'_>) {
    let own = |url: &str, purpose| SpecLink {
        url: url.to_owned(),
        name: String::new(),
        is_own: true,
        alias: None,
        purpose,
        imports: Vec::new(),
    };
    let mut applied = vec![
        directives::link(&own(LINK, None)),
        directives::link(&own(JOIN, Some(Purpose::Execution))),
    ];
    applied.extend(merged.links.iter().map(directives::link));
    applied.extend(join_directives(&JoinSite::Schema, &merged.joins, graphs));
    prepend(&mut schema.schema_definition.make_mut().directives, applied);
}

fn define_join_spec(schema: &mut Schema, subgraphs: &[Subgraph], names: &[Name]) {
    let definitions = Schema::parse(DEFINITIONS, "join_spec.graphql");
    let definitions = definitions.unwrap_or_else(|errors| errors.partial);
    let is_own = |name: &Name| name.starts_with("join__") || name.starts_with("link");
    for (name, definition) in definitions.directive_definitions {
        if is_own(&name) {
            schema
                .directive_definitions
                .insert(name, without_place(&definition));
        }
    }
    for (name, type_) in definitions.types {
        if is_own(&name) {
            schema.types.insert(name, type_);
        }
    }
    let mut values = apollo_compiler::collections::IndexMap::default();
    for (subgraph, value) in subgraphs.iter().zip(names) {
        let mut definition = EnumValueDefinition {
            description: None,
            value: value.clone(),
            directives: apollo_compiler::ast::DirectiveList::new(),
        };
        let graph = directives::join_graph(&subgraph.name, &subgraph.url);
        definition.directives.push(graph);
        values.insert(value.clone(), Component::new(definition));
    }
    let graph = EnumType {
        description: None,
        name: name!("join__Graph"),
        directives: DirectiveList::default(),
        values,
    };
    schema
        .types
        .insert(name!("join__Graph"), ExtendedType::Enum(Node::new(graph)));
}

fn without_place(definition: &Node<DirectiveDefinition>) -> Node<DirectiveDefinition> {
    Node::new(DirectiveDefinition::clone(definition))
}

/// Definitions by name; the members of each keep the order of the subgraphs.
fn sort(schema: &mut Schema) {
    schema.types.sort_keys();
    schema.directive_definitions.sort_keys();
}
