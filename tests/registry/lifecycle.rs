//! Retired, handed over, rolled back.

use std::sync::Arc;

use sea_orm::ConnectionTrait;
use upfront::registry::service::{GrantRequest, PublishRequest, RegistryError};

use crate::{
    registry::support::{
        BEDS, COTS, LINK, adding, expelled, granting, principal, registry, serves, withdrawing,
    },
    support::database::on_each_database,
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

        let again = registry.retire(&partner, "tents", Some("moved")).await;
        let again = again.unwrap_err();
        assert!(
            again.to_string().contains("it was retired already"),
            "{again}"
        );

        let back = registry.rollback(&partner, 2, None).await.unwrap();
        assert_eq!(back.published.unwrap().supergraph.number, 4);
        assert!(serves(&registry, "beds: Int").await);
        let events = registry.store().events("tents", 10).await.unwrap();
        let kinds: Vec<_> = events.iter().map(|event| event.kind.as_str()).collect();
        assert_eq!(kinds, ["ROLLED_BACK", "RETIRED", "PUBLISHED"]);
        assert!(events[0].id > events[1].id && events[1].id > events[2].id);
    })
    .await;
}

#[tokio::test]
async fn a_rollback_that_takes_a_source_out_tells_what_changes() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        registry.record_start().await.unwrap();
        let partner = principal("PARTNER");
        registry
            .publish(&partner, &adding("tents", BEDS))
            .await
            .unwrap();
        let back = registry.rollback(&partner, 1, None).await.unwrap();
        assert!(back.published.is_some(), "it is not refused");
        assert!(!serves(&registry, "beds: Int").await);
        let told: Vec<_> = (back.report.changes.iter())
            .map(|change| (change.class.as_str(), change.coordinate.as_str()))
            .collect();
        assert!(
            told.iter()
                .any(|(_, at)| at.split('.').next_back() == Some("beds")),
            "{told:?}"
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
        for (name, to) in [("tents", "NOBODY"), ("tents", "PARTNER")] {
            let outcome = registry.transfer(&partner, name, to).await;
            assert!(
                matches!(outcome, Err(RegistryError::BadInput(_))),
                "{to}: {outcome:?}"
            );
        }
        let early = registry.accept_transfer(&other, "tents").await;
        assert!(
            matches!(early, Err(RegistryError::Forbidden(_))),
            "{early:?}"
        );
        registry.transfer(&partner, "tents", "OTHER").await.unwrap();
        // An offer is no more than that: it can be declined, taken back, and made anew.
        for declining in [&other, &partner] {
            registry.cancel_transfer(declining, "tents").await.unwrap();
            let late = registry.accept_transfer(&other, "tents").await;
            assert!(matches!(late, Err(RegistryError::Forbidden(_))), "{late:?}");
            registry.transfer(&partner, "tents", "OTHER").await.unwrap();
        }
        let third = registry.accept_transfer(&principal("E0"), "tents").await;
        assert!(
            matches!(third, Err(RegistryError::Forbidden(_))),
            "{third:?}"
        );
        let third = registry.cancel_transfer(&principal("E0"), "tents").await;
        assert!(
            matches!(third, Err(RegistryError::Forbidden(_))),
            "{third:?}"
        );
        let mut still = adding("tents", COTS);
        still.allow_breaking = Some("recounted".to_owned());
        assert!(
            registry
                .check(&partner, &still)
                .await
                .unwrap()
                .report
                .refusals
                .is_empty()
        );
        let accepted = registry.accept_transfer(&other, "tents").await.unwrap();
        assert!(accepted.is_done && accepted.published.is_none());
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

#[tokio::test]
async fn a_transfer_does_not_get_round_the_consent_of_the_owner() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let (partner, other, reviews) = (
            principal("PARTNER"),
            principal("OTHER"),
            principal("REVIEWS"),
        );
        let outlook = "status: String @external \
            outlook: String @requires(fields: \"status\") \
            @requiresScopes(scopes: [[\"clearance:confidential\"]])";
        let status = "Situation.status";
        let grant = granting(status, "tents", "joint work");
        registry.grant(&reviews, grant.clone()).await.unwrap();
        let published = registry.publish(&partner, &adding("tents", outlook)).await;
        assert!(published.unwrap().published.is_some());

        // The consent was for a source of PARTNER: OTHER cannot take it over with the source.
        registry.transfer(&partner, "tents", "OTHER").await.unwrap();
        let refused = registry.accept_transfer(&other, "tents").await.unwrap();
        assert!(!refused.is_done);
        assert_eq!(refused.report.refusals[0].code, "REQUIRES_WITHOUT_CONSENT");
        // Given away to the owner of the field it would need no consent; the owner has not agreed.
        registry
            .transfer(&partner, "tents", "REVIEWS")
            .await
            .unwrap();
        let withdrawn = registry
            .withdraw(&reviews, withdrawing(status, "tents"))
            .await
            .unwrap();
        assert_eq!(expelled(&withdrawn.report), ["tents"]);
        assert!(!serves(&registry, "outlook: String").await);

        let for_other = GrantRequest {
            to: Some("OTHER".to_owned()),
            ..grant
        };
        // Nobody has offered OTHER the source: the consent would not be in force.
        registry.cancel_transfer(&partner, "tents").await.unwrap();
        let early = registry.grant(&reviews, for_other.clone()).await;
        assert!(
            matches!(early, Err(RegistryError::BadInput(_))),
            "{early:?}"
        );
        registry.transfer(&partner, "tents", "OTHER").await.unwrap();
        registry.grant(&reviews, for_other).await.unwrap();
        assert!(
            registry
                .accept_transfer(&other, "tents")
                .await
                .unwrap()
                .is_done
        );
        let published = registry
            .publish(&other, &adding("tents", outlook))
            .await
            .unwrap();
        assert!(
            published.published.is_some(),
            "{:?}",
            published.checked.report
        );
        assert!(
            registry
                .withdraw(&reviews, withdrawing(status, "tents"))
                .await
                .unwrap()
                .is_done
        );
        assert!(!serves(&registry, "outlook: String").await);
    })
    .await;
}

#[tokio::test]
async fn the_consents_of_the_former_owner_are_the_next_ones_to_withdraw() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let (partner, other, reader) = (principal("PARTNER"), principal("OTHER"), principal("E0"));
        let closed = "beds: Int @requiresScopes(scopes: [[\"clearance:confidential\"]])";
        registry
            .publish(&partner, &adding("tents", closed))
            .await
            .unwrap();
        let request = GrantRequest {
            to: Some("E0".to_owned()),
            ..granting("Situation.beds", "huts", "joint work")
        };
        registry.grant(&partner, request).await.unwrap();
        let reads = "beds: Int @external places: Int @requires(fields: \"beds\") \
            @requiresScopes(scopes: [[\"clearance:confidential\"]])";
        let huts = registry
            .publish(&reader, &adding("huts", reads))
            .await
            .unwrap();
        assert!(huts.published.is_some(), "{:?}", huts.checked.report);

        registry.transfer(&partner, "tents", "OTHER").await.unwrap();
        let accepted = registry.accept_transfer(&other, "tents").await.unwrap();
        assert!(accepted.is_done, "{:?}", accepted.report);
        assert!(serves(&registry, "places: Int").await);
        let withdrawn = registry
            .withdraw(&other, withdrawing("Situation.beds", "huts"))
            .await
            .unwrap();
        assert_eq!(expelled(&withdrawn.report), ["huts"]);
    })
    .await;
}

#[tokio::test]
async fn a_publication_and_the_acceptance_of_an_offer_exclude_each_other() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let entities = ["PARTNER", "OTHER"];
        let (mut owner, mut receiver) = (0, 1);
        registry
            .publish(&principal(entities[owner]), &adding("tents", BEDS))
            .await
            .unwrap();
        for turn in 0..8 {
            let (from, to) = (principal(entities[owner]), principal(entities[receiver]));
            registry
                .transfer(&from, "tents", entities[receiver])
                .await
                .unwrap();
            let mut request = adding(
                "tents",
                &format!("f{turn}: Int @tag(name: \"unclassified\")"),
            );
            request.allow_breaking = Some("test".to_owned());
            let (publishing, accepting) = (Arc::clone(&registry), Arc::clone(&registry));
            let (publication, accepted) = tokio::join!(
                publishing.publish(&from, &request),
                accepting.accept_transfer(&to, "tents")
            );
            let is_published = publication.unwrap().published.is_some();
            let is_accepted = accepted.is_ok_and(|accepted| accepted.is_done);
            assert_ne!(
                is_published, is_accepted,
                "what was offered was not what was taken"
            );
            let events = registry.store().events("tents", 2).await.unwrap();
            let kinds: Vec<_> = events.iter().map(|event| event.kind.as_str()).collect();
            if is_accepted {
                assert_eq!(kinds[0], "TRANSFERRED");
                (owner, receiver) = (receiver, owner);
            } else {
                assert_eq!(kinds, ["OFFER_CANCELLED", "PUBLISHED"]);
            }
            let source = registry.store().find_source("tents").await.unwrap();
            assert_eq!(source.unwrap().entity, entities[owner]);
        }
    })
    .await;
}

#[tokio::test]
async fn an_invented_entity_changes_nothing() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let invented = principal("MADE_UP");
        let request = adding("tents", BEDS);
        for outcome in [
            registry.check(&invented, &request).await.map(|_| ()),
            registry.publish(&invented, &request).await.map(|_| ()),
            registry.rollback(&invented, 1, None).await.map(|_| ()),
            registry
                .accept_transfer(&invented, "tents")
                .await
                .map(|_| ()),
        ] {
            let Err(RegistryError::Forbidden(text)) = outcome else {
                panic!("{outcome:?}");
            };
            assert!(text.contains("registry.entities"), "{text}");
        }
        assert!(registry.store().sources().await.unwrap().is_empty());
        let directory = "INSERT INTO organisations (record_key) VALUES ('MADE_UP')";
        database.write.execute_unprepared(directory).await.unwrap();
        let listed = registry.publish(&invented, &request).await.unwrap();
        assert!(listed.published.is_some());
    })
    .await;
}

#[tokio::test]
async fn a_source_handed_over_brings_no_consent_for_what_the_receiver_has() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let (partner, reviews) = (principal("PARTNER"), principal("REVIEWS"));
        // It declares a key of REVIEWS, which makes it none of its own.
        let bait = format!(
            "{LINK}\ntype Situation @key(fields: \"id\", resolvable: false) {{ id: ID! }}\n\
             type Query {{ bait: Situation @tag(name: \"unclassified\") }}"
        );
        let request = PublishRequest {
            sdl: Some(bait),
            ..adding("bait", BEDS)
        };
        let published = registry.publish(&partner, &request).await.unwrap();
        assert!(
            published.published.is_some(),
            "{:?}",
            published.checked.report
        );
        registry
            .transfer(&partner, "bait", "REVIEWS")
            .await
            .unwrap();
        let to_itself = granting("Situation.id", "tents", "planning");
        let outcome = registry.grant(&partner, to_itself).await;
        assert!(
            matches!(outcome, Err(RegistryError::BadInput(_))),
            "{outcome:?}"
        );
        let to_another = GrantRequest {
            to: Some("OTHER".to_owned()),
            ..granting("Situation.id", "tents", "planning")
        };
        registry.grant(&partner, to_another).await.unwrap();
        let accepted = registry.accept_transfer(&reviews, "bait").await.unwrap();
        assert!(accepted.is_done, "{:?}", accepted.report);
        let consents = registry.store().consents("tents").await.unwrap();
        assert!(
            consents
                .iter()
                .all(|consent| consent.granted_by != "REVIEWS"),
            "{consents:?}"
        );
    })
    .await;
}

#[tokio::test]
async fn an_entitys_changes_are_made_in_the_order_in_which_they_came() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let partner = principal("PARTNER");
        registry
            .publish(&partner, &adding("tents", BEDS))
            .await
            .unwrap();
        let number = registry.store().newest_number().await.unwrap();
        for _ in 0..4 {
            let (retired, back) = futures::join!(
                registry.retire(&partner, "tents", Some("test")),
                registry.rollback(&partner, number, Some("test")),
            );
            assert!(retired.unwrap().is_done);
            assert!(back.unwrap().is_done);
            assert!(
                serves(&registry, "beds: Int").await,
                "the retirement came last"
            );
        }
    })
    .await;
}
