//! Deadlines pass by themselves, once, however many replicas there are.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use serde_json::json;
use upfront::{
    auth::Clock,
    gateway::{Live, joint_graph},
    profiles::Profiles,
    reviews::{Planning, ReviewCell, ReviewParts, keep_deadlines},
};

use super::scene::{SECRETARY, change, count, done, first_of, month, serve, shorten, text};
use crate::joint::example::on_example;

/// A clock that stands still.
#[derive(Debug)]
struct At(DateTime<Utc>);

impl Clock for At {
    fn now(&self) -> u64 {
        self.0.timestamp().unsigned_abs()
    }

    fn instant(&self) -> DateTime<Utc> {
        self.0
    }
}

async fn reached(database: &upfront::database::Database, what: &str, expected: i64) {
    let began = std::time::Instant::now();
    while count(database, what).await != expected {
        assert!(began.elapsed() < Duration::from_mins(1), "{what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn cycles_are_opened_closed_and_planned_by_themselves() {
    on_example(|database| async move {
        let app = serve(&database).await;
        shorten(&database).await;
        let opens = format!("{}T00:00:00Z", first_of(7));
        let due = format!("{}T17:00:00Z", first_of(7) + chrono::Days::new(4));
        let before = format!("{}T23:00:00Z", first_of(7) - chrono::Days::new(1));
        let planned = change(
            &app,
            SECRETARY,
            ("planReviewCycle", "PlanReviewCycleInput"),
            json!({ "period": month(6), "opensAt": opens, "inputsDueAt": due }),
            "cycle { id opensAt }",
        )
        .await;
        assert_eq!(text(done(&planned), "/cycle/opensAt"), opens);
        let replicas = |instant: &str| {
            let instant: DateTime<Utc> = instant.parse().unwrap();
            let database = database.clone();
            (0..2)
                .map(move |_| {
                    let cell = ReviewCell::default();
                    let sources = upfront::embedded::sources_with(cell.clone());
                    let config = upfront::config::Config::default();
                    let graph = joint_graph(sources, &database, &config, &[]).unwrap();
                    let live = Arc::new(Live::new(graph));
                    cell.connect(ReviewParts {
                        profiles: Arc::new(Profiles::new(live, None)),
                        planning: Planning::default(),
                        clock: Arc::new(At(instant)),
                    });
                    tokio::spawn(keep_deadlines(
                        database.clone(),
                        cell,
                        Arc::new(At(instant)),
                    ))
                })
                .collect::<Vec<_>>()
        };
        // The example's own review is past its day, and was not opened here.
        let of_file = "review_cycles WHERE record_key = '2026-10' AND state = 'INPUT_OPEN'";
        let cycle = format!(
            "review_cycles WHERE record_key = '{}' AND state =",
            month(6)
        );
        let early = replicas(&before);
        // Two months ahead are planned.
        reached(
            &database,
            &format!("review_cycles WHERE record_key = '{}'", month(7)),
            1,
        )
        .await;
        assert_eq!(count(&database, &format!("{cycle} 'PLANNED'")).await, 1);
        early.iter().for_each(tokio::task::JoinHandle::abort);

        let open = replicas(&opens);
        reached(&database, &format!("{cycle} 'INPUT_OPEN'"), 1).await;
        open.iter().for_each(tokio::task::JoinHandle::abort);

        let closed = replicas(&due);
        reached(&database, &format!("{cycle} 'INPUT_CLOSED'"), 1).await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        closed.iter().for_each(tokio::task::JoinHandle::abort);
        assert_eq!(count(&database, of_file).await, 1);
        for (kind, times) in [
            ("CYCLE_INPUT_OPEN", 1),
            ("CYCLE_INPUT_CLOSED", 1),
            ("PROFILE_FROZEN", 1),
        ] {
            let what =
                format!("events WHERE mandate = 'reviews' AND kind = '{kind}' AND actor = ''");
            assert_eq!(count(&database, &what).await, times, "{kind}");
        }
    })
    .await;
}
