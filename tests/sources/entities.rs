//! Entities: what is not there is null, and takes nothing with it.

use serde_json::{Value, json};

use crate::sources::asking::{Caller, World, on_example};

#[tokio::test]
async fn one_bad_representation_leaves_its_batch_whole() {
    on_example(|world| async move {
        let good = World::situation("arvenia-armed-conflict");
        let bad = [
            json!({ "__typename": "Situation", "id": "sit_0000000000000000" }),
            json!({ "__typename": "Situation", "id": "are_0000000000000000" }),
            json!({ "__typename": "Situation", "id": "" }),
            json!({ "__typename": "Situation", "id": null }),
            json!({ "__typename": "Situation", "id": { "x": 1 } }),
            json!({ "__typename": "Situation" }),
            json!({ "__typename": "Nothing", "id": "x" }),
        ];
        for (source, block) in [
            ("reviews", "title"),
            ("ohchr", "ohchr { entity }"),
            ("osapg", "osapg { entity }"),
            ("srsg_caac", "caac { entity }"),
            ("srsg_svc", "svc { entity }"),
        ] {
            let mut representations = vec![json!({ "__typename": "Situation", "id": good })];
            representations.extend(bad.iter().cloned());
            representations.push(json!({ "__typename": "Situation", "id": good }));
            let selection = format!("... on Situation {{ id {block} }}");
            let entities = world
                .entities(
                    source,
                    Caller::Confidential,
                    &selection,
                    json!(representations),
                )
                .await;
            assert_eq!(entities.len(), bad.len() + 2);
            let (first, last) = (&entities[0], &entities[bad.len() + 1]);
            assert_eq!(first["id"], json!(good), "{source}");
            assert_eq!(first, last);
            assert!(
                entities[1..=bad.len()].iter().all(Value::is_null),
                "{source}: {entities:?}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn a_key_leads_back_to_the_same_entity() {
    on_example(|world| async move {
        let id = World::situation("arvenia-armed-conflict");
        let block = "ohchr { presences { id name } communications(first: 1) { nodes { id reference } }
            recommendations(first: 1) { nodes { id text } } signals(first: 1) { nodes { id kind } } }";
        let blocks = world.blocks("ohchr", Caller::Confidential, block, &[&id]).await;
        let ohchr = &blocks[0]["ohchr"];
        let letter = &ohchr["communications"]["nodes"][0];
        for (type_name, node, field) in [
            ("FieldPresence", &ohchr["presences"][0], "name"),
            ("Communication", letter, "reference"),
            ("MechanismRecommendation", &ohchr["recommendations"]["nodes"][0], "text"),
            ("EarlyWarningSignal", &ohchr["signals"]["nodes"][0], "kind"),
        ] {
            let selection = format!("... on {type_name} {{ id {field} }}");
            let by_id = json!([{ "__typename": type_name, "id": node["id"] }]);
            let found = world.entities("ohchr", Caller::Confidential, &selection, by_id).await;
            assert_eq!(&found[0], node);
        }
        let by_reference =
            json!([{ "__typename": "Communication", "reference": letter["reference"] }]);
        let selection = "... on Communication { id reference }";
        let found = world.entities("ohchr", Caller::Confidential, selection, by_reference).await;
        assert_eq!(&found[0], letter);
    })
    .await;
}
