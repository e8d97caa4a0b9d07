//! What was known at an instant: a later revision of any record changes nothing of it.

use chrono::{DateTime, Duration, SubsecRound, Utc};
use entities::{Revised, *};
use sea_orm::{ConnectionTrait, Iden, Iterable};
use serde_json::Value;
use upfront::auth::{Clock, SystemClock};

use crate::sources::asking::{Caller, World, on_example};

const PERIODS: &str = "{ from: \"2024-Q4\", to: \"2026-Q3\" }";

/// All that depends on a record which is revised, of all situations.
async fn everything(world: &World) -> Vec<Value> {
    let situations = world.all_situations().await;
    everything_on(world, &situations).await
}

/// The same of some.
pub(super) async fn everything_on(world: &World, situations: &[String]) -> Vec<Value> {
    let frame = "coverage caveats asOf inputStatus headline confidence classification";
    let known = "provenance { revision }";
    let blocks = [
        (
            "ohchr",
            format!(
                "ohchr {{ {frame} presences {{ name }} recommendations {{ nodes {{ {known} }} }}
                 communications {{ nodes {{ {known} }} }} signals {{ nodes {{ {known} }} }}
                 casualties(periods: {PERIODS}) {{ {known} }} }}"
            ),
        ),
        (
            "osapg",
            format!("osapg {{ {frame} riskAssessment {{ {known} findings {{ presence }} }} }}"),
        ),
        (
            "srsg_caac",
            format!(
                "caac {{ {frame} listings {{ {known} }}
                 violations(periods: {PERIODS}) {{ {known} }} }}"
            ),
        ),
        (
            "srsg_svc",
            format!(
                "svc {{ {frame} setting listings {{ {known} commitments {{ madeOn }} }}
                 crsv(periods: {PERIODS}) {{ {known} }}
                 crsvByAdmin1(periods: {PERIODS}) {{ {known} }} }}"
            ),
        ),
        (
            "reviews",
            "status trend concernLevel inputs { entity status }".to_owned(),
        ),
    ];
    let situations: Vec<_> = situations.iter().map(String::as_str).collect();
    let mut answers = Vec::new();
    for (source, block) in blocks {
        let blocks = world
            .blocks(source, Caller::Strict, &block, &situations)
            .await;
        answers.push(Value::from(blocks));
    }
    answers
}

/// Compares answers part by part: they are long.
fn assert_same(left: &[Value], right: &[Value]) {
    for (left, right) in left.iter().zip(right) {
        let parts = |value: &Value| value.as_array().unwrap().clone();
        for (left, right) in parts(left).iter().zip(parts(right)) {
            assert_eq!(*left, right);
        }
    }
}

/// Makes a further revision of every record of a table, with another value of a column.
async fn revise<E: Revised>(world: &World, at: DateTime<Utc>, change: &str) {
    let table = E::default().table_name().to_owned();
    let at = at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, false);
    let own = ["id", "revision", "is_current", "known_from", "known_to"];
    let columns: Vec<String> = E::Column::iter()
        .map(|column| column.unquoted().to_owned())
        .filter(|column| !own.contains(&column.as_str()))
        .collect();
    let columns = columns.join(", ");
    let statements = [
        format!("UPDATE {table} SET is_current = FALSE, known_to = '{at}' WHERE is_current"),
        format!(
            "INSERT INTO {table} ({columns}, revision, is_current, known_from)
             SELECT {columns}, revision + 1, TRUE, '{at}' FROM {table} WHERE known_to = '{at}'"
        ),
        format!("UPDATE {table} SET {change} WHERE is_current"),
    ];
    for sql in statements {
        let done = world.database.write.execute_unprepared(&sql).await;
        let done = done.unwrap_or_else(|error| panic!("{sql}: {error}"));
        assert!(done.rows_affected() > 0, "{sql}");
    }
}

#[tokio::test]
async fn a_later_revision_changes_nothing_of_what_was_known_before() {
    on_example(|mut world| async move {
        let before = everything(&world).await;
        let at = SystemClock.instant().trunc_subsecs(0) + Duration::seconds(2);
        let text = "revised_at = revised_at";
        revise::<situation_state::Entity>(&world, at, "status = 'CLOSED', trend = 'STABLE'").await;
        revise::<entity_block::Entity>(&world, at, "headline = 'Revised.'").await;
        revise::<entity_input::Entity>(&world, at, "status = 'WITHDRAWN'").await;
        revise::<field_presence::Entity>(&world, at, "name = 'Revised'").await;
        revise::<communication::Entity>(&world, at, text).await;
        revise::<recommendation::Entity>(&world, at, text).await;
        revise::<casualty::Entity>(&world, at, text).await;
        revise::<signal::Entity>(&world, at, text).await;
        revise::<risk_assessment::Entity>(&world, at, text).await;
        revise::<risk_finding::Entity>(&world, at, "presence = 'NO_INFORMATION'").await;
        revise::<caac_listing::Entity>(&world, at, text).await;
        revise::<violation_count::Entity>(&world, at, text).await;
        revise::<crsv_setting::Entity>(&world, at, "setting = 'OTHER_SITUATION_OF_CONCERN'").await;
        revise::<crsv_listing::Entity>(&world, at, text).await;
        revise::<commitment::Entity>(&world, at, "made_on = '2020-02-02'").await;
        revise::<crsv_count::Entity>(&world, at, text).await;
        revise::<crsv_admin1_count::Entity>(&world, at, text).await;

        while SystemClock.instant() < at {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        let now = everything(&world).await;
        for (before, now) in before.iter().zip(&now) {
            assert_ne!(before, now);
        }
        world.known_at = Some(at - Duration::seconds(1));
        assert_same(&everything(&world).await, &before);
        world.known_at = Some(at);
        assert_same(&everything(&world).await, &now);
        // Before anything was made.
        world.known_at = Some(DateTime::UNIX_EPOCH);
        let nothing = everything(&world).await;
        for (before, nothing) in before.iter().zip(&nothing) {
            assert_ne!(before, nothing);
        }
        assert!(!Value::from(nothing).to_string().contains("revision"));
    })
    .await;
}
