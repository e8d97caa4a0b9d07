//! What a source had is its entity's still after the source was expelled, and not after it was
//! retired; what an entity has had counts for all its sources.

use std::sync::Arc;

use upfront::{
    auth::Principal,
    registry::{
        service::{PublishRequest, Registry},
        state::{Act, Checks, Rules, Source, State, Version, decide},
    },
};

use crate::{
    registry::support::{
        because, embedded, expelled, granting, principal, publish, registry, withdrawing, written,
    },
    support::database::on_each_database,
};

const READS: &str = "type Situation @key(fields: \"id\") { id: ID! status: String @external \
    n: Int @requires(fields: \"status\") @requiresScopes(scopes: [[\"clearance:confidential\"]]) }";

fn camp(name: &str, fields: &str) -> PublishRequest {
    let camp = format!("type Camp @key(fields: \"id\") {{ id: ID! OPEN {fields} }}");
    written(name, &camp)
}

/// The codes of what stands against it.
async fn refusals(
    registry: &Arc<Registry>,
    by: &Principal,
    request: &PublishRequest,
) -> Vec<String> {
    let publication = registry.publish(by, request).await.unwrap();
    let report = publication.checked.report;
    let codes: Vec<_> = report.refusals.into_iter().map(|each| each.code).collect();
    assert_eq!(codes.is_empty(), publication.published.is_some());
    codes
}

/// PARTNER has `Camp`, and OTHER adds to it. Then PARTNER's source is expelled, since a consent is
/// withdrawn that it needs.
async fn removed(registry: &Arc<Registry>) -> (Principal, Principal) {
    let (partner, other) = (principal("PARTNER"), principal("OTHER"));
    let reviews = principal("REVIEWS");
    let status = "Situation.status";
    registry
        .grant(&reviews, granting(status, "camps", "joint work"))
        .await
        .unwrap();
    let mut camps = camp("camps", "name: String! OPEN");
    camps.sdl = Some(format!("{}\n{READS}", camps.sdl.unwrap()));
    publish(registry, &partner, &camps).await;
    publish(registry, &other, &camp("water", "wells: Int OPEN")).await;
    let withdrawn = registry
        .withdraw(&reviews, withdrawing(status, "camps"))
        .await
        .unwrap();
    assert_eq!(expelled(&withdrawn.report), ["camps"]);
    (partner, other)
}

#[tokio::test]
async fn who_was_expelled_returns_as_the_owner() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let (partner, other) = removed(&registry).await;
        // What others add meanwhile gives them nothing.
        let more = "wells: Int OPEN pumps: Int OPEN";
        publish(&registry, &other, &camp("water", more)).await;
        let back = "name: String! OPEN beds: Int! OPEN";
        publish(&registry, &partner, &camp("camps", back)).await;
        let adding = camp("water", "wells: Int OPEN taps: Int! OPEN");
        let codes = refusals(&registry, &other, &adding).await;
        assert_eq!(codes[0], "NON_NULL_ON_FOREIGN");
    })
    .await;
}

#[tokio::test]
async fn who_was_expelled_is_not_kept_out_by_a_copy() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let (partner, other) = removed(&registry).await;
        let squatting = camp("water", "wells: Int OPEN name: Int OPEN");
        publish(&registry, &other, &squatting).await;
        let mut back = camp("camps", "name: String! OPEN");
        let codes = refusals(&registry, &partner, &back).await;
        assert_eq!(codes, ["BREAKING_WITHOUT_REASON"]);
        back.allow_breaking = Some("`name` is ours".to_owned());
        let publication = publish(&registry, &partner, &back).await;
        assert_eq!(expelled(&publication.checked.report), ["water"]);
    })
    .await;
}

#[tokio::test]
async fn who_retired_gave_it_up() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let (partner, other) = (principal("PARTNER"), principal("OTHER"));
        publish(&registry, &partner, &camp("camps", "name: String! OPEN")).await;
        publish(&registry, &other, &camp("water", "wells: Int OPEN")).await;
        registry
            .retire(&partner, "camps", Some("no longer kept"))
            .await
            .unwrap();
        let back = camp("camps", "name: String! OPEN");
        let codes = refusals(&registry, &partner, &back).await;
        assert_eq!(codes[0], "NON_NULL_ON_FOREIGN");
    })
    .await;
}

#[tokio::test]
async fn who_registered_early_owns_nothing_that_came_before_its_element() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let (partner, other) = (principal("PARTNER"), principal("OTHER"));
        publish(&registry, &other, &written("early", "type Query { early: Int OPEN }")).await;
        publish(&registry, &partner, &camp("camps", "name: String! OPEN")).await;
        let adding = "type Query { early: Int OPEN } \
            type Camp @key(fields: \"id\") { id: ID! OPEN wells: Int OPEN a: Int OPEN b: Int OPEN }";
        publish(&registry, &other, &written("early", adding)).await;
        publish(&registry, &partner, &camp("camps", "name: String! OPEN beds: Int! OPEN")).await;
    })
    .await;
}

#[tokio::test]
async fn who_took_its_own_source_out_gave_it_up() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let (partner, other) = (principal("PARTNER"), principal("OTHER"));
        let base = "type Query { bases: [Base] OPEN } \
            type Base @key(fields: \"id\") { id: ID! OPEN x: Int OPEN }";
        let camps = "type Base @key(fields: \"id\") { id: ID! x: Int @external \
            y: Int @requires(fields: \"x\") OPEN } \
            type Camp @key(fields: \"id\") { id: ID! OPEN name: String! OPEN }";
        publish(&registry, &partner, &written("base", base)).await;
        publish(&registry, &partner, &written("camps", camps)).await;
        let retired = registry.retire(&partner, "base", Some("moved")).await;
        assert_eq!(expelled(&retired.unwrap().report), ["camps"]);
        publish(&registry, &other, &camp("theirs", "name: Int OPEN")).await;
        publish(&registry, &partner, &written("base", base)).await;
        let mut back = written("camps", camps);
        back.allow_breaking = Some("`name` is ours".to_owned());
        assert!(!refusals(&registry, &partner, &back).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn who_was_expelled_may_give_it_up() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let (partner, _) = removed(&registry).await;
        let given_up = registry.retire(&partner, "camps", None).await.unwrap();
        assert!(given_up.is_done && given_up.published.is_none());
        let back = camp("camps", "name: String! OPEN");
        let codes = refusals(&registry, &partner, &back).await;
        assert_eq!(codes, ["NON_NULL_ON_FOREIGN"]);
        registry.retire(&partner, "camps", None).await.unwrap_err();
    })
    .await;
}

#[tokio::test]
async fn what_an_entity_moves_between_its_sources_keeps_its_age() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let (partner, other) = (principal("PARTNER"), principal("OTHER"));
        publish(&registry, &partner, &camp("camps", "beds: Int OPEN")).await;
        publish(&registry, &other, &camp("water", "wells: Int OPEN")).await;
        let moved = camp("halls", "beds: Int @shareable OPEN");
        let shared = camp("camps", "beds: Int @shareable OPEN");
        publish(&registry, &partner, &shared).await;
        publish(&registry, &partner, &moved).await;
        registry
            .retire(&partner, "camps", Some("moved"))
            .await
            .unwrap();
        // Its type is PARTNER's still, though `water` is older than `halls`.
        let more = camp("halls", "beds: Int @shareable OPEN rooms: Int! OPEN");
        publish(&registry, &partner, &more).await;
    })
    .await;
}

#[tokio::test]
async fn the_next_source_of_an_owner_has_what_the_entity_has_had() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let (partner, other) = (principal("PARTNER"), principal("OTHER"));
        let kind = "enum Kind @tag(name: \"x\") { P Q }";
        let own = format!("{kind} type Query {{ kind: Kind OPEN }}");
        publish(&registry, &partner, &camp("camps", "name: String OPEN")).await;
        publish(&registry, &partner, &written("kinds", &own)).await;
        publish(&registry, &other, &camp("water", "wells: Int OPEN")).await;
        let copy = "enum Kind { P Q } type Query { copied: Kind OPEN }";
        publish(&registry, &other, &written("copies", copy)).await;
        // They are PARTNER's in its next source as well, though others named them before that came.
        publish(&registry, &partner, &camp("halls", "rooms: Int! OPEN")).await;
        let again = format!("{kind} type Query {{ again: Kind OPEN }}");
        publish(&registry, &partner, &written("more", &again)).await;
    })
    .await;
}

#[tokio::test]
async fn a_giver_keeps_what_its_other_sources_have_as_well() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let (partner, other) = (principal("PARTNER"), principal("OTHER"));
        let kind = "enum Kind @tag(name: \"x\") { P Q }";
        let first = format!("{kind} type Query {{ first: Kind OPEN }}");
        let second = format!("{kind} type Query {{ second: Kind OPEN }}");
        // The older of the two is handed over.
        publish(&registry, &partner, &written("given", &first)).await;
        publish(&registry, &partner, &written("kept", &second)).await;
        registry.transfer(&partner, "given", "OTHER").await.unwrap();
        registry.accept_transfer(&other, "given").await.unwrap();
        let marked = first.replace("{ P Q }", "@tag(name: \"y\") { P Q }");
        let codes = refusals(&registry, &other, &written("given", &marked)).await;
        assert!(codes.contains(&"MARK_ON_FOREIGN".to_owned()), "{codes:?}");
        let marked = second.replace("{ P Q }", "@tag(name: \"y\") { P Q }");
        publish(&registry, &partner, &written("kept", &marked)).await;
    })
    .await;
}

#[tokio::test]
async fn a_rollback_changes_nothing_that_is_anothers_by_now() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let (partner, other) = (principal("PARTNER"), principal("OTHER"));
        let with = "interface Named { name: String OPEN } \
            type Person implements Named @key(fields: \"id\") { id: ID! OPEN name: String CLOSED } \
            type Query { persons: [Person] OPEN }";
        publish(&registry, &partner, &written("persons", with)).await;
        let theirs = "interface Named { name: String OPEN } \
            type Boss implements Named { name: String OPEN } type Query { bosses: [Named] OPEN }";
        let then = publish(&registry, &other, &written("bosses", theirs)).await;
        let without = because(written("persons", "type Query { persons: Int OPEN }"));
        publish(&registry, &partner, &without).await;
        let number = then.published.unwrap().supergraph.number;
        let change = registry.rollback(&partner, number, None).await.unwrap();
        assert!(!change.is_done);
        let codes = change.report.refusals.iter().map(|each| each.code.as_str());
        assert!(
            codes.clone().any(|code| code == "BREAKS_FOREIGN"),
            "{:?}",
            change.report
        );
    })
    .await;
}

/// With its only source retired PARTNER has nothing of its own any more.
#[tokio::test]
async fn who_gave_all_up_returns_as_a_stranger() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let (partner, other) = (principal("PARTNER"), principal("OTHER"));
        let mine = "type Size @shareable { a: Int OPEN } type Query { mine: Size OPEN }";
        publish(&registry, &partner, &written("mine", mine)).await;
        let theirs = "type Size @shareable { a: Int! OPEN } type Query { theirs: Size OPEN }";
        let then = publish(&registry, &other, &written("theirs", theirs)).await;
        let number = then.published.unwrap().supergraph.number;
        registry
            .retire(&partner, "mine", Some("moved"))
            .await
            .unwrap();
        let change = registry.rollback(&partner, number, None).await.unwrap();
        assert!(!change.is_done, "it would make `Size.a` nullable");
    })
    .await;
}

#[tokio::test]
async fn an_entity_is_handed_no_more_than_it_may_publish() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let (partner, other) = (principal("PARTNER"), principal("OTHER"));
        let long = "x".repeat(900_000);
        for name in ["one", "two", "three"] {
            let types = format!("type Query {{ {name}: Int OPEN }}\n# {long}");
            publish(&registry, &partner, &written(name, &types)).await;
            registry.transfer(&partner, name, "OTHER").await.unwrap();
            let accepted = registry.accept_transfer(&other, name).await;
            assert_eq!(accepted.is_ok(), name != "three");
        }
    })
    .await;
}

/// What was served before histories were kept is older than any version, so that owners may classify
/// it.
#[test]
fn a_start_takes_what_has_no_history_for_old() {
    let checks = Rules::default();
    let embedded = embedded();
    let mut state = State {
        supergraph_sdl: checks.compose(&embedded).0,
        embedded,
        number: 7,
        ..State::default()
    };
    let request = camp("camps", "name: String! OPEN");
    let version = Version {
        number: 1,
        kind: request.kind,
        url: request.url,
        sdl: request.sdl.unwrap(),
        given_hash: String::new(),
        prefix: None,
        default_level: None,
        allow_non_null: None,
        allow_breaking: None,
    };
    state.sources = vec![Source {
        name: "camps".to_owned(),
        entity: "PARTNER".to_owned(),
        offered_to: None,
        newest: 1,
        served: Some(version),
        history: None,
    }];
    state.supergraph_sdl = checks.compose(&state.members()).0;
    let started = decide(&state, "UPFRONT", &Act::Start, &checks).unwrap();
    let history = started.after.sources[0].history.as_deref().unwrap();
    assert!(history.since_owned("Camp.name") < Some(0));
    assert_eq!(history.since_version(), started.after.number);
}
