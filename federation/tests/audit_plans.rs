//! Every query of the public audit, from supergraphs composed elsewhere.

mod support;

use apollo_compiler::{ExecutableDocument, response::JsonMap};
use federation::{
    index::Index,
    operation::{Booleans, boolean_variables, normalize},
    supergraph::Supergraph,
};

#[test]
fn every_audit_supergraph_is_read_and_every_valid_query_normalised() {
    let Some(fixtures) = support::shared_json("fixtures.json") else {
        return;
    };
    for (suite, fixture) in fixtures.as_object().unwrap() {
        let sdl = fixture["supergraph"].as_str().unwrap();
        let supergraph = Supergraph::parse(sdl).unwrap_or_else(|error| panic!("{suite}: {error}"));
        let index = Index::new(&supergraph).unwrap_or_else(|error| panic!("{suite}: {error}"));
        for (number, test) in fixture["tests"].as_array().unwrap().iter().enumerate() {
            let query = test["query"].as_str().unwrap();
            let Ok(document) = ExecutableDocument::parse_and_validate(
                &supergraph.api_schema,
                query,
                "query.graphql",
            ) else {
                assert_eq!(test["expected"]["errors"], true, "{suite}#{number}");
                continue;
            };
            let operation = document.operations.get(None).unwrap();
            let variables = boolean_variables(&document, operation);
            let booleans = Booleans::new(&variables, &JsonMap::new());
            normalize(&index, &document, operation, &booleans)
                .unwrap_or_else(|error| panic!("{suite}#{number}: {error}"));
        }
    }
}
