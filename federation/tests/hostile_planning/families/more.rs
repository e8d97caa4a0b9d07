//! Contexts, mutations, conditions, and keys that a caller may not read.

use std::fmt::Write as _;

/// A value that arguments below read, set anew at each level.
pub(super) fn contexts(_: usize) -> Vec<String> {
    let own = "type Query { item: Item } type Item @key(fields: \"id\") @context(name: \"near\") \
               { id: ID! value: Int! next: Item leaf: Leaf } \
               type Leaf @key(fields: \"id\") { id: ID! \
               got(value: Int @fromContext(field: \"$near { value }\")): Int }";
    let other = "type Item @key(fields: \"id\") { id: ID! far: Item } \
                 type Leaf @key(fields: \"id\") { id: ID! label: Int }";
    vec![own.to_owned(), other.to_owned()]
}

pub(super) fn reads_of_contexts(depth: usize) -> String {
    let mut below = String::from("id");
    for at in 0..depth {
        let step = if at % 3 == 0 { "far" } else { "next" };
        below = format!("leaf {{ got label }} {step} {{ {below} }}");
    }
    format!("{{ item {{ {below} }} }}")
}

/// Root fields of a mutation in two subgraphs.
pub(super) fn mutations(_: usize) -> Vec<String> {
    vec![
        "type Query { item: Item } type Mutation { a: Item } \
         type Item @key(fields: \"id\") { id: ID! x: Int }"
            .to_owned(),
        "type Mutation { b: Item } type Item @key(fields: \"id\") { id: ID! y: Int }".to_owned(),
    ]
}

pub(super) fn alternating_mutation(count: usize) -> String {
    let mut query = String::from("mutation {");
    for at in 0..count {
        let field = if at % 2 == 0 { "a" } else { "b" };
        let _ = write!(query, " n{at}: {field} {{ x y }}");
    }
    query.push_str(" }");
    query
}

/// One root field in each of two runs of many.
pub(super) fn mutation_in_runs(count: usize) -> String {
    let mut query = String::from("mutation {");
    for at in 0..count {
        let field = if at < count / 2 { "a" } else { "b" };
        let _ = write!(query, " n{at}: {field} {{ id }}");
    }
    query.push_str(" }");
    query
}

/// Fields each under a condition of its own, every second one included.
pub(super) fn conditions(count: usize) -> String {
    let mut query = String::from("query(");
    for at in 0..count {
        let _ = write!(query, "$b{at}: Boolean = {} ", at % 2 == 0);
    }
    query.push_str(") { item {");
    for at in 0..count {
        let other = (at + 2) % count;
        let _ = write!(
            query,
            " n{at}: a @include(if: $b{at}) {{ x y{at}: x @skip(if: $b{other}) }}"
        );
    }
    query.push_str(" } }");
    query
}

/// A key that callers need a scope for.
pub(super) fn closed_key(_: usize) -> Vec<String> {
    vec![
        "type Query { item: Item } type Item @key(fields: \"id\") \
         { id: ID! @requiresScopes(scopes: [[\"s\"]]) a: Item c: Int }"
            .to_owned(),
        "type Item @key(fields: \"id\") { id: ID! @requiresScopes(scopes: [[\"s\"]]) x: Int }"
            .to_owned(),
    ]
}

pub(super) fn behind_closed_key(count: usize) -> String {
    let mut query = String::from("{ item {");
    for at in 0..count {
        let _ = write!(query, " n{at}: a {{ c x }}");
    }
    query.push_str(" } }");
    query
}

pub(super) fn deep_behind_closed_key(depth: usize) -> String {
    let mut below = String::from("c");
    for _ in 0..depth {
        below = format!("x a {{ {below} }}");
    }
    format!("{{ item {{ {below} }} }}")
}

/// Types behind an interface whose keys need a scope each.
pub(super) fn closed_keys(count: usize) -> Vec<String> {
    let mut here =
        String::from("type Query { all: [Thing] } interface Thing { id: ID! next: Thing } ");
    let mut there = String::new();
    for at in 0..count {
        let key = format!("k: ID! @requiresScopes(scopes: [[\"s{at}\"]])");
        let _ = write!(
            here,
            "type T{at} implements Thing @key(fields: \"k\") {{ id: ID! {key} next: Thing }} "
        );
        let _ = write!(
            there,
            "type T{at} @key(fields: \"k\") {{ {key} own{at}: Int }} "
        );
    }
    vec![here, there]
}

pub(super) fn behind_closed_keys(count: usize) -> String {
    let mut own = String::from("id");
    for at in 0..count {
        let _ = write!(own, " ...on T{at} {{ own{at} }}");
    }
    format!("{{ all {{ {own} next {{ {own} }} }} }}")
}

/// A key of many fields, each of which needs a scope of its own.
pub(crate) fn closed_keys_of_many(fields: usize) -> Vec<String> {
    let mut parts = String::new();
    let mut names = String::new();
    for at in 0..fields {
        let _ = write!(parts, " k{at}: ID! @requiresScopes(scopes: [[\"s{at}\"]])");
        let _ = write!(names, " k{at}");
    }
    vec![
        format!(
            "type Query {{ item: Item }} type Item @key(fields: \"{names}\") \
             {{ {parts} a: Item c: Int }}"
        ),
        format!("type Item @key(fields: \"{names}\") {{ {parts} x: Int }}"),
    ]
}

pub(crate) fn behind_closed_keys_of_many(count: usize) -> String {
    behind_closed_key(count)
}
