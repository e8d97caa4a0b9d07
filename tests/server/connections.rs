//! Connections: bounded in time and in number, whatever their clients do.

use std::{sync::Arc, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::{Instant, timeout},
};

use crate::{
    server::fixture::{self, Fixture, SHORT},
    support::app::send,
};

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(30);
const GATED: &str = r#"{"query":"{ gated }"}"#;

async fn connect(fixture: &Fixture) -> TcpStream {
    let address = fixture.app.app.address;
    timeout(PATIENCE, TcpStream::connect(address))
        .await
        .unwrap()
        .unwrap()
}

/// A request with a part of its body.
fn post(length: usize, body: &str) -> String {
    format!(
        "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    )
}

async fn write(stream: &mut TcpStream, text: &str) {
    stream.write_all(text.as_bytes()).await.unwrap();
}

/// Whether the other side has neither said anything nor closed.
fn is_open(stream: &TcpStream) -> bool {
    let read = stream.try_read(&mut [0]);
    read.is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock)
}

/// What comes until the connection is closed.
async fn rest(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    // A connection that was reset is closed as well.
    let _ = timeout(PATIENCE, stream.read_to_end(&mut text))
        .await
        .expect("it stays open");
    String::from_utf8(text).unwrap()
}

/// What comes until a text is among it.
async fn until(stream: &mut TcpStream, part: &str) -> String {
    let mut text = String::new();
    while !text.contains(part) {
        let mut piece = vec![0; 4096];
        let read = timeout(PATIENCE, stream.read(&mut piece)).await.unwrap();
        let read = read.unwrap();
        assert!(read > 0, "closed after {text}");
        text.push_str(std::str::from_utf8(&piece[..read]).unwrap());
    }
    text
}

#[tokio::test]
async fn a_head_that_does_not_end_closes_the_connection() {
    let fixture = fixture::start(|config| config.limits.header_ms = SHORT, &[]).await;
    let started = Instant::now();
    let mut silent = connect(&fixture).await;
    let mut begun = connect(&fixture).await;
    write(&mut begun, "POST /graphql HTTP/1.1\r\nHost: localhost\r\n").await;
    let mut answered = connect(&fixture).await;
    write(
        &mut answered,
        "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n",
    )
    .await;
    until(&mut answered, r#"{"status":"live"}"#).await;
    for stream in [&mut silent, &mut begun, &mut answered] {
        assert_eq!(rest(stream).await, "");
    }
    assert!(started.elapsed() >= Duration::from_millis(SHORT));
}

#[tokio::test]
async fn a_head_in_drips_closes_the_connection() {
    let fixture = fixture::start(|config| config.limits.header_ms = SHORT, &[]).await;
    let (mut reads, mut writes) = connect(&fixture).await.into_split();
    let dripping = tokio::spawn(async move {
        let head = "GET /health/live HTTP/1.1\r\nHost: localhost\r\nX-Long: ";
        writes.write_all(head.as_bytes()).await.unwrap();
        // Ends when the other side has closed.
        while writes.write_all(b"x").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(SHORT / 10)).await;
        }
    });
    let mut text = Vec::new();
    let _ = timeout(PATIENCE, reads.read_to_end(&mut text))
        .await
        .expect("it stays open");
    assert!(text.is_empty());
    dripping.abort();
}

#[tokio::test]
async fn a_body_that_does_not_end_is_told_so() {
    let fixture = fixture::start(|config| config.limits.body_ms = SHORT, &[]).await;
    let mut begun = connect(&fixture).await;
    write(&mut begun, &post(100, "{")).await;
    let (mut reads, mut writes) = connect(&fixture).await.into_split();
    let dripping = tokio::spawn(async move {
        writes
            .write_all(post(100_000, "").as_bytes())
            .await
            .unwrap();
        while writes.write_all(b" ").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(SHORT / 10)).await;
        }
    });
    let mut of_drips = vec![0; 4096];
    let read = timeout(PATIENCE, reads.read(&mut of_drips)).await.unwrap();
    of_drips.truncate(read.unwrap());
    for answer in [rest(&mut begun).await, String::from_utf8(of_drips).unwrap()] {
        assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
        assert!(answer.contains("connection: close"), "{answer}");
        assert!(answer.contains("\"BODY_TIMEOUT\""), "{answer}");
        assert!(answer.contains("within 200 ms"), "{answer}");
    }
    dripping.abort();
}

#[tokio::test]
async fn bodies_that_do_not_end_leave_the_others_served() {
    let fixture = fixture::start(|_| {}, &[]).await;
    // The first raises the number of descriptors that this process may have open.
    let mut begun = Vec::new();
    for _ in 0..1_100 {
        let mut stream = connect(&fixture).await;
        write(&mut stream, &post(100, "{")).await;
        begun.push(stream);
    }
    let answer = send(fixture.app.query("{ areas { id } }")).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(fixture.app.app.request_permits.available_permits(), 1_024);
    // Of one address 1,024 are kept: those that have waited the longest have made room.
    assert_eq!(rest(&mut begun[0]).await, "");
}

#[tokio::test]
async fn large_bodies_under_way_leave_small_ones_served() {
    let fixture = fixture::start(|config| config.limits.body_bytes = 64 << 20, &[]).await;
    let large = "x".repeat(48 << 20);
    let mut begun = Vec::new();
    for _ in 0..2 {
        let mut stream = connect(&fixture).await;
        write(&mut stream, &post(50 << 20, &large)).await;
        begun.push(stream);
    }
    let whole = |bytes: usize| {
        let document = "{ areas { id } }";
        let body = format!("{{\"query\":\"{document}{}\"}}", " ".repeat(bytes));
        fixture.app.post_raw("application/json", body)
    };
    // Both have their share; a third that is as large would be more than what is left.
    loop {
        if fixture.app.app.large_bodies.available_permits() < 40 << 20 {
            break;
        }
        tokio::task::yield_now().await;
    }
    assert_eq!(send(whole(0)).await.status, 200);
    assert_eq!(send(whole(1_000)).await.status, 200);
    let mut third = connect(&fixture).await;
    let (mut reads, mut writes) = third.split();
    let (answer, _) = tokio::join!(
        async {
            let mut answer = vec![0; 4096];
            let read = timeout(PATIENCE, reads.read(&mut answer)).await.unwrap();
            answer.truncate(read.unwrap());
            String::from_utf8(answer).unwrap()
        },
        async {
            let head = post(50 << 20, "");
            writes.write_all(head.as_bytes()).await?;
            // The other side stops reading once it has answered.
            timeout(PATIENCE, writes.write_all(large.as_bytes())).await?
        }
    );
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    assert!(answer.contains("\"BUSY\""), "{answer}");
}

#[tokio::test]
async fn connections_of_one_address_are_bounded() {
    let one = |config: &mut upfront::config::Config| config.limits.connections_per_address = 1;
    let fixture = fixture::start(one, &[]).await;
    let mut first = connect(&fixture).await;
    write(&mut first, &post(GATED.len(), GATED)).await;
    fixture.gate.entered().await;

    let mut second = connect(&fixture).await;
    let refused = rest(&mut second).await;
    assert!(refused.starts_with("HTTP/1.1 503"), "{refused}");
    assert!(refused.contains("retry-after: 1"), "{refused}");
    let (_, body) = refused.split_once("\r\n\r\n").unwrap();
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(body["errors"][0]["extensions"]["code"], "BUSY");

    fixture.gate.released.notify_one();
    until(&mut first, r#"{"gated":true}"#).await;
    // Now it waits for its client: it makes room for the next.
    let mut third = connect(&fixture).await;
    write(
        &mut third,
        "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n",
    )
    .await;
    until(&mut third, r#"{"status":"live"}"#).await;
    assert_eq!(rest(&mut first).await, "");
}

#[tokio::test]
async fn a_client_that_does_not_read_is_given_up() {
    let fixture = fixture::start(|config| config.limits.write_ms = SHORT, &[]).await;
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let mut deaf = socket.connect(fixture.app.app.address).await.unwrap();
    // 8 MB, more than the system takes off the service's hands.
    let alias = "a".repeat(20_000);
    let body = format!(r#"{{"query":"{{ areas(first: 400) {{ {alias}: name }} }}"}}"#);
    write(&mut deaf, &post(body.len(), &body)).await;
    let metrics = || fixture.app.get("/metrics");
    let open = |text: &str| {
        let line = text
            .lines()
            .find(|line| line.starts_with("upfront_connections "));
        line.unwrap().to_owned()
    };
    let mut most = open(&send(metrics()).await.text);
    timeout(PATIENCE, async {
        // Up to the answer there are two: this one's and the other's.
        loop {
            let now = open(&send(metrics()).await.text);
            if most == "upfront_connections 2" && now == "upfront_connections 1" {
                break;
            }
            most = most.max(now);
            tokio::time::sleep(Duration::from_millis(SHORT / 10)).await;
        }
    })
    .await
    .expect("it stays open");
    assert_eq!(fixture.app.app.request_permits.available_permits(), 1_024);
    let answer = rest(&mut deaf).await;
    let announced = answer
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .map(|bytes| bytes.parse::<usize>().unwrap());
    assert!(announced.unwrap() > answer.len());
}

#[tokio::test]
async fn stopping_waits_for_no_connection_without_a_request() {
    let mut fixture = fixture::start(|_| {}, &[]).await;
    let mut unused = connect(&fixture).await;
    let mut idle = connect(&fixture).await;
    write(
        &mut idle,
        "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n",
    )
    .await;
    until(&mut idle, r#"{"status":"live"}"#).await;
    assert!(is_open(&unused), "no head came yet, and none is late");
    let mut working = connect(&fixture).await;
    write(&mut working, &post(GATED.len(), GATED)).await;
    fixture.gate.entered().await;
    let gate = Arc::clone(&fixture.gate);
    let stopping = fixture.app.stop();
    assert_eq!(rest(&mut unused).await, "");
    assert_eq!(rest(&mut idle).await, "");
    assert!(!stopping.is_finished());
    gate.released.notify_one();
    assert!(rest(&mut working).await.contains(r#"{"gated":true}"#));
    // Far from the 30 seconds that a connection may wait for its client.
    let stopped = timeout(Duration::from_secs(10), stopping).await;
    stopped.expect("it waits for nobody").unwrap();
}
