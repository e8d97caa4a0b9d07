//! A grant that ends while a request runs: nothing after it.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use chrono::{DateTime, Duration, Utc};
use entities::situation;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use upfront::{
    app::Records,
    auth::{Clock, SystemClock},
    config::Config,
    database::Database,
    embedded,
    gateway::{JointParts, compose_joint},
};

use super::example::on_example;
use crate::support::{
    app::{TestApp, send},
    grants,
};

/// A situation that is not public, with signals.
const HIDDEN: &str = "belmora-intercommunal";

/// A clock that goes on by three hours once it was asked often enough.
#[derive(Debug)]
struct Jumping {
    start: DateTime<Utc>,
    asked: AtomicU64,
    jumps_after: u64,
}

impl Clock for Jumping {
    fn now(&self) -> u64 {
        self.instant().timestamp().unsigned_abs()
    }

    fn instant(&self) -> DateTime<Utc> {
        let asked = self.asked.fetch_add(1, Ordering::Relaxed);
        if asked < self.jumps_after {
            self.start
        } else {
            self.start + Duration::hours(3)
        }
    }
}

async fn told(database: &Database, id: &str, start: DateTime<Utc>, jumps_after: u64) -> Value {
    let config = Config::default();
    let clock = Jumping {
        start,
        asked: AtomicU64::new(0),
        jumps_after,
    };
    let sources = embedded::sources();
    let supergraph = compose_joint(&sources).unwrap();
    let parts = JointParts::new(sources, database.clone(), config.clone(), &[]).unwrap();
    let parts = parts.with_clock(Arc::new(clock));
    let graph = parts.graph(&supergraph, &[], None).unwrap();
    let records = Records {
        database: database.clone(),
        is_example: true,
    };
    let app = TestApp::start(config, graph, Some(records)).await;
    let query = "query ($id: ID!) { situation(id: $id) { title ohchr { signals(first: 100) { totalCount nodes { kind } } } } }";
    let body = json!({ "query": query, "variables": { "id": id } });
    let token = app.token("UNOCC", &["clearance:confidential", "review:read"]);
    let answer = send(app.post(&body).bearer_auth(token)).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()["data"]["situation"].clone()
}

#[tokio::test]
async fn nothing_is_told_after_a_grant_ends_within_a_request() {
    on_example(|database| async move {
        let start = SystemClock.instant();
        let row = situation::Entity::find()
            .filter(situation::Column::RecordKey.eq(HIDDEN))
            .one(&database.read);
        let row = row.await.unwrap().unwrap();
        let mut grant = grants::grant("expiring".into(), "UNOCC", "review:read", "*", start);
        grant.situation_id = Set(Some(row.id));
        grants::insert(&database, grant).await;
        let told = async |jumps_after| told(&database, &row.public_id, start, jumps_after).await;

        let whole = told(u64::MAX).await;
        assert!(
            whole["ohchr"]["signals"]["totalCount"]
                .as_u64()
                .is_some_and(|count| count > 0),
            "{whole:#}"
        );
        // The review answers first, then OHCHR; the clock is asked for each fetch, and before.
        let (mut nothing, mut cut) = (0, 0);
        for jumps_after in 0..20 {
            let told = told(jumps_after).await;
            if told == whole {
                assert!(nothing > 0 && cut > 0, "after {jumps_after}");
                return;
            }
            if told == Value::Null {
                nothing += 1;
                assert_eq!(cut, 0, "after {jumps_after}");
            } else {
                cut += 1;
                assert_eq!(
                    (&told["title"], &told["ohchr"]),
                    (&whole["title"], &Value::Null)
                );
            }
        }
        panic!("{whole:#}");
    })
    .await;
}
