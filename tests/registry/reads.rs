//! What a source reads through its keys, it reads with leave, and no longer than that.

use upfront::registry::{
    check::{Member, reads_by_source},
    level::Level,
};

use crate::{
    database::on_each_database,
    support::{LINK, adding, embedded, granting, principal, registry, serves, withdrawing},
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

        let stored = registry.store().load().await.unwrap();
        let tents = stored.sources[0].served.as_ref().unwrap();
        let mut members = embedded();
        members.push(Member {
            name: "tents".to_owned(),
            entity: "PARTNER".to_owned(),
            url: String::new(),
            sdl: tents.sdl.clone(),
        });
        let reads = reads_by_source(&members).unwrap();
        assert_eq!(reads.keys().collect::<Vec<_>>(), ["tents"]);
        let read = &reads["tents"][0];
        assert_eq!((read.coordinate.as_str(), read.level), (status, Level::Confidential));
        assert_eq!(read.holders[0].entity, "REVIEWS");
        assert!(reads_by_source(&embedded()).unwrap().is_empty());

        let left = registry.withdraw(&reviews, withdrawing(status, "tents")).await.unwrap();
        assert_eq!(left.report.left, ["tents"]);
        assert!(!serves(&registry, "tents").await);
    })
    .await;
}
