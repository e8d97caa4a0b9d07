//! A classified field of another is read with leave, and no longer than that.

use upfront::registry::service::RegistryError;

use crate::{
    database::on_each_database,
    support::{adding, embedded, principal, registry, registry_over, serves},
};

const OUTLOOK: &str = "status: String @external \
    outlook: String @requires(fields: \"status\") \
    @requiresScopes(scopes: [[\"clearance:confidential\"]])";

#[tokio::test]
async fn consent_lets_in_and_its_end_puts_out() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let (partner, reviews) = (principal("PARTNER"), principal("REVIEWS"));
        let refused = registry
            .publish(&partner, &adding("tents", OUTLOOK))
            .await
            .unwrap();
        assert_eq!(
            refused.checked.report.refusals[0].code,
            "REQUIRES_WITHOUT_CONSENT"
        );

        let status = "Situation.status";
        for (grantor, coordinate) in [(&partner, status), (&reviews, "Situation.nothing")] {
            let outcome = registry
                .grant(grantor, coordinate, "tents", "joint work")
                .await;
            assert!(
                matches!(outcome, Err(RegistryError::NotFound(_))),
                "{outcome:?}"
            );
        }
        assert!(
            registry
                .grant(&reviews, status, "tents", " ")
                .await
                .is_err()
        );
        registry
            .grant(&reviews, status, "tents", "joint work")
            .await
            .unwrap();
        registry
            .grant(&reviews, status, "tents", "said twice")
            .await
            .unwrap();
        assert_eq!(registry.store().consents("tents").await.unwrap().len(), 1);

        // A consent is for one source.
        let other = registry
            .publish(&partner, &adding("huts", OUTLOOK))
            .await
            .unwrap();
        assert!(other.published.is_none());
        let publication = registry
            .publish(&partner, &adding("tents", OUTLOOK))
            .await
            .unwrap();
        assert!(
            publication.published.is_some(),
            "{:?}",
            publication.checked.report
        );
        assert!(serves(&registry, "outlook: String").await);

        let outcome = registry.withdraw(&partner, status, "tents").await;
        assert!(matches!(outcome, Err(RegistryError::NotFound(_))));
        assert!(registry.withdraw(&reviews, status, "tents").await.unwrap());
        assert!(!serves(&registry, "outlook: String").await);
        let back = registry.rollback(&partner, 1, None).await.unwrap();
        assert!(back.published.is_none());
        assert_eq!(back.report.refusals[0].code, "REQUIRES_WITHOUT_CONSENT");
    })
    .await;
}

#[tokio::test]
async fn what_becomes_classified_is_no_longer_read() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let (partner, other) = (principal("PARTNER"), principal("OTHER"));
        let open = "beds: Int @tag(name: \"unclassified\")";
        registry
            .publish(&partner, &adding("tents", open))
            .await
            .unwrap();
        let reads = "beds: Int @external \
            places: Int @requires(fields: \"beds\") \
            @requiresScopes(scopes: [[\"clearance:confidential\"]])";
        let publication = registry
            .publish(&other, &adding("huts", reads))
            .await
            .unwrap();
        assert!(
            publication.published.is_some(),
            "{:?}",
            publication.checked.report
        );
        assert!(serves(&registry, "places: Int").await);

        let closed = "beds: Int @requiresScopes(scopes: [[\"clearance:confidential\"]])";
        let mut request = adding("tents", closed);
        request.allow_breaking = Some("more sensitive than thought".to_owned());
        let publication = registry.publish(&partner, &request).await.unwrap();
        assert!(
            publication.published.is_some(),
            "{:?}",
            publication.checked.report
        );
        assert!(!serves(&registry, "places: Int").await);
        let events = registry.store().events("huts", 1).await.unwrap();
        assert_eq!(
            events[0].detail.as_deref(),
            Some("a field it reads became classified")
        );
    })
    .await;
}

#[tokio::test]
async fn an_upgrade_that_classifies_a_field_puts_its_readers_out() {
    on_each_database(|database| async move {
        let old = registry(&database);
        let reads = "title: String! @external \
            slogan: String @requires(fields: \"title\") \
            @requiresScopes(scopes: [[\"clearance:confidential\"]])";
        let publication = old
            .publish(&principal("PARTNER"), &adding("tents", reads))
            .await;
        assert!(publication.unwrap().published.is_some());
        let mut changed = embedded();
        changed[0].sdl = changed[0].sdl.replace(
            "title: String! @tag(name: \"unclassified\")",
            "title: String @requiresScopes(scopes: [[\"clearance:confidential\"]])",
        );
        let upgraded = registry_over(&database, changed);
        upgraded.record_start().await.unwrap();
        assert!(!serves(&upgraded, "slogan: String").await);
    })
    .await;
}
