//! Records that cannot be told as they are kept: an error, never a gap.

use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::sources::asking::{Caller, World, on_example};

const SPOILT: &str = "arvenia-armed-conflict";
const WHOLE: &str = "arvenia-elections";

async fn run(world: &World, sql: &str) {
    let changed = world.database.write.execute_unprepared(sql).await.unwrap();
    assert!(changed.rows_affected() > 0, "{sql}");
}

/// A row of the situation, with another value than an import lets in.
fn spoil(table: &str, set: &str) -> String {
    format!(
        "UPDATE {table} SET {set} WHERE id = (SELECT MIN(c.id) FROM {table} c JOIN situations s ON \
         s.id = c.situation_id WHERE c.is_current AND s.record_key = '{SPOILT}' \
         AND c.classification = 'CONFIDENTIAL')"
    )
}

async fn ask(world: &World, source: &str, block: &str) -> Value {
    let query = format!(
        "query ($r: [_Any!]!) {{ _entities(representations: $r) {{ ... on Situation {{ {block} }} }} }}"
    );
    let of = |key: &str| json!({ "__typename": "Situation", "id": World::situation(key) });
    let variables = json!({ "r": [of(SPOILT), of(WHOLE)] });
    world
        .answer(source, Caller::Strict, &query, variables)
        .await
}

#[tokio::test]
async fn a_figure_whose_period_is_none_fails_its_field_alone() {
    on_example(|world| async move {
        for (source, table, block, figures) in [
            (
                "ohchr",
                "casualties",
                "ohchr { entity casualties(periods: { from: \"2020-01\", to: \"2026-12\" }) { killed { value } } }",
                "/ohchr/casualties",
            ),
            (
                "srsg_caac",
                "violation_counts",
                "caac { entity violations(periods: { from: \"2020-Q1\", to: \"2026-Q4\" }) { violation } }",
                "/caac/violations",
            ),
            (
                "srsg_svc",
                "crsv_counts",
                "svc { entity crsv(periods: { from: \"2020-01\", to: \"2026-12\" }) { period { code } } }",
                "/svc/crsv",
            ),
        ] {
            let before = ask(&world, source, block).await;
            assert!(before.get("errors").is_none(), "{before:#}");
            run(&world, &spoil(table, "period = '2026-13'")).await;
            let answer = ask(&world, source, block).await;
            let errors = answer["errors"].as_array().unwrap();
            assert_eq!(errors.len(), 1, "{errors:#?}");
            let message = errors[0]["message"].as_str().unwrap();
            assert!(message.contains(table) && message.contains("`2026-13`"), "{message}");
            let entities = &answer["data"]["_entities"];
            assert!(entities[0].pointer(figures).is_none_or(Value::is_null), "{entities:#}");
            let entity = figures.rsplit_once('/').unwrap().0.to_owned() + "/entity";
            assert!(entities[0].pointer(&entity).unwrap().is_string(), "{entities:#}");
            assert_eq!(entities[1], before["data"]["_entities"][1], "the other situation stays");
        }
    })
    .await;
}

#[tokio::test]
async fn a_trigger_that_is_none_is_an_error() {
    on_example(|world| async move {
        run(
            &world,
            "UPDATE caac_listings SET triggers = '|ABDUCTION|DENIAL|'",
        )
        .await;
        let block = "caac { listings(includeDelisted: true) { triggers } }";
        let answer = ask(&world, "srsg_caac", block).await;
        let message = answer["errors"][0]["message"].as_str().unwrap();
        assert!(
            message.contains("`DENIAL` triggers no listing"),
            "{message}"
        );
        assert!(
            !answer["data"].to_string().contains("ABDUCTION"),
            "{answer:#}"
        );
    })
    .await;
}
