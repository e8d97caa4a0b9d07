//! Where sources do not compose without one that goes, an owner stays, and whoever has nothing to do with it.

use std::sync::Arc;

use upfront::registry::{report::Report, service::Registry};

use crate::{
    registry::support::{
        because, expelled, granting, principal, publish, registry, withdrawing, written,
    },
    support::database::on_each_database,
};

async fn have(registry: &Arc<Registry>, entity: &str, name: &str, types: &str) {
    publish(registry, &principal(entity), &written(name, types)).await;
}

async fn retired(registry: &Arc<Registry>, entity: &str, name: &str) -> Vec<String> {
    let entity = principal(entity);
    let retired = registry.retire(&entity, name, Some("moved")).await;
    sorted(&retired.unwrap().report)
}

fn sorted(report: &Report) -> Vec<String> {
    let mut names = expelled(report);
    names.sort();
    names
}

/// Two sources that add to `Situation` by its key, and two that enter it by another key, which only a third
/// one leads from.
async fn have_ways(registry: &Arc<Registry>, requires: &str) {
    let victim = "type Situation BY_ID { id: ID! v1: Int OPEN w1: Int OPEN z1: Int OPEN }";
    have(registry, "OTHER", "v1", victim).await;
    have(
        registry,
        "E0",
        "v2",
        "type Situation BY_ID { id: ID! v2: Int OPEN w2: Int OPEN }",
    )
    .await;
    let slug = "type Situation BY_ID { id: ID! slug: String OPEN @shareable }";
    have(registry, "PARTNER", "slug", slug).await;
    have(registry, "PARTNER", "way", &way(requires)).await;
    let entered = "type Query { entered: Situation OPEN @shareable } \
        type Situation @key(fields: \"slug\") { slug: String OPEN }";
    have(registry, "PARTNER", "one", entered).await;
    have(registry, "PARTNER", "two", entered).await;
}

fn way(requires: &str) -> String {
    format!(
        "type Situation BY_ID @key(fields: \"slug\") {{ id: ID! slug: String @external {requires} }}"
    )
}

const READING: &str = "v1: Int @external read: Int @requires(fields: \"v1\") CLOSED";

#[tokio::test]
async fn who_enters_a_type_by_a_key_that_goes_is_expelled_and_not_who_adds_to_it() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        have_ways(&registry, "").await;
        assert_eq!(retired(&registry, "PARTNER", "way").await, ["one", "two"]);
    })
    .await;
}

#[tokio::test]
async fn who_withdraws_a_consent_stays_where_a_way_is_lost_by_it() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let other = principal("OTHER");
        have_ways(&registry, "").await;
        let classified =
            "type Situation BY_ID { id: ID! v1: Int CLOSED w1: Int OPEN z1: Int OPEN }";
        publish(&registry, &other, &because(written("v1", classified))).await;
        let granted = registry.grant(&other, granting("Situation.v1", "way", "agreed"));
        granted.await.unwrap();
        have(&registry, "PARTNER", "way", &way(READING)).await;
        let withdrawn = registry
            .withdraw(&other, withdrawing("Situation.v1", "way"))
            .await
            .unwrap();
        assert_eq!(sorted(&withdrawn.report), ["one", "two", "way"]);
    })
    .await;
}

#[tokio::test]
async fn who_classifies_expels_readers_and_what_needs_them_alone_and_is_told_whom() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        have_ways(&registry, &READING.replace("CLOSED", "OPEN")).await;
        let classified =
            "type Situation BY_ID { id: ID! v1: Int CLOSED w1: Int OPEN z1: Int OPEN }";
        let asked = written("v1", classified);
        let refused = registry.publish(&principal("OTHER"), &asked).await.unwrap();
        assert!(refused.published.is_none());
        let report = refused.checked.report;
        let codes: Vec<_> = report
            .refusals
            .iter()
            .map(|each| each.code.clone())
            .collect();
        assert_eq!(codes, ["BREAKING_WITHOUT_REASON"]);
        assert_eq!(sorted(&report), ["one", "two", "way"]);
        let published = publish(&registry, &principal("OTHER"), &because(asked)).await;
        assert_eq!(sorted(&published.checked.report), ["one", "two", "way"]);
    })
    .await;
}

const CAMP: &str = "type Camp BY_ID { id: ID! OPEN code: String OPEN @shareable title: String OPEN \
    secret: Int CLOSED } type Query { camps: [Camp] OPEN }";
const CODES: &str =
    "type Camp BY_ID @key(fields: \"code\") { id: ID! code: String @external MORE }";

fn entering(field: &str) -> String {
    format!(
        "type Query {{ by_{field}: Camp OPEN }} \
         type Camp @key(fields: \"code\") {{ code: String {field}: Int OPEN }}"
    )
}

#[tokio::test]
async fn an_owner_stays_when_the_key_by_which_others_came_to_its_type_goes() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        // One registered before the owner, with something else.
        have(
            &registry,
            "OTHER",
            "early",
            "type Query { early: Int OPEN }",
        )
        .await;
        have(&registry, "E0", "camps", CAMP).await;
        have(&registry, "PARTNER", "codes", &CODES.replace("MORE", "")).await;
        let early = entering("a").replace("Query {", "Query { early: Int OPEN");
        have(&registry, "OTHER", "early", &early).await;
        have(&registry, "E1", "late", &entering("b")).await;
        assert_eq!(
            retired(&registry, "PARTNER", "codes").await,
            ["early", "late"]
        );
    })
    .await;
}

#[tokio::test]
async fn an_owner_that_withdraws_a_consent_stays_the_owner() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let owner = principal("E0");
        have(&registry, "E0", "camps", CAMP).await;
        registry
            .grant(&owner, granting("Camp.secret", "codes", "agreed"))
            .await
            .unwrap();
        let reading = "secret: Int @external read: Int @requires(fields: \"secret\") CLOSED";
        have(
            &registry,
            "PARTNER",
            "codes",
            &CODES.replace("MORE", reading),
        )
        .await;
        have(&registry, "OTHER", "one", &entering("a")).await;
        have(&registry, "E1", "two", &entering("b")).await;
        let withdrawn = registry
            .withdraw(&owner, withdrawing("Camp.secret", "codes"))
            .await
            .unwrap();
        assert_eq!(sorted(&withdrawn.report), ["codes", "one", "two"]);
    })
    .await;
}

/// It may stay the owner even where its source cannot do without the one that must no longer read.
#[tokio::test]
async fn who_is_expelled_by_its_own_withdrawal_gave_nothing_up() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let owner = principal("E0");
        have(&registry, "E0", "camps", CAMP).await;
        registry
            .grant(&owner, granting("Camp.secret", "codes", "agreed"))
            .await
            .unwrap();
        let reading = "secret: Int @external read: Int @requires(fields: \"secret\") CLOSED";
        have(&registry, "PARTNER", "codes", &CODES.replace("MORE", reading)).await;
        let tents = "type Camp BY_ID { id: ID! read: Int @external tents: Int @requires(fields: \"read\") CLOSED } \
            type Tent BY_ID { id: ID! OPEN size: Int CLOSED } type Query { tents: [Tent] OPEN }";
        let consent = granting("Camp.read", "tents", "agreed");
        let consent = upfront::registry::service::GrantRequest {
            to: Some("E0".to_owned()),
            ..consent
        };
        registry.grant(&principal("PARTNER"), consent).await.unwrap();
        have(&registry, "E0", "tents", tents).await;
        let withdrawn = registry
            .withdraw(&owner, withdrawing("Camp.secret", "codes"))
            .await
            .unwrap();
        assert_eq!(sorted(&withdrawn.report), ["codes", "tents"]);
        let squatting = "type Tent BY_ID { id: ID! OPEN size: Int OPEN } type Query { tent: Tent OPEN }";
        have(&registry, "OTHER", "theirs", squatting).await;
        let back = "type Tent BY_ID { id: ID! OPEN size: Int CLOSED } type Query { tents: [Tent] OPEN }";
        let back = publish(&registry, &owner, &because(written("tents", back))).await;
        assert_eq!(sorted(&back.checked.report), ["theirs"]);
    })
    .await;
}

#[tokio::test]
async fn the_owner_of_an_interface_stays_where_a_type_no_longer_fits_it() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let tent = "type Tent BY_ID { id: ID! OPEN a: Int OPEN } type Query { tent: Tent OPEN }";
        have(&registry, "OTHER", "tents", tent).await;
        let sized = "interface Sized { a: Int OPEN b: Int OPEN } \
            type Hall implements Sized { a: Int OPEN b: Int OPEN } type Query { sized: Sized OPEN }";
        have(&registry, "E0", "sized", sized).await;
        have(&registry, "PARTNER", "more", "type Tent BY_ID { id: ID! OPEN b: Int OPEN }").await;
        let fitting = "interface Sized { a: Int } \
            type Tent implements Sized BY_ID { id: ID! OPEN a: Int OPEN } \
            type Query { tent: Tent OPEN }";
        have(&registry, "OTHER", "tents", fitting).await;
        // Its entity may take the field away, or the source.
        let without = written("more", "type Tent BY_ID { id: ID! OPEN c: Int OPEN }");
        let partner = principal("PARTNER");
        let checked = registry.check(&partner, &because(without)).await.unwrap();
        assert_eq!(sorted(&checked.report), ["tents"]);
        assert_eq!(retired(&registry, "PARTNER", "more").await, ["tents"]);
    })
    .await;
}

#[tokio::test]
async fn who_offers_a_key_may_take_it_back() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        have(&registry, "E0", "camps", CAMP).await;
        have(
            &registry,
            "PARTNER",
            "codes",
            &CODES.replace("MORE", "c: Int OPEN"),
        )
        .await;
        have(&registry, "OTHER", "one", &entering("a")).await;
        let without = written("codes", "type Camp BY_ID { id: ID! c: Int OPEN }");
        let partner = principal("PARTNER");
        let published = publish(&registry, &partner, &because(without)).await;
        assert_eq!(sorted(&published.checked.report), ["one"]);
    })
    .await;
}

const VALUE: &str =
    "type Size @shareable { s: Int CLOSED n: Int OPEN } type Query { ours: Size OPEN }";
const COPY: &str = "type Size @shareable { s: Int n: Int } type Query { theirs: Size OPEN }";

#[tokio::test]
async fn a_copy_without_levels_goes_with_the_owner_that_gave_them() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        have(&registry, "E0", "sizes", VALUE).await;
        have(&registry, "OTHER", "copy", COPY).await;
        let owner = principal("E0");
        let asked = registry.retire(&owner, "sizes", None).await.unwrap();
        assert!(!asked.is_done);
        assert_eq!(sorted(&asked.report), ["copy"]);
        assert_eq!(retired(&registry, "E0", "sizes").await, ["copy"]);
        assert!(!crate::registry::support::serves(&registry, "type Size").await);
    })
    .await;
}

#[tokio::test]
async fn a_copy_without_levels_goes_where_the_owner_drops_the_type() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        have(&registry, "E0", "sizes", VALUE).await;
        have(&registry, "OTHER", "copy", COPY).await;
        let other = written("sizes", "type Query { others: Int OPEN }");
        let published = publish(&registry, &principal("E0"), &because(other)).await;
        assert_eq!(sorted(&published.checked.report), ["copy"]);
        assert!(!crate::registry::support::serves(&registry, "type Size").await);
    })
    .await;
}

/// Another copy marks the field, which has no effect beside the owner's mark; then it is the level of that
/// copy alone.
#[tokio::test]
async fn no_mark_of_a_copy_opens_what_the_owner_restricted() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        have(&registry, "E0", "sizes", VALUE).await;
        have(&registry, "OTHER", "copy", COPY).await;
        let marked =
            "type Size @shareable { s: Int OPEN n: Int OPEN } type Query { third: Size OPEN }";
        have(&registry, "E1", "marked", marked).await;
        assert_eq!(retired(&registry, "E0", "sizes").await, ["copy"]);
    })
    .await;
}

#[tokio::test]
async fn what_a_scalar_restricts_goes_with_its_owner() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let owner = "scalar Place CLOSED type Query { ours: Place OPEN }";
        have(&registry, "E0", "places", owner).await;
        have(
            &registry,
            "OTHER",
            "copy",
            "scalar Place type Query { theirs: Place OPEN }",
        )
        .await;
        assert_eq!(retired(&registry, "E0", "places").await, ["copy"]);
    })
    .await;
}

#[tokio::test]
async fn keys_without_levels_give_each_other_none() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let owner = "type Tent BY_ID CLOSED { id: ID! size: Int } type Query { tents: [Tent] }";
        let owner = owner.replace("[Tent]", "[Tent] CLOSED");
        have(&registry, "E0", "tents", &owner).await;
        for (entity, name) in [("OTHER", "one"), ("E1", "two")] {
            let types = format!(
                "type Tent @key(fields: \"id\", resolvable: false) {{ id: ID! }} \
                 type Query {{ {name}: Tent OPEN }}"
            );
            have(&registry, entity, name, &types).await;
        }
        assert_eq!(retired(&registry, "E0", "tents").await, ["one", "two"]);
    })
    .await;
}

#[tokio::test]
async fn an_owner_marks_its_fields_though_a_copy_does() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let types = "type Size @shareable { s: Int OPEN } type Query { NAME: Size OPEN }";
        have(&registry, "E0", "ours", &types.replace("NAME", "ours")).await;
        have(&registry, "OTHER", "copy", &types.replace("NAME", "theirs")).await;
        let bare = written(
            "ours",
            "type Size @shareable { s: Int } type Query { ours: Size OPEN }",
        );
        let owner = principal("E0");
        let refused = registry.check(&owner, &because(bare)).await.unwrap();
        let codes: Vec<_> = (refused.report.refusals.iter())
            .map(|each| each.code.clone())
            .collect();
        assert_eq!(codes, ["LEVEL_MISSING"]);
    })
    .await;
}

/// What sources need of each other elsewhere does not put one that came to a type before its owner.
#[tokio::test]
async fn an_owner_stays_though_it_needs_others_of_those_concerned() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let early = "scalar Json type Tent BY_ID { id: ID! OPEN } type Query { early: Json OPEN tent: Tent OPEN }";
        have(&registry, "OTHER", "early", early).await;
        let owner = format!("scalar Json type Tent BY_ID {{ id: ID! OPEN more: Json OPEN }} {CAMP}");
        have(&registry, "E0", "camps", &owner).await;
        have(&registry, "PARTNER", "codes", &CODES.replace("MORE", "")).await;
        let entering = entering("a").replace("Query {", "Query { early: Json OPEN tent: Tent OPEN");
        let late = format!("scalar Json type Tent BY_ID {{ id: ID! OPEN }} {entering}");
        have(&registry, "OTHER", "early", &late).await;
        assert_eq!(retired(&registry, "PARTNER", "codes").await, ["early"]);
    })
    .await;
}

#[tokio::test]
async fn all_that_would_be_expelled_are_named_before_a_reason_is_given() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let kinds = |values: &str| {
            format!("enum Kind {{ {values} }} type Query {{ kinds(of: Kind): Kind OPEN }}")
        };
        have(&registry, "E0", "kinds", &kinds("P Q")).await;
        let copy = "enum Kind { P Q } type Size @shareable { s: Int CLOSED } \
            type Query { copied(of: Kind): Size OPEN }";
        have(&registry, "OTHER", "copy", copy).await;
        let bare = "type Size @shareable { s: Int } type Query { sized: Size OPEN }";
        have(&registry, "E1", "bare", bare).await;
        let changed = written("kinds", &kinds("P R"));
        let owner = principal("E0");
        let asked = registry.publish(&owner, &changed).await.unwrap();
        assert!(asked.published.is_none());
        assert_eq!(sorted(&asked.checked.report), ["bare", "copy"]);
        let published = publish(&registry, &owner, &because(changed)).await;
        assert_eq!(sorted(&published.checked.report), ["bare", "copy"]);
    })
    .await;
}

#[tokio::test]
async fn who_lowers_its_own_field_is_not_expelled_with_a_copy_that_did_not() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        have(&registry, "E0", "sizes", VALUE).await;
        let copy = VALUE.replace("ours", "theirs");
        have(&registry, "OTHER", "copy", &copy).await;
        let lowered = written("sizes", &VALUE.replace("CLOSED", "OPEN"));
        publish(&registry, &principal("E0"), &because(lowered)).await;
        assert!(retired(&registry, "OTHER", "copy").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn who_lowers_its_own_type_is_not_expelled_with_a_copy_that_did_not() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let types = "type Size @shareable MARK { n: Int OPEN } \
            type Tent @shareable { size: Size OPEN } type Query { ours: Tent OPEN }";
        let closed = types.replace("MARK", "CLOSED");
        have(&registry, "E0", "sizes", &closed).await;
        let copy = "type Size @shareable CLOSED { n: Int OPEN } type Query { theirs: Size CLOSED }";
        have(&registry, "OTHER", "copy", copy).await;
        let lowered = written("sizes", &types.replace("MARK ", ""));
        publish(&registry, &principal("E0"), &because(lowered)).await;
        assert!(retired(&registry, "OTHER", "copy").await.is_empty());
    })
    .await;
}

/// `x` owns a value type of which `o` has a copy, and which is not what they clash about.
#[tokio::test]
async fn an_owner_stays_whatever_else_it_shares_with_a_stranger() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let page = "type Page @shareable { n: Int OPEN }";
        let x = format!("{page} type Query {{ xp: Page OPEN }}");
        have(&registry, "OTHER", "x", &x).await;
        have(&registry, "E0", "camps", &format!("{page} {CAMP}")).await;
        let codes = format!(
            "{} {}",
            CODES.replace("MORE", ""),
            "type Hall BY_ID { id: ID! OPEN beds: Int OPEN }"
        );
        have(&registry, "PARTNER", "codes", &codes).await;
        let needy = format!(
            "{page} type Hall BY_ID {{ id: ID! OPEN beds: Int @external \
            more: Int @requires(fields: \"beds\") OPEN }}"
        );
        have(&registry, "OTHER", "x2", &needy).await;
        let entering = entering("a").replace("Query {", "Query { xp: Page OPEN");
        have(&registry, "OTHER", "x", &format!("{page} {entering}")).await;
        assert_eq!(retired(&registry, "PARTNER", "codes").await, ["x", "x2"]);
    })
    .await;
}
