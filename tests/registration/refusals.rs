//! What a source may not do, each by a publication over HTTP: refused with what to change, and let
//! in once that is changed.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use axum::{Router, response::Redirect, routing::any};
use sea_orm::DbBackend;
use serde_json::{Value, json};

use crate::{
    registration::fixture::{PUBLISH, Service, ask, config, registry, serve},
    support::{app::TestApp, database::on_one_database},
};

const LINK: &str = "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.5\", import: \
    [\"@key\", \"@external\", \"@requires\", \"@requiresScopes\", \"@override\", \"@shareable\", \"@tag\"])\n";
const OPEN: &str = "@tag(name: \"unclassified\")";
const CLOSED: &str = "@requiresScopes(scopes: [[\"clearance:confidential\"]])";

/// A source that adds fields to situations.
fn adding(fields: &str) -> String {
    let fields = fields.replace("OPEN", OPEN).replace("CLOSED", CLOSED);
    format!("{LINK}type Situation @key(fields: \"id\") {{ id: ID! {fields} }}")
}

/// A source with types and a root of its own.
fn standing(types: &str) -> String {
    LINK.to_owned() + &types.replace("OPEN", OPEN).replace("CLOSED", CLOSED)
}

/// The input of a source at a URL that may be asked; nobody asks it, as the SDL is given.
fn input(name: &str, sdl: &str) -> Value {
    json!({ "name": name, "url": "http://127.0.0.1:9/graphql", "sdl": sdl })
}

fn with(mut input: Value, key: &str, value: &str) -> Value {
    input[key] = json!(value);
    input
}

async fn attempt(app: &TestApp, entity: &str, input: &Value) -> Value {
    let query = "mutation($input: SourceInput!) { publishSource(input: $input) { published \
                 check { outcome refusals { code coordinate message help } } } }";
    let body = json!({ "query": query, "variables": { "input": input } });
    let answer = ask(app, entity, &[PUBLISH], &body).await;
    assert!(answer.get("errors").is_none(), "{answer:#}");
    answer["data"]["publishSource"].clone()
}

async fn newest(app: &TestApp) -> Value {
    registry(app, "{ supergraphs(first: 1) { number } sources { name } }").await
}

/// Refused with a code and with help, and nothing has changed.
async fn refused(app: &TestApp, bad: &Value, (code, help): (&str, &str)) {
    let before = newest(app).await;
    let publication = attempt(app, "PARTNER", bad).await;
    assert_eq!(publication["published"], false, "{code}: {publication:#}");
    let refusals = publication["check"]["refusals"].as_array().unwrap();
    let found = refusals.iter().find(|refusal| refusal["code"] == code);
    let found = found.unwrap_or_else(|| unreachable!("no {code}: {publication:#}"));
    let told = found["help"].as_str().unwrap();
    assert!(told.contains(help), "{code}: {told}");
    assert!(!found["message"].as_str().unwrap().is_empty());
    assert_eq!(newest(app).await, before, "{code} changed something");
}

async fn published(app: &TestApp, entity: &str, good: &Value) {
    let publication = attempt(app, entity, good).await;
    assert_eq!(publication["published"], true, "{publication:#}");
}

/// Refused, and let in once it is changed as the refusal says.
async fn corrected(app: &TestApp, bad: &Value, says: (&str, &str), good: &Value) {
    refused(app, bad, says).await;
    published(app, "PARTNER", good).await;
}

async fn on_a_gateway<F: Future<Output = ()> + Send + 'static>(test: fn(TestApp) -> F) {
    on_one_database(DbBackend::Sqlite, move |database| async move {
        test(serve(&database, config()).await).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_and_places() {
    on_a_gateway(|app| async move {
        let sdl = adding("tents: Int OPEN");
        let good = input("tents", &sdl);
        for bad in ["Tents", "1tents", "tents.x", ""] {
            let says = ("NAME_INVALID", "Use small letters");
            refused(&app, &input(bad, &sdl), says).await;
        }
        let taken = ("NAME_RESERVED", "Choose another name");
        for embedded in [
            "ohchr",
            "osapg",
            "srsg_caac",
            "srsg_svc",
            "reviews",
            "registry",
        ] {
            refused(&app, &input(embedded, &sdl), taken).await;
        }
        for place in [
            "http://169.254.169.254/latest/meta-data/",
            "http://localhost:9/graphql",
            "http://2130706434:9/graphql",
            "http://[::ffff:127.0.0.1]:9/graphql",
            "http://elsewhere.example/graphql",
        ] {
            let says = ("URL_REFUSED", "that may be asked");
            refused(&app, &with(good.clone(), "url", place), says).await;
        }
        published(&app, "PARTNER", &good).await;
        let theirs = attempt(&app, "OTHER", &good).await;
        assert_eq!(theirs["published"], false);
        let refusal = &theirs["check"]["refusals"][0];
        assert_eq!(refusal["code"], "NAME_TAKEN");
        let help = refusal["help"].as_str().unwrap();
        assert!(
            help.contains("upfront source transfer --name tents --to OTHER"),
            "{help}"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn levels() {
    on_a_gateway(|app| async move {
        let bare = input("tents", &adding("tents: Int"));
        let says = ("LEVEL_MISSING", "`--default-level`");
        refused(&app, &bare, says).await;
        let marked = input("tents", &adding("tents: Int OPEN"));
        let closed_by_default = with(bare, "defaultLevel", "CONFIDENTIAL");
        published(&app, "PARTNER", &closed_by_default).await;
        // Lowered by its own entity: dangerous, not breaking.
        published(&app, "PARTNER", &marked).await;

        let bad =
            standing("type Query { cots: [Cot!] OPEN } type Cot OPEN { owner: String! CLOSED }");
        let good = bad.replace("owner: String!", "owner: String");
        let says = ("SCOPE_ON_NON_NULL", "nullable");
        corrected(&app, &input("cots", &bad), says, &input("cots", &good)).await;

        let bad = standing(
            "type Query { camps: [Camp!] OPEN } \
             type Camp @key(fields: \"code\") { code: ID CLOSED size: Int OPEN }",
        );
        let good = bad.replace(&format!("code: ID {CLOSED}"), &format!("code: ID! {OPEN}"));
        let says = ("SCOPE_ON_KEY", "key");
        corrected(&app, &input("camps", &bad), says, &input("camps", &good)).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_belongs_to_another_entity() {
    on_a_gateway(|app| async move {
        let bad = input(
            "tents",
            &adding("title: String! @override(from: \"reviews\") OPEN"),
        );
        let good = input("tents", &adding("localTitle: String OPEN"));
        let says = ("OVERRIDE_FOREIGN", "a name of its own");
        corrected(&app, &bad, says, &good).await;

        let good = adding("cots: Int OPEN");
        let own_key = format!("slug: ID {OPEN}");
        let bad = good
            .replace("\"id\"", "\"slug\"")
            .replace("id: ID!", &own_key);
        let says = ("KEY_UNKNOWN", "write `@key(fields: \"id\")`");
        corrected(&app, &input("cots", &bad), says, &input("cots", &good)).await;

        let bad = input("huts", &adding("isExample: Boolean! @shareable"));
        let needed =
            "isExample: Boolean! @external huts: Int @requires(fields: \"isExample\") OPEN";
        let good = input("huts", &adding(needed));
        let says = ("SHARES_FOREIGN", "`@external`");
        refused(&app, &bad, says).await;
        // Not every caller may know of each situation.
        let says = ("REQUIRES_WITHOUT_CONSENT", "--field Situation.isExample");
        refused(&app, &good, says).await;
        let grant = "grantFieldUse(coordinate: \"Situation.isExample\", source: \"huts\", \
                     to: \"PARTNER\", reason: \"test\")";
        let body = json!({ "query": format!("mutation {{ {grant} }}") });
        let given = ask(&app, "REVIEWS", &[PUBLISH], &body).await;
        assert_eq!(given["data"]["grantFieldUse"], true, "{given:#}");
        published(&app, "PARTNER", &good).await;

        let bad = input("beds", &adding("beds: Int! OPEN"));
        let says = ("NON_NULL_ON_FOREIGN", "`--allow-non-null REASON`");
        refused(&app, &bad, says).await;
        published(&app, "PARTNER", &input("beds", &adding("beds: Int OPEN"))).await;
        let reasoned = with(bad, "allowNonNull", "a count that is always there");
        published(&app, "PARTNER", &reasoned).await;

        let marked = adding("rugs: Int OPEN").replace("{ id", &format!("{CLOSED} {{ id"));
        let says = ("MARK_ON_FOREIGN", "mark the fields you add");
        let good = input("rugs", &adding("rugs: Int OPEN"));
        corrected(&app, &input("rugs", &marked), says, &good).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn classified_fields_of_another_entity() {
    on_a_gateway(|app| async move {
        let low = adding(
            "status: SituationStatus @external outlook: Int @requires(fields: \"status\") OPEN",
        ) + " enum SituationStatus { EMERGING ONGOING EASING CLOSED }";
        let high = low.replace(
            &format!("@requires(fields: \"status\") {OPEN}"),
            &format!("@requires(fields: \"status\") {CLOSED}"),
        );
        let says = ("REQUIRES_ABOVE_LEVEL", "clearance:confidential");
        refused(&app, &input("outlook", &low), says).await;
        let says = (
            "REQUIRES_WITHOUT_CONSENT",
            "upfront source grant --field Situation.status --to outlook --entity PARTNER --reason TEXT",
        );
        refused(&app, &input("outlook", &high), says).await;

        // Only the entity that holds the field can.
        let grant = "grantFieldUse(coordinate: \"Situation.status\", source: \"outlook\", \
                     to: \"PARTNER\", reason: \"test\")";
        let body = json!({ "query": format!("mutation {{ {grant} }}") });
        let own = ask(&app, "PARTNER", &[PUBLISH], &body).await;
        assert_eq!(own["data"]["grantFieldUse"], Value::Null, "{own:#}");
        refused(&app, &input("outlook", &high), says).await;
        let theirs = ask(&app, "REVIEWS", &[PUBLISH], &body).await;
        assert_eq!(theirs["data"]["grantFieldUse"], true, "{theirs:#}");
        published(&app, "PARTNER", &input("outlook", &high)).await;

        let withdraw = "mutation { withdrawFieldUse(coordinate: \"Situation.status\", \
                        source: \"outlook\") { done expelled { source reason } } }";
        let withdrawn = ask(&app, "REVIEWS", &[PUBLISH], &json!({ "query": withdraw })).await;
        let reason = "a consent was withdrawn (`Situation.status`)";
        let told = json!({ "done": true, "expelled": [{ "source": "outlook", "reason": reason }] });
        assert_eq!(withdrawn["data"]["withdrawFieldUse"], told, "{withdrawn:#}");
        let current = registry(&app, "{ source(name: \"outlook\") { isRetired } }").await;
        assert_eq!(current["source"]["isRetired"], true, "it cannot do without");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_breaks_and_what_cannot_be_read() {
    on_a_gateway(|app| async move {
        let good = input("tents", &adding("tents: Int OPEN beds: Int OPEN"));
        let broken = input("tents", "type Situation @key(fields: \"id\") { id: ID!");
        corrected(&app, &broken, ("SDL_UNREADABLE", "Correct"), &good).await;

        let less = input("tents", &adding("tents: Int OPEN"));
        let says = ("BREAKING_WITHOUT_REASON", "`--allow-breaking REASON`");
        let reasoned = with(less.clone(), "allowBreaking", "nobody counts beds");
        corrected(&app, &less, says, &reasoned).await;

        // A value type that another entity defines as well, made looser.
        let loose = standing(
            "type Query { span: Period OPEN } \
             type Period @shareable { code: PeriodCode kind: PeriodKind start: Date end: Date } \
             scalar Date scalar PeriodCode enum PeriodKind { MONTH QUARTER YEAR }",
        );
        let says = ("BREAKS_FOREIGN", "whole and alike");
        refused(&app, &input("spans", &loose), says).await;

        let clash = input(
            "clash",
            &standing("type Query { clash: Language OPEN } type Language { code: ID OPEN }"),
        );
        let apart = input(
            "clash",
            &standing("type Query { clash: Tongue OPEN } type Tongue { code: ID OPEN }"),
        );
        corrected(&app, &clash, ("DOES_NOT_COMPOSE", "diagnostics"), &apart).await;
    })
    .await;
}

/// A server that counts what it is asked and sends everybody elsewhere.
async fn redirecting(to: String) -> (Service, Arc<AtomicU64>) {
    let asked = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&asked);
    let answer = async move || {
        count.fetch_add(1, Ordering::Relaxed);
        Redirect::temporary(&to)
    };
    let router = Router::new().route("/graphql", any(answer));
    (Service::start(router).await, asked)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_asked_elsewhere_or_in_vain() {
    on_a_gateway(|app| async move {
        let (inside, asked_inside) = redirecting("http://127.0.0.1:9/".to_owned()).await;
        let (outside, asked) = redirecting(inside.url.clone()).await;
        let query = "mutation($input: SourceInput!) { publishSource(input: $input) { published \
                     check { refusals { code } } } }";
        let ask_for = async |name: &str| {
            let input = json!({ "name": name, "url": outside.url });
            let body = json!({ "query": query, "variables": { "input": input } });
            ask(&app, "PARTNER", &[PUBLISH], &body).await
        };
        let answer = ask_for("tents").await;
        let error = &answer["errors"][0];
        assert_eq!(
            error["extensions"]["code"], "SOURCE_UNREACHABLE",
            "{answer:#}"
        );
        let message = error["message"].as_str().unwrap();
        assert!(
            message.contains("a redirect, which is not followed"),
            "{message}"
        );
        assert_eq!(asked.load(Ordering::Relaxed), 1);
        assert_eq!(asked_inside.load(Ordering::Relaxed), 0);

        // A name that is another's is refused before the source is asked in that name.
        let answer = ask_for("ohchr").await;
        let refusals = &answer["data"]["publishSource"]["check"]["refusals"];
        assert_eq!(refusals[0]["code"], "NAME_RESERVED", "{answer:#}");
        assert_eq!(asked.load(Ordering::Relaxed), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_sdl_below_its_bound_is_taken_however_long_its_json_is() {
    on_one_database(DbBackend::Sqlite, |database| async move {
        let mut config = config();
        config.limits.body_bytes = 10_000;
        let app = serve(&database, config).await;
        let of_length = |bytes: usize| {
            let quotes = "\"a\" ".repeat(bytes / 4);
            standing(&format!(
                "type Query {{ tents: [Tent] OPEN }} \"\"\" {quotes}\"\"\" type Tent {{ beds: Int OPEN }}"
            ))
        };
        let too_long = input("tents", &of_length(1 << 20));
        let text = serde_json::to_string(&too_long).unwrap();
        assert!(text.len() > 3 << 19, "{}", text.len());
        let refused = attempt(&app, "PARTNER", &too_long).await;
        let code = &refused["check"]["refusals"][0]["code"];
        assert_eq!(code, "SDL_TOO_LARGE", "{refused:.500}");
        let fits = input("tents", &of_length(960_000));
        let published = attempt(&app, "PARTNER", &fits).await;
        assert_eq!(published["published"], json!(true), "{published:.500}");

        // Those who publish nothing have the bound of all requests.
        let body = json!({ "query": "{ __typename }", "variables": { "note": "x".repeat(20_000) } });
        let others = app.post(&body).bearer_auth(app.token("PARTNER", &[]));
        let answer = crate::support::app::send(others).await;
        let told = (answer.status.as_u16(), answer.code());
        assert_eq!(told, (413, "BODY_TOO_LARGE".to_owned()));
    })
    .await;
}
