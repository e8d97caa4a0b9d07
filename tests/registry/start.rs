//! Starting, with the same embedded sources or with others.

use entities::terms::SupergraphCause;

use crate::{
    registry::support::{BEDS, adding, embedded, principal, registry, registry_over, serves},
    support::database::on_each_database,
};

#[tokio::test]
async fn a_start_is_written_down_once() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        registry.record_start().await.unwrap();
        registry.record_start().await.unwrap();
        assert_eq!(registry.store().newest_number().await.unwrap(), 1);
        registry
            .publish(&principal("PARTNER"), &adding("tents", BEDS))
            .await
            .unwrap();

        let mut changed = embedded();
        changed[0].sdl = changed[0]
            .sdl
            .replace("title: String!", "title: String! @tag(name: \"x\")");
        let upgraded = registry_over(&database, changed);
        assert!(serves(&upgraded, "beds: Int").await);
        upgraded.record_start().await.unwrap();
        let rows = upgraded.store().supergraphs(None, 10).await.unwrap();
        assert_eq!(rows[0].cause, SupergraphCause::Start);
        assert_eq!(rows.len(), 3);
        // A replica of the old version goes on with its own sources.
        assert!(serves(&registry, "beds: Int").await);
        assert!(!serves(&registry, "name: \"x\"").await);
    })
    .await;
}

#[tokio::test]
async fn sources_that_no_longer_compose_are_left_out() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        registry
            .publish(&principal("PARTNER"), &adding("tents", BEDS))
            .await
            .unwrap();
        let mut changed = embedded();
        changed[0].sdl = changed[0].sdl.replace(
            "  title: String!",
            "  beds: String @tag(name: \"unclassified\")\n  title: String!",
        );
        let upgraded = registry_over(&database, changed);
        let served = upgraded.served().await.unwrap();
        assert!(served.registered.is_empty());
        assert!(served.trouble.is_some());
        assert!(served.supergraph_sdl.contains("beds: String"));
    })
    .await;
}
