//! Attempts to turn the gateway on its own surroundings, each refused with a reason.

use std::{
    io,
    net::IpAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use futures::{FutureExt, future::BoxFuture};
use reqwest::{Client, Url};
use upfront::egress::{Egress, Lookup, Refusal};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers};

/// Name servers that answer by a script: the last answer is repeated.
#[derive(Debug)]
struct Script(Mutex<Vec<Vec<IpAddr>>>);

impl Script {
    fn new(answers: &[&[&str]]) -> Self {
        let mut answers: Vec<Vec<IpAddr>> = answers
            .iter()
            .map(|answer| answer.iter().map(|text| text.parse().unwrap()).collect())
            .collect();
        answers.reverse();
        Self(Mutex::new(answers))
    }
}

impl Lookup for Script {
    fn lookup(&self, _: &str) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        let mut answers = self.0.lock().unwrap();
        let answer = if answers.len() > 1 {
            answers.pop().unwrap()
        } else {
            answers[0].clone()
        };
        async move { Ok(answer) }.boxed()
    }
}

fn egress(hosts: &[&str], networks: &[&str], answers: &[&[&str]]) -> Arc<Egress> {
    Arc::new(Egress::with_lookup(
        hosts.iter().map(|host| host.parse().unwrap()).collect(),
        networks
            .iter()
            .map(|network| network.parse().unwrap())
            .collect(),
        Box::new(Script::new(answers)),
    ))
}

fn client(egress: &Arc<Egress>) -> Client {
    let builder = Client::builder().connect_timeout(Duration::from_secs(2));
    egress.guard(builder).build().unwrap()
}

fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

#[track_caller]
fn refused(hosts: &[&str], url: &str, says: &str) {
    let refusal = egress(hosts, &[], &[&[]])
        .parse(url)
        .unwrap_err()
        .to_string();
    assert!(refusal.contains(says), "{url}: {refusal}");
}

#[test]
fn only_listed_hosts_are_asked() {
    let listed = ["graph.example.org"];
    refused(
        &listed,
        "https://other.example.org/graphql",
        "--allow-source-host other.example.org",
    );
    refused(&[], "https://graph.example.org/graphql", "not among those");
    assert!(
        egress(&listed, &[], &[&[]])
            .parse("https://graph.example.org/graphql")
            .is_ok()
    );
}

#[test]
fn link_local_is_never_asked() {
    let listed = ["169.254.169.254", "http://169.254.169.254", "[fe80::1]"];
    refused(
        &listed,
        "http://169.254.169.254/latest/meta-data/",
        "link-local",
    );
    refused(&listed, "https://169.254.169.254/", "link-local");
    refused(&listed, "https://[fe80::1]/", "link-local");
    refused(
        &listed,
        "https://[::ffff:169.254.169.254]/",
        "not among those",
    );
    refused(
        &["*.example.org"],
        "http://169.254.169.254/",
        "not among those",
    );
}

#[test]
fn loopback_in_every_writing_is_one_address() {
    for url in [
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.1/",
        "https://0177.0.0.1/",
        "https://127.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:7f00:1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://localhost/",
        "https://LOCALHOST./",
        "https://127。0。0。1/",
    ] {
        refused(
            &["*.example.org", "graph.example.org"],
            url,
            "not among those",
        );
    }
    // Listed by another writing of the same address, it is asked.
    let listed = egress(&["127.0.0.1"], &[], &[&[]]);
    assert!(listed.parse("https://2130706433/").is_ok());
    assert!(listed.parse("https://[::ffff:127.0.0.1]/").is_err());
}

#[test]
fn schemes_and_parts_that_have_no_business_there() {
    let listed = ["graph.example.org"];
    refused(&listed, "ftp://graph.example.org/", "the scheme `ftp`");
    refused(&listed, "file:///etc/passwd", "the scheme `file`");
    refused(
        &listed,
        "gopher://graph.example.org/",
        "the scheme `gopher`",
    );
    refused(&listed, "http://graph.example.org/", "over https only");
    refused(
        &listed,
        "https://user:secret@graph.example.org/",
        "credentials",
    );
    refused(
        &listed,
        "https://graph.example.org@evil.test/",
        "credentials",
    );
    refused(&listed, "https://graph.example.org/#x", "fragment");
    refused(
        &listed,
        "https://evil.test\\@graph.example.org/",
        "a backslash (U+005C) as its character 18",
    );
    refused(&listed, "graph.example.org/graphql", "is no URL");
    refused(
        &listed,
        &format!("https://graph.example.org/{}", "a".repeat(3000)),
        "longer than",
    );
}

#[tokio::test]
async fn a_name_must_not_lead_inside() {
    for address in [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.0.1",
        "172.20.0.1",
        "100.64.0.1",
        "169.254.169.254",
        "0.0.0.0",
        "::1",
        "::ffff:10.0.0.1",
        "fd00::1",
        "224.0.0.1",
    ] {
        let egress = egress(&["*.example.org"], &[], &[&[address]]);
        let refusal = egress.resolve("a.example.org").await.unwrap_err();
        assert!(
            matches!(refusal, Refusal::NameLeads(..)),
            "{address}: {refusal}"
        );
        // What stands inside is nobody's business who publishes.
        assert!(!refusal.to_string().contains(address), "{refusal}");
    }
    let mixed = egress(&["a.example.org"], &[], &[&["10.0.0.1", "1.1.1.1"]]);
    let found = mixed.resolve("a.example.org").await.unwrap();
    assert_eq!(found, ["1.1.1.1".parse::<IpAddr>().unwrap()]);
}

#[tokio::test]
async fn a_network_can_be_allowed_but_not_every_one() {
    let inside = egress(
        &["a.example.org"],
        &["10.20.0.0/16"],
        &[&["10.20.0.7"], &["10.21.0.7"]],
    );
    assert!(inside.resolve("a.example.org").await.is_ok());
    assert!(inside.resolve("a.example.org").await.is_err());
    let metadata = egress(
        &["a.example.org"],
        &["169.254.0.0/16"],
        &[&["169.254.169.254"]],
    );
    assert!(
        metadata.resolve("a.example.org").await.is_err(),
        "link-local stays out"
    );
}

#[tokio::test]
async fn a_name_that_changes_its_answer_after_the_check_is_refused_at_use() {
    let server = MockServer::start().await;
    Mock::given(matchers::any())
        .respond_with(ResponseTemplate::new(200))
        .mount(&server)
        .await;
    let port = server.address().port();
    let egress = egress(
        &["http://a.example.org"],
        &[],
        &[&["1.1.1.1"], &["127.0.0.1"]],
    );
    let url = egress
        .parse(&format!("http://a.example.org:{port}/graphql"))
        .unwrap();
    egress
        .resolve("a.example.org")
        .await
        .expect("good when it is checked");
    let error = client(&egress).post(url).send().await.unwrap_err();
    assert!(
        causes(&error).contains("leads to an address that is not allowed"),
        "{}",
        causes(&error)
    );
    assert!(
        server.received_requests().await.unwrap().is_empty(),
        "nothing was asked"
    );
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let inside = MockServer::start().await;
    let outside = MockServer::start().await;
    let to = format!("{}/secret", inside.uri());
    Mock::given(matchers::any())
        .respond_with(ResponseTemplate::new(307).insert_header("location", to))
        .mount(&outside)
        .await;
    let host = outside.address().to_string();
    let egress = egress(&[&host], &[], &[&[]]);
    let url = egress.parse(&outside.uri()).unwrap();
    let answer = client(&egress).post(url).send().await.unwrap();
    assert_eq!(answer.status(), 307);
    assert!(inside.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn localhost_is_this_machine_without_asking_anybody() {
    let egress = egress(&["localhost"], &[], &[&["1.1.1.1"]]);
    for address in egress.resolve("localhost").await.unwrap() {
        assert!(address.is_loopback());
    }
    assert!(egress.resolve("api.localhost").await.is_err(), "not listed");
    let url = Url::parse("http://localhost:4001/graphql").unwrap();
    assert_eq!(egress.check(&url), Ok(()));
}

/// A message that says what to set names a setting there is.
#[tokio::test]
async fn what_a_refusal_tells_to_set_exists() {
    let settings = serde_json::to_value(upfront::config::Config::default()).unwrap();
    let inside = egress(&["a.example.org"], &[], &[&["10.0.0.1"]]);
    let refusals = [
        inside.parse("https://b.example.org/").unwrap_err(),
        inside.resolve("a.example.org").await.unwrap_err(),
    ];
    for refusal in refusals {
        let text = refusal.to_string();
        let quoted = text.split('`').skip(1).step_by(2);
        let named: Vec<_> = quoted
            .filter(|part| part.starts_with("registry."))
            .collect();
        assert_eq!(named.len(), 1, "{text}");
        let pointer = format!("/{}", named[0].replace('.', "/"));
        assert!(settings.pointer(&pointer).is_some(), "{text}");
    }
}
