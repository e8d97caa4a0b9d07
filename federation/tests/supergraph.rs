//! Supergraphs of older join specifications, features that must be understood, what clients see.

#![expect(clippy::panic, reason = "a test fails by panicking")]

use apollo_compiler::ExecutableDocument;
use federation::{
    index::Index,
    operation::{Booleans, normalize},
    plan::{Options, plan},
    reachable::ReachableOperation,
    supergraph::{Supergraph, SupergraphError},
};

/// Join v0.1: owners, value types without a mark, keys of extensions.
const FIRST: &str = r#"
schema @core(feature: "https://specs.apollo.dev/core/v0.1") @core(feature: "https://specs.apollo.dev/join/v0.1") { query: Query }
directive @core(feature: String!) repeatable on SCHEMA
directive @join__field(graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet) on FIELD_DEFINITION
directive @join__type(graph: join__Graph!, key: join__FieldSet) repeatable on OBJECT | INTERFACE
directive @join__owner(graph: join__Graph!) on OBJECT | INTERFACE
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
scalar join__FieldSet
enum join__Graph {
  SHOP @join__graph(name: "shop" url: "http://shop")
  POST @join__graph(name: "post" url: "http://post")
}
type Query { items: [Item] @join__field(graph: SHOP) parcels: [Parcel] @join__field(graph: POST) }
type Parcel @join__owner(graph: POST) @join__type(graph: POST, key: "code") {
  code: ID!
  item: Item @join__field(graph: POST, provides: "weight")
}
type Item @join__owner(graph: SHOP) @join__type(graph: SHOP, key: "id") @join__type(graph: POST, key: "id") {
  id: ID!
  weight: Int
  size: Size
  postage: Int @join__field(graph: POST, requires: "weight")
}
type Size { height: Int }
"#;

/// Join v0.2: implementations listed, members and values not.
const SECOND: &str = r#"
schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/join/v0.2", for: EXECUTION) { query: Query }
directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
directive @join__field(graph: join__Graph!, requires: join__FieldSet, provides: join__FieldSet, type: String, external: Boolean, override: String, usedOverridden: Boolean) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION
directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT | INTERFACE
directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, resolvable: Boolean! = true) repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
scalar join__FieldSet
scalar link__Import
enum link__Purpose { SECURITY EXECUTION }
enum join__Graph {
  A @join__graph(name: "a" url: "http://a")
  B @join__graph(name: "b" url: "http://b")
}
type Query @join__type(graph: A) @join__type(graph: B) { any: Any @join__field(graph: A) }
union Any @join__type(graph: A) = One | Two
interface Named @join__type(graph: B) { name: String }
type One implements Named @join__implements(graph: B, interface: "Named") @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") { id: ID! name: String @join__field(graph: B) }
type Two @join__type(graph: A, key: "id") { id: ID! }
"#;

/// Join v0.4 as Apollo's composer writes it: members of unions and enums, overrides with a label
/// and without, directives of subgraphs.
const FOURTH: &str = include_str!("supergraph/fourth.graphql");

/// Join v0.5 as Apollo's composer writes it: arguments from a context, an interface object.
const FIFTH: &str = include_str!("supergraph/fifth.graphql");

/// A supergraph whose root types are not called `Query` and `Mutation`, as no composer writes it.
const RENAMED_ROOTS: &str = r#"
schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION)
{ query: Root mutation: Change }

directive @join__field(graph: join__Graph) repeatable on FIELD_DEFINITION
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
directive @join__type(graph: join__Graph!, key: join__FieldSet) repeatable on OBJECT
directive @link(url: String, for: link__Purpose) repeatable on SCHEMA
enum join__Graph { A @join__graph(name: "a", url: "") B @join__graph(name: "b", url: "") }
scalar join__FieldSet
enum link__Purpose { SECURITY EXECUTION }

type Root @join__type(graph: A) @join__type(graph: B) {
  counter: Counter @join__field(graph: A)
}
type Change @join__type(graph: A) {
  open: Counter @join__field(graph: A)
}
type Counter @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
  id: ID!
  clerk: String @join__field(graph: B)
}
"#;

const RENAMED_PLAN: &str = "\
2 rounds, 2 fetches, 2 requests
#0 a
   ROOT
#1 b after #0
   AT by Counter{id}
   query($representations:[_Any!]!){_entities(representations:$representations){...on Counter{clerk}}}
";

fn plan_text(sdl: &str, query: &str) -> String {
    let supergraph = Supergraph::parse(sdl).unwrap_or_else(|error| panic!("{error}"));
    let index = Index::new(&supergraph).unwrap_or_else(|error| panic!("{error}"));
    let document =
        ExecutableDocument::parse_and_validate(&supergraph.api_schema, query, "query.graphql")
            .unwrap_or_else(|invalid| panic!("{}", invalid.errors));
    let Ok(operation) = document.operations.get(None) else {
        panic!("there is one operation")
    };
    let normalized = normalize(&index, &document, operation, &Booleans::default())
        .unwrap_or_else(|error| panic!("{error}"));
    let authorized = ReachableOperation::unrestricted(normalized);
    plan(&index, &authorized, &Options::default())
        .unwrap_or_else(|error| panic!("{error}"))
        .to_text()
}

const FIRST_PLAN: &str = "\
2 rounds, 2 fetches, 2 requests
#0 shop
   {items{id weight size{height}}}
#1 post after #0
   items by Item{id weight}
   query($representations:[_Any!]!){_entities(representations:$representations){...on Item{postage}}}
";

const SECOND_PLAN: &str = "\
2 rounds, 2 fetches, 2 requests
#0 a
   {any{__typename...on One{id_1:id}...on Two{id}}}
#1 b after #0
   any by One{id}
   query($representations:[_Any!]!){_entities(representations:$representations){...on One{name}}}
";

const FOURTH_PLAN: &str = "\
2 rounds, 2 fetches, 2 requests
#0 shop
   {finds{__typename...on Crate{id weight}}}
#1 depot after #0
   finds by Crate{id}
   query($representations:[_Any!]!){_entities(representations:$representations){...on Crate{place state}}}
";

const FIFTH_PLAN: &str = "\
2 rounds, 3 fetches, 3 requests
#0 users
   {me{language id}}
#1 rating after #0
   me by Person{id}
   query($representations:[_Any!]!){_entities(representations:$representations){...on Person{rating}}}
#2 mail after #0
   me by User{id}
   query($representations:[_Any!]!,$context0:Language){_entities(representations:$representations){...on User{inbox{id greeting(polite:true,language:$context0)}}}}
#3 mail after #2 of objects whose inputs for #2 failed
   me by User{id}
   query($representations:[_Any!]!){_entities(representations:$representations){...on User{inbox{id}}}}
";

#[test]
fn owners_serve_what_is_not_said_to_be_elsewhere() {
    let text = plan_text(FIRST, "{ items { size { height } postage } }");
    assert_eq!(text, FIRST_PLAN);
}

#[test]
fn what_is_provided_is_had_where_it_is_not_listed() {
    let text = plan_text(FIRST, "{ parcels { item { weight } } }");
    let plan = "1 rounds, 1 fetches, 1 requests\n#0 post\n   {parcels{item{weight}}}\n";
    assert_eq!(text, plan);
}

#[test]
fn members_go_without_saying_before_join_0_3() {
    let text = plan_text(SECOND, "{ any { ... on One { name } ... on Two { id } } }");
    assert_eq!(text, SECOND_PLAN);
}

#[test]
fn join_0_4_says_who_overrides_whom() {
    let text = plan_text(FOURTH, "{ finds { ... on Crate { place weight state } } }");
    assert_eq!(text, FOURTH_PLAN);
}

#[test]
fn join_0_5_says_which_arguments_come_from_a_context() {
    let text = plan_text(FIFTH, "{ me { rating inbox { greeting(polite: true) } } }");
    assert_eq!(text, FIFTH_PLAN);
}

#[test]
fn root_types_may_have_other_names() {
    let text = plan_text(RENAMED_ROOTS, "{ counter { clerk } __typename }");
    assert_eq!(
        text,
        RENAMED_PLAN
            .replace("ROOT", "{counter{id}}")
            .replace("AT", "counter")
    );
    let text = plan_text(RENAMED_ROOTS, "mutation { open { clerk } }");
    assert_eq!(
        text,
        RENAMED_PLAN
            .replace("ROOT", "mutation{open{id}}")
            .replace("AT", "open")
    );
}

#[test]
fn clients_see_no_trace_of_composition() {
    for sdl in [FIRST, SECOND, FOURTH, FIFTH] {
        let supergraph = Supergraph::parse(sdl).unwrap_or_else(|error| panic!("{error}"));
        let text = supergraph.api_schema.to_string();
        assert!(
            !text.contains("join__") && !text.contains("link") && !text.contains("@core"),
            "{text}"
        );
    }
}

#[test]
fn a_security_feature_that_is_not_understood_is_refused() {
    let sdl = SECOND.replacen(
        "{ query: Query }",
        "@link(url: \"https://example.org/veil/v1.0\", for: SECURITY) { query: Query }",
        1,
    );
    let refused = Supergraph::parse(&sdl).err();
    assert!(
        matches!(refused, Some(SupergraphError::UnsupportedFeature { .. })),
        "{refused:?}"
    );
}

#[test]
fn a_join_specification_to_come_is_refused() {
    let refused = Supergraph::parse(&FIFTH.replace("join/v0.5", "join/v0.6")).err();
    assert!(
        matches!(refused, Some(SupergraphError::UnsupportedFeature { .. })),
        "{refused:?}"
    );
}

#[test]
fn what_is_hidden_is_no_value_of_the_enum() {
    let supergraph = Supergraph::parse(FOURTH).unwrap_or_else(|error| panic!("{error}"));
    let text = supergraph.api_schema.to_string();
    assert!(text.contains("FULL") && !text.contains("LOST"), "{text}");
}

#[test]
fn a_directive_of_another_specification_hides_nothing() {
    let link =
        "https://example.org/ramps/v1.0\", import: [{ name: \"@steps\", as: \"@inaccessible\" }]";
    let sdl = FOURTH.replace("https://specs.apollo.dev/inaccessible/v0.2\"", link);
    assert_ne!(sdl, FOURTH, "the link is there to be replaced");
    let sdl = sdl.replace(&format!("{link}, for: SECURITY"), link);
    let supergraph = Supergraph::parse(&sdl).unwrap_or_else(|error| panic!("{error}"));
    let text = supergraph.api_schema.to_string();
    assert!(text.contains("FULL") && text.contains("LOST"), "{text}");
}

#[test]
fn an_ordinary_schema_is_no_supergraph() {
    let refused = Supergraph::parse("type Query { a: Int }").err();
    assert!(
        matches!(refused, Some(SupergraphError::NoSubgraphs(_))),
        "{refused:?}"
    );
}

/// What the parser of the library does not take apart: it panics on some of these.
#[test]
fn keys_and_types_that_are_none_are_refused() {
    let supergraph = |key: &str, ty: &str| {
        let text = supergraph_text()
            .replace("KEY", &format!("{key:?}"))
            .replace("TYPE", &format!("{ty:?}"));
        Supergraph::parse(&text).map(|supergraph| Index::new(&supergraph).map(|_| ()))
    };
    let is_read = |key: &str, ty: &str| matches!(supergraph(key, ty), Ok(Ok(())));
    for (key, ty) in [("id", "Int"), (" , id # all", "Int"), ("{id}", " [Int!]! ")] {
        let read = supergraph(key, ty);
        assert!(matches!(read, Ok(Ok(()))), "{key} {ty}: {read:?}");
    }
    for key in [
        "`d", "`", "", "é", "{", "}", "id }", "...", "\"", "# c", "id `", "\u{0}id", "1",
    ] {
        assert!(!is_read(key, "Int"), "{key}");
    }
    for ty in [
        "`Int", "", " ", "[Int", "Int]", "Int Int", "!", "é", "[]", "[Int]]", "# c", "1",
    ] {
        assert!(!is_read("id", ty), "{ty}");
    }
}

/// A supergraph of one subgraph, with `KEY` and `TYPE` in place of a key and a field's type.
fn supergraph_text() -> String {
    let text = "schema @link(url: \"https://specs.apollo.dev/link/v1.0\") \
        @link(url: \"https://specs.apollo.dev/join/v0.3\", for: EXECUTION) { query: Query } \
        directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) \
            repeatable on SCHEMA \
        directive @join__graph(name: String!, url: String!) on ENUM_VALUE \
        directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, \
            resolvable: Boolean! = true, isInterfaceObject: Boolean! = false) \
            repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR \
        directive @join__field(graph: join__Graph, requires: join__FieldSet, \
            provides: join__FieldSet, type: String, external: Boolean, override: String, \
            usedOverridden: Boolean) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION \
        scalar join__FieldSet scalar link__Import \
        enum link__Purpose { SECURITY EXECUTION } \
        enum join__Graph { A @join__graph(name: \"a\", url: \"http://a\") } \
        type Query @join__type(graph: A) { bell: Bell } \
        type Bell @join__type(graph: A, key: KEY) { id: ID! \
            pitch: Int @join__field(graph: A, type: TYPE) }";
    text.to_owned()
}
