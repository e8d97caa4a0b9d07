//! What a source had is its entity's still after the source was removed, and not after it was
//! retired.

use std::sync::Arc;

use upfront::{
    auth::Principal,
    registry::service::{Publication, PublishRequest, Registry},
};

use crate::{
    database::on_each_database,
    support::{LINK, adding, granting, principal, registry, withdrawing},
};

const OPEN: &str = "@tag(name: \"unclassified\")";
const READS: &str = "type Situation @key(fields: \"id\") { id: ID! status: String @external \
    n: Int @requires(fields: \"status\") @requiresScopes(scopes: [[\"clearance:confidential\"]]) }";

/// A source with definitions, where `OPEN` stands for the lowest level.
fn written(name: &str, types: &str) -> PublishRequest {
    let mut request = adding(name, "");
    request.sdl = Some(format!("{LINK}\n{}", types.replace("OPEN", OPEN)));
    request
}

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

async fn publish(
    registry: &Arc<Registry>,
    by: &Principal,
    request: &PublishRequest,
) -> Publication {
    let publication = registry.publish(by, request).await.unwrap();
    let report = &publication.checked.report;
    assert!(publication.published.is_some(), "{report:?}");
    publication
}

/// PARTNER has `Camp`, and OTHER adds to it. Then PARTNER's source is removed, since a consent is
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
    assert_eq!(withdrawn.report.left, ["camps"]);
    (partner, other)
}

#[tokio::test]
async fn who_was_removed_returns_as_the_owner() {
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
async fn who_was_removed_is_not_kept_out_by_a_copy() {
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
        assert_eq!(publication.checked.report.left, ["water"]);
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
