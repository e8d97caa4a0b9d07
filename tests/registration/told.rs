//! What `upfront source …` says of what it found, to whoever reads it.

use async_graphql::{EmptySubscription, Object, Schema, SimpleObject};
use async_graphql_axum::GraphQL;
use axum::{Router, routing::post_service};

use crate::registration::{
    fixture::Service,
    terminal::{Outcome, Terminal, on_a_gateway},
};

const LINK: &str = "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.9\", \
    import: [\"@external\", \"@key\", \"@requires\", \"@requiresScopes\", \"@tag\"])\n";

const READER: &str = "enum SituationStatus { EMERGING ONGOING EASING CLOSED } \
    type Situation @key(fields: \"id\") { id: ID! status: SituationStatus @external \
    outlook: Int @requires(fields: \"status\") \
    @requiresScopes(scopes: [[\"clearance:confidential\"]]) }";

/// Checks or publishes an SDL, as the command says.
async fn source(terminal: &Terminal, command: &str, sdl: &str) -> Outcome {
    terminal
        .scratch
        .write("sdl.graphql", &format!("{LINK}{sdl}"));
    let place = ["--name", "tents", "--url", "http://127.0.0.1:9/graphql"];
    let file = ["--schema", "sdl.graphql"];
    terminal
        .source(&[&[command], &place[..], &file[..]].concat())
        .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_leaves_and_why() {
    on_a_gateway(|app| async move {
        let (partner, reviews) = (Terminal::of("PARTNER", &app), Terminal::of("REVIEWS", &app));
        let field = ["--field", "Situation.status"];
        let grant = [
            &["grant", "--to", "tents", "--reason", "planning"],
            &field[..],
        ]
        .concat();
        let beforehand = [&grant[..], &["--entity", "PARTNER"]].concat();
        reviews.source(&beforehand).await.is(0, "may read");
        source(&partner, "publish", READER).await.is(0, "Published");

        // Names that are nearly those of what there is.
        let misspelt = ["grant", "--to", "tnts", "--reason", "planning"];
        let misspelt = reviews.source(&[&misspelt[..], &field[..]].concat()).await;
        misspelt.is(1, "Did you mean the source `tents`?");
        misspelt.is(1, "(`--entity CODE`)");
        let misspelt = ["grant", "--to", "tents", "--reason", "planning"];
        let other = ["--field", "Situation.statsu"];
        let misspelt = reviews.source(&[&misspelt[..], &other[..]].concat()).await;
        misspelt.is(1, "Did you mean the field `Situation.status`?");
        let misspelt = partner.source(&["retire", "--name", "tnets"]).await;
        misspelt.is(1, "Did you mean the source `tents`?");

        let withdraw = [&["withdraw", "--from", "tents"], &field[..]].concat();
        let withdraw = [&withdraw[..], &["--reason", "the plan is over"]].concat();
        let tried = reviews
            .source(&[&withdraw[..], &["--dry-run"]].concat())
            .await;
        let why = "expelled: `tents`, since a consent was withdrawn (`Situation.status`)\n";
        tried.is(0, &format!("would be {why}"));
        let done = reviews.source(&withdraw).await;
        done.is(0, &format!("\n{why}"));
        assert!(!done.said.contains("would be"), "{done:#?}");
        let list = partner.source(&["list"]).await;
        list.is(
            0,
            "expelled: a consent was withdrawn (Situation.status: the plan is over)",
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_check_could_not_find_out() {
    on_a_gateway(|app| async move {
        let partner = Terminal::of("PARTNER", &app);
        let unused = "type Situation @key(fields: \"id\") { id: ID! title: Int @external }";
        let found = source(&partner, "check", unused).await;
        found.is(1, "refused [DOES_NOT_COMPOSE]");
        found.is(
            1,
            "The changes were not worked out, since it does not compose.",
        );
        let good = "type Query { tents: Int @tag(name: \"unclassified\") }";
        let found = source(&partner, "check", good).await;
        found.is(0, "safe: ");
        assert!(!found.said.contains("worked out"), "{found:#?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_too_long_is_refused_by_its_length() {
    on_a_gateway(|app| async move {
        let partner = Terminal::of("PARTNER", &app);
        let long = "# padding\n".repeat(300_000);
        for command in ["check", "publish"] {
            let refused = source(&partner, command, &long).await;
            refused.is(1, "refused [SDL_TOO_LARGE]: `sdl.graphql` has 30");
            refused.is(
                1,
                "an SDL has at most 1048576; split the source into several",
            );
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_added_to_the_list_stays() {
    on_a_gateway(|app| async move {
        let terminal = Terminal::of("PARTNER", &app);
        let sdl = "type Query { tents: Int @tag(name: \"unclassified\") }";
        source(&terminal, "publish", sdl).await.is(0, "Published");
        let fetch = ["fetch", "--to", "joint"];
        let fetched = terminal.source(&fetch).await;
        assert!(!fetched.said.contains("keeps"), "{fetched:#?}");
        let path = terminal.scratch.path().join("joint/supergraph.yaml");
        let list = || std::fs::read_to_string(&path).unwrap();
        let first = list();
        assert!(first.contains("routing_url: http://127.0.0.1:9/graphql"), "{first}");
        assert!(first.contains("routing_url: http://ohchr.invalid/"), "{first}");
        assert_eq!(terminal.source(&fetch).await.code, Some(0));
        assert_eq!(list(), first);

        let own = "  huts:\n    routing_url: http://127.0.0.1:8/\n    schema:\n      file: huts.graphql\n";
        let own = format!("federation_version: =2.9.0\n{first}{own}").replace("tents.graphql", "../tents.graphql");
        terminal.scratch.write("joint/supergraph.yaml", &own);
        terminal.source(&fetch).await.is(0, "keeps what was added to it: `tents`, `huts`.");
        for part in ["federation_version: =2.9.0", "huts.graphql", "../tents.graphql", "osapg.graphql"] {
            assert!(list().contains(part), "{part}: {}", list());
        }
        terminal.scratch.write("joint/supergraph.yaml", "- what: else");
        terminal.source(&fetch).await.is(2, "write it anew with --force");
        terminal.source(&[&fetch[..], &["--force"]].concat()).await.is(0, "Wrote");
        assert_eq!(list(), first);
    })
    .await;
}

#[derive(SimpleObject)]
struct Payload {
    amount: i32,
}

struct Query;

#[Object]
impl Query {
    async fn price(&self) -> Payload {
        Payload { amount: 7 }
    }

    async fn query(&self) -> Query {
        Query
    }
}

struct Mutation;

#[Object]
impl Mutation {
    async fn set_price(&self) -> bool {
        true
    }

    async fn reset(&self) -> bool {
        true
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_of_a_plain_server_stays_out() {
    on_a_gateway(|app| async move {
        let terminal = Terminal::of("PARTNER", &app);
        let schema = Schema::new(Query, Mutation, EmptySubscription);
        let router = Router::new().route("/graphql", post_service(GraphQL::new(schema)));
        let service = Service::start(router).await;
        let tried = terminal.source(&["test", &service.url]).await;
        tried.is(1, "`upfront source test --plain URL`");
        let tried = terminal.source(&["test", "--plain", &service.url]).await;
        tried.is(0, "ok    tells its schema by introspection: ");
        tried.is(0, "It does what the gateway needs.");

        let place = ["check", "--name", "prices", "--url", service.url.as_str()];
        let plain = ["--plain", "--default-level", "unclassified"];
        let mutation = ["--mutation", "reset=prices:write"];
        let check = [&place[..], &plain[..], &mutation[..]].concat();
        let checked = terminal.source(&check).await;
        for told in [
            "Left out are mutations that are not named with `--mutation`: `setPrice`.",
            "Left out are fields that lead back to a root type: `Query.query`.",
        ] {
            checked.is(0, told);
            tried.is(0, &told.replace("`setPrice`", "`setPrice`, `reset`"));
        }
        let wrong = terminal
            .source(&[&check[..], &["--prefix", "Food!"]].concat())
            .await;
        wrong.is(1, "refused [NAME_INVALID]");
        wrong.is(1, "`Food!` cannot be the prefix of names.");
    })
    .await;
}
