//! `upfront serve`, as a process.

use std::{
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, Command, Stdio},
};

use serde_json::{Value, json};

use crate::support::{records::EXAMPLE, scratch::Scratch};

/// A running service; dropping it ends it.
pub(crate) struct Service {
    child: Child,
    lines: Vec<String>,
}

impl Service {
    /// Starts it on a port of its own and reads what it says up to a line.
    pub(crate) fn start(directory: &Path, arguments: &[&str], last: &str) -> Self {
        let command = Command::new(env!("CARGO_BIN_EXE_upfront"));
        Self::start_by(command, directory, arguments, last)
    }

    fn start_by(mut command: Command, directory: &Path, arguments: &[&str], last: &str) -> Self {
        let mut child = command
            .args([&["serve", "--listen", "127.0.0.1:0"], arguments].concat())
            .current_dir(directory)
            .env_clear()
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = Vec::new();
        for line in BufReader::new(child.stdout.take().unwrap()).lines() {
            lines.push(line.unwrap());
            if lines.last().unwrap().starts_with(last) {
                break;
            }
        }
        Self { child, lines }
    }

    pub(crate) fn url(&self) -> String {
        let line = &self.lines[0];
        let url = line
            .strip_prefix("Upfront listens on ")
            .unwrap_or_else(|| panic!("{line}"));
        format!("{url}graphql")
    }

    /// Asks for a page of its own.
    async fn page(&self, path: &str) -> String {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let url = self.url().replace("/graphql", path);
        client.get(url).send().await.unwrap().text().await.unwrap()
    }

    /// Asks it to stop as an operator does; its exit code and its log.
    pub(crate) fn stop(self) -> (Option<i32>, String) {
        self.stop_by("-TERM")
    }

    fn signal(&self, signal: &str) {
        let pid = self.child.id().to_string();
        let kill = Command::new("kill").args([signal, &pid]).status();
        assert!(kill.unwrap().success());
    }

    fn stop_by(mut self, signal: &str) -> (Option<i32>, String) {
        self.signal(signal);
        let mut log = String::new();
        self.child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut log)
            .unwrap();
        (self.child.wait().unwrap().code(), log)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Puts the example where `serve --example` finds it loaded, which is most of what a first start does; one test
/// begins without it.
async fn put_example(scratch: &Scratch, data_dir: &str) {
    let directory = scratch.path().join(data_dir);
    std::fs::create_dir_all(&directory).unwrap();
    std::fs::write(directory.join("example.sqlite"), EXAMPLE.sqlite().await).unwrap();
}

async fn ask(url: &str, token: Option<&str>, query: &str) -> Value {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut request = client.post(url).json(&json!({ "query": query }));
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    request.send().await.unwrap().json().await.unwrap()
}

#[tokio::test]
async fn the_example_can_be_asked_at_once() {
    let scratch = Scratch::new();
    let service = Service::start(scratch.path(), &["--example"], "curl ");
    let token = service.lines[2].clone();
    let query = "query Review { situations(first: 3) { nodes { id title concernLevel } } }";
    let anonymous = ask(&service.url(), None, query).await;
    assert_eq!(
        anonymous["data"]["situations"]["nodes"][0]["concernLevel"],
        Value::Null
    );
    let reviewer = ask(&service.url(), Some(&token), query).await;
    let nodes = reviewer["data"]["situations"]["nodes"].as_array().unwrap();
    assert!(
        nodes.iter().any(|node| node["concernLevel"].is_string()),
        "{reviewer:#}"
    );
    assert!(service.lines.last().unwrap().contains(&token));

    let (code, log) = service.stop();
    assert_eq!(code, Some(0));
    let requests: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let requests: Vec<_> = requests
        .iter()
        .filter(|line| line["target"] == "upfront::request")
        .collect();
    assert_eq!(requests.len(), 2, "{log}");
    assert_eq!(requests[1]["entity"], "OHCHR");
    assert_eq!(requests[1]["operation"], "Review");
    assert_eq!(requests[1]["status"], 200);
    assert!(
        !log.contains(&token) && !log.contains("situations("),
        "{log}"
    );
}

#[tokio::test]
async fn a_token_made_elsewhere_with_the_same_key_is_good() {
    let scratch = Scratch::new();
    put_example(&scratch, "data").await;
    let service = Service::start(
        scratch.path(),
        &["--example", "--data-dir", "data"],
        "curl ",
    );
    let arguments = ["token", "--entity", "OSAPG", "--data-dir", "data"];
    let outcome = crate::cli::upfront(scratch.path(), &arguments);
    let answer = ask(
        &service.url(),
        outcome.stdout.lines().last(),
        "{ __typename }",
    )
    .await;
    assert_eq!(answer, json!({"data": {"__typename": "Query"}}));
}

#[tokio::test]
async fn replicas_of_one_database_take_each_others_tokens() {
    let scratch = Scratch::new();
    let shared = ["--database-url", "sqlite:shared.sqlite"];
    let start = |data_dir: &'static str| {
        let arguments = [&shared[..], &["--data-dir", data_dir]].concat();
        Service::start(scratch.path(), &arguments, "Upfront listens")
    };
    let (first, second) = (start("first"), start("second"));
    let arguments = [&["token", "--entity", "OSAPG"], &shared[..]].concat();
    let outcome = crate::cli::upfront(scratch.path(), &arguments);
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    let mut keys = Vec::new();
    for service in [&first, &second] {
        let answer = ask(
            &service.url(),
            Some(outcome.stdout.trim()),
            "{ __typename }",
        )
        .await;
        assert_eq!(answer, json!({"data": {"__typename": "Query"}}));
        let at = service.url().replace("/graphql", "/.well-known/jwks.json");
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let told: Value = client.get(at).send().await.unwrap().json().await.unwrap();
        keys.push(told);
    }
    assert_eq!(keys[0], keys[1]);
}

#[tokio::test]
async fn a_page_may_be_allowed_on_the_command_line() {
    let scratch = Scratch::new();
    put_example(&scratch, "upfront-data").await;
    let origin = "http://localhost:5173";
    let arguments = ["--example", "--allow-origin", origin];
    let service = Service::start(scratch.path(), &arguments, "curl ");
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = client.get(format!("{}?query={{__typename}}", service.url()));
    let answer = request.header("origin", origin).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["access-control-allow-origin"], origin);
    let arguments = ["serve", "--example", "--allow-origin", "localhost:5173"];
    let outcome = crate::cli::upfront(scratch.path(), &arguments);
    assert_eq!(outcome.code, Some(2));
    assert!(
        outcome.stderr.contains("is no origin"),
        "{}",
        outcome.stderr
    );
}

#[tokio::test]
async fn a_fault_needs_a_source_that_is_there() {
    let scratch = Scratch::new();
    put_example(&scratch, "upfront-data").await;
    let run = |fault: &str| {
        let arguments = [
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--example",
            "--example-fault",
            fault,
        ];
        crate::cli::upfront(scratch.path(), &arguments).stderr
    };
    assert!(run("srsg_svc=odd").contains("down"));
    let told = run("nobody=down");
    assert!(
        told.contains("nobody") && told.contains("srsg_svc"),
        "{told}"
    );
}

const BOOKS: &str = "type Query { books: [Book] } type Book { title: String }";

fn write_plain(scratch: &Scratch) {
    scratch.write("books.graphql", BOOKS);
    let list =
        "subgraphs: {books: {routing_url: 'http://127.0.0.1:1', schema: {file: books.graphql}}}";
    scratch.write("supergraph.yaml", list);
}

#[tokio::test]
async fn a_plain_gateway_speaks_of_tokens_only_where_it_reads_them() {
    let scratch = Scratch::new();
    write_plain(&scratch);
    let arguments = ["--config", "supergraph.yaml"];
    let service = Service::start(scratch.path(), &arguments, "Upfront listens");
    let page = service.page("/").await;
    for absent in ["UNCLASSIFIED", "token", "Bearer", "{{"] {
        assert!(!page.contains(absent), "{absent}: {page}");
    }
    assert!(page.contains("A subgraph that fails"), "{page}");
    drop(service);
    put_example(&scratch, "upfront-data").await;
    let example = ["--example", "--data-dir", "upfront-data"];
    drop(Service::start(scratch.path(), &example, "curl "));
    let service = Service::start(scratch.path(), &arguments, "Upfront listens");
    let page = service.page("/").await;
    assert!(page.contains("Authorization: Bearer TOKEN"), "{page}");
    assert!(!page.contains("UNCLASSIFIED"), "{page}");
}

#[test]
fn a_plain_gateway_has_no_registry_to_set() {
    let scratch = Scratch::new();
    write_plain(&scratch);
    for flag in [
        ["--allow-entity", "RELIEF"],
        ["--allow-source-host", "a.example"],
    ] {
        let arguments = [&["serve", "--config", "supergraph.yaml"], &flag[..]].concat();
        let outcome = crate::cli::upfront(scratch.path(), &arguments);
        assert_eq!(outcome.code, Some(2), "{}", outcome.stderr);
        assert!(outcome.stderr.contains("--config"), "{}", outcome.stderr);
    }
}

#[test]
fn a_plain_gateway_without_a_key_says_what_nobody_gets() {
    let scratch = Scratch::new();
    write_plain(&scratch);
    let arguments = ["--config", "supergraph.yaml"];
    let warning = "there is no key to check tokens with";
    let service = Service::start(scratch.path(), &arguments, "Upfront listens");
    let (_, log) = service.stop();
    assert!(!log.contains(warning), "{log}");
    let link = "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.5\", \
                import: [\"@authenticated\"])";
    let restricted = BOOKS.replace("title: String", "title: String @authenticated");
    scratch.write("books.graphql", &format!("{link} {restricted}"));
    let service = Service::start(scratch.path(), &arguments, "Upfront listens");
    let (_, log) = service.stop();
    assert!(log.contains(warning), "{log}");
}

#[test]
fn the_log_tells_start_and_stop_and_is_plain_in_a_file() {
    let scratch = Scratch::new();
    write_plain(&scratch);
    scratch.write(
        "upfront.toml",
        "[log]\nformat = 'text'\n[sources.boks]\nretries = 1\n",
    );
    let arguments = ["--config", "supergraph.yaml"];
    let service = Service::start(scratch.path(), &arguments, "Upfront listens");
    let address = service.url().replace("http://", "").replace("/graphql", "");
    let (code, log) = service.stop();
    assert_eq!(code, Some(0));
    assert!(log.contains(&format!("listens address={address}")), "{log}");
    assert!(log.lines().last().unwrap().contains("stopped"), "{log}");
    assert!(!log.contains('\u{1b}'), "{log}");
    assert!(
        log.contains("`sources.boks` is for a source that does not serve"),
        "{log}"
    );
}

#[tokio::test]
async fn settings_for_what_is_not_there_are_told_in_the_log() {
    let scratch = Scratch::new();
    put_example(&scratch, "upfront-data").await;
    let settings = "[sources.rewiews]\nretries = 1\n[sources.ohchr]\nretries = 1\n\
                    [registry]\nentities = ['relief', 'RELIEF']\n";
    scratch.write("upfront.toml", settings);
    let service = Service::start(scratch.path(), &["--example"], "curl ");
    let (_, log) = service.stop();
    let warnings: Vec<Value> = (log.lines())
        .map(|line| serde_json::from_str(line).unwrap())
        .filter(|line: &Value| line["level"] == "WARN")
        .collect();
    assert_eq!(warnings.len(), 2, "{log}");
    assert_eq!(warnings[0]["source"], "rewiews");
    assert_eq!(warnings[1]["code"], "relief");
    assert!(
        warnings[1]["message"]
            .as_str()
            .unwrap()
            .contains("`RELIEF`"),
        "{log}"
    );
}

#[test]
fn a_subgraph_is_not_taken_for_a_supergraph() {
    let scratch = Scratch::new();
    let link = "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.5\", import: [\"@key\"])";
    let key = "type Query { books: [Book] } type Book @key(fields: \"id\") { id: ID! }";
    for sdl in [BOOKS.to_owned(), key.to_owned(), format!("{link} {key}")] {
        scratch.write("books.graphql", &sdl);
        let arguments = [
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--supergraph",
            "books.graphql",
        ];
        let outcome = crate::cli::upfront(scratch.path(), &arguments);
        assert_eq!(outcome.code, Some(1));
        let sentence = "`books.graphql` is a subgraph, not a supergraph";
        assert!(
            outcome.stderr.contains(sentence),
            "{sdl}: {}",
            outcome.stderr
        );
        assert!(outcome.stderr.contains("--config"), "{}", outcome.stderr);
    }
}

#[test]
fn a_list_and_sdl_are_told_apart() {
    let scratch = Scratch::new();
    write_plain(&scratch);
    let run = |arguments: &[&str]| {
        let outcome = crate::cli::upfront(scratch.path(), arguments);
        let code = if arguments[0] == "serve" { 1 } else { 2 };
        assert_eq!(outcome.code, Some(code), "{}", outcome.stderr);
        assert_eq!(outcome.stderr.lines().count(), 1, "{}", outcome.stderr);
        outcome.stderr
    };
    let list = "`supergraph.yaml` is a list of subgraphs, not a supergraph";
    let serve = ["serve", "--listen", "127.0.0.1:0"];
    let told = run(&[&serve[..], &["--supergraph", "supergraph.yaml"]].concat());
    assert!(told.contains(list), "{told}");
    scratch.write("q.graphql", "{ books { title } }");
    let plan = ["plan", "--query", "q.graphql"];
    let told = run(&[&plan[..], &["--supergraph", "supergraph.yaml"]].concat());
    assert!(told.contains(list), "{told}");

    let sdl = "`books.graphql` holds SDL, not a list of subgraphs";
    let told = run(&[&serve[..], &["--config", "books.graphql"]].concat());
    assert!(told.contains(sdl), "{told}");
    let told = run(&["compose", "--config", "books.graphql"]);
    assert!(told.contains(sdl), "{told}");

    let router = "supergraph:\n  listen: 127.0.0.1:4000\n";
    scratch.write("router.yaml", router);
    let told = run(&[&serve[..], &["--config", "router.yaml"]].concat());
    for part in [
        "`router.yaml` looks like the settings of Apollo Router",
        "docs/operation.md",
    ] {
        assert!(told.contains(part), "{told}");
    }

    scratch.write("odd.yaml", "books");
    let told = run(&["compose", "--config", "odd.yaml"]);
    assert!(
        told.contains("`odd.yaml`") && told.contains("a list of subgraphs"),
        "{told}"
    );
    assert!(!told.contains("struct"), "{told}");
}

#[test]
fn a_subgraph_that_is_down_is_told_of_in_one_line() {
    let scratch = Scratch::new();
    let list = "subgraphs: {books: {schema: {subgraph_url: 'http://127.0.0.1:1/'}}}";
    scratch.write("supergraph.yaml", list);
    let outcome = crate::cli::upfront(scratch.path(), &["compose", "--config", "supergraph.yaml"]);
    assert_eq!(outcome.code, Some(2));
    let told = outcome.stderr;
    let sentence = "`http://127.0.0.1:1/` could not be asked for its SDL: Connection refused";
    assert!(told.contains(sentence), "{told}");
}

#[test]
fn an_address_without_digits_is_told_of_alike() {
    let scratch = Scratch::new();
    let sentence = "an address and a port were expected, such as 127.0.0.1:4000";
    let by_flag = crate::cli::upfront(scratch.path(), &["serve", "--listen", "localhost:4011"]);
    assert_eq!(by_flag.code, Some(2));
    assert!(by_flag.stderr.contains(sentence), "{}", by_flag.stderr);
    let environment = [("UPFRONT_LISTEN", "localhost:4011")];
    let by_variable = crate::cli::upfront_with(scratch.path(), &["serve"], &environment);
    assert_eq!(by_variable.code, Some(1));
    assert!(
        by_variable.stderr.contains(sentence),
        "{}",
        by_variable.stderr
    );
}

#[tokio::test]
async fn sighup_has_a_plain_gateway_read_its_subgraphs_again() {
    let scratch = Scratch::new();
    write_plain(&scratch);
    // The same length and the same time of change: only a signal has it read again.
    let arguments = ["--config", "supergraph.yaml"];
    let service = Service::start(scratch.path(), &arguments, "Upfront listens");
    let file = scratch.path().join("books.graphql");
    let written = std::fs::metadata(&file).unwrap().modified().unwrap();
    std::fs::write(&file, BOOKS.replace("title", "label")).unwrap();
    let opened = std::fs::File::options().write(true).open(&file).unwrap();
    opened.set_modified(written).unwrap();
    service.signal("-HUP");
    let renewed = async {
        while !service.page("/schema.graphql").await.contains("label") {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    let patience = std::time::Duration::from_secs(20);
    tokio::time::timeout(patience, renewed).await.unwrap();
    let (code, log) = service.stop();
    assert_eq!(code, Some(0));
    assert!(log.contains("a new supergraph serves"), "{log}");
}

#[tokio::test]
async fn sighup_ends_the_joint_schema_as_sigterm_does() {
    let scratch = Scratch::new();
    put_example(&scratch, "upfront-data").await;
    // The tests may have been started by `nohup`.
    let mut command = Command::new("env");
    command.args(["--default-signal=HUP", env!("CARGO_BIN_EXE_upfront")]);
    let service = Service::start_by(command, scratch.path(), &["--example"], "curl ");
    let (code, log) = service.stop_by("-HUP");
    assert_eq!(code, Some(0), "{log}");
    assert!(log.lines().last().unwrap().contains("stopped"), "{log}");
}

#[tokio::test]
async fn nohup_keeps_the_joint_schema_from_sighup() {
    let scratch = Scratch::new();
    put_example(&scratch, "upfront-data").await;
    let mut command = Command::new("nohup");
    command.arg(env!("CARGO_BIN_EXE_upfront"));
    let service = Service::start_by(command, scratch.path(), &["--example"], "curl ");
    service.signal("-HUP");
    let answer = ask(&service.url(), None, "{ __typename }").await;
    assert_eq!(answer, json!({"data": {"__typename": "Query"}}));
    assert_eq!(service.stop().0, Some(0));
}

#[tokio::test]
async fn the_log_counts_the_errors_that_were_sent() {
    let scratch = Scratch::new();
    write_plain(&scratch);
    let arguments = ["--config", "supergraph.yaml"];
    let service = Service::start(scratch.path(), &arguments, "Upfront listens");
    let unknown = ask(&service.url(), None, "{ nope }").await;
    assert_eq!(unknown["errors"].as_array().unwrap().len(), 1);
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = client.post(service.url()).json(&json!({ "query": 5 }));
    assert_eq!(request.send().await.unwrap().status(), 400);
    ask(&service.url(), None, "{ __typename }").await;
    service.page("/nowhere").await;
    let (_, log) = service.stop();
    let counts: Vec<Value> = (log.lines())
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|line| line["target"] == "upfront::request")
        .map(|line| line["errors"].clone())
        .collect();
    assert_eq!(counts, [1, 1, 0, 1], "{log}");
}
