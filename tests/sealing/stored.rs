//! Texts as they are stored.

use sea_orm::ConnectionTrait;
use upfront::import::encrypt_stored;

use super::{FIRST, ask, on_example, one, rows, serve_recording, signal, signals};

/// Columns whose texts are encrypted.
const ENCRYPTED: [(&str, &str); 16] = [
    ("signals", "kind"),
    ("situation_states", "set_by"),
    ("situation_states", "reason"),
    ("entity_blocks", "headline"),
    ("entity_blocks", "caveats"),
    ("entity_blocks", "gap_note"),
    ("changes", "summary"),
    ("decisions", "note"),
    ("actions", "title"),
    ("actions", "outcome"),
    ("communications", "summary"),
    ("signals", "summary"),
    ("signals", "source_class"),
    ("risk_assessments", "advisory_note"),
    ("caac_listings", "action_plan_notes"),
    ("crsv_listings", "notes"),
];

#[tokio::test]
async fn free_text_is_stored_encrypted() {
    on_example(|database| async move {
        for (table, column) in ENCRYPTED {
            let texts = rows(
                &database,
                &format!("SELECT {column} FROM {table} WHERE {column} <> ''"),
            )
            .await;
            assert!(!texts.is_empty(), "the example has none: {table}.{column}");
            for text in texts {
                let text: String = text.try_get_by_index(0).unwrap();
                let elements = text.split('|').filter(|element| !element.is_empty());
                for element in elements {
                    assert!(element.starts_with("enc1."), "{table}.{column}: {text}");
                }
            }
        }
        let rows = rows(&database, "SELECT id FROM record_keys WHERE secret IS NULL").await;
        assert!(rows.is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_was_stored_before_is_encrypted_at_the_start() {
    on_example(|database| async move {
        let app = serve_recording(&database, |_| {}).await;
        let [key, _, situation] = signal(&database).await;
        let list = signals(&situation);
        let before = ask(&app, FIRST, &list).await;
        // As an earlier version stored it: every text of the record in clear, and no key.
        let plain = "Reported by two channels";
        for statement in [
            format!("UPDATE signals SET summary = '{plain}', source_class = 'media', method = NULL, kind = 'a kind' WHERE record_key = '{key}'"),
            format!("DELETE FROM record_keys WHERE record_table = 'signals' AND record_key = '{key}'"),
            "UPDATE entity_blocks SET caveats = '|one|two|' WHERE id = (SELECT MIN(id) FROM entity_blocks)".to_owned(),
        ] {
            let done = database.write.execute_unprepared(&statement).await.unwrap();
            assert!(done.rows_affected() > 0, "{statement}");
        }
        let in_clear = ask(&app, FIRST, &list).await;
        assert!(in_clear.text.contains(plain), "{}", in_clear.text);

        let revisions = rows(&database, &format!("SELECT id FROM signals WHERE record_key = '{key}'")).await.len();
        assert_eq!(encrypt_stored(&database).await.unwrap(), revisions as u64 + 1);
        assert_eq!(encrypt_stored(&database).await.unwrap(), 0);
        let stored = one(&database, &format!("SELECT summary FROM signals WHERE record_key = '{key}' AND is_current")).await;
        assert!(stored.starts_with("enc1."), "{stored}");
        let caveats = one(&database, "SELECT caveats FROM entity_blocks ORDER BY id LIMIT 1").await;
        assert_eq!(caveats.matches("enc1.").count(), 2, "{caveats}");
        assert!(!caveats.contains("one|"), "{caveats}");
        let encrypted = ask(&app, FIRST, &list).await;
        assert_eq!(encrypted.json()["data"], in_clear.json()["data"]);
        assert_ne!(encrypted.json()["data"], before.json()["data"]);
    })
    .await;
}
