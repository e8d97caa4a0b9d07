//! One level for all fields of a source that mark none, written into its SDL.
//!
//! A classified level goes onto types the source defines alone, so that their fields may stay
//! non-null; onto the field where the type is another's, a root, or marks fields itself.

use apollo_compiler::{
    Node,
    ast::{Argument, Definition, Directive, DirectiveList, Document, FieldDefinition, Value},
    name,
};
use federation::subgraph::{
    Subgraph,
    link::{FEDERATION, Version},
};

use super::{
    holdings::Holdings,
    level::{Level, UNCLASSIFIED_TAG},
    rules::{Neighbour, Refusal, RefusalCode},
};

/// The first version of federation that knows `@requiresScopes`.
const SCOPES_SINCE: Version = Version::new(2, 5);

/// Writes a level onto what has none: the new SDL.
pub fn write(
    sdl: &str,
    subgraph: &Subgraph,
    holdings: &Holdings,
    neighbours: &[Neighbour],
    level: Level,
) -> Result<String, Refusal> {
    let mark = mark(subgraph, level)?;
    let mut document = Document::parse(sdl, "source.graphql").map_err(|errors| {
        Refusal::new(
            RefusalCode::SdlUnreadable,
            format!("The SDL cannot be read: {}", errors.errors),
            "Mend it and try again.",
        )
    })?;
    let writer = Writer {
        subgraph,
        holdings,
        neighbours,
        level,
        mark: Node::new(mark),
    };
    for definition in &mut document.definitions {
        writer.write_definition(definition);
    }
    Ok(document.to_string())
}

fn mark(subgraph: &Subgraph, level: Level) -> Result<Directive, Refusal> {
    let (directive, argument, value) = match level.scope() {
        None => (
            "@tag",
            name!("name"),
            Value::String(UNCLASSIFIED_TAG.to_owned()),
        ),
        Some(scope) => {
            let scope = Node::new(Value::String(scope.to_owned()));
            let all = Node::new(Value::List(vec![scope]));
            ("@requiresScopes", name!("scopes"), Value::List(vec![all]))
        }
    };
    let federation = subgraph.links.find(FEDERATION);
    let knows_scopes = !subgraph.was_federation_1 && subgraph.federation_version >= SCOPES_SINCE;
    let name = federation
        .filter(|_| level.scope().is_none() || knows_scopes)
        .map(|link| link.name_of(directive))
        .and_then(|name| apollo_compiler::Name::new(name.trim_start_matches('@')).ok())
        .ok_or_else(|| {
            Refusal::new(
                RefusalCode::LevelMissing,
                format!(
                    "The SDL cannot be marked {level}: the federation it links does not know \
                     `{directive}`."
                ),
                format!(
                    "Link `https://specs.apollo.dev/federation/v2.5` or later; until then the \
                     default level can be {} alone.",
                    Level::Unclassified
                ),
            )
        })?;
    Ok(Directive {
        name,
        arguments: vec![Node::new(Argument {
            name: argument,
            value: Node::new(value),
        })],
    })
}

struct Writer<'a> {
    subgraph: &'a Subgraph,
    holdings: &'a Holdings,
    neighbours: &'a [Neighbour],
    level: Level,
    mark: Node<Directive>,
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
            // A scope on an interface comes from what implements it.
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
        name: &str,
        is_definition: bool,
        directives: &mut DirectiveList,
        fields: &mut [Node<FieldDefinition>],
    ) {
        let name = self.subgraph.merged_type_name(name);
        if self.takes_it_whole(name) {
            if is_definition {
                directives.0.push(self.mark.clone());
            }
            return;
        }
        for field in fields {
            let coordinate = format!("{name}.{}", field.name);
            if self.lacks_level(&coordinate) {
                field.make_mut().directives.0.push(self.mark.clone());
            }
        }
    }

    /// Whether a type is the source's alone, serves no operation and marks nothing itself.
    fn takes_it_whole(&self, name: &str) -> bool {
        let is_plain = self
            .holdings
            .types
            .get(name)
            .is_some_and(|facts| facts.root.is_none() && facts.level.is_none());
        let own = || {
            self.holdings
                .fields
                .values()
                .filter(|each| each.parent == name)
        };
        let is_elsewhere = || {
            let mut neighbours = self.neighbours.iter();
            neighbours.any(|neighbour| neighbour.holdings.types.contains_key(name))
        };
        self.level.scope().is_some()
            && is_plain
            && own().all(|field| field.level.is_none() && !field.is_external)
            && !is_elsewhere()
    }

    fn lacks_level(&self, coordinate: &str) -> bool {
        let own = self.holdings.fields.get(coordinate);
        let is_elsewhere = || {
            let fields = self.neighbours.iter();
            let mut fields = fields.filter_map(|each| each.holdings.fields.get(coordinate));
            fields.any(|field| field.level.is_some() || (field.is_key && !field.is_external))
        };
        own.is_some_and(|field| field.level.is_none() && !field.is_external) && !is_elsewhere()
    }
}
