//! A service over the example records, and the example queries.

use std::{fs, path::Path, sync::Arc};

use serde_json::{Value, json};
use upfront::{
    app::Records,
    audit_trail::{self, AuditTrail, TrailCell},
    auth::{Clock, SystemClock},
    config::Config,
    database::Database,
    embedded,
    gateway::joint_graph,
    sealing,
};

pub(crate) use crate::support::records::on_example;

use crate::support::app::{TestApp, send};

/// The blocks of a situation, by the source that serves each.
pub(crate) const MANDATES: [(&str, &str); 4] = [
    ("ohchr", "ohchr"),
    ("osapg", "osapg"),
    ("srsg_caac", "caac"),
    ("srsg_svc", "svc"),
];

/// A service, with sources made to fail.
pub(crate) async fn serve(database: &Database, faults: &[&str]) -> TestApp {
    let mut config = Config::default();
    // A busy machine is no failing source.
    config.source_defaults.timeout_ms = 60_000;
    for name in faults
        .iter()
        .filter_map(|fault| fault.strip_suffix("=slow"))
    {
        let overrides = config.sources.entry(name.to_owned()).or_default();
        overrides.timeout_ms = Some(500);
    }
    config.limits.request_ms = 120_000;
    let faults: Vec<_> = faults.iter().map(|fault| fault.parse().unwrap()).collect();
    let graph = joint_graph(embedded::sources(), database, &config, &faults).unwrap();
    let records = Records {
        database: database.clone(),
        is_example: true,
    };
    TestApp::start(config, graph, Some(records)).await
}

/// A service that records access, with settings of the test's own.
pub(crate) async fn serve_recording(
    database: &Database,
    change: impl FnOnce(&mut Config),
) -> TestApp {
    let mut config = Config::default();
    config.source_defaults.timeout_ms = 60_000;
    config.limits.request_ms = 120_000;
    change(&mut config);
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let trail = AuditTrail::start(database, &config.audit, clock)
        .await
        .unwrap();
    let trail = Arc::new(trail);
    let cell = TrailCell::default();
    cell.connect(Arc::clone(&trail));
    let mut sources = embedded::sources();
    sources.push(sealing::source(cell.clone()));
    sources.push(audit_trail::source(cell));
    let graph = joint_graph(sources, database, &config, &[]).unwrap();
    let records = Records {
        database: database.clone(),
        is_example: true,
    };
    let app = TestApp::start(config, graph, Some(records)).await;
    app.app.record_in(trail);
    app
}

/// An example query with its variables.
pub(crate) fn example(name: &str) -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/queries");
    let read = |file: String| fs::read_to_string(folder.join(file)).unwrap();
    let variables: Value = serde_json::from_str(&read(format!("{name}.variables.json"))).unwrap();
    json!({ "query": read(format!("{name}.graphql")), "variables": variables })
}

/// Asks as a reviewer with the confidential clearance.
pub(crate) async fn review(app: &TestApp, body: &Value) -> Value {
    let token = app.token("OHCHR", &["clearance:confidential"]);
    let request = app
        .post(body)
        .bearer_auth(token)
        .header("upfront-include", "sources");
    let answer = send(request).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}
