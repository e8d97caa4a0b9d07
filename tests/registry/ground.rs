//! Whose sources leave where a version brings something classified that others would come to read: those
//! that read on the publisher's ground, and no others.

use upfront::registry::service::GrantRequest;

use crate::{
    registry::support::{because, principal, publish, registry, serves, written},
    support::database::on_each_database,
};

#[tokio::test]
async fn a_way_of_ones_own_between_types_of_others_puts_nobody_out() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let (partner, other) = (principal("PARTNER"), principal("OTHER"));
        let yards = "type Query { yards: [Yard] OPEN } \
            type Yard BY_ID { id: ID! OPEN name: String OPEN }";
        publish(
            &registry,
            &principal("E0"),
            &because(written("yards", yards)),
        )
        .await;
        let camps = "type Yard BY_ID @context(name: \"yard\") { id: ID! name: String @external \
                camps: [Camp] OPEN } \
            type Camp BY_ID { id: ID! OPEN \
                of(name: String @fromContext(field: \"$yard { name }\")): String OPEN }";
        publish(&registry, &partner, &because(written("camps", camps))).await;
        let evil = "type Yard BY_ID { id: ID! evil: Evil CLOSED } \
            type Evil { camp: Camp CLOSED } \
            type Camp @key(fields: \"id\", resolvable: false) { id: ID! }";
        let refused = registry
            .publish(&other, &because(written("evil", evil)))
            .await
            .unwrap();
        let report = refused.checked.report;
        assert!(refused.published.is_none() && report.expelled.is_empty());
        assert_eq!(report.refusals[0].code, "BREAKS_FOREIGN", "{report:?}");
        assert!(serves(&registry, "camps: [Camp]").await);
    })
    .await;
}

#[tokio::test]
async fn who_is_offered_a_source_consents_before_taking_it_over() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let (partner, other) = (principal("PARTNER"), principal("OTHER"));
        let counts = "type Query { counts: [Counted] OPEN } \
            type Counted BY_ID { id: ID! OPEN n: Int CLOSED }";
        publish(&registry, &partner, &because(written("counts", counts))).await;
        let rates = "type Counted BY_ID { id: ID! n: Int @external \
            rate: Int @requires(fields: \"n\") CLOSED }";
        publish(&registry, &partner, &because(written("rates", rates))).await;
        let consent = || GrantRequest {
            coordinate: "Counted.n".to_owned(),
            source: "rates".to_owned(),
            to: None,
            reason: "as before".to_owned(),
        };
        registry.grant(&other, consent()).await.unwrap_err();
        registry
            .transfer(&partner, "counts", "OTHER")
            .await
            .unwrap();
        let refused = registry.accept_transfer(&other, "counts").await.unwrap();
        assert!(!refused.is_done, "{refused:?}");
        registry.grant(&other, consent()).await.unwrap();
        let taken = registry.accept_transfer(&other, "counts").await.unwrap();
        assert!(
            taken.is_done && taken.report.expelled.is_empty(),
            "{taken:?}"
        );
    })
    .await;
}
