//! Several at once, and again.

use std::sync::Arc;

use futures::future::join_all;
use serde_json::{Value, json};

use super::scene::{
    CLEARER, FOCAL_POINT, Officer, SECRETARY, advance, change, count, done, id, month, move_input,
    problem, query, serve, shorten, text,
};
use crate::{joint::example::on_example, support::app::TestApp};

const SITUATION: &str = "belmora-elections";

/// A review whose inputs are open.
pub(super) async fn open(app: &TestApp, period: &str) -> String {
    let planned = change(
        app,
        SECRETARY,
        ("planReviewCycle", "PlanReviewCycleInput"),
        json!({ "period": period }),
        "cycle { id }",
    )
    .await;
    let cycle = text(done(&planned), "/cycle/id");
    done(&advance(app, SECRETARY, &cycle, "OPEN_INPUTS", None).await);
    cycle
}

async fn draft(app: &TestApp, officer: Officer<'_>, input: Value) -> Value {
    let field = ("draftEntityInput", "DraftEntityInputInput");
    change(app, officer, field, input, "input { id version headline }").await
}

#[tokio::test]
async fn two_who_clear_at_once_clear_once() {
    on_example(|database| async move {
        let app = Arc::new(serve(&database).await);
        shorten(&database).await;
        let cycle = open(&app, &month(1)).await;
        let situation = id(&database, "situations", SITUATION).await;
        let given = json!({ "cycle": cycle, "situation": situation, "coverage": "COVERED", "headline": "Threats." });
        let drafted = draft(&app, FOCAL_POINT, given).await;
        let input = text(done(&drafted), "/input/id");
        done(&move_input(&app, FOCAL_POINT, &input, "SUBMIT", None).await);
        let clear = |subject: &'static str| {
            let (app, input) = (Arc::clone(&app), input.clone());
            async move {
                let officer = ("OHCHR", subject, CLEARER.2);
                let input = json!({ "input": input, "act": "CLEAR", "expectedVersion": 2 });
                let field = ("moveEntityInput", "MoveEntityInputInput");
                change(&app, officer, field, input, "input { status version }").await
            }
        };
        let (one, other) = tokio::join!(clear("one.clearer"), clear("other.clearer"));
        let (won, lost) = if one["problems"] == json!([]) { (one, other) } else { (other, one) };
        assert_eq!((&won["input"]["status"], &won["input"]["version"]), (&json!("CLEARED"), &json!(3)));
        // Who comes second is told what became of it.
        let (code, told) = problem(&lost);
        assert_eq!(code, "WRONG_STATE");
        assert!(told.contains("CLEARED"), "{told}");
    })
    .await;
}

#[tokio::test]
async fn the_same_key_at_once_makes_one_record() {
    on_example(|database| async move {
        let app = serve(&database).await;
        shorten(&database).await;
        let cycle = open(&app, &month(1)).await;
        let situation = id(&database, "situations", SITUATION).await;
        let given = |headline: &str| json!({
            "cycle": cycle, "situation": situation, "coverage": "COVERED", "headline": headline, "idempotencyKey": "a-key",
        });
        let asked = (0..50).map(|_| draft(&app, FOCAL_POINT, given("Threats.")));
        let answers = join_all(asked).await;
        for answer in &answers {
            assert_eq!(done(answer), &answers[0]);
            assert_eq!(answer["input"]["version"], 1);
        }
        let key = format!("{}/{SITUATION}/OHCHR", month(1));
        assert_eq!(count(&database, &format!("entity_inputs WHERE record_key = '{key}'")).await, 1);
        let reused = draft(&app, FOCAL_POINT, given("Something else.")).await;
        assert_eq!(problem(&reused).0, "IDEMPOTENCY_KEY_REUSED");
        // Another officer's key is another key.
        let other = draft(&app, CLEARER, given("Something else.")).await;
        assert_eq!(done(&other)["input"]["version"], 2);
        // The same answer is read anew: it is the record as it is now.
        let again = draft(&app, FOCAL_POINT, given("Threats.")).await;
        assert_eq!(done(&again)["input"]["headline"], "Something else.");
        // What the answer may hold is what the grants of now allow.
        let sql = "UPDATE need_to_know_grants SET valid_until = valid_from";
        sea_orm::ConnectionTrait::execute_unprepared(&database.write, sql).await.unwrap();
        let ended = draft(&app, FOCAL_POINT, given("Threats.")).await;
        assert_eq!((&ended["input"], &ended["problems"]), (&Value::Null, &json!([])));
    })
    .await;
}

#[tokio::test]
async fn two_who_close_at_once_freeze_once() {
    on_example(|database| async move {
        let app = serve(&database).await;
        shorten(&database).await;
        let cycle = open(&app, &month(1)).await;
        let other = ("OSAPG", "a.secretary", SECRETARY.2);
        let closing =
            [SECRETARY, other].map(|officer| advance(&app, officer, &cycle, "CLOSE_INPUTS", None));
        let answers = join_all(closing).await;
        let won = answers
            .iter()
            .filter(|answer| answer["problems"] == json!([]))
            .count();
        assert_eq!(won, 1, "{answers:#?}");
        // With one key all are answered the same.
        let again = json!({ "cycle": cycle, "act": "STEP_BACK", "reason": "A source was late.", "idempotencyKey": "back" });
        let field = ("moveReviewCycle", "MoveReviewCycleInput");
        let back = change(&app, SECRETARY, field, again, "cycle { state }").await;
        assert_eq!(done(&back)["cycle"]["state"], "INPUT_OPEN");
        let again = json!({ "cycle": cycle, "act": "CLOSE_INPUTS", "idempotencyKey": "close" });
        let closing = (0..4).map(|_| change(&app, SECRETARY, field, again.clone(), "cycle { id state version }"));
        for answer in join_all(closing).await {
            assert_eq!((&done(&answer)["cycle"]["state"], &answer["cycle"]["version"]), (&json!("INPUT_CLOSED"), &json!(5)));
        }
        assert_eq!(count(&database, "frozen_profiles").await, 2);
        let query = query(
            &app,
            SECRETARY,
            &format!("{{ reviewCycle(id: \"{cycle}\") {{ state version }} }}"),
        )
        .await;
        assert_eq!(
            (
                &query["reviewCycle"]["state"],
                &query["reviewCycle"]["version"]
            ),
            (&json!("INPUT_CLOSED"), &json!(5))
        );
    })
    .await;
}
