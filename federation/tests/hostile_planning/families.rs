//! Families of graphs and operations, each growing in one number.

use std::fmt::Write as _;

/// A graph and an operation on it for each size.
pub(crate) struct Family {
    pub(crate) name: &'static str,
    pub(crate) subgraphs: fn(usize) -> Vec<String>,
    pub(crate) query: fn(usize) -> String,
    /// Sizes to plan at, growing.
    pub(crate) sizes: &'static [usize],
    /// Whether the operation multiplies by itself, so that some sizes are refused.
    pub(crate) may_be_refused: bool,
    /// Whether choices are tried out, of which there are more than fields, up to a bound.
    pub(crate) is_searched: bool,
}

/// Types with a field each elsewhere, behind an interface or a union.
fn types_with_own_fields(abstract_type: &str) -> Vec<String> {
    let is_union = abstract_type == "union";
    let mut here = String::from("type Query { tree: Nod } ");
    here.push_str(if is_union {
        "union Nod = Nod0 | Nod1 | Nod2 "
    } else {
        "interface Nod { id: ID! ch: [Nod] } "
    });
    let mut there = String::new();
    for at in 0..3 {
        let implements = if is_union { "" } else { "implements Nod" };
        let _ = write!(
            here,
            "type Nod{at} {implements} @key(fields: \"id\") {{ id: ID! ch: [Nod] }} "
        );
        let _ = write!(
            there,
            "type Nod{at} @key(fields: \"id\") {{ id: ID! o{at}: Int }} "
        );
    }
    vec![here, there]
}

pub(crate) fn interface(_: usize) -> Vec<String> {
    types_with_own_fields("interface")
}

fn union_(_: usize) -> Vec<String> {
    types_with_own_fields("union")
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

/// The way down asked of one type and of all, so that each level is there twice.
fn twice_a_level(depth: usize) -> String {
    let mut query = format!("{{ tree {{ ...F{depth} }} }} fragment F0 on Nod {{ id }}");
    for level in 0..depth {
        let _ = write!(
            query,
            " fragment F{} on Nod {{ ch {{ ...on Nod0 {{ o0 ...F{level} }} ...F{level} }} }}",
            level + 1
        );
    }
    query
}

/// The same below a union, type by type.
fn by_member(depth: usize) -> String {
    let mut query = String::from("{ tree { ...F0 } }");
    for level in 0..depth {
        let below = format!("{{ ...F{} }}", level + 1);
        let _ = write!(
            query,
            " fragment F{level} on Nod {{ ...on Nod0 {{ o0 ch {below} }} ...on Nod1 {{ o1 ch {below} }} }}"
        );
    }
    let _ = write!(query, " fragment F{depth} on Nod {{ __typename }}");
    query
}

/// Each type goes on in a subgraph of its own, so that nothing below is shared.
fn parting_ways(_: usize) -> Vec<String> {
    let mut first = String::from("type Query { tree: Nod } interface Nod { id: ID! } ");
    let mut subgraphs = vec![String::new()];
    for at in 0..3 {
        let _ = write!(
            first,
            "type Nod{at} implements Nod @key(fields: \"id\") {{ id: ID! }} "
        );
        let mut own = String::from("interface Nod { id: ID! ch: Nod } ");
        for other in 0..3 {
            let _ = write!(
                own,
                "type Nod{other} implements Nod @key(fields: \"id\") {{ id: ID! ch: Nod @shareable \
                 own{other}of{at}: Int }} "
            );
        }
        subgraphs.push(own);
    }
    subgraphs[0] = first;
    subgraphs
}

fn ways_down(depth: usize) -> String {
    let mut below = String::from("id");
    for _ in 0..depth {
        below = format!(
            "...on Nod0 {{ own0of0 own0of1 }} ...on Nod1 {{ own1of1 own1of2 }} ...on Nod2 {{ own2of2 own2of0 }} \
             ch {{ {below} }}"
        );
    }
    format!("{{ tree {{ {below} }} }}")
}

fn implementations(count: usize) -> Vec<String> {
    let mut one =
        String::from("type Query { all: [Thing!]! } interface Thing { id: ID! size: Int }");
    let mut two = String::from("interface Thing { id: ID! label: String next: Thing } ");
    for at in 0..count {
        let _ = write!(
            one,
            " type T{at} implements Thing @key(fields: \"id\") {{ id: ID! size: Int }}"
        );
        let _ = write!(
            two,
            " type T{at} implements Thing @key(fields: \"id\") {{ id: ID! label: String \
             next: Thing own{at}: Int }}"
        );
    }
    vec![one, two]
}

/// Three levels, each with a field of every type.
fn of_every_type(count: usize) -> String {
    let mut own = String::new();
    for at in 0..count {
        let _ = write!(own, " ...on T{at} {{ own{at} }}");
    }
    format!("{{ all {{ size label {own} next {{ size {own} next {{ size {own} }} }} }} }}")
}

fn ring(count: usize) -> Vec<String> {
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

fn ring_fields(count: usize) -> String {
    let fields: Vec<String> = (0..count).map(|at| format!("f{at}")).collect();
    format!("{{ item {{ {} }} }}", fields.join(" "))
}

/// Each subgraph can be entered by the key that the one before tells.
fn key_chain(count: usize) -> Vec<String> {
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
fn pair(_: usize) -> Vec<String> {
    vec![
        "type Query { item: Item } type Item @key(fields: \"id\") { id: ID! a: Item }".to_owned(),
        "type Item @key(fields: \"id\") { id: ID! b: Item x: Int }".to_owned(),
    ]
}

fn aliases(count: usize) -> String {
    let mut query = String::from("{ item {");
    for at in 0..count {
        let _ = write!(query, " n{at}: a {{ x }}");
    }
    query.push_str(" } }");
    query
}

fn alternating(depth: usize) -> String {
    let mut below = String::from("id");
    for at in 0..depth {
        below = format!("{} {{ {below} }}", if at % 2 == 0 { "b" } else { "a" });
    }
    format!("{{ item {{ {below} }} }}")
}

/// Fragments that spread the next one twice.
fn doubling(depth: usize) -> String {
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

fn requires_chain(links: usize) -> Vec<String> {
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

pub(crate) fn all() -> Vec<Family> {
    let family = |name, subgraphs, query, sizes| Family {
        name,
        subgraphs,
        query,
        sizes,
        may_be_refused: false,
        is_searched: false,
    };
    let multiplying = |name, subgraphs, query, sizes| Family {
        may_be_refused: true,
        ..family(name, subgraphs, query, sizes)
    };
    vec![
        family(
            "interface, own fields",
            interface,
            own_fields,
            &[6, 12, 17, 20, 46],
        ),
        multiplying(
            "interface, twice a level",
            interface,
            twice_a_level,
            &[3, 6, 14],
        ),
        multiplying("union, by member", union_, by_member, &[3, 6, 14]),
        multiplying(
            "types that part ways",
            parting_ways,
            ways_down,
            &[2, 4, 6, 12, 20],
        ),
        family(
            "implementations",
            implementations,
            of_every_type,
            &[10, 20, 40],
        ),
        Family {
            is_searched: true,
            ..family("ring", ring, ring_fields, &[4, 8, 16, 24])
        },
        Family {
            is_searched: true,
            ..family(
                "key chain",
                key_chain,
                |count| format!("{{ item {{ f{} }} }}", count - 1),
                &[4, 8, 16],
            )
        },
        family("aliases", pair, aliases, &[30, 60, 90]),
        family("alternating", pair, alternating, &[10, 20, 30]),
        multiplying("doubling fragments", pair, doubling, &[3, 6, 9, 12]),
        family(
            "requires chain",
            requires_chain,
            |links| format!("{{ item {{ f{links} }} }}"),
            &[8, 12, 16],
        ),
    ]
}
