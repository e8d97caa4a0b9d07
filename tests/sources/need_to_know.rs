//! Need to know: a clearance opens nothing by itself, a grant opens what it names while it is in force.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use entities::{area, review_cycle, situation, terms::ItemState};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use upfront::auth::{Clock, Identity, Principal, SystemClock};

use super::known_at::everything_on;
use crate::{
    sources::asking::{Caller, World, on_example},
    support::grants,
};

/// A public situation, one that is not, and one in another region.
const OPEN: &str = "arvenia-armed-conflict";
const HIDDEN: &str = "arvenia-elections";

/// An officer of an entity that no grant of the example is for.
fn officer(subject: &str, scopes: &[&str]) -> Principal {
    let cleared = ["clearance:confidential", "clearance:strictly-confidential"];
    let scopes = cleared.iter().chain(scopes);
    Principal {
        entity: Some("UNOCC".to_owned()),
        scopes: scopes.map(|scope| (*scope).to_owned()).collect(),
        identity: Some(Arc::new(Identity {
            issuer: "https://id.example".into(),
            subject: subject.to_owned(),
            on_behalf_of: None,
            client: None,
            session: None,
            token_id: None,
            issued_at: None,
        })),
        is_service: false,
    }
}

fn asks(world: &World, principal: &Principal, now: DateTime<Utc>) -> World {
    World {
        officer: Some((principal.clone(), now)),
        ..world.clone()
    }
}

/// What a grant opens, by its code.
#[derive(Clone, Copy)]
enum Opens {
    Situation(&'static str),
    Area(&'static str),
    Cycle(&'static str),
}

async fn key<E: EntityTrait>(
    world: &World,
    column: E::Column,
    code: &str,
    id_of: fn(E::Model) -> i64,
) -> i64
where
    E::Model: Send + Sync,
{
    let found = E::find().filter(column.eq(code)).one(&world.database.read);
    id_of(found.await.unwrap().unwrap_or_else(|| panic!("{code}")))
}

/// Grants officers of UNOCC what is given, for the two hours around an instant.
async fn grant(
    world: &World,
    opens: Opens,
    at: DateTime<Utc>,
    role: Option<&str>,
    who: Option<&str>,
) {
    let mut row = grants::grant(
        format!("{:?}-{role:?}-{who:?}", at.timestamp_micros()),
        "UNOCC",
        role.unwrap_or("clearance:confidential"),
        who.unwrap_or("*"),
        at,
    );
    match opens {
        Opens::Situation(code) => {
            let column = situation::Column::RecordKey;
            let id = key::<situation::Entity>(world, column, code, |row| row.id).await;
            row.situation_id = Set(Some(id));
        }
        Opens::Area(code) => {
            let column = area::Column::RecordKey;
            let id = key::<area::Entity>(world, column, code, |row| row.id).await;
            row.area_id = Set(Some(id));
        }
        Opens::Cycle(code) => {
            let column = review_cycle::Column::RecordKey;
            let id = key::<review_cycle::Entity>(world, column, code, |row| row.id).await;
            row.cycle_id = Set(Some(id));
        }
    }
    grants::insert(&world.database, row).await;
}

/// The situations of which an officer is told something confidential, and those that exist for him.
async fn told(world: &World) -> (Vec<String>, usize) {
    let situations = world.all_situations().await;
    let ids: Vec<_> = situations.iter().map(String::as_str).collect();
    let states = world
        .blocks("reviews", Caller::Strict, "status", &ids)
        .await;
    let told = situations.iter().zip(states);
    let told = told.filter(|(_, state)| !state["status"].is_null());
    (told.map(|(id, _)| id.clone()).collect(), situations.len())
}

#[tokio::test]
async fn a_clearance_opens_nothing_by_itself() {
    on_example(|world| async move {
        let now = SystemClock.instant();
        let all = world.all_situations().await;
        let nobody = asks(&world, &Principal::default(), now);
        let cleared = asks(&world, &officer("new-lead", &["review:read"]), now);
        let without_entity = Principal {
            entity: None,
            ..officer("nobody", &[])
        };
        let without_entity = asks(&world, &without_entity, now);
        let expected = everything_on(&nobody, &all).await;
        assert_eq!(everything_on(&cleared, &all).await, expected);
        assert_eq!(everything_on(&without_entity, &all).await, expected);
        assert_ne!(everything_on(&world, &all).await, expected);
        for query in [
            "{ situations(first: 100) { nodes { id title } totalCount } }",
            "{ reviewCycles { nodes { id } totalCount } currentReviewCycle { id } }",
        ] {
            let ask = async |world: &World| {
                let answer = world.answer("reviews", Caller::Strict, query, json!({}));
                answer.await
            };
            assert_eq!(ask(&cleared).await, ask(&nobody).await, "{query}");
            assert_ne!(ask(&cleared).await, ask(&world).await, "{query}");
        }
    })
    .await;
}

/// Confidential values of rows that are open themselves.
#[tokio::test]
async fn a_confidential_value_of_an_open_row_needs_a_grant() {
    on_example(|world| async move {
        let now = SystemClock.instant();
        let unocc = asks(&world, &officer("a", &[]), now);
        let all = world.all_situations().await;
        let all: Vec<_> = all.iter().map(String::as_str).collect();
        let fields = [
            (
                "srsg_caac",
                "caac { listings { actionPlanNotes } }",
                "actionPlanNotes\":\"",
            ),
            ("srsg_svc", "svc { listings { notes } }", "notes\":\""),
            (
                "ohchr",
                "ohchr { presences { staff { value } } }",
                "value\":1",
            ),
        ];
        let told = async |world: &World, source, block: &str| {
            let blocks = world.blocks(source, Caller::Strict, block, &all).await;
            Value::from(blocks).to_string()
        };
        for (source, block, value) in fields {
            assert!(
                told(&world, source, block).await.contains(value),
                "{source}"
            );
            assert!(
                !told(&unocc, source, block).await.contains(value),
                "{source}"
            );
        }
        for area in ["region-amber", "region-basalt", "region-cobalt"] {
            // The key of a grant is made of its time.
            let at = now + Duration::microseconds(i64::from(area.as_bytes()[8]));
            grant(&world, Opens::Area(area), at, None, None).await;
        }
        let granted = asks(&world, &officer("a", &[]), now + Duration::minutes(1));
        for (source, block, value) in fields {
            assert!(
                told(&granted, source, block).await.contains(value),
                "{source}"
            );
        }
    })
    .await;
}

/// An office that covers hidden situations alone would show them.
#[tokio::test]
async fn a_presence_that_covers_hidden_situations_alone_is_hidden() {
    on_example(|world| async move {
        let hide =
            "UPDATE situations SET is_public = FALSE WHERE record_key = 'arvenia-armed-conflict'";
        let only = "DELETE FROM presence_situations WHERE situation_id NOT IN
            (SELECT id FROM situations WHERE record_key = 'arvenia-armed-conflict')";
        for sql in [hide, only] {
            world.database.write.execute_unprepared(sql).await.unwrap();
        }
        let id = World::situation(OPEN);
        let cleared = world
            .blocks(
                "ohchr",
                Caller::Confidential,
                "ohchr { presences { id } }",
                &[&id],
            )
            .await;
        let presences = cleared[0]["ohchr"]["presences"].as_array().unwrap();
        assert!(!presences.is_empty());
        for presence in presences {
            let id = presence["id"].as_str().unwrap();
            let ask = async |caller| {
                let query = "query ($id: ID!) { node(id: $id) { __typename } }";
                let data = world
                    .data("reviews", caller, query, json!({ "id": id }))
                    .await;
                data["node"].clone()
            };
            assert!(ask(Caller::Anonymous).await.is_null());
            assert!(!ask(Caller::Confidential).await.is_null());
        }
    })
    .await;
}

/// An action of another situation under an item tells nothing of itself.
#[tokio::test]
async fn actions_of_other_situations_are_not_counted() {
    on_example(|world| async move {
        let now = SystemClock.instant();
        grant(&world, Opens::Situation(OPEN), now, None, None).await;
        let unocc = asks(&world, &officer("a", &[]), now);
        let count = async || {
            let query = "{ reviewCycles(first: 60) { nodes { items(first: 100, filter: { overdueOnly: true }) \
                { totalCount nodes { actions { carriedOver } } } } } }";
            unocc.data("reviews", Caller::Strict, query, json!({})).await
        };
        let before = count().await;
        // Every action of other situations stands under every item of this one.
        let situation = "(SELECT id FROM situations WHERE record_key = 'arvenia-armed-conflict')";
        let sql = format!(
            "INSERT INTO action_items (record_key, action_id, item_id)
             SELECT a.record_key || '/' || i.record_key, a.id, i.id FROM actions a, review_items i
             WHERE a.situation_id <> {situation} AND i.situation_id = {situation}"
        );
        let done = world.database.write.execute_unprepared(&sql).await.unwrap();
        assert!(done.rows_affected() > 0);
        assert_eq!(count().await, before);
    })
    .await;
}

#[tokio::test]
async fn a_grant_opens_a_situation_those_of_an_area_or_those_of_a_cycle() {
    on_example(|world| async move {
        let now = SystemClock.instant();
        let unocc = asks(&world, &officer("a", &[]), now);
        let (nothing, public) = told(&unocc).await;
        assert!(nothing.is_empty());

        let held = async |world: &World| {
            let query = "{ heldGrants { entity role subject situation { id } area { name } \
                cycle { id } validFrom validUntil grantor reason } }";
            let data = world
                .data("reviews", Caller::Strict, query, json!({}))
                .await;
            data["heldGrants"].as_array().unwrap().clone()
        };
        assert!(held(&unocc).await.is_empty());
        let hidden = World::situation(HIDDEN);
        grant(&world, Opens::Situation(HIDDEN), now, None, None).await;
        let grants = held(&unocc).await;
        assert_eq!(grants.len(), 1);
        assert_eq!(grants[0]["situation"]["id"], hidden);
        assert_eq!(grants[0]["reason"], "A test");
        assert_eq!(told(&unocc).await, (vec![hidden.clone()], public + 1));
        let query = "query ($id: ID!) { node(id: $id) { ... on Situation { title } } }";
        let variables = json!({ "id": hidden });
        let found = unocc
            .data("reviews", Caller::Strict, query, variables)
            .await;
        assert!(found["node"]["title"].is_string(), "{found}");

        // All in the region: its countries and their divisions.
        let world = unocc;
        let later = now + Duration::hours(5);
        let in_region = asks(&world, &officer("a", &[]), later);
        assert!(told(&in_region).await.0.is_empty());
        grant(&world, Opens::Area("region-amber"), later, None, None).await;
        let (told_of, _) = told(&in_region).await;
        let ids: Vec<_> = told_of.iter().map(String::as_str).collect();
        let areas = in_region
            .blocks("reviews", Caller::Strict, "areas { iso3 }", &ids)
            .await;
        assert!(told_of.contains(&World::situation(OPEN)) && told_of.len() > 5);
        for of_situation in &areas {
            let text = of_situation.to_string();
            let amber = ["XAA", "XAE", "XAI", "XAM", "XAQ"];
            let is_in = amber.iter().any(|iso3| text.contains(iso3)) || !text.contains("XA");
            assert!(is_in, "{text}");
        }

        let much_later = now + Duration::hours(10);
        let of_cycle = asks(&world, &officer("a", &[]), much_later);
        grant(&world, Opens::Cycle("2024-11"), much_later, None, None).await;
        let taken_up = [
            ItemState::Accepted,
            ItemState::Discussed,
            ItemState::Decided,
        ];
        let agenda = situation::Entity::find()
            .filter(situation::Column::Id.in_subquery({
                use entities::review_item;
                use sea_orm::{QuerySelect, QueryTrait};
                let column = review_cycle::Column::RecordKey;
                let cycle = key::<review_cycle::Entity>(&world, column, "2024-11", |row| row.id);
                review_item::Entity::find()
                    .select_only()
                    .column(review_item::Column::SituationId)
                    .filter(review_item::Column::CycleId.eq(cycle.await))
                    .filter(review_item::Column::State.is_in(taken_up))
                    .into_query()
            }))
            .all(&world.database.read)
            .await
            .unwrap();
        let mut agenda: Vec<_> = agenda.into_iter().map(|row| row.public_id).collect();
        let (mut told_of, _) = told(&of_cycle).await;
        agenda.sort();
        told_of.sort();
        assert_eq!(told_of, agenda);
        assert!(agenda.len() > 3);
    })
    .await;
}

#[tokio::test]
async fn a_grant_is_for_those_whom_it_names_while_it_is_in_force() {
    on_example(|world| async move {
        let now = SystemClock.instant();
        grant(
            &world,
            Opens::Situation(OPEN),
            now,
            Some("review:read"),
            None,
        )
        .await;
        grant(&world, Opens::Situation(HIDDEN), now, None, Some("acting")).await;
        let (open, hidden) = (World::situation(OPEN), World::situation(HIDDEN));
        let told_to = async |principal: Principal, at: DateTime<Utc>| {
            told(&asks(&world, &principal, at)).await.0
        };
        let none: Vec<String> = Vec::new();
        assert_eq!(told_to(officer("a", &[]), now).await, none);
        assert_eq!(
            told_to(officer("a", &["review:read"]), now).await,
            std::slice::from_ref(&open)
        );
        assert_eq!(told_to(officer("acting", &[]), now).await, [hidden]);
        let of_another = Principal {
            entity: Some("DPA".to_owned()),
            ..officer("acting", &["review:read"])
        };
        assert_eq!(told_to(of_another, now).await, none);
        let uncleared = Principal {
            scopes: ["review:read".to_owned()].into(),
            ..officer("acting", &[])
        };
        assert_eq!(told_to(uncleared, now).await, none);
        // The same token, before it begins, at its last moment, and at its end.
        let reader = officer("a", &["review:read"]);
        let hour = Duration::hours(1);
        let moment = Duration::milliseconds(1);
        assert_eq!(told_to(reader.clone(), now - hour - moment).await, none);
        assert_eq!(told_to(reader.clone(), now + hour - moment).await, [open]);
        assert_eq!(told_to(reader.clone(), now + hour).await, none);
        // One that ends early.
        let end = "UPDATE need_to_know_grants SET is_current = FALSE WHERE role = 'review:read'";
        world.database.write.execute_unprepared(end).await.unwrap();
        assert_eq!(told_to(reader, now).await, none);
        // One for tokens of an issuer.
        let acting = officer("acting", &[]);
        assert_eq!(told_to(acting.clone(), now).await.len(), 1);
        for (issuer, told) in [("https://other.example", 0), ("https://id.example", 1)] {
            let name = format!(
                "UPDATE need_to_know_grants SET issuer = '{issuer}' WHERE subject = 'acting'"
            );
            world
                .database
                .write
                .execute_unprepared(&name)
                .await
                .unwrap();
            assert_eq!(told_to(acting.clone(), now).await.len(), told, "{issuer}");
        }
    })
    .await;
}

/// What is told to who may know of one region alone is the same, byte for byte and statement for statement,
/// whatever is stored about the others.
#[tokio::test]
async fn nothing_shows_what_is_stored_about_other_situations() {
    on_example(|world| async move {
        let now = SystemClock.instant();
        grant(&world, Opens::Area("region-amber"), now, None, None).await;
        let unocc = asks(&world, &officer("a", &[]), now);
        let all = world.all_situations().await;
        let ask = async || -> (Vec<Value>, u64) {
            let before = world.database.statements_run();
            let mut answers = everything_on(&unocc, &all).await;
            for query in [
                "{ situations(first: 100) { nodes { id title status } totalCount } }",
                "{ reviewCycles(first: 50) { nodes { id state items(first: 100) { totalCount nodes { id
                   state decisions { id } actions { id } situation { id } } } } totalCount } }",
                "{ currentReviewCycle { id items(first: 100, orderBy: CONCERN_DESC) { nodes { id } } } }",
            ] {
                let answer = unocc.answer("reviews", Caller::Strict, query, json!({})).await;
                assert!(answer.get("errors").is_none(), "{answer}");
                answers.push(answer);
            }
            (answers, world.database.statements_run() - before)
        };
        let before = ask().await;
        // All that is confidential about the other situations goes, or is changed where others refer to it.
        let others = "IN (SELECT id FROM situations WHERE id NOT IN (
            SELECT situation_id FROM situation_areas WHERE area_id IN (
                WITH RECURSIVE within AS (
                    SELECT id FROM areas WHERE record_key = 'region-amber'
                    UNION ALL SELECT areas.id FROM areas JOIN within ON areas.parent_id = within.id)
                SELECT id FROM within)))";
        let mut statements = vec![
            format!("UPDATE situation_states SET concern_level = NULL WHERE situation_id {others}"),
            format!("UPDATE entity_blocks SET headline = 'Another.' WHERE situation_id {others}"),
            format!("UPDATE entity_inputs SET status = 'WITHDRAWN' WHERE situation_id {others}"),
            format!("UPDATE review_items SET state = 'DECLINED' WHERE situation_id {others}"),
            format!("UPDATE actions SET title = 'Another' WHERE situation_id {others}"),
        ];
        for table in ["signals", "changes"] {
            statements.push(format!("DELETE FROM {table} WHERE situation_id {others}"));
        }
        let today = now.date_naive();
        statements.push(format!(
            "DELETE FROM communications WHERE (public_on IS NULL OR public_on > '{today}') AND situation_id {others}"
        ));
        for table in ["casualties", "violation_counts", "crsv_counts"] {
            statements.push(format!(
                "DELETE FROM {table} WHERE NOT is_published AND situation_id {others}"
            ));
        }
        statements.push(format!("DELETE FROM crsv_admin1_counts WHERE situation_id {others}"));
        for sql in statements {
            let done = world.database.write.execute_unprepared(&sql).await;
            let done = done.unwrap_or_else(|error| panic!("{sql}: {error}"));
            assert!(done.rows_affected() > 0, "{sql}");
        }
        let after = ask().await;
        for (before, after) in before.0.iter().zip(&after.0) {
            assert_eq!(before, after);
        }
        assert_eq!(before.1, after.1);
    })
    .await;
}

/// Until an entity has cleared its input, it was not received, as far as others know.
#[tokio::test]
async fn an_input_that_is_not_cleared_exists_for_its_entity_and_the_secretariat() {
    on_example(|world| async move {
        let now = SystemClock.instant();
        let regions = ["region-amber", "region-basalt", "region-cobalt", "region-delta"];
        for (at, area) in regions.into_iter().enumerate() {
            // The key of a grant is made of its time.
            let at = now + Duration::microseconds(i64::try_from(at).unwrap());
            grant(&world, Opens::Area(area), at, None, None).await;
        }
        let reader = officer("a", &["review:read"]);
        let steering = officer("b", &["review:steer"]);
        let own = Principal {
            entity: Some("OHCHR".to_owned()),
            ..reader.clone()
        };
        let statuses = async |principal: &Principal, entity: &str| {
            let query = "{ reviewCycles(first: 60) { nodes { inputs { entity status submittedAt clearedAt version } } } }";
            let asking = asks(&world, principal, now + Duration::minutes(1));
            let data = asking.data("reviews", Caller::Strict, query, json!({})).await;
            let cycles = data["reviewCycles"]["nodes"].as_array().unwrap().clone();
            let inputs = cycles
                .iter()
                .flat_map(|cycle| cycle["inputs"].as_array().unwrap().clone());
            let of_entity = inputs.filter(|input| input["entity"] == entity);
            let uncleared = of_entity.filter(|input| input["clearedAt"].is_null());
            uncleared.collect::<Vec<Value>>()
        };
        let count = |inputs: &[Value], status: &str| {
            inputs.iter().filter(|input| input["status"] == status).count()
        };
        let told = statuses(&reader, "OHCHR").await;
        assert!(!told.is_empty());
        for input in &told {
            if input["status"] != "NIL_RETURN" {
                assert_eq!(input["status"], "NOT_RECEIVED", "{input}");
                assert!(input["submittedAt"].is_null(), "{input}");
            }
        }
        for principal in [&own, &steering] {
            let told = statuses(principal, "OHCHR").await;
            assert!(count(&told, "SUBMITTED") > 0 && count(&told, "DRAFT") > 0);
        }
        // What is OHCHR's alone to know of others' it is not told either.
        assert_eq!(count(&statuses(&own, "OSAPG").await, "DRAFT"), 0);

        // The agenda's filter and the block say the same as the inputs.
        let drafts = async |principal: &Principal| {
            let query = "{ currentReviewCycle { items(first: 100, filter: { inputMissingFrom: [\"OHCHR\"] }) \
                { totalCount } inputs { entity status } } }";
            let asking = asks(&world, principal, now + Duration::minutes(1));
            let data = asking.data("reviews", Caller::Strict, query, json!({})).await;
            let cycle = &data["currentReviewCycle"];
            let inputs = cycle["inputs"].as_array().unwrap().iter();
            let is_uncleared = |input: &&Value| {
                input["entity"] == "OHCHR" && ["DRAFT", "SUBMITTED"].iter().any(|status| input["status"] == *status)
            };
            let uncleared = inputs.filter(is_uncleared).count();
            (cycle["items"]["totalCount"].as_u64().unwrap(), uncleared)
        };
        let (of_reader, of_own) = (drafts(&reader).await, drafts(&own).await);
        assert_eq!(of_reader.1, 0);
        assert_eq!(of_reader.0 - of_own.0, of_own.1 as u64);
        assert!(of_reader.0 > of_own.0, "{of_reader:?} {of_own:?}");
    })
    .await;
}
