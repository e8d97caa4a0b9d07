//! Below interfaces and unions, where types part.

use std::fmt::Write as _;

/// Types with a field each elsewhere, behind an interface or a union.
pub(super) fn types_with_own_fields(abstract_type: &str) -> Vec<String> {
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

pub(super) fn union_(_: usize) -> Vec<String> {
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
pub(super) fn twice_a_level(depth: usize) -> String {
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
pub(super) fn by_member(depth: usize) -> String {
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
pub(super) fn parting_ways(_: usize) -> Vec<String> {
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

pub(super) fn ways_down(depth: usize) -> String {
    let mut below = String::from("id");
    for _ in 0..depth {
        below = format!(
            "...on Nod0 {{ own0of0 own0of1 }} ...on Nod1 {{ own1of1 own1of2 }} ...on Nod2 {{ own2of2 own2of0 }} \
             ch {{ {below} }}"
        );
    }
    format!("{{ tree {{ {below} }} }}")
}

pub(super) fn implementations(count: usize) -> Vec<String> {
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
pub(super) fn of_every_type(count: usize) -> String {
    let mut own = String::new();
    for at in 0..count {
        let _ = write!(own, " ...on T{at} {{ own{at} }}");
    }
    format!("{{ all {{ size label {own} next {{ size {own} next {{ size {own} }} }} }} }}")
}

/// Types whose keys hold objects within objects.
pub(super) fn composite_keys(count: usize) -> Vec<String> {
    let key = "id org { id unit { id code } }";
    let mut here = String::from("type Query { all: [Thing!]! } interface Thing { id: ID! } ");
    let mut there = String::new();
    for at in 0..count {
        let held = format!(
            "type Org{at} @shareable {{ id: ID! unit: Unit{at} }} \
             type Unit{at} @shareable {{ id: ID! code: Int }} "
        );
        let _ = write!(
            here,
            "type T{at} implements Thing @key(fields: \"{key}\") {{ id: ID! org: Org{at} }} {held}"
        );
        let _ = write!(
            there,
            "type T{at} @key(fields: \"{key}\") {{ id: ID! org: Org{at} own{at}: Int }} {held}"
        );
    }
    vec![here, there]
}

/// A field of each type.
pub(super) fn own_of_each(count: usize) -> String {
    let mut own = String::from("id");
    for at in 0..count {
        let _ = write!(own, " ...on T{at} {{ own{at} }}");
    }
    format!("{{ all {{ {own} }} }}")
}

/// An interface that one subgraph knows by its types and another as one object.
pub(super) fn interface_object(count: usize) -> Vec<String> {
    let mut one = String::from(
        "type Query { all: [Thing!]! } interface Thing @key(fields: \"id\") { id: ID! } ",
    );
    for at in 0..count {
        let _ = write!(
            one,
            "type T{at} implements Thing @key(fields: \"id\") {{ id: ID! own{at}: Int }} "
        );
    }
    let two = "type Query { things: [Thing!]! } \
               type Thing @interfaceObject @key(fields: \"id\") { id: ID! a: Int b: Int next: Thing }";
    vec![one, two.to_owned()]
}

/// Fields of the object asked of one type each, arriving from either side.
pub(super) fn of_one_type_each(count: usize) -> String {
    let mut own = String::from("id");
    for at in 0..count {
        let field = if at % 2 == 0 { "a" } else { "b" };
        let _ = write!(own, " ...on T{at} {{ {field} own{at} }}");
    }
    format!("{{ all {{ {own} }} things {{ {own} next {{ {own} }} }} }}")
}
