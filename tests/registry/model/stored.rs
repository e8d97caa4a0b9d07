//! The stored registry under the same acts: clients leave right after they asked, and processes end
//! between any two steps. What serves is then what is stored, and what the log says.

use std::{path::PathBuf, sync::Arc, time::Duration};

use tokio::runtime::Runtime;
use upfront::{
    auth::Principal,
    database::Database,
    registry::{
        service::{GrantRequest, PublishRequest, Registry, WithdrawRequest},
        state::{Act, Rules, State},
    },
};

use super::{
    invariants::assert_sound,
    world::{embedded, random_act},
};
use crate::{
    registry::support::{principal, registry_over},
    support::{database::on_each_database, length::length, random::Random},
};

/// Does an act as a client would; what came of it is not looked at.
async fn ask(registry: &Arc<Registry>, by: &Principal, act: Act, newest: i32) {
    match act {
        Act::Publish { source, version } => {
            let request = PublishRequest {
                name: source,
                url: version.url,
                sdl: Some(version.sdl),
                kind: version.kind,
                prefix: None,
                mutations: Vec::new(),
                default_level: None,
                allow_non_null: None,
                allow_breaking: version.allow_breaking,
            };
            let _ = registry.publish(by, &request).await;
        }
        Act::Retire { source, .. } => {
            let _ = registry.retire(by, &source, Some("test")).await;
        }
        Act::Offer { source, to } => {
            let _ = registry.transfer(by, &source, &to).await;
        }
        Act::CancelOffer { source } => {
            let _ = registry.cancel_transfer(by, &source).await;
        }
        Act::Accept { source } => {
            let _ = registry.accept_transfer(by, &source).await;
        }
        Act::Grant {
            coordinate,
            source,
            to,
            reason,
        } => {
            let request = GrantRequest {
                coordinate,
                source,
                to,
                reason,
            };
            let _ = registry.grant(by, request).await;
        }
        Act::Withdraw {
            coordinate,
            source,
            reason,
        } => {
            let request = WithdrawRequest {
                coordinate,
                source,
                reason,
                is_dry_run: false,
            };
            let _ = registry.withdraw(by, request).await;
        }
        Act::Rollback { .. } | Act::Start => {
            let _ = registry.rollback(by, newest.max(1), None).await;
        }
    }
}

/// One client's turn, cut short after a while; some stay until they are answered.
async fn turn(registry: Arc<Registry>, seed: u64) {
    let mut random = Random::seeded(seed);
    let (by, act) = random_act(&mut random, &[]);
    let newest = registry.store().newest_number().await.unwrap_or_default();
    let back = newest - i32::try_from(random.below(5)).unwrap();
    let by = principal(by);
    let asking = ask(&registry, &by, act, back);
    match random.below(3) {
        0 => asking.await,
        _ => {
            let patience = Duration::from_millis(u64::try_from(random.below(20)).unwrap());
            let _ = tokio::time::timeout(patience, asking).await;
        }
    }
}

/// What is stored is sound, is served as it is stored, and is what the log says.
async fn assert_stored(registry: &Arc<Registry>) {
    let stored = registry.store().load().await.unwrap();
    let newest = stored.supergraph.clone().expect("it has started");
    let state = State {
        embedded: embedded(false),
        sources: stored.sources.clone(),
        grants: stored.grants.clone(),
        supergraph_sdl: Some(newest.sdl.clone()),
        ..State::default()
    };
    assert_sound(&state, &Rules::default());
    let served = registry.served().await.unwrap();
    assert_eq!(
        (served.number, &served.supergraph_sdl),
        (newest.number, &newest.sdl)
    );
    let members: Vec<_> = served
        .registered
        .iter()
        .map(|source| (source.name.clone(), source.version))
        .collect();
    let wanted: Vec<_> = state
        .sources
        .iter()
        .filter_map(|source| Some((source.name.clone(), source.served.as_ref()?.number)))
        .collect();
    assert_eq!(members, wanted);
    for source in &stored.sources {
        let row = registry
            .store()
            .find_source(&source.name)
            .await
            .unwrap()
            .unwrap();
        let versions = registry.store().versions(row.id, 10_000).await.unwrap();
        assert_eq!(i32::try_from(versions.len()).unwrap(), source.newest);
        let events = registry.store().events(&source.name, 10_000).await.unwrap();
        let mut kinds = events.iter().map(|event| event.kind.as_str());
        let published = kinds.clone().filter(|kind| *kind == "PUBLISHED").count();
        assert_eq!(
            published,
            versions.len(),
            "a version without its event, or the other way"
        );
        let last =
            kinds.find(|kind| ["PUBLISHED", "ROLLED_BACK", "RETIRED", "EXPELLED"].contains(kind));
        match source.served {
            Some(_) => assert!(
                matches!(last, Some("PUBLISHED" | "ROLLED_BACK")),
                "{last:?}"
            ),
            None => assert!(!matches!(last, Some("PUBLISHED")), "{last:?}"),
        }
        let handed = events.iter().find(|event| event.kind == "TRANSFERRED");
        if let Some(handed) = handed {
            assert_eq!(handed.owner, source.entity);
        }
    }
}

/// Some of what was asked got through: the first supergraph is that of the start.
async fn assert_changed(registry: &Arc<Registry>) {
    let newest = registry.store().newest_number().await.unwrap();
    assert!(newest > 1, "nothing was changed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_that_leave_stop_nothing_half_way() {
    on_each_database(|database| async move {
        // Two replicas over one database.
        let replicas = [
            registry_over(&database, embedded(false)),
            registry_over(&database, embedded(false)),
        ];
        replicas[0].record_start().await.unwrap();
        for round in 0..length(12, 60) {
            let turns = (0..4).map(|client| {
                let registry = Arc::clone(&replicas[client % 2]);
                tokio::spawn(turn(registry, round * 31 + client as u64))
            });
            for turn in futures::future::join_all(turns).await {
                turn.unwrap();
            }
            for replica in &replicas {
                replica.finish().await;
            }
            assert_stored(&replicas[usize::from(round % 2 == 1)]).await;
        }
        assert_changed(&replicas[0]).await;
    })
    .await;
}

/// A process is a runtime of its own here: ending it ends each of its tasks where it stands.
#[test]
fn ended_between_any_two_steps_it_serves_what_is_stored() {
    let directory: PathBuf =
        std::env::temp_dir().join(format!("upfront_model_{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let file = directory.join("upfront.db");
    let mut random = Random::seeded(7);
    let start = |runtime: &Runtime| {
        runtime.block_on(async {
            let database = Database::open(&file).await.unwrap();
            database.migrate().await.unwrap();
            let registry = registry_over(&database, embedded(false));
            registry.record_start().await.unwrap();
            registry
        })
    };
    let rounds = length(15, 150);
    for round in 0..rounds {
        let process = Runtime::new().unwrap();
        let registry = start(&process);
        for client in 0..6_u64 {
            process.spawn(turn(Arc::clone(&registry), round * 17 + client));
        }
        let until = u64::try_from(random.below(250)).unwrap();
        std::thread::sleep(Duration::from_millis(until));
        process.shutdown_background();
        drop(registry);

        let next = Runtime::new().unwrap();
        let registry = start(&next);
        next.block_on(assert_stored(&registry));
        if round + 1 == rounds {
            next.block_on(assert_changed(&registry));
        }
        drop(registry);
        next.shutdown_timeout(Duration::from_secs(10));
    }
    std::fs::remove_dir_all(&directory).unwrap();
}
