//! Which rows a caller is told of.

use serde_json::{Value, json};
use upfront::auth::{Clock, SystemClock};

use crate::sources::asking::{Caller, World, id, on_example};

const HIDDEN: &str = "arvenia-elections";
const OPEN: &str = "arvenia-armed-conflict";
const BLOCKS: [(&str, &str); 4] = [
    (
        "ohchr",
        "ohchr { coverage presences { id } recommendations { nodes { id } } }",
    ),
    ("osapg", "osapg { coverage }"),
    (
        "srsg_caac",
        "caac { coverage listings(includeDelisted: true) { id } }",
    ),
    (
        "srsg_svc",
        "svc { coverage listings(includeDelisted: true) { id } }",
    ),
];

#[tokio::test]
async fn a_hidden_situation_looks_like_one_that_does_not_exist() {
    on_example(|world| async move {
        let (hidden, absent) = (
            World::situation(HIDDEN),
            World::situation("no-such-situation"),
        );
        for query in [
            "query ($id: ID!) { situation(id: $id) { id title } }",
            "query ($id: ID!) { node(id: $id) { id ... on Situation { title } } }",
        ] {
            let ask = async |caller, id: &str| {
                world
                    .answer("reviews", caller, query, json!({ "id": id }))
                    .await
            };
            assert_eq!(
                ask(Caller::Anonymous, &hidden).await,
                ask(Caller::Anonymous, &absent).await
            );
            assert!(
                ask(Caller::Confidential, &hidden)
                    .await
                    .to_string()
                    .contains("elections")
            );
        }
        for (source, block) in BLOCKS
            .into_iter()
            .chain([("reviews", "title areas { id }")])
        {
            let anonymous = world
                .blocks(source, Caller::Anonymous, block, &[&hidden, &absent])
                .await;
            assert!(
                anonymous.iter().all(Value::is_null),
                "{source}: {anonymous:?}"
            );
            let cleared = world
                .blocks(source, Caller::Confidential, block, &[&hidden, &absent])
                .await;
            assert!(!cleared[0].is_null() && cleared[1].is_null(), "{source}");
        }
    })
    .await;
}

#[tokio::test]
async fn lists_and_counts_leave_hidden_situations_out() {
    on_example(|world| async move {
        let ask = async |caller, arguments: &str| {
            let query = format!(
                "{{ situations(first: 100{arguments}) {{ totalCount nodes {{ id isPublic }} }} }}"
            );
            world.data("reviews", caller, &query, json!({})).await["situations"].clone()
        };
        let all = ask(Caller::Confidential, "").await;
        let open = ask(Caller::Anonymous, "").await;
        assert_eq!(
            (&all["totalCount"], &open["totalCount"]),
            (&json!(60), &json!(46))
        );
        assert!(
            open["nodes"]
                .as_array()
                .unwrap()
                .iter()
                .all(|node| node["isPublic"] == json!(true))
        );
        let by_text = ask(
            Caller::Anonymous,
            ", filter: { text: \"elections in Arvenia\" }",
        )
        .await;
        assert_eq!(by_text["totalCount"], json!(0));
        // A cursor that a cleared caller was given at a hidden row opens nothing.
        let query = "{ situations(first: 2) { pageInfo { endCursor } nodes { title } } }";
        let cleared = world
            .data("reviews", Caller::Confidential, query, json!({}))
            .await;
        let cursor = cleared["situations"]["pageInfo"]["endCursor"]
            .as_str()
            .unwrap();
        let after = ask(Caller::Anonymous, &format!(", after: \"{cursor}\"")).await;
        assert!(
            after["nodes"]
                .as_array()
                .unwrap()
                .iter()
                .all(|node| node["isPublic"] == json!(true))
        );
    })
    .await;
}

#[tokio::test]
async fn no_record_of_a_hidden_situation_is_reached_by_its_own_id() {
    on_example(|world| async move {
        let all = world.all_situations().await;
        let all: Vec<_> = all.iter().map(String::as_str).collect();
        for (source, block, type_name, path) in [
            (
                "ohchr",
                "ohchr { recommendations(first: 100) { nodes { id } } }",
                "MechanismRecommendation",
                "/ohchr/recommendations/nodes",
            ),
            (
                "srsg_caac",
                "caac { listings(includeDelisted: true) { id } }",
                "CaacListing",
                "/caac/listings",
            ),
            (
                "srsg_svc",
                "svc { listings(includeDelisted: true) { id } }",
                "CrsvListing",
                "/svc/listings",
            ),
        ] {
            let open = world.blocks(source, Caller::Anonymous, block, &all).await;
            let cleared = world
                .blocks(source, Caller::Confidential, block, &all)
                .await;
            let mut hidden = Vec::new();
            for (open, cleared) in open.iter().zip(&cleared) {
                if open.is_null() {
                    hidden.extend(cleared.pointer(path).unwrap().as_array().unwrap().clone());
                }
            }
            let representations: Vec<_> = hidden
                .iter()
                .map(|node| json!({ "__typename": type_name, "id": node["id"] }))
                .collect();
            let selection = format!("... on {type_name} {{ id }}");
            let ask = async |caller| {
                world
                    .entities(source, caller, &selection, json!(representations))
                    .await
            };
            assert!(
                ask(Caller::Anonymous).await.iter().all(Value::is_null),
                "{type_name}"
            );
            assert!(
                ask(Caller::Confidential)
                    .await
                    .iter()
                    .all(|node| !node.is_null())
            );
        }
    })
    .await;
}

#[tokio::test]
async fn an_open_field_tells_open_rows_alone_whoever_asks() {
    on_example(|world| async move {
        let all = world.all_situations().await;
        let all: Vec<_> = all.iter().map(String::as_str).collect();
        for (source, block) in [
            (
                "ohchr",
                "ohchr { recommendations(first: 100) { nodes { provenance { classification } } }
                  publishedCasualties(periods: { from: \"2020\", to: \"2026\" }) {
                    provenance { classification } } }",
            ),
            (
                "srsg_caac",
                "caac { listings(includeDelisted: true) { provenance { classification } }
                  publishedViolations(years: { from: \"2020\", to: \"2026\" }) {
                    provenance { classification } } }",
            ),
            (
                "srsg_svc",
                "svc { listings(includeDelisted: true) { provenance { classification } }
                  publishedCrsv(years: { from: \"2020\", to: \"2026\" }) {
                    provenance { classification } } }",
            ),
        ] {
            let blocks = world.blocks(source, Caller::Strict, block, &all).await;
            let text = json!(blocks).to_string();
            assert!(text.contains("UNCLASSIFIED"), "{source}");
            assert!(!text.contains("CONFIDENTIAL"), "{source}");
        }
        let signals = "ohchr { signals(first: 100) { nodes { provenance { classification } } } }";
        // A list returns rows up to the caller's clearance.
        for (caller, is_strict) in [(Caller::Confidential, false), (Caller::Strict, true)] {
            let blocks = world.blocks("ohchr", caller, signals, &all).await;
            let text = json!(blocks).to_string();
            assert!(text.contains("\"CONFIDENTIAL\""));
            assert_eq!(text.contains("STRICTLY_CONFIDENTIAL"), is_strict);
        }
    })
    .await;
}

#[tokio::test]
async fn what_an_anonymous_caller_may_ask_is_answered() {
    on_example(|world| async move {
        let id = World::situation(OPEN);
        for (source, block) in BLOCKS {
            let blocks = world.blocks(source, Caller::Anonymous, block, &[&id]).await;
            assert!(
                blocks[0].to_string().contains("COVERED"),
                "{source}: {blocks:?}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn a_party_that_no_open_listing_names_exists_for_cleared_callers_alone() {
    on_example(|world| async move {
        let of = |key: &str| id("par", key);
        let query =
            "query ($id: ID!) { node(id: $id) { id ... on Party { name splitFrom { name } } } }";
        let ask = async |caller, id: &str| {
            world
                .answer("reviews", caller, query, json!({ "id": id }))
                .await
        };
        let (listed, unlisted, absent) = (of("xaa-group-1"), of("xab-army"), of("no-such"));
        assert_eq!(
            ask(Caller::Anonymous, &unlisted).await,
            ask(Caller::Anonymous, &absent).await
        );
        for (caller, id) in [
            (Caller::Anonymous, &listed),
            (Caller::Confidential, &listed),
            (Caller::Confidential, &unlisted),
        ] {
            let answer = ask(caller, id).await;
            assert!(answer["data"]["node"]["name"].is_string(), "{answer}");
        }
        // Nor is it reached as another subgraph's reference.
        let representations = json!([
            { "__typename": "Party", "id": listed },
            { "__typename": "Party", "id": unlisted },
        ]);
        let selection = "... on Party { name }";
        let parties = world
            .entities("reviews", Caller::Anonymous, selection, representations)
            .await;
        assert!(!parties[0].is_null() && parties[1].is_null(), "{parties:?}");
    })
    .await;
}

#[tokio::test]
async fn a_letter_is_confidential_until_the_day_it_is_public() {
    on_example(|world| async move {
        let all = world.all_situations().await;
        let all: Vec<_> = all.iter().map(String::as_str).collect();
        let block = "ohchr { communications(first: 100) { nodes {
            publicOn provenance { classification } } } }";
        let today = SystemClock.instant().date_naive().to_string();
        let mut told = [0, 0];
        for block in world
            .blocks("ohchr", Caller::Confidential, block, &all)
            .await
        {
            let letters = block.pointer("/ohchr/communications/nodes").unwrap();
            for letter in letters.as_array().unwrap() {
                let public_on = letter["publicOn"].as_str();
                let is_public = public_on.is_some_and(|day| *day <= *today);
                let level = ["CONFIDENTIAL", "UNCLASSIFIED"][usize::from(is_public)];
                assert_eq!(letter["provenance"]["classification"], level, "{letter}");
                told[usize::from(is_public)] += 1;
            }
        }
        assert!(told.iter().all(|count| *count > 0), "{told:?}");
    })
    .await;
}

#[tokio::test]
async fn nothing_is_missing_from_an_entity_without_a_mechanism() {
    on_example(|world| async move {
        let query = "{ currentReviewCycle { items(first: 100, filter: { inputMissingFrom: [\"SRSG_SVC\"] }) {
            nodes { inputs { entity status coverage } } } } }";
        let data = world
            .data("reviews", Caller::Confidential, query, json!({}))
            .await;
        let items = data["currentReviewCycle"]["items"]["nodes"].as_array().unwrap();
        assert!(!items.is_empty());
        for item in items {
            let inputs = item["inputs"].as_array().unwrap();
            // One that was never cleared is not there.
            let of_svc = inputs.iter().find(|input| input["entity"] == "SRSG_SVC");
            let Some(input) = of_svc else {
                continue;
            };
            assert_eq!(input["status"], "NOT_RECEIVED", "{input}");
            assert_ne!(input["coverage"], "OUTSIDE_MANDATE", "{input}");
        }
    })
    .await;
}
