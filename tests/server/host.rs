//! Names that the service goes by.

use crate::{app::send, fixture};

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
