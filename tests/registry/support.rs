//! A registry over two small embedded sources.

use std::{
    fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use entities::terms::SourceKind;
use upfront::{
    auth::{Clock, Principal},
    config::Config,
    database::Database,
    egress::Egress,
    gateway::Outgoing,
    registry::{
        check::Member,
        report::Report,
        service::{
            GrantRequest, PUBLISH_SCOPE, Publication, PublishRequest, Registry, RegistryParts,
            WithdrawRequest,
        },
        store::Store,
    },
};

/// Starts on 1 November 2026.
#[derive(Debug)]
pub(crate) struct TestClock(AtomicU64);

impl Clock for TestClock {
    fn now(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

pub(crate) fn clock() -> Arc<TestClock> {
    Arc::new(TestClock(AtomicU64::new(1_793_491_200)))
}

fn neighbour(file: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/registry/neighbours");
    fs::read_to_string(folder.join(file)).unwrap()
}

pub(crate) fn embedded() -> Vec<Member> {
    [("reviews", "REVIEWS"), ("ohchr", "OHCHR")]
        .map(|(name, entity)| Member {
            name: name.to_owned(),
            entity: entity.to_owned(),
            url: String::new(),
            sdl: neighbour(&format!("{entity}.{name}.graphql")),
            history: None,
        })
        .into()
}

/// Entities that may register sources, beside those that hold the embedded ones.
pub(crate) const ENTITIES: [&str; 6] = ["PARTNER", "OTHER", "E0", "E1", "E2", "E3"];

pub(crate) fn registry(database: &Database) -> Arc<Registry> {
    registry_over(database, embedded())
}

pub(crate) fn registry_over(database: &Database, embedded: Vec<Member>) -> Arc<Registry> {
    let hosts = [
        "graph.partner.example",
        "*.other.example",
        "http://127.0.0.1",
    ];
    let hosts = hosts.map(|host| host.parse().unwrap());
    let egress = Arc::new(Egress::new(hosts.into(), Vec::new()));
    let outgoing = Outgoing::new(egress, None, &Config::default()).unwrap();
    Arc::new(Registry::new(RegistryParts {
        store: Store::new(database.clone()),
        embedded,
        outgoing: Arc::new(outgoing),
        clock: clock(),
        days_of_usage: 30,
        entities: ENTITIES.map(str::to_owned).into(),
    }))
}

pub(crate) fn principal(entity: &str) -> Principal {
    Principal {
        entity: Some(entity.to_owned()),
        scopes: [PUBLISH_SCOPE.to_owned()].into(),
        ..Principal::default()
    }
}

pub(crate) const LINK: &str = "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.5\", \
    import: [\"@key\", \"@external\", \"@requires\", \"@requiresScopes\", \"@shareable\", \"@tag\"])\n";

/// A source that adds fields to `Situation`.
pub(crate) fn adding(name: &str, fields: &str) -> PublishRequest {
    PublishRequest {
        name: name.to_owned(),
        url: "https://graph.partner.example/graphql".to_owned(),
        sdl: Some(format!(
            "{LINK}\ntype Situation @key(fields: \"id\") {{ id: ID! {fields} }}\n"
        )),
        kind: SourceKind::Federation,
        prefix: None,
        mutations: Vec::new(),
        default_level: None,
        allow_non_null: None,
        allow_breaking: None,
    }
}

/// A source whose SDL is given, where `OPEN` and `CLOSED` stand for levels and `BY_ID` for a key.
pub(crate) fn written(name: &str, types: &str) -> PublishRequest {
    let link = LINK
        .replace("v2.5", "v2.8")
        .replace("\"@key\"", "\"@key\", \"@context\", \"@fromContext\"");
    let types = types
        .replace("OPEN", "@tag(name: \"unclassified\")")
        .replace(
            "CLOSED",
            "@requiresScopes(scopes: [[\"clearance:confidential\"]])",
        )
        .replace("BY_ID", "@key(fields: \"id\")");
    let mut request = adding(name, "");
    request.sdl = Some(format!("{link}\n{types}"));
    request
}

/// The same, with a reason for what it breaks.
pub(crate) fn because(mut request: PublishRequest) -> PublishRequest {
    request.allow_breaking = Some("it was wrong".to_owned());
    request
}

/// Publishes a source that nothing stands against.
pub(crate) async fn publish(
    registry: &Arc<Registry>,
    by: &Principal,
    request: &PublishRequest,
) -> Publication {
    let publication = registry.publish(by, request).await.unwrap();
    let report = &publication.checked.report;
    assert!(publication.published.is_some(), "{report:?}");
    publication
}

pub(crate) const BEDS: &str = "beds: Int @tag(name: \"unclassified\")";
pub(crate) const COTS: &str = "cots: Int @tag(name: \"unclassified\")";

/// Whether the supergraph to be served has a text.
pub(crate) async fn serves(registry: &Registry, text: &str) -> bool {
    registry
        .served()
        .await
        .unwrap()
        .supergraph_sdl
        .contains(text)
}

/// A consent for a source of whoever has it, or of PARTNER where nobody does yet.
pub(crate) fn granting(coordinate: &str, source: &str, reason: &str) -> GrantRequest {
    GrantRequest {
        coordinate: coordinate.to_owned(),
        source: source.to_owned(),
        to: Some("PARTNER".to_owned()),
        reason: reason.to_owned(),
    }
}

/// The end of a consent, without a reason.
pub(crate) fn withdrawing(coordinate: &str, source: &str) -> WithdrawRequest {
    WithdrawRequest {
        coordinate: coordinate.to_owned(),
        source: source.to_owned(),
        reason: None,
        is_dry_run: false,
    }
}

/// The names of the sources that a change expels.
pub(crate) fn expelled(report: &Report) -> Vec<String> {
    let names = report
        .expelled
        .iter()
        .map(|expelled| expelled.source.clone());
    names.collect()
}
