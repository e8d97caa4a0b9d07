//! The service in this process, asked over real HTTP.

use std::sync::Arc;

use reqwest::{Client, RequestBuilder, StatusCode, header::HeaderMap};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};
use upfront::{
    app::{App, Records},
    auth::{Authenticator, Clock, SigningKey, SystemClock, TokenRequest, TokenVerifier, issue},
    config::Config,
    gateway::{Graph, Live},
    server::{self, Listener, Tls},
};

use crate::support::{
    issuer::{ISSUER, TestIssuer},
    scratch::Scratch,
};

/// A running service with a key and a port of its own.
pub(crate) struct TestApp {
    pub(crate) app: Arc<App>,
    pub(crate) url: String,
    client: Client,
    key: SigningKey,
    issuer: Option<TestIssuer>,
    stop: Option<oneshot::Sender<()>>,
    serving: JoinHandle<()>,
    _scratch: Scratch,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl TestApp {
    pub(crate) async fn start(config: Config, graph: Graph, records: Option<Records>) -> Self {
        Self::start_with(
            config,
            Arc::new(Live::new(graph)),
            records,
            Arc::new(SystemClock),
        )
        .await
    }

    pub(crate) async fn start_with(
        mut config: Config,
        live: Arc<Live>,
        records: Option<Records>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let scratch = Scratch::new();
        let open = || SigningKey::open_or_create(scratch.path()).unwrap();
        let listener = TcpListener::bind((config.listen.ip(), 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let issuer = TestIssuer::if_asked_for();
        let named = issuer
            .as_ref()
            .map(|issuer| issuer.settings(scratch.path()));
        config.auth.issuers.extend(named);
        let verifier = TokenVerifier::new(open(), Arc::clone(&clock));
        let authenticator = Authenticator::new(Some(verifier))
            .with_issuers(&config.auth, clock)
            .unwrap();
        let tls = Tls::open(&config.tls).unwrap();
        let app = App::new(config, address, live, records, authenticator);
        let url = app.url().replace("0.0.0.0", "127.0.0.1");
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(server::run(
            Listener {
                socket: listener,
                tls,
            },
            Arc::clone(&app),
            async move {
                let _ = stopped.await;
            },
        ));
        Self {
            app,
            url,
            client: Client::builder().no_proxy().build().unwrap(),
            key: open(),
            issuer,
            stop: Some(stop),
            serving,
            _scratch: scratch,
        }
    }

    /// A token for an entity with these scopes, of an issuer where tests are to use one.
    pub(crate) fn token(&self, entity: &str, scopes: &[&str]) -> String {
        self.token_of(entity, None, scopes)
    }

    /// A token for an officer of an entity, or for the entity as a whole.
    pub(crate) fn token_of(&self, entity: &str, subject: Option<&str>, scopes: &[&str]) -> String {
        match &self.issuer {
            Some(issuer) => issuer.token_of(entity, subject, scopes),
            None => self.local_token_of(entity, subject, scopes),
        }
    }

    /// Who makes the tokens of [`Self::token`].
    pub(crate) fn issuer(&self) -> &str {
        self.issuer.as_ref().map_or("upfront:local", |_| ISSUER)
    }

    /// A token of the local key.
    fn local_token_of(&self, entity: &str, subject: Option<&str>, scopes: &[&str]) -> String {
        let request = TokenRequest {
            entity: entity.to_owned(),
            subject: subject.map(str::to_owned),
            scopes: scopes.iter().map(|&scope| scope.to_owned()).collect(),
            lifetime: 600,
        };
        issue(&self.key, &request, &SystemClock).unwrap()
    }

    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("{}{path}", self.url))
    }

    /// A POST of a query, with the newer media type.
    pub(crate) fn query(&self, query: &str) -> RequestBuilder {
        self.post(&json!({ "query": query }))
    }

    pub(crate) fn post(&self, body: &Value) -> RequestBuilder {
        self.client
            .post(format!("{}/graphql", self.url))
            .header("accept", "application/graphql-response+json")
            .json(body)
    }

    /// A POST of bytes as they are.
    pub(crate) fn post_raw(
        &self,
        content_type: &str,
        body: impl Into<reqwest::Body>,
    ) -> RequestBuilder {
        self.client
            .post(format!("{}/graphql", self.url))
            .header("content-type", content_type)
            .body(body)
    }

    /// Asks the service to stop and tells how it ended.
    pub(crate) fn stop(&mut self) -> &mut JoinHandle<()> {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        &mut self.serving
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// Sends a request and reads the whole answer.
pub(crate) async fn send(request: RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    Answer {
        status: response.status(),
        headers: response.headers().clone(),
        text: response.text().await.unwrap(),
    }
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    /// The code of the only error.
    pub(crate) fn code(&self) -> String {
        let json = self.json();
        let errors = json["errors"].as_array().unwrap();
        assert_eq!(errors.len(), 1, "{json:#}");
        errors[0]["extensions"]["code"].as_str().unwrap().to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}
