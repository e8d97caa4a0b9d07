//! Shapes of well-known servers that know nothing of federation, under a prefix.

use federation::{compose::compose, subgraph::SubgraphInput};
use serde_json::{Value, json};
use upfront::registry::plain::{
    Features, NamedMutation, PrefixError, mutations_of, prefixed, question, sdl_of,
};

fn named(text: &str) -> NamedMutation {
    text.parse().unwrap()
}

/// The SDL under the prefix `fp`, which has to compose by itself.
fn joined(sdl: &str, mutations: &[NamedMutation]) -> String {
    let joined = prefixed(sdl, "fp", mutations).unwrap();
    let (composed, diagnostics) = compose(&[SubgraphInput {
        name: "fp".to_owned(),
        url: String::new(),
        sdl: joined.clone(),
    }]);
    assert!(composed.is_some(), "{joined}\n{diagnostics:?}");
    let head = joined.find("\n\n").unwrap();
    joined[head..].trim().to_owned()
}

const SHOP: &str = "
    type Query { price: Int }
    type Mutation { setPrice(input: PriceInput!): PricePayload reset: Boolean }
    type Subscription { priceSet: PriceEvent }
    input PriceInput { amount: Int }
    type PricePayload { amount: Int }
    type PriceEvent { amount: Int }
";

#[test]
fn mutations_stay_out_unless_named_and_subscriptions_always() {
    assert_eq!(joined(SHOP, &[]), "type Query {\n  fp_price: Int\n}");
    let one = joined(SHOP, &[named("reset=prices:write")]);
    assert_eq!(
        one,
        "type Query {\n  fp_price: Int\n}\n\ntype Mutation {\n  fp_reset: Boolean \
         @requiresScopes(scopes: [[\"prices:write\"]])\n}"
    );
    assert_eq!(mutations_of(&one, "fp"), [named("reset=prices:write")]);
    let other = joined(SHOP, &[named("setPrice")]);
    assert!(
        other.contains("input Fp_PriceInput") && !other.contains("fp_reset"),
        "{other}"
    );
    assert!(
        !other.contains("requiresScopes") && !other.contains("PriceEvent"),
        "{other}"
    );
    assert_eq!(mutations_of(&other, "fp"), [named("setPrice")]);
    let error = prefixed(SHOP, "fp", &[named("fp_reset")]).unwrap_err();
    let PrefixError::NoMutation { name, known } = error else {
        panic!("{error}");
    };
    assert_eq!((name.as_str(), known.len()), ("fp_reset", 2), "{known:?}");
}

#[test]
fn a_root_that_implements_an_interface_and_leads_back_to_itself() {
    // As PostGraphile 4 and Relay's first conventions have it.
    let sdl = "
        type Query implements Node { query: Query! nodeId: ID! node(nodeId: ID!): Node user: User }
        interface Node { nodeId: ID! }
        type User implements Node { nodeId: ID! name: String }
        type Mutation { createUser(name: String): CreateUserPayload }
        type CreateUserPayload { user: User query: Query }
    ";
    let joined = joined(sdl, &[named("createUser=users:write")]);
    assert!(joined.contains("type Query {\n  fp_nodeId: ID\n  fp_node(nodeId: ID!): Fp_Node"));
    assert!(
        joined.contains("type Fp_User implements Fp_Node"),
        "{joined}"
    );
    assert!(
        joined.contains("type Fp_CreateUserPayload {\n  user: Fp_User\n}"),
        "{joined}"
    );
}

#[test]
fn roots_of_other_names_beside_types_of_the_usual_ones() {
    // As Hasura and WPGraphQL name their roots.
    let sdl = "
        schema { query: query_root mutation: mutation_root subscription: subscription_root }
        type query_root { users(where: users_bool_exp): [users!]! Query: Query }
        type mutation_root { delete_users(where: users_bool_exp!): Int }
        type subscription_root { users_stream: [streamed!]! }
        type users { id: Int! tags: _text }
        type streamed { id: Int! }
        type Query { text: String }
        scalar _text
        input users_bool_exp { _and: [users_bool_exp!] id: Int }
    ";
    let joined = joined(sdl, &[]);
    assert!(
        joined.contains("fp_users(where: Fp_users_bool_exp): [Fp_users!]"),
        "{joined}"
    );
    assert!(joined.contains("fp_Query: Fp_Query") && joined.contains("scalar Fp__text"));
    for gone in ["delete_users", "streamed", "subscription_root", "Mutation"] {
        assert!(!joined.contains(gone), "{gone}: {joined}");
    }
}

#[test]
fn a_subgraph_that_joins_as_a_plain_server_does_not_hand_out_its_entities() {
    let sdl = "
        type Query { _service: _Service! _entities(representations: [_Any!]!): [_Entity]! price: Int }
        type _Service { sdl: String }
        scalar _Any
        union _Entity = Price
        type Price { id: ID! }
    ";
    assert_eq!(joined(sdl, &[]), "type Query {\n  fp_price: Int\n}");
}

fn told(types: Value) -> Value {
    let mut told =
        json!({ "__schema": { "queryType": { "name": "Query" }, "mutationType": null } });
    told["__schema"]["types"] = types;
    told
}

fn scalar(name: &str) -> Value {
    json!({ "kind": "SCALAR", "name": name, "ofType": null })
}

fn find(input: &str) -> Value {
    json!([
        { "kind": "OBJECT", "name": "Query", "interfaces": [], "fields": [{
            "name": "find", "type": scalar("Int"), "isDeprecated": false,
            "args": [
                { "name": "by", "type": { "kind": "INPUT_OBJECT", "name": "By" }, "defaultValue": null },
                { "name": "kind", "type": { "kind": "ENUM", "name": "Kind" }, "defaultValue": input },
                { "name": "old", "type": scalar("Int"), "isDeprecated": true, "deprecationReason": "by" },
            ],
        }] },
        { "kind": "INPUT_OBJECT", "name": "By", "isOneOf": true, "inputFields": [
            { "name": "id", "type": scalar("ID"), "defaultValue": null },
            { "name": "on", "type": scalar("Day"), "defaultValue": null },
        ] },
        { "kind": "ENUM", "name": "Kind", "enumValues": [
            { "name": "A" }, { "name": "B" }, { "name": "A" },
        ] },
        { "kind": "ENUM", "name": "Kind", "enumValues": [{ "name": "A" }] },
        { "kind": "SCALAR", "name": "Day", "specifiedByURL": "https://example.org/day" },
    ])
}

#[test]
fn what_newer_introspection_tells_is_kept() {
    let sdl = joined(&sdl_of(&told(find("A"))).unwrap(), &[]);
    assert_eq!(
        sdl,
        "type Query {\n  fp_find(\n    by: Fp_By,\n    kind: Fp_Kind = A,\n    old: Int \
         @deprecated(reason: \"by\"),\n  ): Int\n}\n\ninput Fp_By @oneOf {\n  id: ID\n  on: Fp_Day\n}\n\nenum Fp_Kind {\n  A\n  B\n}\n\n\
         scalar Fp_Day @specifiedBy(url: \"https://example.org/day\")"
    );
}

#[test]
fn a_default_in_another_language_is_left_to_the_server() {
    for wrong in ["{'a': None}", "A } type Injected { a: Int", "", "A b: Int"] {
        let sdl = joined(&sdl_of(&told(find(wrong))).unwrap(), &[]);
        assert!(
            sdl.contains("kind: Fp_Kind,\n") && !sdl.contains("Injected"),
            "{wrong}: {sdl}"
        );
    }
}

#[test]
fn servers_are_asked_for_what_they_know_alone() {
    let plain = question(Features::of(&json!({})));
    for newer in ["isOneOf", "specifiedByURL", "args(includeDeprecated"] {
        assert!(!plain.contains(newer), "{plain}");
    }
    let list = json!({ "fields": [{ "name": "isOneOf", "args": [] },
        { "name": "inputFields", "args": [{ "name": "includeDeprecated" }] }] });
    let newer = json!({
        "type": list,
        "field": { "fields": [{ "name": "args", "args": [{ "name": "includeDeprecated" }] }] },
        "input": { "fields": [{ "name": "isDeprecated" }, { "name": "deprecationReason" }] },
    });
    let question = question(Features::of(&newer));
    assert!(question.contains("isOneOf") && question.contains("args(includeDeprecated: true)"));
    assert!(!question.contains("specifiedByURL"), "{question}");
}
