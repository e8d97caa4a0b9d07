//! Checks and publications.

use std::sync::Arc;

use entities::terms::{CheckOutcome, SourceKind, SupergraphCause};
use upfront::{
    auth::Principal,
    registry::{level::Level, service::RegistryError},
};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers};

use crate::{
    registry::support::{
        BEDS, COTS, adding, granting, principal, publish, registry, serves, withdrawing, written,
    },
    support::database::on_each_database,
};

#[tokio::test]
async fn subscriptions_stay_out_and_that_is_said() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let partner = principal("PARTNER");
        let types = "type Query { huts: Int OPEN } type Subscription { opened: Int }";
        let request = written("huts", types);
        let publication = publish(&registry, &partner, &request).await;
        let said = &publication.checked.report.diagnostics;
        let mut left_out = said.iter().filter(|each| each["code"] == "LEFT_OUT");
        let sentence = left_out.next().map(|each| &each["message"]);
        assert_eq!(
            sentence.and_then(|sentence| sentence.as_str()),
            Some("Left out are subscriptions: `opened`.")
        );
        assert!(serves(&registry, "huts: Int").await);
        assert!(!serves(&registry, "type Subscription").await);
        let again = registry.publish(&partner, &request).await.unwrap();
        assert!(again.is_unchanged);
    })
    .await;
}

#[tokio::test]
async fn a_publication_is_stored_and_served() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        registry.record_start().await.unwrap();
        let partner = principal("PARTNER");
        let publication = registry
            .publish(&partner, &adding("tents", BEDS))
            .await
            .unwrap();
        let published = publication.published.expect("nothing stands against it");
        assert_eq!(published.supergraph.number, 2);
        assert_eq!(published.supergraph.cause, SupergraphCause::Publish);
        let version = published.version.unwrap();
        assert_eq!(
            (version.number, version.published_by.as_str()),
            (1, "PARTNER")
        );
        assert_eq!(*registry.changes().borrow(), 2);

        let served = registry.served().await.unwrap();
        assert_eq!(served.number, 2);
        assert_eq!(served.registered.len(), 1);
        assert_eq!(served.registered[0].name, "tents");
        assert!(served.supergraph_sdl.contains("beds: Int"));

        // Another process reads the same.
        let other = crate::registry::support::registry(&database);
        assert!(serves(&other, "beds: Int").await);

        let again = registry
            .publish(&partner, &adding("tents", BEDS))
            .await
            .unwrap();
        assert!(again.is_unchanged && again.published.is_none());
        let second = format!("{BEDS} {COTS}");
        let second = registry
            .publish(&partner, &adding("tents", &second))
            .await
            .unwrap();
        assert_eq!(second.published.unwrap().version.unwrap().number, 2);
        assert_eq!(registry.store().checks("tents", 10).await.unwrap().len(), 3);
    })
    .await;
}

#[tokio::test]
async fn what_is_refused_changes_nothing() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let partner = principal("PARTNER");
        let wrong = [
            ("LEVEL_MISSING", adding("tents", "beds: Int")),
            (
                "NON_NULL_ON_FOREIGN",
                adding("tents", "beds: Int! @tag(name: \"unclassified\")"),
            ),
            ("SDL_UNREADABLE", adding("tents", "beds: Nothing")),
            ("NAME_RESERVED", adding("ohchr", BEDS)),
            ("NAME_RESERVED", adding("registry", BEDS)),
            ("NAME_INVALID", adding("Tents!", BEDS)),
        ];
        for (code, request) in wrong {
            let publication = registry.publish(&partner, &request).await.unwrap();
            assert!(publication.published.is_none(), "{code}");
            let report = publication.checked.report;
            assert!(
                report.refusals.iter().any(|refusal| refusal.code == code),
                "{report:?}"
            );
            assert_eq!(publication.checked.check.outcome, CheckOutcome::Refused);
            assert!(
                report
                    .refusals
                    .iter()
                    .all(|refusal| !refusal.help.is_empty())
            );
        }
        assert_eq!(registry.store().newest_number().await.unwrap(), 0);
        assert!(registry.store().sources().await.unwrap().is_empty());
        assert!(!serves(&registry, "beds").await);
    })
    .await;
}

#[tokio::test]
async fn a_check_changes_nothing() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let checked = registry
            .check(&principal("PARTNER"), &adding("tents", BEDS))
            .await
            .unwrap();
        assert_eq!(checked.check.outcome, CheckOutcome::Passed);
        assert_eq!(checked.report.change_count, 1);
        assert_eq!(checked.report.changes[0].coordinate, "Situation.beds");
        assert_eq!(registry.store().newest_number().await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn urls_are_guarded() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        for url in [
            "https://elsewhere.example/graphql",
            "http://graph.partner.example/graphql",
            "https://169.254.169.254/latest",
            "https://localhost/graphql",
            "https://2130706433/graphql",
            "file:///etc/passwd",
            "https://user:secret@graph.partner.example/graphql",
        ] {
            let mut request = adding("tents", BEDS);
            request.url = url.to_owned();
            let publication = registry
                .publish(&principal("PARTNER"), &request)
                .await
                .unwrap();
            assert!(publication.published.is_none(), "{url}");
            let refusals = publication.checked.report.refusals;
            assert_eq!(refusals[0].code, "URL_REFUSED", "{url}");
            assert!(!refusals[0].message.contains("secret"));
        }
    })
    .await;
}

#[tokio::test]
async fn urls_are_written_without_characters_that_parsing_leaves_out() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        for (url, what) in [
            (
                "http://127.0.0.1:4120/gr\naph",
                "control character (U+000A) as its character 25",
            ),
            (
                "http://127.0.0.1:4120/gr\taph",
                "control character (U+0009)",
            ),
            ("http://127.0.0.1/\u{1b}[31m", "control character (U+001B)"),
            ("http://127.0.0.1/x\r\nX: y", "control character (U+000D)"),
            (
                "http://127.0.0.1/x y",
                "white space (U+0020) as its character 19",
            ),
            (
                " http://127.0.0.1/",
                "white space (U+0020) as its character 1;",
            ),
            (
                "http://127.0.0.1\\@evil/",
                "a backslash (U+005C) as its character 17",
            ),
            ("http://127.0.0.1/\u{202e}x", "invisible character (U+202E)"),
            ("http://127.0.0.1/\u{a0}", "white space (U+00A0)"),
        ] {
            let mut request = adding("tents", BEDS);
            request.url = url.to_owned();
            let publication = registry.publish(&principal("PARTNER"), &request).await;
            let publication = publication.unwrap();
            assert!(publication.published.is_none(), "{url:?}");
            let refusal = &publication.checked.report.refusals[0];
            assert_eq!(refusal.code, "URL_REFUSED", "{url:?}");
            assert!(refusal.message.contains(what), "{}", refusal.message);
            assert!(!refusal.message.contains(url), "it is not told back");
        }
    })
    .await;
}

#[tokio::test]
async fn a_prefix_is_nobody_elses_name() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let (partner, other) = (principal("PARTNER"), principal("OTHER"));
        let plain = |name: &str, prefix: &str| {
            let mut request = adding(name, BEDS);
            request.sdl = Some("type Query { price: Int }".to_owned());
            request.kind = SourceKind::Plain;
            request.prefix = Some(prefix.to_owned());
            request.default_level = Some(Level::Unclassified);
            request
        };
        registry
            .publish(&other, &adding("tents", BEDS))
            .await
            .unwrap();
        let food = registry.publish(&other, &plain("prices", "food")).await;
        assert!(food.unwrap().published.is_some());
        for (prefix, code) in [
            ("ohchr", "NAME_RESERVED"),
            ("upfront", "NAME_RESERVED"),
            ("tents", "NAME_TAKEN"),
            ("food", "NAME_TAKEN"),
        ] {
            let refused = registry.publish(&partner, &plain("shop", prefix)).await;
            let refused = refused.unwrap();
            assert!(refused.published.is_none(), "{prefix}");
            let refusals = refused.checked.report.refusals;
            assert_eq!(refusals[0].code, code, "{prefix}");
        }
        let shop = registry.publish(&partner, &plain("shop", "shop")).await;
        assert!(shop.unwrap().published.is_some());
    })
    .await;
}

#[tokio::test]
async fn only_with_the_scope_and_in_the_name_of_an_entity() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let without_scope = Principal {
            entity: Some("PARTNER".to_owned()),
            ..Principal::default()
        };
        for principal in [Principal::default(), without_scope] {
            let request = adding("tents", BEDS);
            for outcome in [
                registry.check(&principal, &request).await.map(|_| ()),
                registry.publish(&principal, &request).await.map(|_| ()),
                registry.retire(&principal, "tents", None).await.map(|_| ()),
                registry.transfer(&principal, "tents", "OTHER").await,
                registry.rollback(&principal, 1, None).await.map(|_| ()),
                registry
                    .accept_transfer(&principal, "tents")
                    .await
                    .map(|_| ()),
                registry.cancel_transfer(&principal, "tents").await,
                registry
                    .grant(&principal, granting("Situation.status", "tents", "x"))
                    .await,
                registry
                    .withdraw(&principal, withdrawing("Situation.status", "tents"))
                    .await
                    .map(|_| ()),
            ] {
                assert!(
                    matches!(outcome, Err(RegistryError::Forbidden(_))),
                    "{outcome:?}"
                );
            }
        }
    })
    .await;
}

#[tokio::test]
async fn publications_at_once_all_get_in() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let publications = (0..4).map(|turn| {
            let registry = Arc::clone(&registry);
            tokio::spawn(async move {
                let field = format!("f{turn}: Int @tag(name: \"unclassified\")");
                let request = adding(&format!("source{turn}"), &field);
                registry
                    .publish(&principal(&format!("E{turn}")), &request)
                    .await
            })
        });
        for publication in futures::future::join_all(publications).await {
            assert!(publication.unwrap().unwrap().published.is_some());
        }
        let served = registry.served().await.unwrap();
        assert_eq!(served.registered.len(), 4);
        for turn in 0..4 {
            assert!(served.supergraph_sdl.contains(&format!("f{turn}: Int")));
        }
    })
    .await;
}

#[tokio::test]
async fn without_sdl_the_source_is_asked() {
    on_each_database(|database| async move {
        let server = MockServer::start().await;
        let sdl = adding("tents", "beds: Int").sdl;
        Mock::given(matchers::body_string_contains("_service"))
            .respond_with(ResponseTemplate::new(200).set_body_json(serde_json::json!({
                "data": { "_service": { "sdl": sdl } }
            })))
            .mount(&server)
            .await;
        let registry = registry(&database);
        let mut request = adding("tents", BEDS);
        request.sdl = None;
        request.url = server.uri();
        request.default_level = Some(Level::Confidential);
        let publication = registry
            .publish(&principal("PARTNER"), &request)
            .await
            .unwrap();
        let version = publication.published.unwrap().version.unwrap();
        assert!(
            version.sdl.contains("beds: Int @requiresScopes"),
            "{}",
            version.sdl
        );

        server.reset().await;
        Mock::given(matchers::any())
            .respond_with(
                ResponseTemplate::new(302).insert_header("location", "http://127.0.0.1:1/"),
            )
            .mount(&server)
            .await;
        let error = registry
            .check(&principal("PARTNER"), &request)
            .await
            .unwrap_err();
        assert!(error.to_string().contains("redirect"), "{error}");
    })
    .await;
}
