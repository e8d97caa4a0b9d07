//! A schema in parts that can be changed one by one, and written as SDL.

use std::fmt::Write;

use apollo_compiler::ast::{Definition, Document, InputValueDefinition};
use indexmap::IndexMap;

use super::writings::{CLOSED, HIGHEST, OPEN};

/// An argument or, with a name alone, an enum value.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    pub(super) description: Option<String>,
    pub(super) name: String,
    pub(super) arguments: Vec<Line>,
    pub(super) ty: Option<String>,
    pub(super) default: Option<String>,
    pub(super) directives: Vec<String>,
}

/// A type.
#[derive(Clone, Debug, Default)]
pub(super) struct Block {
    pub(super) description: Option<String>,
    pub(super) is_extension: bool,
    pub(super) kind: &'static str,
    pub(super) name: String,
    pub(super) implements: Vec<String>,
    pub(super) directives: Vec<String>,
    pub(super) members: Vec<String>,
    pub(super) lines: IndexMap<String, Line>,
}

/// How a schema says that it is one of federation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Style {
    /// With a link that imports what it uses.
    #[default]
    Linked,
    /// With a link of an early version of Federation 2.
    Early,
    /// With a link that imports under other names.
    Renamed,
    /// With none, as Federation 1 did.
    Old,
}

/// A schema.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    pub(super) style: Style,
    pub(super) blocks: IndexMap<String, Block>,
    pub(super) schema: Vec<String>,
    pub(super) roots: Vec<(&'static str, String)>,
    pub(super) more: Vec<String>,
}

const EARLY: [&str; 9] = [
    "@external",
    "@inaccessible",
    "@interfaceObject",
    "@key",
    "@override",
    "@provides",
    "@requires",
    "@shareable",
    "@tag",
];
const LATE: [&str; 8] = [
    "@authenticated",
    "@composeDirective",
    "@context",
    "@cost",
    "@fromContext",
    "@listSize",
    "@policy",
    "@requiresScopes",
];

/// Federation 1 knew no tags, but a subgraph could define them.
const TAG: &str = "directive @tag(name: String!) repeatable on FIELD_DEFINITION | OBJECT | \
    INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | \
    INPUT_FIELD_DEFINITION\n";

impl Line {
    pub(super) fn new(name: &str, ty: &str) -> Self {
        Self {
            name: name.to_owned(),
            ty: Some(ty.to_owned()),
            ..Self::default()
        }
    }

    #[must_use]
    pub(super) fn with(mut self, directive: &str) -> Self {
        self.directives.push(directive.to_owned());
        self
    }

    fn of(input: &InputValueDefinition) -> Self {
        let default = input.default_value.as_ref();
        Self {
            default: default.map(|value| value.serialize().no_indent().to_string()),
            ..Self::new(&input.name, &input.ty.to_string())
        }
    }

    fn text(&self) -> String {
        let mut text = described(self.description.as_ref());
        text.push_str(&self.name);
        if !self.arguments.is_empty() {
            let arguments: Vec<_> = self.arguments.iter().map(Self::text).collect();
            write!(text, "({})", arguments.join(", ")).unwrap();
        }
        if let Some(ty) = &self.ty {
            write!(text, ": {ty}").unwrap();
        }
        if let Some(default) = &self.default {
            write!(text, " = {default}").unwrap();
        }
        for directive in &self.directives {
            write!(text, " {directive}").unwrap();
        }
        text
    }
}

fn described(description: Option<&String>) -> String {
    description.map_or_else(String::new, |text| format!("\"{text}\" "))
}

impl Block {
    pub(super) fn new(kind: &'static str, name: &str) -> Self {
        Self {
            kind,
            name: name.to_owned(),
            ..Self::default()
        }
    }

    pub(super) fn add(&mut self, line: Line) -> &mut Line {
        let name = line.name.clone();
        self.lines.entry(name).or_insert(line)
    }

    /// Whether it has a key.
    pub(super) fn is_entity(&self) -> bool {
        self.directives.iter().any(|each| each.starts_with("@key"))
    }

    fn text(&self) -> String {
        let mut text = if self.is_extension {
            "extend ".to_owned()
        } else {
            described(self.description.as_ref())
        };
        write!(text, "{} {}", self.kind, self.name).unwrap();
        if !self.implements.is_empty() {
            write!(text, " implements {}", self.implements.join(" & ")).unwrap();
        }
        for directive in &self.directives {
            write!(text, " {directive}").unwrap();
        }
        if !self.members.is_empty() {
            write!(text, " = {}", self.members.join(" | ")).unwrap();
        }
        if !self.lines.is_empty() {
            text.push_str(" {\n");
            for line in self.lines.values() {
                writeln!(text, "  {}", line.text()).unwrap();
            }
            text.push('}');
        }
        text.push('\n');
        text
    }
}

impl Draft {
    pub(super) fn block(&mut self, block: Block) -> &mut Block {
        let name = block.name.clone();
        self.blocks.entry(name).or_insert(block)
    }

    /// The schema as SDL.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        let (version, names): (_, Vec<_>) = match self.style {
            Style::Early => ("v2.3", EARLY.to_vec()),
            _ => ("v2.9", EARLY.into_iter().chain(LATE).collect()),
        };
        let import = |name: &str| match self.style {
            Style::Renamed => format!("{{name: \"{name}\", as: \"@my{}\"}}", &name[1..]),
            _ => format!("\"{name}\""),
        };
        if self.style != Style::Old {
            let names: Vec<_> = names.iter().map(|name| import(name)).collect();
            writeln!(
                text,
                "extend schema @link(url: \"https://specs.apollo.dev/federation/{version}\", \
                 import: [{}])",
                names.join(", ")
            )
            .unwrap();
        }
        if !self.schema.is_empty() {
            writeln!(text, "extend schema {}", self.schema.join(" ")).unwrap();
        }
        if !self.roots.is_empty() {
            let roots = self.roots.iter();
            let roots: Vec<_> = roots
                .map(|(root, name)| format!("{root}: {name}"))
                .collect();
            writeln!(text, "schema {{ {} }}", roots.join(" ")).unwrap();
        }
        for more in &self.more {
            writeln!(text, "{more}").unwrap();
        }
        let mut blocks: String = self.blocks.values().map(Block::text).collect();
        if matches!(self.style, Style::Old | Style::Early) {
            for level in [CLOSED, HIGHEST] {
                blocks = blocks.replace(level, OPEN);
            }
        }
        if self.style == Style::Old {
            blocks = blocks.replace(" @shareable", "");
            text.push_str(TAG);
        }
        if self.style == Style::Renamed {
            let names = EARLY.iter().chain(&LATE);
            let blocks = names.fold(blocks, |text, name| {
                let renamed = format!("@my{}", &name[1..]);
                text.replace(&format!("{name} "), &format!("{renamed} "))
                    .replace(&format!("{name}\n"), &format!("{renamed}\n"))
                    .replace(&format!("{name}("), &format!("{renamed}("))
            });
            return text + &blocks;
        }
        text + &blocks
    }

    /// The types of several schemas, bare: without directives, but with the first key of each.
    pub(super) fn read(texts: &[String]) -> IndexMap<String, Block> {
        let mut blocks = IndexMap::new();
        for text in texts {
            let document = Document::parse(text, "source.graphql").unwrap();
            for definition in &document.definitions {
                if let Some(block) = read_block(definition) {
                    let known: &mut Block = blocks
                        .entry(block.name.clone())
                        .or_insert_with(|| block.clone());
                    let lines = block.lines.into_values();
                    if known.kind == block.kind {
                        lines.for_each(|line| {
                            known.add(line);
                        });
                    }
                }
            }
        }
        blocks
    }
}

fn read_block(definition: &Definition) -> Option<Block> {
    let (kind, fields, implements) = match definition {
        Definition::ObjectTypeDefinition(node) => {
            ("type", &node.fields, &node.implements_interfaces)
        }
        Definition::ObjectTypeExtension(node) => {
            ("type", &node.fields, &node.implements_interfaces)
        }
        Definition::InterfaceTypeDefinition(node) => {
            ("interface", &node.fields, &node.implements_interfaces)
        }
        _ => return read_other(definition),
    };
    let mut block = Block::new(kind, definition.name()?);
    block.implements = implements.iter().map(ToString::to_string).collect();
    let key = definition.directives().get("key");
    block.directives = key
        .map(|key| key.serialize().no_indent().to_string())
        .into_iter()
        .collect();
    for field in fields {
        let mut line = Line::new(&field.name, &field.ty.to_string());
        line.arguments = field.arguments.iter().map(|each| Line::of(each)).collect();
        block.add(line);
    }
    Some(block)
}

fn read_other(definition: &Definition) -> Option<Block> {
    Some(match definition {
        Definition::UnionTypeDefinition(node) => Block {
            members: node.members.iter().map(ToString::to_string).collect(),
            ..Block::new("union", &node.name)
        },
        Definition::ScalarTypeDefinition(node) => Block::new("scalar", &node.name),
        Definition::EnumTypeDefinition(node) => {
            let mut block = Block::new("enum", &node.name);
            for value in &node.values {
                block.add(Line {
                    name: value.value.to_string(),
                    ..Line::default()
                });
            }
            block
        }
        Definition::InputObjectTypeDefinition(node) => {
            let mut block = Block::new("input", &node.name);
            for field in &node.fields {
                block.add(Line::of(field));
            }
            block
        }
        _ => return None,
    })
}
