//! The log of the review, as its readers are told it.

use serde_json::json;

use super::{
    races::open,
    scene::{
        CLEARER, FOCAL_POINT, Officer, PARTICIPANT, SECRETARY, ask, change, done, id, month,
        move_input, query, serve, shorten, text,
    },
};
use crate::{joint::example::on_example, support::app::TestApp};

/// All kinds that a reader is told, page by page, with the place after the last.
async fn read(app: &TestApp, officer: Officer<'_>, after: Option<&str>) -> (Vec<String>, String) {
    let (mut kinds, mut after) = (Vec::new(), after.map(str::to_owned));
    loop {
        let place = after
            .as_ref()
            .map_or_else(String::new, |after| format!(", after: \"{after}\""));
        let text = format!(
            "{{ reviewChanges(first: 2{place}) {{ endCursor hasNextPage changes {{ kind subject reason cycle {{ id }} situation {{ id }} }} }} }}"
        );
        let page = &query(app, officer, &text).await["reviewChanges"];
        let changes = page["changes"].as_array().unwrap();
        kinds.extend(changes.iter().map(|change| {
            let reason = change["reason"].as_str().unwrap_or_default();
            format!("{} {reason}", change["kind"].as_str().unwrap())
                .trim()
                .to_owned()
        }));
        after = Some(page["endCursor"].as_str().unwrap().to_owned());
        if page["hasNextPage"] == json!(false) {
            return (kinds, after.unwrap());
        }
    }
}

#[tokio::test]
async fn the_log_tells_each_reader_what_he_may_know_in_order() {
    on_example(|database| async move {
        let app = serve(&database).await;
        shorten(&database).await;
        let cycle = open(&app, &month(1)).await;
        let situation = id(&database, "situations", "belmora-elections").await;
        let (before, place) = read(&app, PARTICIPANT, None).await;
        assert_eq!(before, ["CYCLE_PLANNED", "ITEM_ACCEPTED", "ACTION_OPEN", "CYCLE_INPUT_OPEN"]);
        let (_, own_place) = read(&app, FOCAL_POINT, None).await;

        let given = json!({ "cycle": cycle, "situation": situation, "coverage": "COVERED", "headline": "Threats." });
        let field = ("draftEntityInput", "DraftEntityInputInput");
        let drafted = change(&app, FOCAL_POINT, field, given, "input { id }").await;
        let input = text(done(&drafted), "/input/id");
        done(&move_input(&app, FOCAL_POINT, &input, "SUBMIT", None).await);
        done(&move_input(&app, CLEARER, &input, "RETURN", Some("Name the districts.")).await);
        done(&move_input(&app, FOCAL_POINT, &input, "SUBMIT", None).await);
        // Nothing of it is told to others, and their place has not moved.
        let (others, same) = read(&app, PARTICIPANT, Some(&place)).await;
        assert!(others.is_empty(), "{others:?}");
        assert_eq!(same, place);
        let whole = ["INPUT_DRAFT", "INPUT_SUBMITTED", "INPUT_DRAFT Name the districts.", "INPUT_SUBMITTED"];
        assert_eq!(read(&app, FOCAL_POINT, Some(&own_place)).await.0, whole);
        done(&move_input(&app, CLEARER, &input, "CLEAR", None).await);
        assert_eq!(read(&app, PARTICIPANT, Some(&place)).await.0, ["INPUT_CLEARED"]);

        // A place is its reader's.
        let text = format!("{{ reviewChanges(after: \"{place}\") {{ endCursor }} }}");
        for (officer, text) in [
            (SECRETARY, text.as_str()),
            (PARTICIPANT, "{ reviewChanges(after: \"7\") { endCursor } }"),
        ] {
            let refused = ask(&app, officer, &json!({ "query": text })).await;
            assert_eq!(refused.code(), "BAD_USER_INPUT");
        }
        // Without a grant there is nothing.
        let stranger: Officer<'_> = ("UNHCR", "a.reader", PARTICIPANT.2);
        let text = "{ reviewChanges { endCursor } }";
        assert!(query(&app, stranger, text).await["reviewChanges"].is_null());
    })
    .await;
}
