//! Our supergraphs of the public audit's subgraphs against another composer's: the same facts, not
//! the same text. Skipped, with a message, where the fixtures are not at hand.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what a test shares fails as tests do"
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use apollo_compiler::{
    Name, Node, Schema,
    ast::{Argument, Directive, FieldDefinition, InputValueDefinition},
    collections::{IndexMap, IndexSet},
    schema::{Component, ComponentName, ExtendedType},
};
use federation::{compose::compose, subgraph::SubgraphInput};
use serde_json::Value;

/// Facts of a supergraph, as lines that sort.
type Facts = BTreeSet<String>;

#[test]
fn supergraphs_of_the_audit_hold_the_same_facts() {
    let Some(fixtures) = support::shared_json("fixtures.json") else {
        return;
    };
    let mut wrong = Vec::new();
    for (name, suite) in fixtures.as_object().unwrap() {
        if let Err(difference) = compare(suite) {
            wrong.push(format!("== {name}\n{difference}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(fixtures.as_object().unwrap().len(), 46);
}

fn compare(suite: &Value) -> Result<(), String> {
    let inputs: Vec<SubgraphInput> = suite["subgraphs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|subgraph| SubgraphInput {
            name: subgraph["name"].as_str().unwrap().to_owned(),
            url: String::new(),
            sdl: subgraph["sdl"].as_str().unwrap().to_owned(),
        })
        .collect();
    let (composed, diagnostics) = compose(&inputs);
    let Some(composed) = composed else {
        return Err(format!("does not compose: {diagnostics:#?}"));
    };
    let ours = facts(&composed.supergraph_sdl);
    let theirs = facts(suite["supergraph"].as_str().unwrap());
    let mut difference: Vec<String> = ours
        .difference(&theirs)
        .map(|one| format!("+ {one}"))
        .collect();
    difference.extend(theirs.difference(&ours).map(|one| format!("- {one}")));
    let mut hints: Vec<&str> = diagnostics.iter().map(|hint| hint.code.as_str()).collect();
    let mut expected: Vec<&str> = suite["hints"]
        .as_array()
        .unwrap()
        .iter()
        .map(|hint| hint.as_str().unwrap())
        .collect();
    // Whether types differ depends on the path: we look at every one, theirs stops at the first.
    let by_path = "INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN";
    let counted = |codes: &[&str]| codes.iter().filter(|code| **code == by_path).count();
    if counted(&hints) < counted(&expected) {
        difference.push(format!("too few hints {by_path}"));
    }
    hints.retain(|code| *code != by_path);
    expected.retain(|code| *code != by_path);
    hints.sort_unstable();
    expected.sort_unstable();
    if hints != expected {
        difference.push(format!("hints {hints:?}, expected {expected:?}"));
    }
    if difference.is_empty() {
        return Ok(());
    }
    Err(difference.join("\n"))
}

fn facts(sdl: &str) -> Facts {
    let schema = Schema::parse_and_validate(sdl, "supergraph.graphql").unwrap();
    let graphs = graphs(&schema);
    let mut facts = Facts::new();
    for (name, type_) in &schema.types {
        if type_.is_built_in() || name.starts_with("join__") || name.starts_with("link__") {
            continue;
        }
        add_type(name, type_, &graphs, &mut facts);
    }
    for (kind, root) in schema.schema_definition.iter_root_operations() {
        facts.insert(format!("root {kind} {root}", root = root.name));
    }
    facts
}

fn graphs(schema: &Schema) -> BTreeMap<Name, String> {
    let Some(ExtendedType::Enum(graphs)) = schema.types.get("join__Graph") else {
        panic!("no enum of subgraphs");
    };
    let name_of = |directive: &Directive| string(directive, "name").unwrap();
    graphs
        .values
        .iter()
        .map(|(value, definition)| {
            let graph = definition.directives.get("join__graph").unwrap();
            (value.clone(), name_of(graph))
        })
        .collect()
}

fn add_type(name: &Name, type_: &ExtendedType, graphs: &BTreeMap<Name, String>, facts: &mut Facts) {
    let kind = match type_ {
        ExtendedType::Scalar(_) => "scalar",
        ExtendedType::Object(_) => "type",
        ExtendedType::Interface(_) => "interface",
        ExtendedType::Union(_) => "union",
        ExtendedType::Enum(_) => "enum",
        ExtendedType::InputObject(_) => "input",
    };
    facts.insert(format!("{kind} {name} {}", text(type_.description())));
    let mut in_graphs = BTreeSet::new();
    for directive in &type_.directives().0 {
        let graph = graph(directive, graphs);
        if directive.name == "join__type" {
            in_graphs.extend(graph);
        }
        facts.insert(format!("{name} {}", printed(directive, graphs)));
    }
    match type_ {
        ExtendedType::Object(object) => {
            add_implements(name, &object.implements_interfaces, facts);
            add_fields(name, &object.fields, (graphs, &in_graphs), facts);
        }
        ExtendedType::Interface(interface) => {
            add_implements(name, &interface.implements_interfaces, facts);
            add_fields(name, &interface.fields, (graphs, &in_graphs), facts);
        }
        ExtendedType::InputObject(input) => {
            for (field, definition) in &input.fields {
                let of = format!("{name}.{field}");
                facts.insert(format!(
                    "{of}: {} = {}",
                    definition.ty,
                    text(definition.default_value.as_ref())
                ));
                let type_ = definition.ty.to_string();
                add_joins(
                    &of,
                    (&definition.directives, &type_),
                    (graphs, &in_graphs),
                    facts,
                );
            }
        }
        ExtendedType::Union(union_) => {
            for member in &union_.members {
                facts.insert(format!("{name} = {member}", member = member.name));
            }
        }
        ExtendedType::Enum(enum_) => {
            for (value, definition) in &enum_.values {
                facts.insert(format!("{name}.{value}"));
                for directive in &definition.directives {
                    facts.insert(format!("{name}.{value} {}", printed(directive, graphs)));
                }
            }
        }
        ExtendedType::Scalar(_) => {}
    }
}

fn add_implements(name: &Name, interfaces: &IndexSet<ComponentName>, facts: &mut Facts) {
    for interface in interfaces {
        facts.insert(format!("{name} implements {}", interface.name));
    }
}

fn add_fields(
    name: &Name,
    fields: &IndexMap<Name, Component<FieldDefinition>>,
    (graphs, in_graphs): (&BTreeMap<Name, String>, &BTreeSet<String>),
    facts: &mut Facts,
) {
    for (field, definition) in fields {
        let of = format!("{name}.{field}");
        let described = text(definition.description.as_ref());
        facts.insert(format!("{of}: {} {described}", definition.ty));
        add_arguments(&of, &definition.arguments, graphs, facts);
        let type_ = definition.ty.to_string();
        add_joins(
            &of,
            (&definition.directives, &type_),
            (graphs, in_graphs),
            facts,
        );
    }
}

fn add_arguments(
    of: &str,
    arguments: &[Node<InputValueDefinition>],
    graphs: &BTreeMap<Name, String>,
    facts: &mut Facts,
) {
    for argument in arguments {
        let of = format!("{of}({}:)", argument.name);
        facts.insert(format!(
            "{of} {} = {}",
            argument.ty,
            text(argument.default_value.as_ref())
        ));
        for directive in &argument.directives {
            facts.insert(format!("{of} {}", printed(directive, graphs)));
        }
    }
}

/// The reader's rule: without `@join__field`, a field is resolved wherever its type is.
fn add_joins(
    of: &str,
    (directives, type_): (&apollo_compiler::ast::DirectiveList, &str),
    (graphs, in_graphs): (&BTreeMap<Name, String>, &BTreeSet<String>),
    facts: &mut Facts,
) {
    let (joins, others): (Vec<_>, Vec<_>) = directives
        .iter()
        .partition(|directive| directive.name == "join__field");
    for directive in others {
        facts.insert(format!("{of} {}", printed(directive, graphs)));
    }
    if joins.is_empty() {
        for graph in in_graphs {
            facts.insert(format!("{of} from {graph} as {type_}"));
        }
    }
    for join in joins {
        let graph = graph(join, graphs).unwrap_or_else(|| "interface objects".to_owned());
        let own = string(join, "type").unwrap_or_else(|| type_.to_owned());
        let mut fact = format!("{of} from {graph} as {own}");
        for argument in &join.arguments {
            if !["graph", "type"].contains(&argument.name.as_str()) {
                fact = format!("{fact} {}: {}", argument.name, argument.value);
            }
        }
        facts.insert(fact);
    }
}

fn graph(directive: &Directive, graphs: &BTreeMap<Name, String>) -> Option<String> {
    let value = directive.specified_argument_by_name("graph")?;
    graphs.get(value.as_enum()?).cloned()
}

fn printed(directive: &Directive, graphs: &BTreeMap<Name, String>) -> String {
    let mut arguments: Vec<String> = directive
        .arguments
        .iter()
        .filter(|argument| argument.name != "graph" && !is_default(argument))
        .map(|argument| format!("{}: {}", argument.name, argument.value))
        .collect();
    arguments.sort();
    let graph = graph(directive, graphs).unwrap_or_default();
    format!("@{} {graph} {}", directive.name, arguments.join(", "))
}

/// Whether an argument says what its absence says as well. Readers of Federation 2 make nothing of
/// `extension`.
fn is_default(argument: &Argument) -> bool {
    let default = match argument.name.as_str() {
        "extension" => return true,
        "resolvable" => true,
        "isInterfaceObject" => false,
        _ => return false,
    };
    argument.value.to_bool() == Some(default)
}

fn text<T: std::fmt::Display>(value: Option<T>) -> String {
    value.map_or_else(|| "nothing".to_owned(), |value| value.to_string())
}

fn string(directive: &Directive, argument: &str) -> Option<String> {
    let value = directive.specified_argument_by_name(argument)?;
    value.as_str().map(str::to_owned)
}
