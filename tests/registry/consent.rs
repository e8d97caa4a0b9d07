//! A classified field of another is read with leave, and no longer than that.

use std::sync::Arc;

use entities::terms::SupergraphCause;
use upfront::registry::{
    report::ReportedChange,
    service::{GrantRequest, RegistryError, WithdrawRequest},
    state::{Act, Denial, Refused, Rules, State, decide},
};

use crate::{
    registry::support::{
        BEDS, COTS, adding, embedded, expelled, granting, principal, registry, registry_over,
        serves, withdrawing,
    },
    support::database::on_each_database,
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
            let request = granting(coordinate, "tents", "joint work");
            let outcome = registry.grant(grantor, request).await;
            assert!(
                matches!(outcome, Err(RegistryError::NotFound(_))),
                "{outcome:?}"
            );
        }
        let without_reason = granting(status, "tents", " ");
        assert!(registry.grant(&reviews, without_reason).await.is_err());
        for reason in ["joint work", "said twice"] {
            let request = granting(status, "tents", reason);
            registry.grant(&reviews, request).await.unwrap();
        }
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

        let outcome = registry
            .withdraw(&partner, withdrawing(status, "tents"))
            .await;
        assert!(matches!(outcome, Err(RegistryError::NotFound(_))));
        let tried = WithdrawRequest {
            is_dry_run: true,
            ..withdrawing(status, "tents")
        };
        let would = registry.withdraw(&reviews, tried).await.unwrap();
        assert_eq!(expelled(&would.report), ["tents"]);
        assert!(!would.is_done && would.published.is_none());
        let lost = |change: &ReportedChange| change.coordinate == "Situation.outlook";
        assert!(would.report.changes.iter().any(lost), "{would:?}");
        assert!(serves(&registry, "outlook: String").await);
        let reasoned = WithdrawRequest {
            reason: Some("the plan is over".to_owned()),
            ..withdrawing(status, "tents")
        };
        let withdrawn = registry.withdraw(&reviews, reasoned).await.unwrap();
        assert_eq!(expelled(&withdrawn.report), ["tents"]);
        let events = registry.store().events("tents", 2).await.unwrap();
        assert_eq!(
            events[1].detail.as_deref(),
            Some("Situation.status: the plan is over")
        );
        let supergraph = withdrawn.published.unwrap().supergraph;
        assert_eq!(supergraph.cause, SupergraphCause::Expel);
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
        // Even before it is written down.
        assert!(!serves(&upgraded, "slogan: String").await);
        upgraded.record_start().await.unwrap();
        assert!(!serves(&upgraded, "slogan: String").await);
        let events = upgraded.store().events("tents", 1).await.unwrap();
        assert_eq!(events[0].kind, "EXPELLED");
    })
    .await;
}

#[tokio::test]
async fn the_end_of_a_consent_takes_along_who_depends_on_the_reader() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let (partner, other, reviews) = (
            principal("PARTNER"),
            principal("OTHER"),
            principal("REVIEWS"),
        );
        let status = "Situation.status";
        let request = granting(status, "tents", "joint work");
        registry.grant(&reviews, request).await.unwrap();
        let published = |published: Option<_>| assert!(published.is_some());
        let first = registry.publish(&partner, &adding("tents", OUTLOOK)).await;
        published(first.unwrap().published);
        // A third source that does not compose without the reader, a fourth that needs the third, and
        // two that need neither.
        let leaning = "outlook: String @external \
            mood: String @requires(fields: \"outlook\") \
            @requiresScopes(scopes: [[\"clearance:confidential\"]])";
        let consent = GrantRequest {
            to: Some("OTHER".to_owned()),
            ..granting("Situation.outlook", "moods", "joint work")
        };
        registry.grant(&partner, consent).await.unwrap();
        let moods = registry.publish(&other, &adding("moods", leaning)).await;
        let moods = moods.unwrap();
        assert!(moods.published.is_some(), "{:?}", moods.checked.report);
        let second = leaning
            .replace("outlook", "mood")
            .replace("mood: String @requires", "temper: String @requires");
        let tempers = registry.publish(&other, &adding("tempers", &second)).await;
        let tempers = tempers.unwrap();
        assert!(tempers.published.is_some(), "{:?}", tempers.checked.report);
        for (name, field) in [("food", BEDS), ("water", COTS)] {
            let publication = registry.publish(&other, &adding(name, field)).await;
            published(publication.unwrap().published);
        }

        let withdrawn = registry
            .withdraw(&reviews, withdrawing(status, "tents"))
            .await
            .unwrap();
        let mut names = expelled(&withdrawn.report);
        names.sort();
        assert_eq!(names, ["moods", "tempers", "tents"]);
        for gone in ["outlook", "mood", "temper"] {
            assert!(
                !serves(&registry, &format!("{gone}: String")).await,
                "{gone}"
            );
        }
        for stays in ["beds: Int", "cots: Int"] {
            assert!(serves(&registry, stays).await, "{stays}");
        }
        for name in ["tents", "moods", "tempers"] {
            let events = registry.store().events(name, 5).await.unwrap();
            assert!(
                events.iter().any(|event| event.kind == "EXPELLED"),
                "{events:?}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn a_consent_names_whose_source_it_is_for() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let (partner, other, reviews) = (
            principal("PARTNER"),
            principal("OTHER"),
            principal("REVIEWS"),
        );
        let status = "Situation.status";
        let unnamed = GrantRequest {
            to: None,
            ..granting(status, "tents", "joint work")
        };
        let outcome = registry.grant(&reviews, unnamed.clone()).await;
        assert!(
            matches!(outcome, Err(RegistryError::BadInput(_))),
            "{outcome:?}"
        );
        let request = granting(status, "tents", "joint work");
        registry.grant(&reviews, request).await.unwrap();
        let listed = |who: &str| {
            let (registry, principal) = (Arc::clone(&registry), principal(who));
            async move {
                let consents = registry.consents_of(&principal).await.unwrap();
                let shown = consents.into_iter().map(|each| {
                    let row = each.row;
                    (
                        row.coordinate,
                        row.source_name,
                        row.granted_to,
                        each.is_in_force,
                    )
                });
                shown.collect::<Vec<_>>()
            }
        };
        let consent = |is_in_force| {
            let [coordinate, source, to] = [status, "tents", "PARTNER"].map(str::to_owned);
            vec![(coordinate, source, to, is_in_force)]
        };
        assert_eq!(listed("REVIEWS").await, consent(false));
        assert_eq!(listed("PARTNER").await, consent(false));
        assert_eq!(listed("OTHER").await, []);
        // Whoever takes the name first does not get the consent with it.
        let taken = registry
            .publish(&other, &adding("tents", OUTLOOK))
            .await
            .unwrap();
        assert_eq!(
            taken.checked.report.refusals[0].code,
            "REQUIRES_WITHOUT_CONSENT"
        );

        let published = registry.publish(&partner, &adding("tents", OUTLOOK)).await;
        assert!(published.unwrap().published.is_some());
        assert_eq!(listed("REVIEWS").await, consent(true));
        registry.grant(&reviews, unnamed).await.unwrap();
        let elsewhere = GrantRequest {
            to: Some("OTHER".to_owned()),
            ..granting(status, "tents", "joint work")
        };
        let outcome = registry.grant(&reviews, elsewhere).await;
        let Err(RegistryError::BadInput(message)) = outcome else {
            panic!("{outcome:?}");
        };
        assert!(message.contains("is a source of PARTNER"), "{message}");
        assert_eq!(registry.store().consents("tents").await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_rollback_expels_in_the_same_step() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let (partner, other) = (principal("PARTNER"), principal("OTHER"));
        let closed = "beds: Int @requiresScopes(scopes: [[\"clearance:confidential\"]])";
        registry
            .publish(&partner, &adding("tents", closed))
            .await
            .unwrap();
        registry
            .publish(&partner, &adding("tents", BEDS))
            .await
            .unwrap();
        let reads = "beds: Int @external \
            places: Int @requires(fields: \"beds\") @tag(name: \"unclassified\")";
        let huts = registry
            .publish(&other, &adding("huts", reads))
            .await
            .unwrap();
        assert!(huts.published.is_some(), "{:?}", huts.checked.report);
        let number = registry.store().newest_number().await.unwrap();

        // To before the reader came it may not go: that would be another's to decide.
        assert!(registry.rollback(&partner, 1, None).await.is_err());
        let again = adding("tents", closed);
        let mut again = again;
        again.allow_breaking = Some("more sensitive than thought".to_owned());
        let checked = registry.check(&partner, &again).await.unwrap();
        assert_eq!(expelled(&checked.report), ["huts"]);
        assert!(
            serves(&registry, "places: Int").await,
            "a check changes nothing"
        );
        let publication = registry.publish(&partner, &again).await.unwrap();
        assert_eq!(expelled(&publication.checked.report), ["huts"]);
        // One supergraph, in which the reader is not served any more: none with both was stored.
        assert_eq!(publication.published.unwrap().supergraph.number, number + 1);
        assert_eq!(registry.store().newest_number().await.unwrap(), number + 1);
        assert!(!serves(&registry, "places: Int").await);
    })
    .await;
}

#[tokio::test]
async fn a_change_goes_on_without_whoever_asked_for_it() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let (partner, reviews) = (principal("PARTNER"), principal("REVIEWS"));
        let request = granting("Situation.status", "tents", "joint work");
        registry.grant(&reviews, request).await.unwrap();
        registry
            .publish(&partner, &adding("tents", OUTLOOK))
            .await
            .unwrap();
        let asked = registry.withdraw(&reviews, withdrawing("Situation.status", "tents"));
        let gone = tokio::time::timeout(std::time::Duration::from_millis(2), asked).await;
        assert!(gone.is_err(), "it was quicker than the client could leave");
        registry.finish().await;
        assert!(!serves(&registry, "outlook: String").await);
        let events = registry.store().events("tents", 2).await.unwrap();
        let kinds: Vec<_> = events.iter().map(|event| event.kind.as_str()).collect();
        assert_eq!(kinds, ["EXPELLED", "CONSENT_WITHDRAWN"]);
    })
    .await;
}

#[test]
fn an_entitys_consents_are_bounded() {
    let mut state = State {
        embedded: embedded(),
        ..State::default()
    };
    let grant = |number: usize| Act::Grant {
        coordinate: "Situation.status".to_owned(),
        source: format!("tents{number}"),
        to: Some("PARTNER".to_owned()),
        reason: "joint work".to_owned(),
    };
    let checks = Rules::default();
    let refused =
        (0..).find_map(
            |number| match decide(&state, "REVIEWS", &grant(number), &checks) {
                Ok(decision) => {
                    state = decision.after;
                    None
                }
                Err(refused) => Some((number, refused)),
            },
        );
    let Some((1_000, Refused::Denied(Denial::BadInput(message)))) = refused else {
        panic!("{refused:?}");
    };
    assert!(message.contains("upfront source consents"), "{message}");
    // One that is given already changes nothing.
    assert!(decide(&state, "REVIEWS", &grant(7), &checks).is_ok());
}
