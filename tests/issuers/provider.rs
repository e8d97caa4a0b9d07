//! An issuer of tokens on this machine, whose keys and faults a test sets.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU64, Ordering},
};

use aws_lc_rs::{
    encoding::AsDer,
    rand::SystemRandom,
    rsa::{KeyPair as RsaKeyPair, KeySize},
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _},
};
use axum::http::{HeaderMap, header};
use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode, jwk::Jwk};
use serde_json::{Value, json};
use upfront::{
    auth::{Authenticator, Clock, Principal},
    config::{AuthSettings, IssuerSettings},
    error::ApiError,
};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate, matchers::path};

/// A key that signs, with its public half.
#[derive(Clone)]
pub(crate) struct TestKey {
    pub(crate) id: String,
    pub(crate) algorithm: Algorithm,
    pub(crate) encoding: EncodingKey,
    public: Value,
}

impl TestKey {
    pub(crate) fn ed25519(id: &str) -> Self {
        let pkcs8 = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        let key = Ed25519KeyPair::from_pkcs8(pkcs8.as_ref()).unwrap();
        let x = BASE64_URL_SAFE_NO_PAD.encode(key.public_key().as_ref());
        Self {
            id: id.to_owned(),
            public: json!({ "kty": "OKP", "crv": "Ed25519", "x": x }),
            algorithm: Algorithm::EdDSA,
            encoding: EncodingKey::from_ed_der(pkcs8.as_ref()),
        }
    }

    pub(crate) fn p256(id: &str) -> Self {
        let random = SystemRandom::new();
        let kind = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(kind, &random).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(kind, pkcs8.as_ref()).unwrap();
        let [x, y] = [1..33, 33..65]
            .map(|range| BASE64_URL_SAFE_NO_PAD.encode(&key.public_key().as_ref()[range]));
        Self {
            id: id.to_owned(),
            public: json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y }),
            algorithm: Algorithm::ES256,
            encoding: EncodingKey::from_ec_der(pkcs8.as_ref()),
        }
    }

    pub(crate) fn rsa(id: &str) -> Self {
        let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
        let der = pair.as_der().unwrap();
        let body = BASE64_STANDARD.encode(der.as_ref());
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n");
        let encoding = EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap();
        let jwk = Jwk::from_encoding_key(&encoding, Algorithm::RS256).unwrap();
        let jwk = serde_json::to_value(jwk).unwrap();
        Self {
            id: id.to_owned(),
            public: json!({ "kty": "RSA", "n": jwk["n"], "e": jwk["e"] }),
            algorithm: Algorithm::RS256,
            encoding,
        }
    }

    /// The public half.
    pub(crate) fn jwk(&self) -> Value {
        let mut jwk = self.public.clone();
        jwk["kid"] = self.id.as_str().into();
        jwk
    }

    pub(crate) fn header(&self) -> Header {
        Header {
            kid: Some(self.id.clone()),
            ..Header::new(self.algorithm)
        }
    }

    pub(crate) fn sign(&self, claims: &Value) -> String {
        self.sign_under(&self.header(), claims)
    }

    pub(crate) fn sign_under(&self, header: &Header, claims: &Value) -> String {
        encode(header, claims, &self.encoding).unwrap()
    }

    /// Signs under a header as it is written.
    pub(crate) fn sign_under_text(&self, header: &str, claims: &Value) -> String {
        let base64 = |text: &str| BASE64_URL_SAFE_NO_PAD.encode(text);
        let message = format!("{}.{}", base64(header), base64(&claims.to_string()));
        let signature =
            jsonwebtoken::crypto::sign(message.as_bytes(), &self.encoding, self.algorithm);
        format!("{message}.{}", signature.unwrap())
    }
}

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
