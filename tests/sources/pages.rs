//! Connections: pages that join up, in every order, for few parents and for many.

use serde_json::{Value, json};

use crate::sources::asking::{Caller, World, on_example};

/// All nodes of a connection, page by page; each page must fit its info.
async fn walk(world: &World, caller: Caller, size: usize, arguments: &str) -> Vec<Value> {
    let query = format!(
        "query ($after: String) {{ situations(first: {size}, after: $after{arguments}) {{
            edges {{ cursor node {{ id title since updatedAt }} }} nodes {{ id }} totalCount
            pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}"
    );
    let mut all = Vec::new();
    let mut after = Value::Null;
    loop {
        let data = world
            .data("reviews", caller, &query, json!({ "after": after }))
            .await;
        let page = &data["situations"];
        let (edges, info) = (page["edges"].as_array().unwrap(), &page["pageInfo"]);
        assert_eq!(info["hasPreviousPage"], json!(!after.is_null()));
        assert_eq!(
            info["endCursor"],
            edges
                .last()
                .map_or(Value::Null, |edge| edge["cursor"].clone())
        );
        let ids: Vec<_> = edges
            .iter()
            .map(|edge| json!({ "id": edge["node"]["id"] }))
            .collect();
        assert_eq!(page["nodes"], json!(ids));
        all.extend(edges.iter().map(|edge| edge["node"].clone()));
        if info["hasNextPage"] == json!(false) {
            assert_eq!(page["totalCount"], json!(all.len()));
            return all;
        }
        assert_eq!(edges.len(), size);
        after = info["endCursor"].clone();
    }
}

#[tokio::test]
async fn pages_join_up_in_every_order() {
    on_example(|world| async move {
        let by_title = walk(&world, Caller::Confidential, 7, "").await;
        assert_eq!(by_title.len(), 60);
        for (order, field) in [
            ("TITLE", "title"),
            ("SINCE_DESC", "since"),
            ("UPDATED_DESC", "updatedAt"),
        ] {
            let arguments = format!(", orderBy: {order}");
            let all = walk(&world, Caller::Confidential, 7, &arguments).await;
            let mut ids: Vec<_> = all.iter().map(|node| node["id"].to_string()).collect();
            ids.sort();
            ids.dedup();
            assert_eq!(ids.len(), 60, "{order} repeats or loses a situation");
            let values: Vec<_> = all
                .iter()
                .map(|node| node[field].as_str().unwrap_or_default().to_owned())
                .collect();
            let mut sorted = values.clone();
            sorted.sort();
            if order != "TITLE" {
                sorted.reverse();
            }
            assert_eq!(values, sorted, "{order}");
        }
    })
    .await;
}

#[tokio::test]
async fn lists_within_lists_are_cut_for_each_parent() {
    on_example(|world| async move {
        let query = "query ($after: String) { reviewCycles(first: 3, filter: { kind: MONTHLY }) {
            nodes { id items(first: 5, after: $after, orderBy: CONCERN_DESC) {
                totalCount edges { cursor node { id situation { id concernLevel } } }
                pageInfo { hasNextPage } } } } }";
        let rank = |edge: &Value| {
            ["WATCH", "ELEVATED", "HIGH", "CRITICAL"]
                .iter()
                .position(|level| edge["node"]["situation"]["concernLevel"] == json!(level))
        };
        let data = world
            .data("reviews", Caller::Confidential, query, json!({}))
            .await;
        for cycle in data["reviewCycles"]["nodes"].as_array().unwrap() {
            let edges = cycle["items"]["edges"].as_array().unwrap();
            assert_eq!(edges.len(), 5);
            assert!(cycle["items"]["totalCount"].as_u64().unwrap() > 5);
            assert!(
                edges.is_sorted_by(|left, right| rank(left) >= rank(right)),
                "{cycle:#}"
            );
        }
        let one = "query ($id: ID!, $after: String) { reviewCycle(id: $id) {
            items(first: 4, after: $after, orderBy: CONCERN_DESC) { totalCount nodes { id }
            pageInfo { hasNextPage endCursor } } } }";
        let id = &data["reviewCycles"]["nodes"][0]["id"];
        let (mut ids, mut after) = (Vec::new(), Value::Null);
        loop {
            let variables = json!({ "id": id, "after": after });
            let data = world
                .data("reviews", Caller::Confidential, one, variables)
                .await;
            let items = &data["reviewCycle"]["items"];
            ids.extend(
                items["nodes"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|node| node["id"].to_string()),
            );
            if items["pageInfo"]["hasNextPage"] == json!(false) {
                assert_eq!(items["totalCount"], json!(ids.len()));
                break;
            }
            after = items["pageInfo"]["endCursor"].clone();
        }
        let count = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), count, "a page repeats an item");
    })
    .await;
}

#[tokio::test]
async fn filters_narrow_the_list_and_its_count() {
    on_example(|world| async move {
        let query = "query ($filter: SituationFilter) { situations(first: 100, filter: $filter) {
            totalCount nodes { title areas { id iso3 parent { id parent { id } } } } } }";
        let ask = async |filter: Value| {
            let variables = json!({ "filter": filter });
            let data = world
                .data("reviews", Caller::Confidential, query, variables)
                .await;
            let nodes = data["situations"]["nodes"].as_array().unwrap().clone();
            assert_eq!(data["situations"]["totalCount"], json!(nodes.len()));
            nodes
        };
        let all = ask(Value::Null).await;
        let text = ask(json!({ "text": "ARVENIA" })).await;
        assert!(!text.is_empty() && text.len() < all.len());
        assert!(
            text.iter()
                .all(|node| node["title"].as_str().unwrap().contains("Arvenia"))
        );
        assert!(ask(json!({ "text": "%" })).await.is_empty());
        assert!(ask(json!({ "includeExamples": false })).await.is_empty());
        let area = &all[0]["areas"][0];
        let within = ask(json!({ "areas": [area["id"]] })).await;
        assert!(!within.is_empty() && within.len() < all.len());
        let region = area["parent"]["parent"]["id"]
            .as_str()
            .or(area["parent"]["id"].as_str());
        let in_region = ask(json!({ "regions": [region.unwrap()] })).await;
        assert!(in_region.len() >= within.len() && in_region.len() < all.len());
    })
    .await;
}
