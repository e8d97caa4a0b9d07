//! A whole review, from planning to the end, and the one after it.

use serde_json::{Value, json};

use super::scene::{
    CLEARER, FOCAL_POINT, OTHER_CLEARER, OTHER_FOCAL_POINT, Officer, PARTICIPANT, SECRETARY,
    advance, change, done, first_of, forbidden, id, month, move_input, move_item, problem, query,
    serve, shorten, text,
};
use crate::{joint::example::on_example, support::app::TestApp};

const SITUATION: &str = "belmora-elections";

async fn plan(app: &TestApp, period: &str) -> String {
    let planned = change(
        app,
        SECRETARY,
        ("planReviewCycle", "PlanReviewCycleInput"),
        json!({ "period": period }),
        "cycle { id state inputsDueAt sessionAt opensAt previous { period { code } } }",
    )
    .await;
    assert_eq!(done(&planned)["cycle"]["state"], "PLANNED");
    text(&planned, "/cycle/id")
}

async fn draft(app: &TestApp, officer: Officer<'_>, input: Value) -> Value {
    change(
        app,
        officer,
        ("draftEntityInput", "DraftEntityInputInput"),
        input,
        "input { id status version kind headline narratives { heading body classification } }",
    )
    .await
}

async fn agenda(app: &TestApp, officer: Officer<'_>, cycle: &str) -> Vec<Value> {
    let data = query(
        app,
        officer,
        &format!(
            "{{ reviewCycle(id: \"{cycle}\") {{ items {{ nodes {{ id state agendaPosition proposedBy \
             situation {{ id title }} actions {{ id title state carriedOver version }} decisions {{ kind note dissent }} \
             carriedFrom {{ id }} frozenProfile {{ id version digest sources {{ name status }} }} }} }} }} }}"
        ),
    )
    .await;
    data["reviewCycle"]["items"]["nodes"]
        .as_array()
        .unwrap()
        .clone()
}

#[tokio::test]
async fn a_month_goes_from_planning_to_its_end() {
    on_example(|database| async move {
        let app = serve(&database).await;
        shorten(&database).await;
        let situation = id(&database, "situations", SITUATION).await;

        // Planning: what a role may not do names the scope.
        let refused = change(
            &app,
            FOCAL_POINT,
            ("planReviewCycle", "PlanReviewCycleInput"),
            json!({ "period": month(1) }),
            "cycle { id }",
        )
        .await;
        assert!(forbidden(&refused).contains("`review:steer`"));
        let cycle = plan(&app, &month(1)).await;
        let again = change(
            &app,
            SECRETARY,
            ("planReviewCycle", "PlanReviewCycleInput"),
            json!({ "period": month(1) }),
            "cycle { id }",
        )
        .await;
        assert_eq!(problem(&again).0, "INVALID");

        // An open action comes on the agenda by itself; a proposal is accepted.
        done(&advance(&app, SECRETARY, &cycle, "OPEN_INPUTS", None).await);
        let carried = agenda(&app, SECRETARY, &cycle).await;
        assert_eq!(carried.len(), 1, "{carried:#?}");
        assert_eq!(carried[0]["state"], "ACCEPTED");
        assert_eq!(carried[0]["actions"].as_array().unwrap().len(), 1);
        assert!(!carried[0]["carriedFrom"].is_null());
        let proposed = change(
            &app,
            FOCAL_POINT,
            ("proposeReviewItem", "ProposeReviewItemInput"),
            json!({ "cycle": cycle, "situation": situation, "reason": "Tension rises before the vote." }),
            "item { id state reason proposedBy }",
        )
        .await;
        assert_eq!(done(&proposed)["item"]["reason"], "Tension rises before the vote.");
        let item = text(&proposed, "/item/id");
        // Only its proposer takes it back.
        let refused = move_item(&app, OTHER_FOCAL_POINT, &item, "WITHDRAW", None).await;
        assert!(forbidden(&refused).contains("in a token of OHCHR"));
        let refused = move_item(&app, FOCAL_POINT, &item, "ACCEPT", None).await;
        assert!(forbidden(&refused).contains("`review:steer`"));
        done(&move_item(&app, SECRETARY, &item, "ACCEPT", None).await);

        inputs(&app, &cycle, &situation).await;

        // Closing freezes the profiles.
        let refused = advance(&app, SECRETARY, &cycle, "BEGIN_SESSION", None).await;
        let (code, told) = problem(&refused);
        assert_eq!(code, "WRONG_STATE");
        assert!(told.contains("INPUT_OPEN") && told.contains("CONSOLIDATED"), "{told}");
        let closed = advance(&app, SECRETARY, &cycle, "CLOSE_INPUTS", None).await;
        assert!(!done(&closed)["cycle"]["frozenAt"].is_null());
        for item in agenda(&app, PARTICIPANT, &cycle).await {
            let frozen = &item["frozenProfile"];
            assert_eq!(frozen["version"], 1, "{item:#}");
            assert_eq!(frozen["digest"].as_str().unwrap().len(), 64);
            let sources = frozen["sources"].as_array().unwrap();
            assert!(sources.len() >= 5 && sources.iter().all(|source| source["status"] == "OK"), "{frozen:#}");
        }
        done(&advance(&app, SECRETARY, &cycle, "CONSOLIDATE", None).await);
        let back = advance(&app, SECRETARY, &cycle, "STEP_BACK", None).await;
        assert!(problem(&back).1.contains("reason"), "{back:#}");
        done(&advance(&app, SECRETARY, &cycle, "STEP_BACK", Some("A source was late.")).await);
        done(&advance(&app, SECRETARY, &cycle, "CONSOLIDATE", None).await);
        done(&advance(&app, SECRETARY, &cycle, "BEGIN_SESSION", None).await);

        let action = session(&app, &item, &carried[0]).await;
        done(&advance(&app, SECRETARY, &cycle, "CONCLUDE_SESSION", None).await);
        let states: Vec<_> = agenda(&app, SECRETARY, &cycle)
            .await
            .iter()
            .map(|item| item["state"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(states, ["DEFERRED", "DECIDED"]);
        done(&advance(&app, SECRETARY, &cycle, "BEGIN_FOLLOW_UP", None).await);
        follow_up(&app, &cycle, &action).await;
        done(&advance(&app, SECRETARY, &cycle, "CLOSE", None).await);
    })
    .await;
}

/// An entity's input is drafted, cleared by another officer, and told to others from then on; another declares that
/// there is nothing to report.
async fn inputs(app: &TestApp, cycle: &str, situation: &str) {
    let given = json!({
        "cycle": cycle, "situation": situation, "coverage": "COVERED", "expectedVersion": 0,
        "headline": "Candidates report threats.", "confidence": "MODERATE", "caveats": ["One source."],
        "narratives": [
            { "heading": "Threats", "level": "CONFIDENTIAL", "body": "Threats were reported in three districts." },
            { "heading": "Source", "level": "STRICTLY_CONFIDENTIAL", "body": "It comes from a liaison office." },
        ],
    });
    let drafted = draft(app, FOCAL_POINT, given.clone()).await;
    let input = text(done(&drafted), "/input/id");
    assert_eq!(
        drafted["input"]["narratives"].as_array().unwrap().len(),
        1,
        "the other is above the clearance"
    );
    // Who saw none does not overwrite it.
    let conflict = draft(app, FOCAL_POINT, given).await;
    assert_eq!(problem(&conflict).0, "CONFLICT");

    let list = format!(
        "{{ reviewCycle(id: \"{cycle}\") {{ inputs {{ id entity status headline narratives {{ body }} caveats }} }} }}"
    );
    let of = own_input;
    let seen = of(&query(app, PARTICIPANT, &list).await, "OHCHR");
    assert!(seen.is_null(), "{seen:#}");
    let office = ("OSAPG", "a.secretary", SECRETARY.2);
    let steered = of(&query(app, office, &list).await, "OHCHR");
    assert_eq!(
        (&steered["status"], &steered["headline"]),
        (&json!("DRAFT"), &Value::Null)
    );

    let text_of = |data: Value| data.to_string().contains("Candidates report threats");
    let own = query(app, FOCAL_POINT, &list).await;
    assert!(text_of(own));
    clearing(app, (cycle, situation), &input, &list).await;
    nil_returns(app, cycle, situation).await;
}

/// The input of an entity in an answer.
fn own_input(data: &Value, entity: &str) -> Value {
    let inputs = data["reviewCycle"]["inputs"].as_array().unwrap().clone();
    let found = inputs.into_iter().find(|input| input["entity"] == entity);
    found.unwrap_or_default()
}

/// Another officer than who drafted it clears it; what was cleared stands until its correction is cleared.
async fn clearing(app: &TestApp, (cycle, situation): (&str, &str), input: &str, list: &str) {
    let of = own_input;
    done(&move_input(app, FOCAL_POINT, input, "SUBMIT", None).await);
    let refused = move_input(app, FOCAL_POINT, input, "CLEAR", None).await;
    assert!(forbidden(&refused).contains("`review:clear`"));
    let none = move_input(app, OTHER_CLEARER, input, "CLEAR", None).await;
    assert_eq!(problem(&none).0, "NOT_FOUND");
    // Who drafted it does not clear it: it is drafted once more by the clearing officer.
    done(
        &move_input(
            app,
            CLEARER,
            input,
            "RETURN",
            Some("The headline is too long."),
        )
        .await,
    );
    let redrafted = draft(
        app,
        CLEARER,
        json!({ "cycle": cycle, "situation": situation, "coverage": "COVERED", "headline": "Threats to candidates." }),
    )
    .await;
    done(&redrafted);
    done(&move_input(app, CLEARER, input, "SUBMIT", None).await);
    let own = move_input(app, CLEARER, input, "CLEAR", None).await;
    assert_eq!(problem(&own).0, "SAME_PERSON");
    let second = ("OHCHR", "a.second.clearer", OTHER_CLEARER.2);
    let cleared = move_input(app, second, input, "CLEAR", None).await;
    assert_eq!(done(&cleared)["input"]["status"], "CLEARED");
    let seen = of(&query(app, PARTICIPANT, list).await, "OHCHR");
    assert_eq!(
        (&seen["status"], &seen["headline"]),
        (&json!("CLEARED"), &json!("Threats to candidates."))
    );

    // What was cleared stands for others until its correction is cleared.
    done(&move_input(app, second, input, "REOPEN", Some("A district is missing.")).await);
    let corrected = json!({ "cycle": cycle, "situation": situation, "coverage": "COVERED", "headline": "Threats in three districts." });
    done(&draft(app, FOCAL_POINT, corrected).await);
    let seen = of(&query(app, PARTICIPANT, list).await, "OHCHR");
    assert_eq!(
        (&seen["status"], &seen["headline"]),
        (&json!("CLEARED"), &json!("Threats to candidates."))
    );
    done(&move_input(app, FOCAL_POINT, input, "SUBMIT", None).await);
    done(&move_input(app, second, input, "CLEAR", None).await);
    let seen = of(&query(app, PARTICIPANT, list).await, "OHCHR");
    assert_eq!(seen["headline"], "Threats in three districts.");
}

/// An entity with nothing to report says for which days, and writes no zero.
async fn nil_returns(app: &TestApp, cycle: &str, situation: &str) {
    // Nothing to report: the days are stated, and no zero is written.
    let nil = |covers: Value| {
        json!({
            "cycle": cycle, "situation": situation, "kind": "NIL_RETURN", "coverage": "COVERED", "covers": covers,
        })
    };
    assert_eq!(
        problem(&draft(app, OTHER_FOCAL_POINT, nil(Value::Null)).await).0,
        "INVALID"
    );
    let mut outside = nil(json!({ "from": "2026-12-01", "until": "2026-12-31" }));
    outside["coverage"] = json!("OUTSIDE_MANDATE");
    assert_eq!(
        problem(&draft(app, OTHER_FOCAL_POINT, outside).await).0,
        "INVALID"
    );
    let nil = draft(
        app,
        OTHER_FOCAL_POINT,
        nil(json!({ "from": "2026-12-01", "until": "2026-12-31" })),
    )
    .await;
    let nil = text(done(&nil), "/input/id");
    done(&move_input(app, OTHER_FOCAL_POINT, &nil, "SUBMIT", None).await);
    let cleared = move_input(app, OTHER_CLEARER, &nil, "CLEAR", None).await;
    assert_eq!(done(&cleared)["input"]["status"], "NIL_RETURN");
}

/// The meeting decides on one item, and leaves the other.
async fn session(app: &TestApp, item: &str, other: &Value) -> String {
    let decide = |officer, item: String, owner: &'static str| async move {
        change(
            app,
            officer,
            ("decideReviewItem", "DecideReviewItemInput"),
            json!({
                "item": item, "kind": "ADVISE_RC_HC", "note": "Advise before the vote.", "dissent": ["SRSG_SVC"],
                "actions": [{ "title": "Draft the advice.", "owner": owner, "dueOn": first_of(2) }],
            }),
            "item { id state decisions { kind note dissent actions { id title owner state } } }",
        )
        .await
    };
    assert_eq!(
        problem(&decide(SECRETARY, item.to_owned(), "OHCHR").await).0,
        "WRONG_STATE"
    );
    done(&move_item(app, SECRETARY, item, "DISCUSS", None).await);
    assert!(forbidden(&decide(CLEARER, item.to_owned(), "OHCHR").await).contains("`review:steer`"));
    let unknown = decide(SECRETARY, item.to_owned(), "NOBODY").await;
    assert!(problem(&unknown).1.contains("NOBODY"));
    let decided = decide(SECRETARY, item.to_owned(), "OHCHR").await;
    let decision = &done(&decided)["item"]["decisions"][0];
    assert_eq!(
        (&decision["note"], &decision["dissent"]),
        (&json!("Advise before the vote."), &json!(["SRSG_SVC"]))
    );
    let other = other["id"].as_str().unwrap();
    assert!(
        problem(&move_item(app, SECRETARY, other, "DECLINE", None).await)
            .1
            .contains("reason")
    );
    text(&decided, "/item/decisions/0/actions/0/id")
}

/// The next review takes over what is left.
async fn follow_up(app: &TestApp, cycle: &str, action: &str) {
    let next = plan(app, &month(2)).await;
    done(&advance(app, SECRETARY, &next, "OPEN_INPUTS", None).await);
    let items = agenda(app, SECRETARY, &next).await;
    assert_eq!(items.len(), 2, "{items:#?}");
    let mine = items
        .iter()
        .flat_map(|item| item["actions"].as_array().unwrap());
    let mine = mine
        .into_iter()
        .find(|other| other["id"] == action)
        .unwrap();
    assert_eq!(mine["carriedOver"], 1);
    let act = |officer, act: &'static str, outcome: Option<&'static str>| async move {
        change(
            app,
            officer,
            ("moveAction", "MoveActionInput"),
            json!({ "action": action, "act": act, "outcome": outcome }),
            "action { id state outcome version }",
        )
        .await
    };
    assert!(
        forbidden(&act(OTHER_FOCAL_POINT, "START", None).await).contains("in a token of OHCHR")
    );
    done(&act(FOCAL_POINT, "START", None).await);
    assert_eq!(
        problem(&act(FOCAL_POINT, "COMPLETE", None).await).0,
        "INVALID"
    );
    let completed = act(FOCAL_POINT, "COMPLETE", Some("The advice was given.")).await;
    assert_eq!(
        done(&completed)["action"]["outcome"],
        "The advice was given."
    );
    assert_eq!(
        problem(&act(FOCAL_POINT, "START", None).await).0,
        "WRONG_STATE"
    );
    let before = agenda(app, SECRETARY, cycle).await;
    assert_eq!(before.len(), 2);
}
