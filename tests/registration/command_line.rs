//! `upfront source …` as a process, against a gateway that runs: what it says, and its exit code.

use axum::{Router, response::IntoResponse, routing::post};
use serde_json::{Value, json};

use crate::{
    registration::{
        fixture::{Service, ask, tents_sdl},
        terminal::{Terminal, on_a_gateway},
    },
    support::{app::TestApp, scratch::Scratch},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn checked_published_listed_retired_rolled_back() {
    on_a_gateway(|app| async move {
        let terminal = Terminal::of("PARTNER", &app);
        let service = Service::tents().await;
        let place = ["--name", "tents", "--url", service.url.as_str()];
        let with = |command: &'static str, more: &[&'static str]| {
            [&[command], place.as_slice(), more].concat()
        };
        let empty = terminal.source(&["list"]).await;
        empty.is(0, "No source has registered.");

        let checked = terminal.source(&with("check", &[])).await;
        checked.is(0, "No problems found.");
        checked.is(0, "safe: ");
        let published = terminal.source(&with("publish", &[])).await;
        published.is(0, "Published version 1 of `tents`: supergraph 2.");
        let again = terminal.source(&with("publish", &[])).await;
        again.is(
            0,
            "This version of `tents` is already published; nothing changed.",
        );

        // What a client uses is named, with the client.
        let body = json!({ "query": "query Camp { tents { beds } }" });
        let asked = app.post(&body).header("graphql-client-name", "map");
        let asked = asked.bearer_auth(app.token("OTHER", &[]));
        crate::support::app::send(asked).await;
        let less = tents_sdl().replace("\tbeds: Int!\n", "\tcots: Int\n");
        assert_ne!(less, tents_sdl());
        terminal.scratch.write("less.graphql", &less);
        let less = with("check", &["--schema", "less.graphql"]);
        let named = async {
            loop {
                let breaking = terminal.source(&less).await;
                breaking.is(1, "publish it with --allow-breaking REASON");
                breaking.is(1, "breaking: ");
                if breaking.said.contains("used by Camp: once, ") {
                    return breaking;
                }
            }
        };
        let patience = std::time::Duration::from_mins(1);
        let named = tokio::time::timeout(patience, named).await.unwrap();
        named.is(1, "    map: once\n");
        let refused = terminal
            .source(&with("publish", &["--schema", "less.graphql"]))
            .await;
        refused.is(1, "refused [BREAKING_WITHOUT_REASON]");
        refused.is(1, "It was not published.");
        let json = with("check", &["--schema", "less.graphql", "--format", "json"]);
        let json = terminal.source(&json).await;
        let told: Value = serde_json::from_str(&json.said).unwrap();
        assert_eq!((json.code, &told["outcome"]), (Some(1), &json!("BREAKING")));

        let list = terminal.source(&["list"]).await;
        list.is(0, &format!("tents  PARTNER  version 1  {}", service.url));
        list.is(0, "publish tents by PARTNER  [tents@1]");
        let list = terminal.source(&["list", "--format", "json"]).await;
        let told: Value = serde_json::from_str(&list.said).unwrap();
        assert_eq!(told["sources"][0]["name"], "tents");

        leaves_and_returns(&app, &terminal, &body).await;
    })
    .await;
}

async fn leaves_and_returns(app: &TestApp, terminal: &Terminal, body: &Value) {
    let kept = terminal.source(&["retire", "--name", "tents"]).await;
    kept.is(1, "Nothing was changed.");
    let reason = ["retire", "--name", "tents", "--allow-breaking", "moved"];
    terminal
        .source(&reason)
        .await
        .is(0, "Retired `tents`: supergraph 3.");
    terminal
        .source(&reason)
        .await
        .is(1, "`tents` is not served: it was retired already");
    let list = terminal.source(&["list"]).await;
    list.is(0, "tents  PARTNER  retired");
    let back = ["rollback", "--to", "2", "--reason", "too early"];
    terminal
        .source(&back)
        .await
        .is(0, "Rolled back to supergraph 2: supergraph 4.");
    terminal
        .source(&back)
        .await
        .is(1, "the same registered sources");
    terminal
        .source(&["rollback", "--to", "77"])
        .await
        .is(1, "no supergraph 77");
    let answer = ask(app, "OHCHR", &[], body).await;
    assert_eq!(
        answer["data"]["tents"],
        json!([{ "beds": 7 }]),
        "{answer:#}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fetched_to_compose_against() {
    on_a_gateway(|app| async move {
        let terminal = Terminal::of("PARTNER", &app);
        let service = Service::tents().await;
        let publish = ["publish", "--name", "tents", "--url", &service.url];
        terminal.source(&publish).await.is(0, "Published");
        let fetched = terminal.source(&["fetch", "--to", "joint"]).await;
        fetched.is(0, "Wrote 9 sources and the supergraph into `joint`.");
        let compose = ["compose", "--config", "joint/supergraph.yaml"];
        let composed = terminal.run(&compose).await;
        composed.is(0, "beds: Int!");
        // One's own next version, against the joint schema as it is.
        let own = tents_sdl().replace("beds: Int!", "beds: Nothing");
        terminal.scratch.write("joint/tents.graphql", &own);
        terminal.run(&compose).await.is(1, "Nothing");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn handed_over_and_lent() {
    on_a_gateway(|app| async move {
        let (partner, other) = (Terminal::of("PARTNER", &app), Terminal::of("OTHER", &app));
        let reviews = Terminal::of("REVIEWS", &app);
        let service = Service::tents().await;
        let publish = ["publish", "--name", "tents", "--url", &service.url];
        partner.source(&publish).await.is(0, "Published");
        other.source(&publish).await.is(1, "refused [NAME_TAKEN]");
        let transfer = ["transfer", "--name", "tents", "--to", "OTHER"];
        other
            .source(&transfer)
            .await
            .is(1, "only PARTNER may change it");
        partner
            .source(&transfer)
            .await
            .is(0, "upfront source accept --name tents");
        let cancel = ["cancel-transfer", "--name", "tents"];
        other.source(&cancel).await.is(0, "no longer offered");
        let accept = ["accept", "--name", "tents"];
        other.source(&accept).await.is(1, "is not offered to OTHER");
        partner.source(&transfer).await.is(0, "is offered to OTHER");
        partner
            .source(&accept)
            .await
            .is(1, "is a source of PARTNER already");
        partner.source(&["list"]).await.is(0, "offered to OTHER");
        let instead = ["transfer", "--name", "tents", "--to", "REVIEWS"];
        partner
            .source(&instead)
            .await
            .is(0, "is offered to REVIEWS instead of OTHER");
        partner.source(&transfer).await.is(0, "instead of REVIEWS");
        other.source(&accept).await.is(0, "`tents` is taken over.");
        partner.source(&publish).await.is(1, "refused [NAME_TAKEN]");
        other.source(&publish).await.is(0, "is already published");

        let field = ["--field", "Situation.status"];
        let grant = [
            &["grant"],
            &field[..],
            &["--to", "tents", "--reason", "planning"],
        ]
        .concat();
        partner.source(&grant).await.is(1, "Situation.status");
        reviews
            .source(&grant)
            .await
            .is(0, "`tents` may read `Situation.status`.");
        let elsewhere = [&grant[..], &["--entity", "PARTNER"]].concat();
        let elsewhere = reviews.source(&elsewhere).await;
        elsewhere.is(1, "`tents` is a source of OTHER");
        for terminal in [&reviews, &other] {
            let consents = terminal.source(&["consents"]).await;
            consents.is(0, "Situation.status  by REVIEWS  to tents of OTHER  since ");
            assert!(!consents.said.contains("not in force"), "{consents:?}");
        }
        partner.source(&["consents"]).await.is(0, "There is none.");
        let withdraw = [&["withdraw"], &field[..], &["--from", "tents"]].concat();
        let tried = [&withdraw[..], &["--dry-run"]].concat();
        let tried = reviews.source(&tried).await;
        tried.is(0, "Nothing was changed: this was a dry run.");
        reviews.source(&["consents"]).await.is(0, "by REVIEWS");
        let reasoned = [&withdraw[..], &["--reason", "the plan is over"]].concat();
        reviews.source(&reasoned).await.is(0, "may no longer read");
        reviews.source(&["consents"]).await.is(0, "There is none.");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registry_that_cannot_be_asked() {
    on_a_gateway(|app| async move {
        let mut terminal = Terminal::of("PARTNER", &app);
        terminal.token = None;
        let bare = terminal.source(&["list"]).await;
        bare.is(
            2,
            "no token was given: this takes one with the scope `registry:publish`",
        );
        terminal.token = Some("no.good.token".to_owned());
        terminal.source(&["list"]).await.is(2, "the registry says:");
        terminal.token = Some(app.token("PARTNER", &["clearance:confidential"]));
        let retire = ["retire", "--name", "tents", "--allow-breaking", "x"];
        for command in [&retire[..], &["list"]] {
            let lacking = terminal.source(command).await;
            lacking.is(2, "the token does not have the scope `registry:publish`");
            lacking.is(2, "`upfront token --entity CODE --scope registry:publish`");
        }
        terminal.endpoint.clone_from(&app.url);
        let elsewhere = terminal.source(&["list"]).await;
        elsewhere.is(
            2,
            "405 Method Not Allowed; the path of the GraphQL endpoint is `/graphql`",
        );
        terminal.endpoint = "http://127.0.0.1:1/graphql".to_owned();
        terminal.source(&["list"]).await.is(2, "could not be asked");
        // A source that is not there is no fault of the registry.
        let terminal = Terminal::of("PARTNER", &app);
        let check = [
            "check",
            "--name",
            "tents",
            "--url",
            "http://127.0.0.1:1/graphql",
        ];
        terminal
            .source(&check)
            .await
            .is(1, "could not be asked for its schema");
        let shut = on_trial(Entities::Null, Some("Bearer t")).await;
        let check = ["check", "--name", "tents", "--url", &shut.url];
        let refused = terminal.source(&check).await;
        refused.is(1, "answered 401 Unauthorized");
        assert!(!refused.errors.contains("--plain"), "{}", refused.errors);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plain_server_under_a_prefix() {
    on_a_gateway(|app| async move {
        let terminal = Terminal::of("PARTNER", &app);
        let place = ["--name", "prices", "--url", "http://127.0.0.1:9/graphql"];
        let sdl = "type Query { price: Price } type Price { amount: Float }";
        terminal.scratch.write("prices.graphql", sdl);
        let plain = ["--schema", "prices.graphql", "--plain", "--prefix", "food"];
        let bare = [&["publish"], &place[..], &plain[..]].concat();
        let refused = terminal.source(&bare).await;
        refused.is(1, "refused [LEVEL_MISSING] the source");
        refused.is(1, "`--default-level unclassified`");
        let levelled = [&bare[..], &["--default-level", "unclassified"]].concat();
        terminal
            .source(&levelled)
            .await
            .is(0, "Published version 1");
        let schema = crate::support::app::send(app.get("/schema.graphql"))
            .await
            .text;
        assert!(schema.contains("food_price: Food_Price"), "{schema}");
        let nope = [&levelled[..], &["--mutation", "nope=prices:write"]].concat();
        let nope = terminal.source(&nope).await;
        nope.is(1, "refused [NAME_INVALID]");
        nope.is(1, "The server has no root mutation `nope`.");
        nope.is(1, "help: Leave `--mutation` out: the server has none.");
        let prefix = [&["publish"], &place[..], &["--prefix", "food"]].concat();
        terminal.source(&prefix).await.is(2, "--plain");
    })
    .await;
}

/// How a service on trial treats entities.
#[derive(Clone, Copy)]
enum Entities {
    Null,
    Fail,
    TooFew,
    AllOrNothing,
    Hang,
    Object,
}

const ON_TRIAL: &str = "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.5\", \
    import: [\"@key\", \"@requiresScopes\"]) \
    type Query { a: Int } type Situation @key(fields: \"id\") { id: ID! \
    beds: Int @requiresScopes(scopes: [[\"clearance:confidential\"]]) }";

/// A service that knows no situation at all, in its way; with `token` it wants one.
async fn on_trial(entities: Entities, token: Option<&'static str>) -> Service {
    let answer = async move |headers: axum::http::HeaderMap,
                             axum::Json(asked): axum::Json<Value>| {
        let given = headers
            .get("authorization")
            .and_then(|value| value.to_str().ok());
        if token.is_some() && given != token {
            return axum::http::StatusCode::UNAUTHORIZED.into_response();
        }
        let query = asked["query"].as_str().unwrap();
        if query.contains("_service") {
            return axum::Json(json!({ "data": { "_service": { "sdl": ON_TRIAL } } }))
                .into_response();
        }
        if !query.contains("_entities") {
            return axum::Json(json!({ "data": { "__typename": "Query" } })).into_response();
        }
        let asked = asked["variables"]["representations"].as_array().unwrap();
        let (many, is_bad) = (asked.len(), asked.iter().any(|each| each["id"].is_null()));
        let none = json!({ "data": null, "errors": [{ "message": "no such situation" }] });
        let list = |each: Value, many: usize| json!({ "data": { "_entities": vec![each; many] } });
        let answer = match entities {
            Entities::Hang => std::future::pending().await,
            Entities::Fail => none,
            Entities::AllOrNothing if is_bad => none,
            Entities::TooFew => list(Value::Null, many.min(1)),
            Entities::Object => list(json!({ "__typename": "Situation" }), many),
            Entities::Null | Entities::AllOrNothing => list(Value::Null, many),
        };
        axum::Json(answer).into_response()
    };
    Service::start(Router::new().route("/graphql", post(answer))).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_is_tried() {
    let terminal = Terminal {
        scratch: Scratch::new(),
        endpoint: String::new(),
        token: None,
    };
    let test = async |entities: Entities, token: Option<&'static str>, more: &[&str]| {
        let service = on_trial(entities, token).await;
        terminal
            .source(&[&["test", &service.url], more].concat())
            .await
    };
    let good = test(Entities::Null, None, &[]).await;
    good.is(0, "ok    `Situation` by `id`, unknown: null");
    good.is(0, "ok    `Situation` by `id`, 100 at once: ");
    good.is(
        0,
        "ok    `Situation` by `id`, a bad one among others: the others are answered",
    );
    good.is(0, "ok    after a caller that timed out: ");
    good.is(0, "warn  without a token: it answers without a token");
    good.is(0, "It does what the gateway needs.");

    let failing = test(Entities::Fail, None, &[]).await;
    failing.is(
        1,
        "FAIL  `Situation` by `id`, unknown: no entities: no such situation",
    );
    failing.is(1, "2 things fail.");
    let few = test(Entities::TooFew, None, &[]).await;
    few.is(
        1,
        "FAIL  `Situation` by `id`, 100 at once: 1 entities instead of 100",
    );
    let strict = test(Entities::AllOrNothing, None, &[]).await;
    strict.is(
        0,
        "warn  `Situation` by `id`, a bad one among others: the others go with it",
    );
    let object = test(Entities::Object, None, &[]).await;
    object.is(0, "warn  `Situation` by `id`, unknown: an object");
    let hanging = test(Entities::Hang, None, &["--timeout-ms", "300"]).await;
    hanging.is(
        1,
        "FAIL  `Situation` by `id`, unknown: no answer within 300 ms",
    );

    let shut = test(Entities::Null, Some("Bearer t"), &[]).await;
    shut.is(
        1,
        "FAIL  answers GraphQL over POST: answered 401 Unauthorized",
    );
    shut.is(1, "try it with --sign");
    let open = test(Entities::Null, Some("Bearer t"), &["--token", "t"]).await;
    open.is(0, "ok    without a token: refused");
    let gone = terminal
        .source(&["test", "http://127.0.0.1:1/graphql"])
        .await;
    gone.is(1, "One thing fails.");
    assert!(!gone.said.contains("--sign"), "{}", gone.said);
}
