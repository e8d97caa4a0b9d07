//! Supergraphs as composers wrote them over the years, read alike.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use apollo_compiler::{ExecutableDocument, response::JsonMap};
use federation::{
    authorize::AuthorizedOperation,
    index::Index,
    operation::{Booleans, boolean_variables, normalize},
    plan::{Options, plan},
    supergraph::{Supergraph, SupergraphError},
};

const GRAPHS: &str = r#"
    enum join__Graph {
        A @join__graph(name: "a", url: "https://a.example.org")
        B @join__graph(name: "b", url: "https://b.example.org")
    }
    directive @join__graph(name: String!, url: String!) on ENUM_VALUE
    scalar join__FieldSet
"#;

/// Join v0.1, as composers of Federation 1 wrote it: owners, and fields of others.
const OWNERS: &str = r#"
    schema
        @core(feature: "https://specs.apollo.dev/core/v0.2")
        @core(feature: "https://specs.apollo.dev/join/v0.1", for: EXECUTION)
    { query: Query }
    directive @core(feature: String!, as: String, for: core__Purpose) repeatable on SCHEMA
    enum core__Purpose { EXECUTION SECURITY }
    directive @join__owner(graph: join__Graph!) on OBJECT | INTERFACE
    directive @join__type(graph: join__Graph!, key: join__FieldSet) repeatable on OBJECT | INTERFACE
    directive @join__field(graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet) on FIELD_DEFINITION
    type Query { t: T @join__field(graph: A) }
    type T @join__owner(graph: A) @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
        id: ID! @join__field(graph: A)
        price: Int @join__field(graph: A)
        tax: Int @join__field(graph: B, requires: "price")
    }
"#;

/// From join v0.2 on: each type and each field says who has it.
const TYPES: &str = r#"
    schema
        @link(url: "https://specs.apollo.dev/link/v1.0")
        @link(url: "https://specs.apollo.dev/join/VERSION", for: EXECUTION)
    { query: Query }
    directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
    scalar link__Import
    enum link__Purpose { EXECUTION SECURITY }
    directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, resolvable: Boolean! = true, isInterfaceObject: Boolean! = false) repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
    directive @join__field(graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, type: String, external: Boolean, override: String, usedOverridden: Boolean) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION
    type Query @join__type(graph: A) @join__type(graph: B) { t: T @join__field(graph: A) }
    type T @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
        id: ID!
        price: Int @join__field(graph: A) @join__field(graph: B, external: true)
        tax: Int @join__field(graph: B, requires: "price")
    }
"#;

fn read(sdl: &str) -> Result<Supergraph, SupergraphError> {
    Supergraph::parse(&format!("{sdl}{GRAPHS}"))
}

fn planned(supergraph: &Supergraph) -> String {
    let index = Index::new(supergraph).unwrap();
    let api_schema = &supergraph.api_schema;
    let document =
        ExecutableDocument::parse_and_validate(api_schema, "{ t { tax } }", "q").unwrap();
    let operation = document.operations.get(None).unwrap();
    let booleans = Booleans::new(&boolean_variables(&document, operation), &JsonMap::new());
    let normalized = normalize(&index, &document, operation, &booleans).unwrap();
    let authorized = AuthorizedOperation::unrestricted(normalized);
    plan(&index, &authorized, &Options::default())
        .unwrap()
        .to_text()
}

#[test]
fn every_version_of_join_is_read_alike() {
    let oldest = planned(&read(OWNERS).unwrap());
    assert!(oldest.contains("{t{id price}}"), "{oldest}");
    assert!(oldest.contains("...on T{tax}"), "{oldest}");
    for version in ["v0.2", "v0.3", "v0.4", "v0.5"] {
        let supergraph = read(&TYPES.replace("VERSION", version)).unwrap();
        assert_eq!(planned(&supergraph), oldest, "{version}");
        assert_eq!(supergraph.subgraphs[1].url, "https://b.example.org");
    }
}

#[test]
fn a_feature_that_is_not_understood_is_not_served() {
    let linked = |purpose: &str| {
        let line =
            format!("@link(url: \"https://example.org/secret/v1.0\"{purpose})\n    {{ query");
        TYPES.replace("VERSION", "v0.3").replace("{ query", &line)
    };
    assert!(read(&linked("")).is_ok());
    for purpose in ["SECURITY", "EXECUTION"] {
        let refusal = read(&linked(&format!(", for: {purpose}"))).unwrap_err();
        assert_eq!(
            refusal,
            SupergraphError::UnsupportedFeature {
                url: "https://example.org/secret/v1.0".to_owned(),
                purpose: purpose.to_owned(),
            }
        );
    }
}
