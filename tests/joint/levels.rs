//! The level of every field, over HTTP.

use std::{fs, path::Path};

use serde_json::Value;

use crate::{
    joint::example::{on_example, serve},
    support::app::send,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_levels_of_what_is_served_can_be_read() {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/levels.json");
    let kept: Value = serde_json::from_str(&fs::read_to_string(kept).unwrap()).unwrap();
    on_example(move |database| {
        let kept = kept.clone();
        async move {
            let app = serve(&database, &[]).await;
            let answer = send(app.get("/levels.json")).await;
            assert_eq!(answer.status, 200);
            assert_eq!(answer.header("content-type"), "application/json");
            let levels = answer.json();
            assert_eq!(levels["ReviewCycle.state"], "CONFIDENTIAL");
            // What is served here has no registry: all its fields are in the export, at that level.
            for (field, level) in levels.as_object().unwrap() {
                assert_eq!(level, &kept[field], "{field}");
            }
            let page = send(app.get("/")).await.text;
            assert!(page.contains("href=\"/levels.json\""), "{page}");
        }
    })
    .await;
}
