//! One mandate more: `sources/example` is a folder and an entry in the list of mandates, and the
//! joint schema, `node`, the directory of parties and the import know it by that alone.

use std::{env::temp_dir, fs, process, sync::Arc};

use sea_orm::{ConnectionTrait, Schema};
use serde_json::{Value, json};

use crate::{
    auth::{Clearance, Principal},
    config::Config,
    database::Database,
    embedded,
    gateway::{Caller, Graph, Request, inputs, joint_graph},
    import::{self, Files, IdKey, Mode},
    registry::export,
    sources::example::notice,
};

/// The joint schema over the example records, those of the example mandate among them.
async fn graph(database: &Database) -> Graph {
    database.migrate().await.unwrap();
    // A mandate that is there brings a migration.
    let table = Schema::new(database.backend()).create_table_from_entity(notice::Entity);
    database.write.execute(&table).await.unwrap();
    import::use_example_ids(database).await.unwrap();
    let report = import::run(database, &Files::example(), Mode::Store)
        .await
        .unwrap();
    let notices = report
        .counts
        .iter()
        .find(|counts| counts.record_type == "example-notices");
    assert_eq!(notices.map(|counts| counts.added), Some(2));
    joint_graph(embedded::sources(), database, &Config::default(), &[]).unwrap()
}

async fn ask(graph: &Graph, clearance: Option<Clearance>, query: &str) -> Value {
    let request = Request {
        query: query.to_owned(),
        ..Request::default()
    };
    let scopes = clearance.map(|clearance| clearance.scope().to_owned());
    let principal = Principal {
        // The example's officers of this entity need to know of every situation.
        entity: Some("OHCHR".to_owned()),
        scopes: scopes.into_iter().collect(),
        ..Principal::default()
    };
    let response = graph
        .respond(&request, &Caller::new(Arc::new(principal)))
        .await;
    serde_json::from_slice(&response.to_json()).unwrap()
}

fn id(prefix: &str, key: &str) -> String {
    IdKey::example().public_id(prefix, key)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mandate_is_a_folder_and_an_entry() {
    let folder = temp_dir().join(format!("upfront_mandate_{}", process::id()));
    fs::create_dir_all(&folder).unwrap();
    let database = Database::open(&folder.join("upfront.db")).await.unwrap();
    let graph = graph(&database).await;
    composes_with_a_level_on_each_field();
    joins_the_profile(&graph).await;
    is_found_by_id(&graph).await;
    makes_a_party_known(&graph).await;
    database.close().await.unwrap();
    fs::remove_dir_all(&folder).unwrap();
}

fn composes_with_a_level_on_each_field() {
    let files = export(&inputs(&embedded::sources())).unwrap();
    assert!(files["api.graphql"].contains("type ExampleNotice implements Node"));
    assert!(files["levels.json"].contains("\"ExampleNotice.text\": \"UNCLASSIFIED\""));
}

/// Its block stands beside those of the other mandates, and its records lead on to the directory.
async fn joins_the_profile(graph: &Graph) {
    let situation = id("sit", "belmora-armed-conflict");
    let query = format!(
        "{{ situation(id: \"{situation}\") {{ title ohchr {{ coverage }}
            example {{ id entity coverage notices {{ id text party {{ name }} }} }} }} }}"
    );
    assert_eq!(
        ask(graph, None, &query).await,
        json!({ "data": { "situation": {
            "title": "Armed conflict in Belmora",
            "ohchr": { "coverage": "COVERED" },
            "example": {
                "id": situation.replace("sit_", "bex_"),
                "entity": "EXAMPLE_OFFICE",
                "coverage": "NOT_STATED",
                "notices": [{
                    "id": id("exn", "belmora-armed-conflict/xab-army"),
                    "text": "The road to the lakes is open.",
                    "party": { "name": "Armed forces of Belmora" },
                }],
            },
        } } })
    );
}

/// `node` finds its block and its records by their ids, as far as they exist for the caller.
async fn is_found_by_id(graph: &Graph) {
    let node = |id: &str| {
        format!(
            "{{ node(id: \"{id}\") {{ __typename id
                ... on ExampleNotice {{ text }} ... on ExampleBlock {{ entity }} }} }}"
        )
    };
    let notice = id("exn", "belmora-armed-conflict/xab-army");
    assert_eq!(
        ask(graph, None, &node(&notice)).await["data"]["node"],
        json!({
            "__typename": "ExampleNotice",
            "id": notice,
            "text": "The road to the lakes is open.",
        })
    );
    let block = id("sit", "belmora-armed-conflict").replace("sit_", "bex_");
    assert_eq!(
        ask(graph, None, &node(&block)).await["data"]["node"],
        json!({ "__typename": "ExampleBlock", "id": block, "entity": "EXAMPLE_OFFICE" })
    );
    let hidden = node(&id("exn", "arvenia-elections/xac-army"));
    let nothing = json!({ "data": { "node": null } });
    assert_eq!(ask(graph, None, &hidden).await, nothing);
    let cleared = ask(graph, Some(Clearance::Confidential), &hidden).await;
    assert_eq!(cleared["data"]["node"]["__typename"], "ExampleNotice");
    assert_eq!(
        ask(graph, None, &node("exn_0000000000000000")).await,
        nothing
    );
}

/// A party that one of its open records names exists for everyone; one that only a hidden record
/// names exists for callers who need to know of its situation.
async fn makes_a_party_known(graph: &Graph) {
    let party = |key| format!("{{ node(id: \"{}\") {{ id }} }}", id("par", key));
    let named = ask(graph, None, &party("xab-army")).await;
    assert_eq!(named["data"]["node"]["id"], json!(id("par", "xab-army")));
    let hidden = ask(graph, None, &party("xac-army")).await;
    assert_eq!(hidden, json!({ "data": { "node": null } }));
    let cleared = ask(graph, Some(Clearance::Confidential), &party("xac-army")).await;
    assert_eq!(cleared["data"]["node"]["id"], json!(id("par", "xac-army")));
}
