//! Retired, handed over, rolled back.

use entities::terms::SourceEventKind;
use upfront::registry::service::RegistryError;

use crate::{
    database::on_each_database,
    support::{BEDS, COTS, adding, principal, registry, serves},
};

#[tokio::test]
async fn a_retired_source_can_be_rolled_back() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        registry.record_start().await.unwrap();
        let partner = principal("PARTNER");
        registry
            .publish(&partner, &adding("tents", BEDS))
            .await
            .unwrap();

        let refused = registry.retire(&partner, "tents", None).await.unwrap();
        assert!(refused.published.is_none());
        assert_eq!(refused.report.refusals[0].code, "BREAKING_WITHOUT_REASON");
        assert!(serves(&registry, "beds: Int").await);

        let retired = registry
            .retire(&partner, "tents", Some("moved"))
            .await
            .unwrap();
        assert_eq!(retired.published.unwrap().supergraph.number, 3);
        assert!(!serves(&registry, "beds: Int").await);
        assert!(registry.served().await.unwrap().registered.is_empty());

        let back = registry.rollback(&partner, 2, None).await.unwrap();
        assert_eq!(back.published.unwrap().supergraph.number, 4);
        assert!(serves(&registry, "beds: Int").await);
        let events = registry.store().events("tents", 10).await.unwrap();
        let kinds: Vec<_> = events.iter().map(|event| event.kind).collect();
        assert_eq!(
            kinds,
            [
                SourceEventKind::RolledBack,
                SourceEventKind::Retired,
                SourceEventKind::Published
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn nobody_touches_a_source_of_another_entity() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let (partner, other) = (principal("PARTNER"), principal("OTHER"));
        registry
            .publish(&partner, &adding("tents", BEDS))
            .await
            .unwrap();
        let taken = registry
            .publish(&other, &adding("tents", COTS))
            .await
            .unwrap();
        assert_eq!(taken.checked.report.refusals[0].code, "NAME_TAKEN");
        assert!(taken.published.is_none());
        for outcome in [
            registry
                .retire(&other, "tents", Some("x"))
                .await
                .map(|_| ()),
            registry.transfer(&other, "tents", "OTHER").await,
        ] {
            assert!(
                matches!(outcome, Err(RegistryError::Forbidden(_))),
                "{outcome:?}"
            );
        }
        for name in ["ohchr", "nothing"] {
            let outcome = registry.retire(&other, name, Some("x")).await;
            assert!(matches!(outcome, Err(RegistryError::NotFound(_))), "{name}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_rollback_takes_nobody_else_along() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        registry.record_start().await.unwrap();
        let (partner, other) = (principal("PARTNER"), principal("OTHER"));
        registry
            .publish(&partner, &adding("tents", BEDS))
            .await
            .unwrap();
        registry
            .publish(&other, &adding("food", COTS))
            .await
            .unwrap();
        let error = registry.rollback(&partner, 1, None).await.unwrap_err();
        assert!(error.to_string().contains("`food` of OTHER"), "{error}");
        let same = registry.rollback(&other, 3, None).await.unwrap_err();
        assert!(matches!(same, RegistryError::BadInput(_)), "{same}");
        assert!(
            registry
                .rollback(&other, 2, Some("a mistake"))
                .await
                .is_ok()
        );
        assert!(serves(&registry, "beds: Int").await);
        assert!(!serves(&registry, "cots: Int").await);
        assert!(registry.rollback(&other, 99, None).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_source_is_handed_over() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let (partner, other) = (principal("PARTNER"), principal("OTHER"));
        registry
            .publish(&partner, &adding("tents", BEDS))
            .await
            .unwrap();
        assert!(
            registry
                .transfer(&partner, "tents", "o; drop")
                .await
                .is_err()
        );
        registry.transfer(&partner, "tents", "OTHER").await.unwrap();
        let taken = registry
            .publish(&partner, &adding("tents", COTS))
            .await
            .unwrap();
        assert_eq!(taken.checked.report.refusals[0].code, "NAME_TAKEN");
        let mut request = adding("tents", COTS);
        request.allow_breaking = Some("recounted".to_owned());
        let published = registry
            .publish(&other, &request)
            .await
            .unwrap()
            .published
            .unwrap();
        let version = published.version.unwrap();
        assert_eq!(version.allow_breaking_reason.as_deref(), Some("recounted"));
        assert_eq!(
            (version.number, version.published_by.as_str()),
            (2, "OTHER")
        );
    })
    .await;
}
