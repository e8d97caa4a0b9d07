//! Names that the service goes by.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{server::fixture, support::app::send};

#[tokio::test]
async fn a_foreign_name_that_leads_to_this_machine_is_refused() {
    let fixture = fixture::start(|_| {}, &[]).await;
    let port = fixture.app.app.address.port();
    for host in ["rebound.example", &format!("rebound.example:{port}")] {
        for path in [
            "/",
            "/graphql?query={areas{id}}",
            "/metrics",
            "/schema.graphql",
        ] {
            let answer = send(fixture.app.get(path).header("host", host)).await;
            assert_eq!(answer.status, 421, "{host} {path}");
            assert_eq!(answer.code(), "HOST_REFUSED");
            assert!(answer.text.contains("`allowed_hosts`"), "{}", answer.text);
        }
    }
    for host in [format!("localhost:{port}"), "127.0.0.1".to_owned()] {
        let answer = send(fixture.app.get("/health/live").header("host", host)).await;
        assert_eq!(answer.status, 200);
    }
}

#[tokio::test]
async fn a_request_of_http_1_1_has_one_host() {
    let fixture = fixture::start(|_| {}, &[]).await;
    let ask = async |head: &str| {
        let mut stream = TcpStream::connect(fixture.app.app.address).await.unwrap();
        let head = format!("GET /health/live {head}\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).await.unwrap();
        text
    };
    for (head, part) in [
        ("HTTP/1.1\r\nConnection: close", "no `Host`"),
        (
            "HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\nConnection: close",
            "several `Host`",
        ),
        ("HTTP/1.1\r\nHost: a b\r\nConnection: close", "no name"),
        (
            "HTTP/1.1\r\nHost: me@localhost\r\nConnection: close",
            "no name",
        ),
    ] {
        let answer = ask(head).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{head}: {answer}");
        assert!(answer.contains("\"BAD_REQUEST\""), "{head}: {answer}");
        assert!(answer.contains(part), "{head}: {answer}");
    }
    for head in [
        "HTTP/1.0",
        "HTTP/1.1\r\nHost: localhost\r\nConnection: close",
    ] {
        let answer = ask(head).await;
        assert!(answer.contains(" 200 OK"), "{head}: {answer}");
    }
}

#[tokio::test]
async fn a_name_can_be_allowed() {
    let name = |config: &mut upfront::config::Config| {
        config.allowed_hosts = vec!["graph.example.org".to_owned()];
    };
    let fixture = fixture::start(name, &[]).await;
    let live = || fixture.app.get("/health/live");
    let allowed = send(live().header("host", "graph.example.org:4000")).await;
    assert_eq!(allowed.status, 200);
    let other = send(live().header("host", "www.graph.example.org")).await;
    assert_eq!(other.status, 421);
}
