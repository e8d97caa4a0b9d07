//! Who is expelled for a change is who has to do with what clashes.

use std::sync::Arc;

use upfront::registry::service::Registry;

use crate::{
    registry::support::{because, expelled, principal, publish, registry, written},
    support::database::on_each_database,
};

const CAMP: &str =
    "type Camp BY_ID { id: ID! OPEN beds: Int OPEN } type Query { camps: [Camp] OPEN }";

/// A source of an entity that others may depend on, or copy.
async fn have(registry: &Arc<Registry>, entity: &str, name: &str, types: &str) {
    publish(registry, &principal(entity), &written(name, types)).await;
}

#[tokio::test]
async fn an_owner_stays_when_who_brought_another_key_retires() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        have(
            &registry,
            "OTHER",
            "early",
            "type Query { early: Int OPEN }",
        )
        .await;
        have(&registry, "E0", "camps", CAMP).await;
        let codes = "type Camp BY_ID @key(fields: \"code\") { id: ID! code: String OPEN }";
        have(&registry, "PARTNER", "codes", codes).await;
        // One that registered before the owner, and one after.
        let early = "type Query { early: Int OPEN } \
            type Camp @key(fields: \"code\") { code: String OPEN c1: Int OPEN }";
        have(&registry, "OTHER", "early", early).await;
        let late = "type Camp @key(fields: \"code\") { code: String OPEN c2: Int OPEN }";
        have(&registry, "E1", "late", late).await;
        let retired = registry
            .retire(&principal("PARTNER"), "codes", Some("moved"))
            .await;
        let mut names = expelled(&retired.unwrap().report);
        names.sort();
        assert_eq!(names, ["early", "late"]);
    })
    .await;
}

/// Each of two dependents answers the field in the other's place, so that no error goes with one of them.
#[tokio::test]
async fn an_owner_stays_when_dependents_stand_in_for_each_other() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        have(&registry, "E0", "camps", CAMP).await;
        let codes = "type Camp BY_ID @key(fields: \"code\") { id: ID! code: String OPEN }";
        have(&registry, "PARTNER", "codes", codes).await;
        let shared =
            "type Camp @key(fields: \"code\") { code: String OPEN c: Int @shareable OPEN }";
        have(&registry, "OTHER", "one", shared).await;
        have(&registry, "OTHER", "two", shared).await;
        let retired = registry
            .retire(&principal("PARTNER"), "codes", Some("moved"))
            .await;
        let mut names = expelled(&retired.unwrap().report);
        names.sort();
        assert_eq!(names, ["one", "two"]);
    })
    .await;
}

/// Two names in common: a scalar, and a keyed type of OTHER's to which PARTNER added once.
#[tokio::test]
async fn what_is_added_to_anothers_type_makes_its_owner_no_dependent() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let partner = principal("PARTNER");
        have(
            &registry,
            "PARTNER",
            "mine",
            "scalar JSON type Query { mine: JSON OPEN }",
        )
        .await;
        let theirs = "scalar JSON input Near { a: Int } \
            type Camp BY_ID { id: ID! OPEN b: JSON OPEN } \
            type Query { camps(near: Near): [Camp] OPEN }";
        have(&registry, "OTHER", "theirs", theirs).await;
        let adding = "scalar JSON type Query { mine: JSON OPEN } \
            type Camp BY_ID { id: ID! more: Int OPEN }";
        have(&registry, "PARTNER", "mine", adding).await;
        for types in [
            "scalar JSON input Near { a: String } type Query { mine(near: Near): JSON OPEN }",
            "scalar JSON input Near { a: String } type Query { mine(near: Near): JSON OPEN } \
             type Camp BY_ID { id: ID! more: Int OPEN }",
        ] {
            let request = because(written("mine", types));
            let refused = registry.publish(&partner, &request).await.unwrap();
            let report = refused.checked.report;
            let is_refused = refused.published.is_none() && report.expelled.is_empty();
            assert!(is_refused, "{report:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_copy_gives_way_where_it_refers_to_what_its_owner_changes() {
    for (before, after, copy) in [
        (
            "interface Named { name: String OPEN } \
             type Own implements Named { name: String OPEN } type Query { own: Named OPEN }",
            "interface Named { name: String OPEN y: Int OPEN } \
             type Own implements Named { name: String OPEN y: Int OPEN } \
             type Query { own: Named OPEN }",
            "interface Named { name: String OPEN } \
             type Boss implements Named { name: String OPEN } type Query { boss: Named OPEN }",
        ),
        (
            "enum Kind { P Q } type Query { kind(of: Kind): Int OPEN }",
            "enum Kind @inaccessible { P Q } type Query { kind(of: Kind @inaccessible): Int OPEN }",
            "enum Kind { P Q } type Query { copy(of: Kind): Kind OPEN }",
        ),
    ] {
        on_each_database(|database| async move {
            let registry = registry(&database);
            have(&registry, "PARTNER", "owner", before).await;
            have(&registry, "OTHER", "copy", copy).await;
            let changed = publish(&registry, &principal("PARTNER"), &because(linked(after))).await;
            assert_eq!(expelled(&changed.checked.report), ["copy"]);
        })
        .await;
    }
}

fn linked(types: &str) -> upfront::registry::service::PublishRequest {
    let mut request = written("owner", types);
    request.sdl = request
        .sdl
        .map(|sdl| sdl.replace("\"@shareable\"", "\"@shareable\", \"@inaccessible\""));
    request
}

/// PARTNER's copy of OTHER's interface lacks a field, which its own type then lacks too.
#[tokio::test]
async fn a_copied_type_is_no_excuse_for_what_it_refers_to() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let shared = "type Place @shareable { a: Int OPEN } type Query { places: Place OPEN }";
        have(&registry, "PARTNER", "mine", shared).await;
        let theirs = "type Place @shareable { a: Int OPEN } \
            interface Numbered { a: Int OPEN n: Int OPEN } \
            type Site implements Numbered { a: Int OPEN n: Int OPEN } \
            type Query { sites: Numbered OPEN copied: Place OPEN }";
        have(&registry, "OTHER", "theirs", theirs).await;
        let cut = "interface Numbered { a: Int OPEN } \
            type Place implements Numbered @shareable { a: Int OPEN } \
            type Query { places: Place OPEN }";
        let request = because(written("mine", cut));
        let refused = registry
            .publish(&principal("PARTNER"), &request)
            .await
            .unwrap();
        let report = refused.checked.report;
        assert!(
            refused.published.is_none() && report.expelled.is_empty(),
            "{report:?}"
        );
    })
    .await;
}
