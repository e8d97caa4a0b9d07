//! What a source reads through its keys, it reads with leave, and no longer than that.

use crate::{
    registry::support::{
        LINK, adding, expelled, granting, principal, registry, serves, withdrawing,
    },
    support::database::on_each_database,
};

#[tokio::test]
async fn a_key_hands_over_no_classified_field_without_consent() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let (partner, reviews) = (principal("PARTNER"), principal("REVIEWS"));
        let mut request = adding("tents", "");
        request.sdl = Some(format!(
            "{LINK}\ntype Situation @key(fields: \"id status\") {{ id: ID! status: String @external \
             tents: Int @requiresScopes(scopes: [[\"clearance:confidential\"]]) }}\n"
        ));
        let refused = registry.publish(&partner, &request).await.unwrap();
        let refusals = refused.checked.report.refusals.iter();
        let codes: Vec<_> = refusals.map(|refusal| refusal.code.as_str()).collect();
        assert_eq!(codes, ["REQUIRES_WITHOUT_CONSENT"]);

        let status = "Situation.status";
        let consent = granting(status, "tents", "joint work");
        registry.grant(&reviews, consent).await.unwrap();
        let publication = registry.publish(&partner, &request).await.unwrap();
        assert!(publication.published.is_some(), "{publication:?}");
        assert!(serves(&registry, "tents").await);

        let withdrawn = registry.withdraw(&reviews, withdrawing(status, "tents")).await.unwrap();
        assert_eq!(expelled(&withdrawn.report), ["tents"]);
        assert!(!serves(&registry, "tents").await);
    })
    .await;
}
