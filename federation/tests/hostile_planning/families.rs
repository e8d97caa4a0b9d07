//! Families of graphs and operations, each growing in one number.

use std::fmt::Write as _;

/// A graph with an operation of some size on it.
pub(crate) struct Family {
    pub(crate) name: &'static str,
    pub(crate) subgraphs: Vec<String>,
    pub(crate) query: fn(usize) -> String,
    /// Sizes to plan at, growing.
    pub(crate) sizes: &'static [usize],
    /// Whether it multiplies by itself, so that some sizes are refused.
    pub(crate) may_be_refused: bool,
}

/// An interface whose types have a field each elsewhere, nested.
pub(crate) fn interface_chain(types: usize) -> Vec<String> {
    let mut here = String::from("type Query { tree: Nod } interface Nod { id: ID! ch: [Nod] } ");
    let mut there = String::new();
    for at in 0..types {
        let _ = write!(
            here,
            "type Nod{at} implements Nod @key(fields: \"id\") {{ id: ID! ch: [Nod] }} "
        );
        let _ = write!(
            there,
            "type Nod{at} @key(fields: \"id\") {{ id: ID! o{at}: Int }} "
        );
    }
    vec![here, there]
}

/// Every type's own field at every level.
pub(crate) fn own_fields(depth: usize) -> String {
    let mut below = String::from("id");
    for _ in 0..depth {
        below =
            format!("ch {{ ...on Nod0 {{ o0 }} ...on Nod1 {{ o1 }} ...on Nod2 {{ o2 }} {below} }}");
    }
    format!("{{ tree {{ {below} }} }}")
}

pub(crate) fn all() -> Vec<Family> {
    vec![Family {
        name: "interface, own fields at every level",
        subgraphs: interface_chain(3),
        query: own_fields,
        sizes: &[6, 12, 17, 20, 46],
        may_be_refused: false,
    }]
}
