//! Entities that several subgraphs know.

use std::fmt::Write as _;

pub(super) fn ring(count: usize) -> Vec<String> {
    let mut subgraphs =
        vec!["type Query { item: Item } type Item @key(fields: \"id\") { id: ID! }".to_owned()];
    for at in 0..count {
        let next = (at + 1) % count;
        subgraphs.push(format!(
            "type Item @key(fields: \"id\") {{ id: ID! f{at}: Int @shareable f{next}: Int @shareable }}"
        ));
    }
    subgraphs
}

pub(super) fn ring_fields(count: usize) -> String {
    let fields: Vec<String> = (0..count).map(|at| format!("f{at}")).collect();
    format!("{{ item {{ {} }} }}", fields.join(" "))
}

/// Each subgraph can be entered by the key that the one before tells.
pub(super) fn key_chain(count: usize) -> Vec<String> {
    let mut subgraphs =
        vec!["type Query { item: Item } type Item @key(fields: \"k0\") { k0: ID! }".to_owned()];
    for at in 0..count {
        let next = at + 1;
        subgraphs.push(format!(
            "type Item @key(fields: \"k{at}\") @key(fields: \"k{next}\") {{ k{at}: ID! k{next}: ID! f{at}: Int }}"
        ));
    }
    subgraphs
}

/// Two subgraphs, a field of an entity in each.
pub(super) fn pair(_: usize) -> Vec<String> {
    vec![
        "type Query { item: Item } type Item @key(fields: \"id\") { id: ID! a: Item }".to_owned(),
        "type Item @key(fields: \"id\") { id: ID! b: Item x: Int }".to_owned(),
    ]
}

pub(super) fn aliases(count: usize) -> String {
    let mut query = String::from("{ item {");
    for at in 0..count {
        let _ = write!(query, " n{at}: a {{ x }}");
    }
    query.push_str(" } }");
    query
}

pub(super) fn alternating(depth: usize) -> String {
    let mut below = String::from("id");
    for at in 0..depth {
        below = format!("{} {{ {below} }}", if at % 2 == 0 { "b" } else { "a" });
    }
    format!("{{ item {{ {below} }} }}")
}

/// Fragments that spread the next one twice.
pub(super) fn doubling(depth: usize) -> String {
    let mut query = String::from("{ item { ...F0 } }");
    for at in 0..depth {
        let next = at + 1;
        let _ = write!(
            query,
            " fragment F{at} on Item {{ a {{ ...F{next} }} b {{ ...F{next} }} }}"
        );
    }
    let _ = write!(query, " fragment F{depth} on Item {{ x }}");
    query
}

pub(super) fn requires_chain(links: usize) -> Vec<String> {
    let mut subgraphs = vec![
        "type Query { item: Item } type Item @key(fields: \"id\") { id: ID! f0: Int }".to_owned(),
    ];
    for own in [1, 0] {
        let mut fields = String::from(if own == 1 { "f0: Int @external" } else { "" });
        for at in 1..=links {
            if at % 2 == own {
                let _ = write!(fields, " f{at}: Int @requires(fields: \"f{}\")", at - 1);
            } else if at < links {
                let _ = write!(fields, " f{at}: Int @external");
            }
        }
        subgraphs.push(format!(
            "type Item @key(fields: \"id\") {{ id: ID! {fields} }}"
        ));
    }
    subgraphs
}

/// An entity field, and fields of it, that require what another subgraph has.
pub(super) fn requiring(_: usize) -> Vec<String> {
    vec![
        "type Query { item: Item } type Item @key(fields: \"id\") { id: ID! price: Int }"
            .to_owned(),
        "type Item @key(fields: \"id\") { id: ID! price: Int @external \
         like: Item @requires(fields: \"price\") total: Int @requires(fields: \"price\") }"
            .to_owned(),
    ]
}

pub(super) fn aliases_requiring(count: usize) -> String {
    let mut query = String::from("{ item {");
    for at in 0..count {
        let _ = write!(query, " n{at}: like {{ total }}");
    }
    query.push_str(" } }");
    query
}

/// A root field that provides a way down.
pub(super) fn providing(depth: usize) -> Vec<String> {
    let mut below = String::from("name");
    for _ in 0..depth {
        below = format!("name next {{ {below} }}");
    }
    vec![
        format!(
            "type Query {{ item: Item @provides(fields: \"{below}\") }} \
             type Item @key(fields: \"id\") {{ id: ID! name: Int @external next: Item @external }}"
        ),
        "type Item @key(fields: \"id\") { id: ID! name: Int @shareable next: Item @shareable \
         other: Int }"
            .to_owned(),
    ]
}

/// Down the provided way, with a field at each level that is not provided.
pub(super) fn provided(depth: usize) -> String {
    let mut below = String::from("name");
    for at in 0..depth {
        let other = if at % 4 == 0 { "other" } else { "" };
        below = format!("name {other} next {{ {below} }}");
    }
    format!("{{ item {{ {below} }} }}")
}

/// An entity with fields of its own in each of many subgraphs.
fn wide_in(subgraphs: usize, fields: usize) -> Vec<String> {
    let mut all =
        vec!["type Query { item: Item } type Item @key(fields: \"id\") { id: ID! }".to_owned()];
    for at in 0..subgraphs {
        let mut own = String::from("type Item @key(fields: \"id\") { id: ID!");
        for field in 0..fields {
            let _ = write!(own, " f{at}x{field}: Int");
        }
        own.push_str(" }");
        all.push(own);
    }
    all
}

fn all_fields_of(subgraphs: usize, fields: usize) -> String {
    let mut query = String::from("{ item {");
    for at in 0..subgraphs {
        for field in 0..fields {
            let _ = write!(query, " f{at}x{field}");
        }
    }
    query.push_str(" } }");
    query
}

pub(super) fn many_subgraphs(count: usize) -> Vec<String> {
    wide_in(count, 8)
}

pub(super) fn fields_of_many_subgraphs(count: usize) -> String {
    all_fields_of(count, 8)
}

pub(super) fn many_fields(count: usize) -> Vec<String> {
    wide_in(40, count)
}

pub(super) fn many_fields_of_subgraphs(count: usize) -> String {
    all_fields_of(40, count)
}
