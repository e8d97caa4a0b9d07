//! Random queries over an API schema, as trees that can be pruned.

use std::fmt::Write as _;

use apollo_compiler::{
    Schema,
    schema::{ExtendedType, FieldDefinition},
};
use federation::request::Request;
use serde_json::{Map, Value as Json, json};

use crate::{caller::Caller, oracle::map, rng::Rng};

/// A query with its variables.
#[derive(Clone, Debug)]
pub(crate) struct Query {
    pub(crate) kind: &'static str,
    pub(crate) root: Vec<Node>,
    pub(crate) variables: Vec<Variable>,
    pub(crate) caller: Caller,
}

/// A variable with its value.
#[derive(Clone, Debug)]
pub(crate) struct Variable {
    name: String,
    ty: &'static str,
    value: Option<Json>,
}

/// A selection.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// What it begins with: a field with all that belongs to it, or `... on T`.
    head: String,
    /// The name of a fragment that it is a spread of, with its type.
    fragment: Option<(String, String)>,
    pub(crate) below: Vec<Node>,
}

struct Generator<'a> {
    schema: &'a Schema,
    rng: &'a mut Rng,
    variables: Vec<Variable>,
    fragments: usize,
}

/// Makes a query.
pub(crate) fn generate(schema: &Schema, rng: &mut Rng) -> Query {
    let mut generator = Generator {
        schema,
        rng,
        variables: Vec::new(),
        fragments: 0,
    };
    let has_mutation = schema.types.contains_key("Mutation");
    let (kind, root_type) = if has_mutation && generator.rng.percent(35) {
        ("mutation", "Mutation")
    } else {
        ("query", "Query")
    };
    let root = generator.selections(root_type, 0);
    Query {
        kind,
        root,
        variables: generator.variables,
        caller: Caller::generate(generator.rng),
    }
}

impl Generator<'_> {
    fn selections(&mut self, type_name: &str, depth: usize) -> Vec<Node> {
        let count = match type_name {
            "Mutation" => 1 + self.rng.below(6),
            _ => 1 + self.rng.below(if depth == 0 { 3 } else { 4 }),
        };
        let mut nodes = Vec::new();
        for _ in 0..count {
            nodes.extend(self.selection(type_name, depth));
        }
        if nodes.is_empty() {
            nodes.push(leaf("__typename"));
        }
        nodes
    }

    fn selection(&mut self, type_name: &str, depth: usize) -> Option<Node> {
        let schema = self.schema;
        let definition = schema.types.get(type_name)?;
        let (fields, subtypes): (Vec<&FieldDefinition>, Vec<String>) = match definition {
            ExtendedType::Object(object) => (
                object.fields.values().map(|field| &***field).collect(),
                object
                    .implements_interfaces
                    .iter()
                    .map(|it| it.name.to_string())
                    .collect(),
            ),
            ExtendedType::Interface(interface) => {
                let mut subtypes = self.implementers(type_name);
                let wider = interface.implements_interfaces.iter();
                subtypes.extend(wider.map(|it| it.name.to_string()));
                (
                    interface.fields.values().map(|field| &***field).collect(),
                    subtypes,
                )
            }
            ExtendedType::Union(union_) => (
                Vec::new(),
                union_
                    .members
                    .iter()
                    .map(|member| member.name.to_string())
                    .collect(),
            ),
            _ => return None,
        };
        let choice = self.rng.below(100);
        if choice < 6 {
            return Some(leaf(if choice < 4 {
                "__typename"
            } else {
                "kind: __typename"
            }));
        }
        let is_abstract = !matches!(definition, ExtendedType::Object(_));
        let chance = if is_abstract { 45 } else { 6 };
        if fields.is_empty() || choice < 6 + chance {
            let on = if subtypes.is_empty() || self.rng.percent(10) {
                type_name.to_owned()
            } else {
                self.rng.pick(&subtypes).clone()
            };
            return Some(self.fragment(&on, depth));
        }
        let field = *self.rng.pick(&fields);
        self.field(field, depth)
    }

    fn implementers(&self, interface: &str) -> Vec<String> {
        let map = self.schema.implementers_map();
        let objects = map
            .get(interface)
            .into_iter()
            .flat_map(|all| all.objects.iter());
        let narrower = map.get(interface).into_iter();
        let narrower = narrower.flat_map(|all| all.interfaces.iter());
        let names = objects.chain(narrower).map(ToString::to_string);
        let mut names: Vec<String> = names.collect();
        names.sort_unstable();
        names
    }

    fn fragment(&mut self, on: &str, depth: usize) -> Node {
        let below = self.selections(on, depth + 1);
        let condition = self.condition();
        if self.rng.percent(15) {
            self.fragments += 1;
            let name = format!("F{}", self.fragments);
            return Node {
                head: format!("...{name}{condition}"),
                fragment: Some((name, on.to_owned())),
                below,
            };
        }
        Node {
            head: format!("... on {on}{condition}"),
            fragment: None,
            below,
        }
    }

    fn field(&mut self, field: &FieldDefinition, depth: usize) -> Option<Node> {
        let target = field.ty.inner_named_type();
        let is_composite = self
            .schema
            .types
            .get(target)
            .is_some_and(|ty| ty.is_object() || ty.is_interface() || ty.is_union());
        if is_composite && depth > 5 {
            return None;
        }
        let mut head = String::new();
        let mut arguments = String::new();
        if !field.arguments.is_empty() {
            match self.rng.below(4) {
                0 => {}
                1 => arguments = format!("(x: {})", self.rng.below(3)),
                _ => arguments = format!("(x: ${})", self.int_variable()),
            }
        }
        if !arguments.is_empty() {
            // Equal names must mean equal arguments.
            let tag: String = arguments
                .chars()
                .filter(char::is_ascii_alphanumeric)
                .collect();
            write!(head, "{}_{tag}: ", field.name).expect("a string");
        } else if self.rng.percent(10) {
            write!(head, "{}_again: ", field.name).expect("a string");
        }
        head.push_str(&field.name);
        head.push_str(&arguments);
        head.push_str(&self.condition());
        let below = if is_composite {
            self.selections(target, depth + 1)
        } else {
            Vec::new()
        };
        Some(Node {
            head,
            fragment: None,
            below,
        })
    }

    fn condition(&mut self) -> String {
        if !self.rng.percent(6) {
            return String::new();
        }
        let name = self.variable("Boolean!", |rng| Some(json!(rng.percent(50))));
        let directive = if self.rng.percent(50) {
            "include"
        } else {
            "skip"
        };
        format!(" @{directive}(if: ${name})")
    }

    fn int_variable(&mut self) -> String {
        self.variable("Int", |rng| match rng.below(4) {
            0 => None,
            1 => Some(Json::Null),
            _ => Some(json!(rng.below(3))),
        })
    }

    fn variable(
        &mut self,
        ty: &'static str,
        make: impl FnOnce(&mut Rng) -> Option<Json>,
    ) -> String {
        let known: Vec<&Variable> = self.variables.iter().filter(|it| it.ty == ty).collect();
        if known.len() > 1 {
            return self.rng.pick(&known).name.clone();
        }
        let name = format!("v{}", self.variables.len());
        let value = make(self.rng);
        self.variables.push(Variable {
            name: name.clone(),
            ty,
            value,
        });
        name
    }
}

fn leaf(head: &str) -> Node {
    Node {
        head: head.to_owned(),
        fragment: None,
        below: Vec::new(),
    }
}

impl Query {
    /// The document.
    pub(crate) fn text(&self) -> String {
        let mut body = String::new();
        let mut fragments = String::new();
        write_nodes(&self.root, 1, &mut body, &mut fragments);
        let whole = format!("{body}{fragments}");
        let used = self
            .variables
            .iter()
            .filter(|variable| is_used(&whole, variable));
        let declared: Vec<String> = used.map(|it| format!("${}: {}", it.name, it.ty)).collect();
        let declared = match &declared[..] {
            [] => String::new(),
            all => format!("({})", all.join(", ")),
        };
        format!("{}{declared} {{\n{body}}}\n{fragments}", self.kind)
    }

    /// The request.
    pub(crate) fn request(&self) -> Request {
        Request {
            query: self.text(),
            variables: map(&self.values()),
            ..self.caller.request()
        }
    }

    /// The values of the variables.
    pub(crate) fn values(&self) -> Json {
        let text = self.text();
        let used = self
            .variables
            .iter()
            .filter(|variable| is_used(&text, variable));
        let values = used.filter_map(|it| Some((it.name.clone(), it.value.clone()?)));
        Json::Object(values.collect::<Map<_, _>>())
    }

    /// How many selections there are.
    pub(crate) fn size(&self) -> usize {
        count(&self.root)
    }

    /// The query without one selection, or with what is below a fragment in its place.
    pub(crate) fn without(&self, mut at: usize, keep_below: bool) -> Option<Self> {
        let mut pruned = self.clone();
        prune(&mut pruned.root, &mut at, keep_below).then_some(pruned)
    }
}

fn is_used(text: &str, variable: &Variable) -> bool {
    let name = format!("${}", variable.name);
    text.match_indices(&name).any(|(at, _)| {
        let next = text[at + name.len()..].chars().next();
        !next.is_some_and(|next| next.is_ascii_alphanumeric())
    })
}

fn count(nodes: &[Node]) -> usize {
    nodes.iter().map(|node| 1 + count(&node.below)).sum()
}

fn prune(nodes: &mut Vec<Node>, at: &mut usize, keep_below: bool) -> bool {
    for place in 0..nodes.len() {
        if *at == 0 {
            let removed = nodes.remove(place);
            if keep_below {
                let is_fragment = removed.head.starts_with("...");
                if !is_fragment {
                    return false;
                }
                nodes.splice(place..place, removed.below);
            }
            return !nodes.is_empty();
        }
        *at -= 1;
        let size = count(&nodes[place].below);
        if *at < size {
            return prune(&mut nodes[place].below, at, keep_below);
        }
        *at -= size;
    }
    false
}

fn write_nodes(nodes: &[Node], depth: usize, out: &mut String, fragments: &mut String) {
    for node in nodes {
        let indent = "  ".repeat(depth);
        write!(out, "{indent}{}", node.head).expect("a string");
        match &node.fragment {
            Some((name, on)) => {
                let mut body = String::new();
                write_nodes(&node.below, 1, &mut body, fragments);
                write!(fragments, "fragment {name} on {on} {{\n{body}}}\n").expect("a string");
            }
            None if node.below.is_empty() => {}
            None => {
                out.push_str(" {\n");
                write_nodes(&node.below, depth + 1, out, fragments);
                write!(out, "{indent}}}").expect("a string");
            }
        }
        out.push('\n');
    }
}
