//! What composes can be planned: random subgraphs, random operations, every plan verified.
//!
//! `GRAPHS=2000 SEED=1` asks for more than the few of every run.

#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a test fails by panicking; how long it runs is said from outside"
)]

use std::fmt::Write as _;

use apollo_compiler::{ExecutableDocument, Schema, schema::ExtendedType};
use federation::{
    authorize::AuthorizedOperation,
    compose::compose,
    index::Index,
    operation::{Booleans, normalize},
    plan::{Options, plan},
    subgraph::SubgraphInput,
    supergraph::Supergraph,
};

const TYPES: usize = 4;
const QUERIES: usize = 25;

/// A small generator of numbers, the same on every machine.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % bound.max(1)
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// One graph before it is shared out: what every subgraph that has a field says of it.
struct World {
    subgraphs: usize,
    /// The interface each entity implements, if any.
    implements: [bool; TYPES],
    /// The subgraph that has the interface as an object type.
    interface_object: Option<usize>,
    /// What the composite fields of each entity yield.
    yields: [&'static str; TYPES],
}

const COMPOSITES: [&str; 6] = ["T0", "T1", "T2", "Value", "Face", "Choice"];

fn world(numbers: &mut Numbers) -> World {
    let subgraphs = 2 + numbers.below(3);
    let mut implements = [false; TYPES];
    for own in &mut implements {
        *own = numbers.chance(60);
    }
    implements[0] = true;
    World {
        subgraphs,
        implements,
        interface_object: numbers.chance(35).then(|| subgraphs - 1),
        yields: std::array::from_fn(|_| *numbers.pick(&COMPOSITES)),
    }
}

impl World {
    fn sdl(&self, own: usize, numbers: &mut Numbers) -> String {
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
            if is_known && (own == 0 || numbers.chance(40)) {
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
                self.entity(&mut sdl, (own, type_), numbers);
            }
        }
        let mut value = String::new();
        for field in ["v", "w"] {
            if numbers.chance(80) {
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

    fn entity(&self, sdl: &mut String, (own, type_): (usize, usize), numbers: &mut Numbers) {
        let keys = ["id", "id code", "code", "id peer { id }"];
        let face = if self.implements[type_] {
            " implements Face"
        } else {
            ""
        };
        let _ = write!(sdl, "type T{type_}{face} @key(fields: \"id\")");
        let mut has = [false; 2];
        if numbers.chance(30) {
            let key = *numbers.pick(&keys[1..]);
            has = [key.contains("code"), key.contains("peer")];
            let resolvable = if numbers.chance(80) {
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
        if has[0] || numbers.chance(30) {
            sdl.push_str(" code: ID @shareable");
        }
        if has[1] || numbers.chance(30) {
            let _ = write!(sdl, " peer: T{} @shareable", (type_ + 1) % TYPES);
        }
        for field in ["f", "g", "h"] {
            if numbers.chance(45) {
                let argument = if field == "g" { "(n: Int)" } else { "" };
                let _ = write!(sdl, " {field}{argument}: Int @shareable");
            }
        }
        let yields = self.yields[type_];
        let is_known =
            !(self.interface_object == Some(own) && yields != "Value" && yields != "Face");
        if is_known && numbers.chance(50) {
            let _ = write!(sdl, " down: {yields} @shareable");
        }
        if numbers.chance(30) {
            // A derived field, of this subgraph alone.
            let needs = *numbers.pick(&["z", "z y { u }"]);
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

fn selection(schema: &Schema, type_: &str, depth: usize, numbers: &mut Numbers) -> String {
    let mut text = String::from("{");
    if numbers.chance(20) {
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
        if is_leaf && numbers.chance(45) {
            let argument = if field.arguments.is_empty() || numbers.chance(30) {
                ""
            } else {
                "(n: 1)"
            };
            let alias = if argument.is_empty() {
                String::new()
            } else {
                format!("x{}: ", numbers.below(1))
            };
            let _ = write!(text, " {alias}{}{argument}", field.name);
        }
        if !is_leaf && depth > 0 && numbers.chance(45) {
            let _ = write!(
                text,
                " {} {}",
                field.name,
                selection(schema, inner, depth - 1, numbers)
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
        if numbers.chance(40) {
            let _ = write!(
                text,
                " ... on {member} {}",
                selection(schema, &member, depth.saturating_sub(1), numbers)
            );
        }
    }
    if text == "{" {
        text.push_str(" __typename");
    }
    text.push_str(" }");
    text
}

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}

#[test]
fn what_composes_can_be_planned() {
    let mut numbers = Numbers(setting("SEED", 11));
    let wanted = setting("GRAPHS", 20);
    let (mut composed, mut tried, mut planned) = (0, 0, 0);
    while composed < wanted {
        tried += 1;
        let world = world(&mut numbers);
        let inputs: Vec<SubgraphInput> = (0..world.subgraphs)
            .map(|own| SubgraphInput {
                name: format!("s{own}"),
                url: String::new(),
                sdl: world.sdl(own, &mut numbers),
            })
            .collect();
        let (supergraph, diagnostics) = compose(&inputs);
        let Some(supergraph) = supergraph else {
            assert!(
                tried < 40 * (composed + 5),
                "hardly anything composes: {diagnostics:?}"
            );
            continue;
        };
        composed += 1;
        let told = || {
            inputs
                .iter()
                .map(|input| format!("# {}\n{}", input.name, input.sdl))
                .collect::<Vec<_>>()
                .join("\n")
        };
        let supergraph =
            Supergraph::parse(&supergraph.supergraph_sdl).unwrap_or_else(|error| panic!("{error}"));
        let index = Index::new(&supergraph).unwrap_or_else(|error| panic!("{error}"));
        for _ in 0..QUERIES {
            let query = selection(&supergraph.api_schema, "Query", 4, &mut numbers);
            let Ok(document) = ExecutableDocument::parse_and_validate(
                &supergraph.api_schema,
                query.as_str(),
                "query.graphql",
            ) else {
                continue;
            };
            let Ok(operation) = document.operations.get(None) else {
                continue;
            };
            let Ok(normalized) = normalize(&index, &document, operation, &Booleans::default())
            else {
                continue;
            };
            let authorized = AuthorizedOperation::unrestricted(normalized);
            match plan(&index, &authorized, &Options::default()) {
                Ok(_) => planned += 1,
                Err(error) => panic!("{}\n{query}\n{error}", told()),
            }
        }
    }
    println!("{composed} of {tried} composed, {planned} plans");
}
