//! Graphs and operations made at random: subgraphs that share their fields out anew each time.

use std::fmt::Write as _;

use apollo_compiler::{Schema, schema::ExtendedType};

/// Decides how a graph or an operation is made.
pub(crate) trait Choices {
    /// A number below a bound.
    fn below(&mut self, bound: usize) -> usize;

    /// Whether something is so, in so many of a hundred cases.
    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of some.
    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// A small generator of numbers, the same on every machine.
pub(crate) struct Numbers(pub(crate) u64);

impl Choices for Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % bound.max(1)
    }
}

const TYPES: usize = 4;

/// One graph before it is shared out: what every subgraph that has a field says of it.
pub(crate) struct World {
    pub(crate) subgraphs: usize,
    /// The interface each entity implements, if any.
    implements: [bool; TYPES],
    /// The subgraph that has the interface as an object type.
    interface_object: Option<usize>,
    /// What the composite fields of each entity yield.
    yields: [&'static str; TYPES],
}

const COMPOSITES: [&str; 6] = ["T0", "T1", "T2", "Value", "Face", "Choice"];

/// A graph.
pub(crate) fn world(choices: &mut impl Choices) -> World {
    let subgraphs = 2 + choices.below(3);
    let mut implements = [false; TYPES];
    for own in &mut implements {
        *own = choices.chance(60);
    }
    implements[0] = true;
    World {
        subgraphs,
        implements,
        interface_object: choices.chance(35).then(|| subgraphs - 1),
        yields: std::array::from_fn(|_| *choices.pick(&COMPOSITES)),
    }
}

impl World {
    /// What one of the subgraphs has of it.
    pub(crate) fn sdl(&self, own: usize, choices: &mut impl Choices) -> String {
        let is_object = self.interface_object == Some(own);
        let mut sdl = String::from(
            "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.3\", import: [\"@key\", \
             \"@shareable\", \"@external\", \"@requires\", \"@provides\", \"@interfaceObject\"])\n",
        );
        let mut roots = String::new();
        for (name, ty) in [
            ("a", "T0"),
            ("b", "[T1!]"),
            ("c", "Face"),
            ("d", "[Choice]"),
            ("e", "Value"),
        ] {
            let is_known = !(is_object && ty.contains("Choice"));
            if is_known && (own == 0 || choices.chance(40)) {
                let _ = write!(roots, " {name}: {ty} @shareable");
            }
        }
        if !roots.is_empty() {
            let _ = writeln!(sdl, "type Query {{{roots} }}");
        }
        if is_object {
            sdl.push_str("type Face @key(fields: \"id\") @interfaceObject { id: ID! name: Int @shareable extra: Int }\n");
        } else {
            sdl.push_str("interface Face @key(fields: \"id\") { id: ID! name: Int }\n");
        }
        for type_ in 0..TYPES {
            if !(is_object && self.implements[type_]) {
                self.entity(&mut sdl, (own, type_), choices);
            }
        }
        let mut value = String::new();
        for field in ["v", "w"] {
            if choices.chance(80) {
                let _ = write!(value, " {field}: Int @shareable");
            }
        }
        let _ = writeln!(sdl, "type Value {{ u: Int @shareable{value} }}");
        if !is_object {
            let members: Vec<String> = (0..TYPES).map(|at| format!("T{at}")).collect();
            let _ = writeln!(sdl, "union Choice = {}", members.join(" | "));
        }
        sdl
    }

    fn entity(&self, sdl: &mut String, (own, type_): (usize, usize), choices: &mut impl Choices) {
        let keys = ["id", "id code", "code", "id peer { id }"];
        let face = if self.implements[type_] {
            " implements Face"
        } else {
            ""
        };
        let _ = write!(sdl, "type T{type_}{face} @key(fields: \"id\")");
        let mut has = [false; 2];
        if choices.chance(30) {
            let key = *choices.pick(&keys[1..]);
            has = [key.contains("code"), key.contains("peer")];
            let resolvable = if choices.chance(80) {
                ""
            } else {
                ", resolvable: false"
            };
            let _ = write!(sdl, " @key(fields: \"{key}\"{resolvable})");
        }
        sdl.push_str(" { id: ID!");
        if self.implements[type_] {
            sdl.push_str(" name: Int @shareable");
        }
        if has[0] || choices.chance(30) {
            sdl.push_str(" code: ID @shareable");
        }
        if has[1] || choices.chance(30) {
            let _ = write!(sdl, " peer: T{} @shareable", (type_ + 1) % TYPES);
        }
        for field in ["f", "g", "h"] {
            if choices.chance(45) {
                let argument = if field == "g" { "(n: Int)" } else { "" };
                let _ = write!(sdl, " {field}{argument}: Int @shareable");
            }
        }
        let yields = self.yields[type_];
        let is_known =
            !(self.interface_object == Some(own) && yields != "Value" && yields != "Face");
        if is_known && choices.chance(50) {
            let _ = write!(sdl, " down: {yields} @shareable");
        }
        if choices.chance(30) {
            // A derived field, of this subgraph alone.
            let needs = *choices.pick(&["z", "z y { u }"]);
            let _ = write!(
                sdl,
                " d{own}: Int @requires(fields: \"{needs}\") z: Int @external"
            );
            if needs.contains('y') {
                sdl.push_str(" y: Value @external");
            }
        } else {
            sdl.push_str(" z: Int @shareable y: Value @shareable");
        }
        sdl.push_str(" }\n");
    }
}

/// A selection that a type allows.
pub(crate) fn selection(
    schema: &Schema,
    type_: &str,
    depth: usize,
    choices: &mut impl Choices,
) -> String {
    let mut text = String::from("{");
    if choices.chance(20) {
        text.push_str(" __typename");
    }
    let fields = match schema.types.get(type_) {
        Some(ExtendedType::Object(object)) => Some(&object.fields),
        Some(ExtendedType::Interface(interface)) => Some(&interface.fields),
        _ => None,
    };
    for field in fields.into_iter().flatten().map(|(_, field)| field) {
        let inner = field.ty.inner_named_type();
        let is_leaf = schema.types.get(inner).is_none_or(ExtendedType::is_leaf);
        if is_leaf && choices.chance(45) {
            let argument = if field.arguments.is_empty() || choices.chance(30) {
                ""
            } else {
                "(n: 1)"
            };
            let alias = if argument.is_empty() {
                String::new()
            } else {
                format!("x{}: ", choices.below(1))
            };
            let _ = write!(text, " {alias}{}{argument}", field.name);
        }
        if !is_leaf && depth > 0 && choices.chance(45) {
            let _ = write!(
                text,
                " {} {}",
                field.name,
                selection(schema, inner, depth - 1, choices)
            );
        }
    }
    let members: Vec<String> = schema
        .types
        .iter()
        .filter(|(name, _)| schema.is_subtype(type_, name))
        .map(|(name, _)| name.to_string())
        .collect();
    for member in members {
        if choices.chance(40) {
            let _ = write!(
                text,
                " ... on {member} {}",
                selection(schema, &member, depth.saturating_sub(1), choices)
            );
        }
    }
    if text == "{" {
        text.push_str(" __typename");
    }
    text.push_str(" }");
    text
}
