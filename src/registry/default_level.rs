//! One level for all fields of a source that mark none, written into its SDL.
//!
//! A classified level goes onto types the source defines alone, so that their fields may stay
//! non-null; onto the field where the type is another's, a root, or marks fields itself.

use apollo_compiler::{
    Name, Node,
    ast::{Argument, Definition, Directive, DirectiveList, Document, FieldDefinition, Value},
    name,
};
use federation::{
    invalid::describe,
    subgraph::{
        Subgraph,
        link::{FEDERATION, Version},
    },
};

use indexmap::IndexSet;

use super::{
    declarations::Declarations,
    level::{Level, UNCLASSIFIED_TAG},
    rules::{Neighbour, Refusal, RefusalCode},
};

/// The first version of federation that knows `@requiresScopes`.
const SCOPES_SINCE: Version = Version::new(2, 5);

/// Writes a level onto what has none: the new SDL.
pub fn write(
    sdl: &str,
    subgraph: &Subgraph,
    declarations: &Declarations,
    neighbours: &[Neighbour],
    level: Level,
) -> Result<String, Refusal> {
    let mut document = Document::parse(sdl, "source.graphql").map_err(|errors| {
        Refusal::new(
            RefusalCode::SdlUnreadable,
            format!("The SDL cannot be read: {}", describe(&errors.errors)),
            "Correct it and try again.",
        )
    })?;
    let mark = mark(&mut document, subgraph, level)?;
    let defined = document
        .definitions
        .iter()
        .filter_map(|definition| match definition {
            Definition::ObjectTypeDefinition(node) => Some(node.name.clone()),
            _ => None,
        })
        .collect();
    let writer = Writer {
        subgraph,
        declarations,
        neighbours,
        level,
        mark: Node::new(mark),
        defined,
    };
    for definition in &mut document.definitions {
        writer.write_definition(definition);
    }
    Ok(document.to_string())
}

/// The directive that marks a level, imported by the document if needed: composition requires one
/// name for it in all subgraphs.
fn mark(document: &mut Document, subgraph: &Subgraph, level: Level) -> Result<Directive, Refusal> {
    let (directive, argument, value) = match level.scope() {
        None => ("@tag", name!("name"), Value::from(UNCLASSIFIED_TAG)),
        Some(scope) => {
            let all = Value::List(vec![Node::new(Value::from(scope))]);
            let scopes = Value::List(vec![Node::new(all)]);
            ("@requiresScopes", name!("scopes"), scopes)
        }
    };
    let is_known = level.scope().is_none()
        || (!subgraph.was_federation_1 && subgraph.federation_version >= SCOPES_SINCE);
    let link = subgraph.links.find(FEDERATION).filter(|_| is_known);
    let name_here = link.map(|link| match link.imports.get(directive) {
        Some(alias) => alias.clone(),
        None if import(document, directive) => directive.to_owned(),
        None => link.name_of(directive),
    });
    let name = name_here.and_then(|name| Name::new(name.trim_start_matches('@')).ok());
    let name = name.ok_or_else(|| unknown(directive, level))?;
    Ok(Directive {
        name,
        arguments: vec![Node::new(Argument {
            name: argument,
            value: Node::new(value),
        })],
    })
}

fn unknown(directive: &str, level: Level) -> Refusal {
    Refusal::new(
        RefusalCode::LevelMissing,
        format!(
            "The SDL cannot be marked {level}: the federation it links does not know \
             `{directive}`."
        ),
        format!(
            "Link `https://specs.apollo.dev/federation/v2.5` or later; until then the default \
             level can be {} alone.",
            Level::Unclassified
        ),
    )
}

/// Adds a directive to what the document imports of federation, if it links it.
fn import(document: &mut Document, directive: &str) -> bool {
    let lists = document
        .definitions
        .iter_mut()
        .filter_map(|definition| match definition {
            Definition::SchemaDefinition(node) => Some(&mut node.make_mut().directives),
            Definition::SchemaExtension(node) => Some(&mut node.make_mut().directives),
            _ => None,
        });
    for link in lists.flat_map(|list| list.0.iter_mut()) {
        let url = link.specified_argument_by_name("url");
        let links_federation = url
            .and_then(|url| url.as_str())
            .is_some_and(|url| url.starts_with(FEDERATION));
        if !links_federation {
            continue;
        }
        let imported = Node::new(Value::from(directive));
        let arguments = &mut link.make_mut().arguments;
        let import = arguments
            .iter_mut()
            .find(|argument| argument.name == "import");
        if let Some(import) = import {
            let value = import.make_mut().value.make_mut();
            if let Value::List(items) = value {
                items.push(imported);
                return true;
            }
            return false;
        }
        arguments.push(Node::new(Argument {
            name: name!("import"),
            value: Node::new(Value::List(vec![imported])),
        }));
        return true;
    }
    false
}

struct Writer<'a> {
    subgraph: &'a Subgraph,
    declarations: &'a Declarations,
    neighbours: &'a [Neighbour],
    level: Level,
    mark: Node<Directive>,
    /// Object types that are not merely extended.
    defined: IndexSet<Name>,
}

impl Writer<'_> {
    fn write_definition(&self, definition: &mut Definition) {
        match definition {
            Definition::ObjectTypeDefinition(node) => {
                let ty = node.make_mut();
                self.write_type(&ty.name, true, &mut ty.directives, &mut ty.fields);
            }
            Definition::ObjectTypeExtension(node) => {
                let ty = node.make_mut();
                self.write_type(&ty.name, false, &mut ty.directives, &mut ty.fields);
            }
            // An interface gets its scopes from its implementations.
            Definition::InterfaceTypeDefinition(node) if self.level.scope().is_none() => {
                let ty = node.make_mut();
                self.write_type(&ty.name, true, &mut ty.directives, &mut ty.fields);
            }
            Definition::InterfaceTypeExtension(node) if self.level.scope().is_none() => {
                let ty = node.make_mut();
                self.write_type(&ty.name, false, &mut ty.directives, &mut ty.fields);
            }
            _ => {}
        }
    }

    fn write_type(
        &self,
        here: &Name,
        is_definition: bool,
        directives: &mut DirectiveList,
        fields: &mut [Node<FieldDefinition>],
    ) {
        let name = self.subgraph.merged_type_name(here);
        if self.defined.contains(here) && self.takes_it_whole(name) {
            if is_definition {
                directives.0.push(self.mark.clone());
            }
            return;
        }
        for field in fields {
            let coordinate = format!("{name}.{}", field.name);
            if self.lacks_level(&coordinate) {
                self.write_on(&mut field.make_mut().directives);
            }
        }
    }

    /// A field has one list of scopes: the clearance is added to each of its alternatives.
    fn write_on(&self, directives: &mut DirectiveList) {
        let mut present = directives.0.iter_mut();
        let present = present.find(|directive| directive.name == self.mark.name);
        match (present, self.level.scope()) {
            (Some(directive), Some(scope)) => add_scope(directive.make_mut(), scope),
            _ => directives.0.push(self.mark.clone()),
        }
    }

    /// Whether a type is the source's alone, serves no operation and marks nothing itself.
    fn takes_it_whole(&self, name: &str) -> bool {
        let is_plain = self
            .declarations
            .types
            .get(name)
            .is_some_and(|facts| facts.root.is_none() && facts.level.is_none());
        let own = || {
            self.declarations
                .fields
                .values()
                .filter(|each| each.parent == name)
        };
        let is_elsewhere = || {
            let mut neighbours = self.neighbours.iter();
            neighbours.any(|neighbour| neighbour.declarations.types.contains_key(name))
        };
        self.level.scope().is_some()
            && is_plain
            && own().all(|field| field.level.is_none() && !field.is_external)
            && !is_elsewhere()
    }

    fn lacks_level(&self, coordinate: &str) -> bool {
        let own = self.declarations.fields.get(coordinate);
        let is_elsewhere = || {
            let fields = self.neighbours.iter();
            let mut fields = fields.filter_map(|each| each.declarations.fields.get(coordinate));
            fields.any(|field| field.level.is_some() || (field.is_key && !field.is_external))
        };
        own.is_some_and(|field| field.level.is_none() && !field.is_external) && !is_elsewhere()
    }
}

/// Adds a scope to each alternative of a list of scopes; a single item counts as a list of one.
fn add_scope(directive: &mut Directive, scope: &str) {
    let scope = Node::new(Value::from(scope));
    let arguments = directive.arguments.iter_mut();
    for argument in arguments.filter(|argument| argument.name == "scopes") {
        let value = argument.make_mut().value.make_mut();
        let alternatives = match std::mem::replace(value, Value::Null) {
            Value::List(alternatives) => alternatives,
            one => vec![Node::new(one)],
        };
        let both = alternatives.into_iter().map(|alternative| {
            let mut all = match &*alternative {
                Value::List(all) => all.clone(),
                _ => vec![alternative],
            };
            all.push(scope.clone());
            Node::new(Value::List(all))
        });
        *value = Value::List(both.collect());
    }
}
