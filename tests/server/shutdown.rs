//! Stopping: requests in flight end well.

use std::time::Duration;

use serde_json::json;

use crate::{server::fixture, support::app::send};

#[tokio::test]
async fn drains() {
    let mut fixture = fixture::start(|_| {}, &[]).await;
    let waiting = tokio::spawn(send(fixture.app.query("{ gated }")));
    fixture.gate.entered().await;
    let serving = fixture.app.stop();
    assert!(
        tokio::time::timeout(Duration::from_millis(50), serving)
            .await
            .is_err()
    );
    fixture.gate.released.notify_one();
    assert_eq!(
        waiting.await.unwrap().json(),
        json!({"data": {"gated": true}})
    );
    fixture.app.stop().await.unwrap();
    assert!(fixture.app.get("/health/live").send().await.is_err());
}

#[tokio::test]
async fn does_not_wait_for_ever() {
    let mut fixture = fixture::start(|config| config.limits.shutdown_seconds = 0, &[]).await;
    let _waiting = tokio::spawn(send(fixture.app.query("{ gated }")));
    fixture.gate.entered().await;
    fixture.app.stop().await.unwrap();
}
