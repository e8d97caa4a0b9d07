//! All that a service has written, and the search of it.

use std::{collections::BTreeMap, fs, path::Path};

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use prost::Message;
use serde_json::Value;
use upfront::{audit_trail::file_beside, database::Database};

use super::{
    marks::{OPERATION, Search, Written, mark},
    planting::{all, is_sqlite, texts},
    requests::NAME_REFUSED,
    scene::{NAMES_OF_TOKENS, Scene, command, files},
};
use crate::support::scratch::Scratch;

/// Lines of requests, and spans; fewer would have asked too little.
const LEAST: usize = 500;

/// Stops a service and searches all that is left of it. `watched` is what it told those who watch over
/// it.
pub(super) async fn search(mut scene: Scene, database: &Database, watched: String) {
    used_secrets(&scene).await;
    let stopped = scene.stop().await;
    let log = String::from_utf8(stopped.log.clone()).unwrap();
    assert_floors(&log, &stopped.spans);

    let mut all_written = vec![
        Written::new("standard output", stopped.stdout),
        Written::new("log", stopped.log),
        Written::new("metrics and health", watched),
        Written::new(
            "recorded operations",
            rows(database, "recorded_operation").await,
        ),
    ];
    all_written.extend(
        stopped
            .spans
            .into_iter()
            .map(|body| Written::new("spans", body)),
    );
    all_written.extend(trail(&scene, database).await);
    for path in files(&scene.scratch.path().join("data")) {
        all_written.push(Written::new(
            "a file of the data directory",
            fs::read(path).unwrap(),
        ));
    }

    let search = Search::new(&scene.secrets);
    let mut found = BTreeMap::new();
    for one in &all_written {
        for (kind, told) in search.find(one) {
            found.entry((one.name, kind)).or_insert(told);
        }
    }
    let found: Vec<_> = found.into_values().collect();
    assert!(
        found.is_empty(),
        "{} leaks:\n{}",
        found.len(),
        found.join("\n\n")
    );
}

/// Secrets that are to be sent were sent, so that they had a chance to be written.
async fn used_secrets(scene: &Scene) {
    let requests = scene.source.received_requests().await.unwrap();
    let (key, forwarded) = (mark("source-header"), mark("forwarded-header"));
    let has = |name: &str, value: &str| {
        let mut values = requests
            .iter()
            .filter_map(|request| request.headers.get(name));
        values.any(|found| found == value)
    };
    assert!(has("x-api-key", &key) && has("x-forward-me", &forwarded));
    let of_variable = |body: &[u8]| String::from_utf8_lossy(body).contains(&mark("variable"));
    assert!(requests.iter().any(|request| of_variable(&request.body)));
}

/// There is something to search.
fn assert_floors(log: &str, spans: &[Vec<u8>]) {
    let lines: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}")))
        .collect();
    let requests = lines
        .iter()
        .filter(|line| line["target"] == "upfront::request");
    assert!(requests.count() > LEAST);
    assert!(log.contains(OPERATION), "the name of an operation is told");
    for level in ["ERROR", "WARN", "DEBUG"] {
        assert!(
            lines.iter().any(|line| line["level"] == level),
            "no line of {level}"
        );
    }
    // What is told where records cannot be read, or a source misbehaves.
    for told in [
        "a stored record is invalid",
        "the records could not be read",
        "no GraphQL answer",
        "an answer is not what was asked for",
        "a value does not fit",
        "a fetch failed",
        "checked",
    ] {
        assert!(log.contains(told), "the log never says `{told}`");
    }
    let count = |body: &Vec<u8>| {
        let export = ExportTraceServiceRequest::decode(body.as_slice()).unwrap();
        let scopes = export
            .resource_spans
            .into_iter()
            .flat_map(|one| one.scope_spans);
        scopes.map(|scope| scope.spans.len()).sum::<usize>()
    };
    let spans: usize = spans.iter().map(count).sum();
    assert!(spans > LEAST, "{spans} spans");
}

/// All texts of the tables whose names begin so.
async fn rows(database: &Database, start: &str) -> String {
    let (mut text, mut rows) = (String::new(), 0);
    for column in texts(database).await {
        if column.table.starts_with(start) {
            let sql = format!("SELECT {} AS kept FROM {}", column.name, column.table);
            for row in all(database, sql).await {
                let kept: Option<String> = row.try_get("", "kept").unwrap();
                text.push_str(&kept.unwrap_or_default());
                text.push('\n');
                rows += 1;
            }
        }
    }
    assert!(rows > LEAST, "{rows} texts in tables `{start}…`");
    text
}

/// The audit trail as it is exported, and its tables: what names a token is told there, and nowhere
/// else. A check is a record, which has the name that was asked for in its id.
async fn trail(scene: &Scene, database: &Database) -> Vec<Written> {
    let export = scene.run(&["audit", "export", "--data-dir", "data"]);
    let told = String::from_utf8(export.stdout).unwrap();
    let errors = String::from_utf8(export.stderr).unwrap();
    assert!(export.status.success(), "{errors}");
    let may_hold: Vec<_> = NAMES_OF_TOKENS
        .into_iter()
        .chain([NAME_REFUSED])
        .map(mark)
        .collect();
    for text in &may_hold {
        assert!(told.contains(text), "{text} is in the trail");
    }
    assert!(told.lines().count() > 100, "{}", told.lines().count());
    let rows = if is_sqlite(database) {
        let file = scene.database_url.trim_start_matches("sqlite:");
        let trail = Database::open(&file_beside(Path::new(file))).await.unwrap();
        let rows = rows(&trail, "audit_").await;
        trail.close().await.unwrap();
        rows
    } else {
        rows(database, "audit_").await
    };
    let parts = [told, errors, rows].into_iter();
    let written = parts.map(|part| Written::new("audit trail", part));
    written
        .map(|mut one| {
            one.may_hold.extend(may_hold.clone());
            one
        })
        .collect()
}

/// A start that fails says why, without the secret that is wrong.
#[test]
fn settings_that_are_refused_do_not_tell_their_secrets() {
    let secret = mark("setting");
    let in_url = |rest: &str| format!("postgres://user:{secret}@{rest}");
    for (name, value) in [
        ("UPFRONT_AUTH__KEY", secret.clone()),
        (
            "UPFRONT_AUTH__KEY",
            format!("-----BEGIN PRIVATE KEY-----\n{secret}\n-----END PRIVATE KEY-----\n"),
        ),
        ("UPFRONT_DATABASE_URL", in_url("127.0.0.1:1/records")),
        ("UPFRONT_DATABASE_URL", in_url("127.0.0.1:odd/records")),
        ("UPFRONT_DATABASE_URL", in_url("[::1/records")),
        (
            "UPFRONT_DATABASE_URL",
            format!("odd://user:{secret}@127.0.0.1/records"),
        ),
        ("UPFRONT_DATABASE_URL", secret.clone()),
        ("OTLP_TOKEN", format!("{secret}\n")),
        ("RELIEF_KEY", format!("{secret}\u{1}")),
        (
            "UPFRONT_LIMITS__RATES__REDIS_URL",
            format!("odd://user:{secret}@127.0.0.1/0"),
        ),
    ] {
        let scratch = Scratch::new();
        let settings = "[telemetry]\nendpoint = 'http://127.0.0.1:1'\n\
                        headers = { authorization = 'Bearer ${OTLP_TOKEN}' }\n\
                        [sources.relief]\nheaders = { x-api-key = '${RELIEF_KEY}' }\n";
        scratch.write("upfront.toml", settings);
        let output = command(scratch.path(), "sqlite:records.sqlite")
            .args(["serve", "--listen", "127.0.0.1:0", "--data-dir", "data"])
            .env(name, &value)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1), "{name}={value:?}");
        let told = [output.stdout, output.stderr].concat();
        assert!(!told.is_empty());
        let found = Search::new(&[]).find(&Written::new("standard error", told));
        assert!(found.is_empty(), "{name}={value:?}: {found:?}");
    }
}
