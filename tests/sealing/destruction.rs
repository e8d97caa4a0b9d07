//! Two persons destroy a key: then nothing reads the texts, and nothing brings them back.

use std::{fs, path::Path};

use sea_orm::ConnectionTrait;
use serde_json::json;
use upfront::{
    database::Database,
    import::{self, Files, ImportError, Mode},
};

use super::{
    FIRST, SECOND, act, ask, ids, is_sqlite, message, on_example, one, rows, seal, sealed,
    serve_recording, signal, signals,
};
use crate::support::scratch::Scratch;

const TEXT: &str = "Zebulon Examplary was named in this sentence";
const HEADER: &str = "\
code,situation,kind,observed_on,summary,confidence,source_class,source,as_of,revision,revised_at,method,document_symbol,classification
#event+signal+code,#event+situation+code,#event+signal+type,#date+observed,#description+summary,#indicator+confidence,#meta+informant+type,#meta+source+code,#date+as_of,#meta+revision,#date+revised,#meta+method,#meta+document+symbol,#meta+classification
";

fn row(key: &str, situation: &str, revision: i32, summary: &str) -> String {
    format!(
        "{key},{situation},displacement,2025-09-16,{summary},HIGH,a witness,OHCHR,2025-09-17T09:00:00Z,{revision},\
         2025-10-06T10:00:00Z,told by Zebulon Examplary,,CONFIDENTIAL\n"
    )
}

async fn import(database: &Database, text: &str) -> Result<import::Report, ImportError> {
    let scratch = Scratch::new();
    scratch.write("ohchr-signals.csv", &format!("{HEADER}{text}"));
    let files = Files::from_directory(scratch.path())?;
    import::run(database, &files, Mode::Store).await
}

/// Which files of a database hold some bytes.
fn holding(database: &Database, bytes: &[u8]) -> Vec<String> {
    let file = database.file().unwrap();
    let directory: &Path = file.parent().unwrap();
    let stem = file.file_name().unwrap().to_string_lossy().into_owned();
    let files = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let of_database = files.filter(|path| {
        path.file_name()
            .unwrap()
            .to_string_lossy()
            .starts_with(&stem)
    });
    let holding = of_database.filter(|path| {
        let text = fs::read(path).unwrap();
        text.windows(bytes.len()).any(|window| window == bytes)
    });
    holding.map(|path| path.display().to_string()).collect()
}

/// A signal with the text in its third revision: its key, its id, its situation's id and code.
async fn with_text(database: &Database) -> [String; 4] {
    let [key, id, situation] = signal(database).await;
    let code = format!("SELECT record_key FROM situations WHERE public_id = '{situation}'");
    let code = one(database, &code).await;
    import(database, &row(&key, &code, 3, TEXT)).await.unwrap();
    [key, id, situation, code]
}

#[tokio::test]
async fn two_persons_destroy_a_key() {
    on_example(|database| async move {
        let app = serve_recording(&database, |_| {}).await;
        let [key, id, situation, _] = with_text(&database).await;
        let made = sealed(&seal(&app, FIRST, "ohchr-signals", &key).await);
        let seal = made["id"].as_str().unwrap();
        let office = ("OHCHR", "OHCHR", super::CLEARING);
        let refused = act(&app, office, "destroySealedRecord", seal).await;
        assert!(message(&refused).contains("--subject"), "{}", refused.text);
        let asked = sealed(&act(&app, FIRST, "destroySealedRecord", seal).await);
        assert_eq!(asked["state"], "DESTRUCTION_ASKED");
        for (officer, told) in [
            (FIRST, "another clearing officer"),
            (office, "--subject"),
            (("OSAPG", "an.officer", super::CLEARING), "no such seal"),
        ] {
            let refused = act(&app, officer, "destroySealedRecord", seal).await;
            assert!(message(&refused).contains(told), "{}", refused.text);
        }
        let destroyed = sealed(&act(&app, SECOND, "destroySealedRecord", seal).await);
        assert_eq!(
            (
                &destroyed["state"],
                &destroyed["destructionAskedBy"]["subject"],
                &destroyed["destroyedBy"]["subject"]
            ),
            (
                &json!("DESTROYED"),
                &json!("first.officer"),
                &json!("second.officer")
            )
        );
        assert_eq!(destroyed["digest"], made["digest"]);
        for field in ["liftSeal", "destroySealedRecord"] {
            let refused = act(&app, SECOND, field, seal).await;
            assert!(
                message(&refused).contains("is destroyed"),
                "{}",
                refused.text
            );
        }
        let after = ask(&app, SECOND, &signals(&situation)).await;
        assert!(!ids(&after).contains(&id), "{}", after.text);
    })
    .await;
}

/// Nothing of some values is left in the files of a database.
async fn assert_gone(database: &Database, values: &[&str]) {
    for value in values {
        if is_sqlite(database) {
            assert_eq!(holding(database, value.as_bytes()), Vec::<String>::new());
            continue;
        }
        for table in ["record_keys", "signals"] {
            let sql = format!(
                "SELECT CAST(position('{value}'::bytea IN pg_read_binary_file(pg_relation_filepath('{table}'))) AS text)"
            );
            assert_eq!(one(database, &sql).await, "0", "{table}");
        }
    }
}

#[tokio::test]
async fn no_byte_of_a_text_is_left_once_its_key_is_destroyed() {
    on_example(|database| async move {
        let app = serve_recording(&database, |_| {}).await;
        let [key, _, situation, _] = with_text(&database).await;
        let before = ask(&app, FIRST, &signals(&situation)).await;
        assert!(
            before.text.contains(TEXT) && before.text.contains("told by Zebulon"),
            "{}",
            before.text
        );
        let of_key = format!("WHERE record_table = 'signals' AND record_key = '{key}'");
        let secret = one(&database, &format!("SELECT secret FROM record_keys {of_key}")).await;
        let of_text = format!("FROM signals WHERE record_key = '{key}' AND revision = 3");
        let cipher = one(&database, &format!("SELECT summary {of_text}")).await;
        assert_gone(&database, &[TEXT]).await;
        if is_sqlite(&database) {
            for stored in [&secret, &cipher] {
                assert!(!holding(&database, stored.as_bytes()).is_empty());
            }
        }
        let made = sealed(&seal(&app, FIRST, "ohchr-signals", &key).await);
        let seal = made["id"].as_str().unwrap();
        act(&app, FIRST, "destroySealedRecord", seal).await;
        let destroyed = sealed(&act(&app, SECOND, "destroySealedRecord", seal).await);
        // Another test's transaction can be in the way on PostgreSQL's server; then it is tried again.
        let mut waited = 0;
        let mut erased_at = destroyed["erasedAt"].clone();
        tokio::spawn(upfront::sealing::keep_erasing(database.clone()));
        while erased_at.is_null() {
            waited += 1;
            assert!(waited < 300, "not erased");
            tokio::time::sleep(std::time::Duration::from_millis(500)).await;
            let query = "{ recordSeals { seals { erasedAt } } }";
            let seals = ask(&app, FIRST, &json!({ "query": query })).await.json();
            erased_at = seals["data"]["recordSeals"]["seals"][0]["erasedAt"].clone();
        }
        let secrets = format!("SELECT id FROM record_keys {of_key} AND secret IS NOT NULL");
        assert!(rows(&database, &secrets).await.is_empty());
        let texts = "summary IS NULL AND source_class IS NULL AND method IS NULL AND kind = '' AND document_symbol IS NULL";
        let left = format!("SELECT id FROM signals WHERE record_key = '{key}' AND NOT ({texts})");
        assert!(rows(&database, &left).await.is_empty());
        assert_gone(&database, &[TEXT, &secret, &cipher]).await;
    })
    .await;
}

#[tokio::test]
async fn a_sealed_record_is_not_imported_again_and_a_correction_is() {
    on_example(|database| async move {
        let app = serve_recording(&database, |_| {}).await;
        let [key, id, situation] = signal(&database).await;
        let code = one(
            &database,
            &format!("SELECT s.record_key FROM situations s WHERE s.public_id = '{situation}'"),
        )
        .await;
        import(&database, &row(&key, &code, 3, TEXT)).await.unwrap();
        // The same again changes nothing, encrypted or not.
        let report = import(&database, &row(&key, &code, 3, TEXT)).await.unwrap();
        assert_eq!(
            report
                .counts
                .iter()
                .map(|counts| counts.added + counts.changed)
                .sum::<u64>(),
            0
        );

        let made = sealed(&seal(&app, FIRST, "ohchr-signals", &key).await);
        let seal = made["id"].as_str().unwrap();
        let refused = import(&database, &row(&key, &code, 3, TEXT))
            .await
            .unwrap_err()
            .to_string();
        assert!(
            refused.contains("line 3: this revision is of a sealed record")
                && !refused.contains("Zebulon"),
            "{refused}"
        );

        assert!(!refused.contains("stored with another value"), "{refused}");
        // What is in the binary is imported at every start of the example.
        import::run(&database, &Files::example(), Mode::Store)
            .await
            .unwrap();
        let still = ask(&app, FIRST, &signals(&situation)).await;
        assert!(!ids(&still).contains(&id), "{}", still.text);

        import(
            &database,
            &row(&key, &code, 4, "A person was named in this sentence"),
        )
        .await
        .unwrap();
        let corrected = ask(&app, FIRST, &signals(&situation)).await;
        assert!(ids(&corrected).contains(&id), "{}", corrected.text);
        assert!(
            corrected.text.contains("A person was named")
                && !corrected.text.contains("Zebulon Examplary was"),
            "{}",
            corrected.text
        );

        act(&app, FIRST, "destroySealedRecord", seal).await;
        sealed(&act(&app, SECOND, "destroySealedRecord", seal).await);
        let corrected = ask(&app, FIRST, &signals(&situation)).await;
        assert!(
            corrected.text.contains("A person was named"),
            "{}",
            corrected.text
        );
        let refused = import(&database, &row(&key, &code, 2, TEXT))
            .await
            .unwrap_err()
            .to_string();
        assert!(refused.contains("sealed record"), "{refused}");
    })
    .await;
}

#[tokio::test]
async fn a_text_whose_key_is_gone_is_told_to_nobody() {
    on_example(|database| async move {
        let app = serve_recording(&database, |_| {}).await;
        let [key, id, situation] = signal(&database).await;
        // As a request has it whose rows were read before the record was sealed.
        let seal_key = format!("UPDATE record_keys SET sealed_at = created_at WHERE record_table = 'signals' AND record_key = '{key}'");
        database.write.execute_unprepared(&seal_key).await.unwrap();
        let list = format!(
            "{{ situation(id: \"{situation}\") {{ ohchr {{ signals(first: 100) {{ nodes {{ id summary }} }} }} }} }}"
        );
        let answer = ask(&app, FIRST, &json!({ "query": list })).await.json();
        let nodes = answer.pointer("/data/situation/ohchr/signals/nodes").unwrap();
        let node = nodes.as_array().unwrap().iter().find(|node| node["id"] == id.as_str());
        assert!(node.unwrap()["summary"].is_null(), "{answer:#}");
        assert_eq!(answer["errors"][0]["message"], "The record was sealed while it was read.");
    })
    .await;
}
