//! An issuer of tokens on this machine, whose keys and faults a test sets.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU64, Ordering},
};

pub(crate) use crate::support::key::TestKey;
use axum::http::{HeaderMap, header};
use serde_json::{Value, json};
use upfront::{
    auth::{Authenticator, Clock, Principal},
    config::{AuthSettings, IssuerSettings},
    error::ApiError,
};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate, matchers::path};

/// What the provider answers with.
#[derive(Clone, Default)]
struct Answers(Arc<Mutex<(Option<Value>, ResponseTemplateOf)>>);

type ResponseTemplateOf = Option<ResponseTemplate>;

impl Respond for Answers {
    fn respond(&self, _: &Request) -> ResponseTemplate {
        let answers = self.0.lock().unwrap();
        match (&answers.1, &answers.0) {
            (Some(fault), _) => fault.clone(),
            (None, Some(keys)) => ResponseTemplate::new(200).set_body_json(keys),
            (None, None) => ResponseTemplate::new(404),
        }
    }
}

/// A provider with its metadata and its keys.
pub(crate) struct Provider {
    pub(crate) server: MockServer,
    answers: Answers,
    pub(crate) clock: Arc<HandClock>,
}

/// A clock that a test sets.
#[derive(Debug)]
pub(crate) struct HandClock(pub(crate) AtomicU64);

impl Clock for HandClock {
    fn now(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

pub(crate) const START: u64 = 1_800_000_000;

impl Provider {
    pub(crate) async fn start(keys: &[&TestKey]) -> Self {
        let server = MockServer::start().await;
        let answers = Answers::default();
        let metadata = json!({
            "issuer": server.uri(),
            "jwks_uri": format!("{}/keys", server.uri()),
        });
        Mock::given(path("/.well-known/openid-configuration"))
            .respond_with(ResponseTemplate::new(200).set_body_json(metadata))
            .mount(&server)
            .await;
        Mock::given(path("/keys"))
            .respond_with(answers.clone())
            .mount(&server)
            .await;
        let this = Self {
            server,
            answers,
            clock: Arc::new(HandClock(AtomicU64::new(START))),
        };
        this.publish(keys);
        this
    }

    pub(crate) fn publish(&self, keys: &[&TestKey]) {
        let keys: Vec<_> = keys.iter().map(|key| key.jwk()).collect();
        self.publish_raw(json!({ "keys": keys }));
    }

    pub(crate) fn publish_raw(&self, keys: Value) {
        self.answers.0.lock().unwrap().0 = Some(keys);
    }

    pub(crate) fn fail(&self, fault: Option<ResponseTemplate>) {
        self.answers.0.lock().unwrap().1 = fault;
    }

    /// How often its keys were asked for.
    pub(crate) async fn asked(&self) -> usize {
        let requests = self.server.received_requests().await.unwrap();
        let of_keys = requests.iter().filter(|one| one.url.path() == "/keys");
        of_keys.count()
    }

    pub(crate) fn pass(&self, seconds: u64) {
        self.clock.0.fetch_add(seconds, Ordering::Relaxed);
    }

    /// Claims that are accepted now.
    pub(crate) fn claims(&self) -> Value {
        let now = self.clock.now();
        json!({
            "iss": self.server.uri(), "aud": "upfront", "sub": "person-7", "sid": "session-1",
            "jti": "token-1", "azp": "web", "iat": now, "exp": now + 300,
            "organisation": "hrc", "realm_access": { "roles": ["focal-point", "uma"] },
        })
    }

    /// Settings that name it.
    pub(crate) fn settings(&self) -> IssuerSettings {
        let toml = json!({
            "issuer": self.server.uri(),
            "audience": ["upfront"],
            "algorithms": ["RS256", "ES256", "EdDSA"],
            "mapping": {
                "entity": { "claim": "organisation", "values": { "hrc": "OHCHR" } },
                "clearance": { "claim": "level", "values": { "C": "confidential" } },
                "scopes": [{ "claim": "scope", "prefix": "upfront." }],
                "roles": [{
                    "claim": "realm_access.roles",
                    "values": { "focal-point": "contributor" }
                }],
            },
        });
        serde_json::from_value(toml).unwrap()
    }

    pub(crate) fn auth(&self) -> AuthSettings {
        let mut auth = AuthSettings {
            issuers: vec![self.settings()],
            ..AuthSettings::default()
        };
        let scopes = json!(["review:contribute", "registry:read"]);
        let scopes = serde_json::from_value(scopes).unwrap();
        auth.roles.insert("contributor".to_owned(), scopes);
        auth
    }

    pub(crate) fn authenticator(&self) -> Authenticator {
        self.authenticator_with(&self.auth())
    }

    pub(crate) fn authenticator_with(&self, auth: &AuthSettings) -> Authenticator {
        let clock = Arc::clone(&self.clock) as Arc<dyn Clock>;
        Authenticator::new(None).with_issuers(auth, clock).unwrap()
    }
}

/// Who a token is of.
pub(crate) async fn authenticate(
    authenticator: &Authenticator,
    token: &str,
) -> Result<Arc<Principal>, ApiError> {
    let mut headers = HeaderMap::new();
    let value = format!("Bearer {token}").parse().unwrap();
    headers.insert(header::AUTHORIZATION, value);
    authenticator.authenticate(&headers).await
}

/// Why a token is refused.
pub(crate) async fn refusal(authenticator: &Authenticator, token: &str) -> String {
    authenticate(authenticator, token)
        .await
        .unwrap_err()
        .to_string()
}
