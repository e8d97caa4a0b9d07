//! A source behind an authority of its own that wants to see a certificate: every certificate is
//! made here.

use std::{io, net::SocketAddr, path::Path, sync::Arc};

use axum::{Router, routing::post};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use sea_orm::DbBackend;
use serde_json::{Value, json};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        RootCertStore, ServerConfig,
        pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
        server::WebPkiClientVerifier,
    },
    server::TlsStream,
};
use upfront::{config::Config, database::Database, gateway::Outgoing};

use crate::{
    registration::fixture::{PUBLISH, ask, config, registry, serve, tents_sdl},
    support::{database::on_one_database, scratch::Scratch},
};

type Authority = CertifiedIssuer<'static, KeyPair>;

/// An authority, and what it vouched for.
struct Certificates {
    scratch: Scratch,
    authority: Authority,
}

impl Certificates {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let scratch = Scratch::new();
        scratch.write("ca.pem", &authority.pem());
        Self { scratch, authority }
    }

    /// A certificate for a name, and its key.
    fn issue(&self, name: &str) -> (rcgen::Certificate, KeyPair) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new([name.to_owned()]).unwrap();
        (params.signed_by(&key, &*self.authority).unwrap(), key)
    }

    /// Writes what the gateway shows to sources.
    fn write_identity(&self) {
        let (certificate, key) = self.issue("gateway.example");
        let text = certificate.pem() + &key.serialize_pem();
        self.scratch.write("identity.pem", &text);
    }

    fn path(&self, file: &str) -> std::path::PathBuf {
        self.scratch.path().join(file)
    }

    /// A server at `localhost` that talks to those alone whom the authority vouches for.
    async fn serve(&self, router: Router) -> (String, JoinHandle<()>) {
        let (certificate, key) = self.issue("localhost");
        let mut roots = RootCertStore::empty();
        roots.add(self.authority.der().clone()).unwrap();
        let clients = WebPkiClientVerifier::builder(Arc::new(roots))
            .build()
            .unwrap();
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder()
            .with_client_cert_verifier(clients)
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let listener = TlsListener {
            listener,
            acceptor: TlsAcceptor::from(Arc::new(config)),
        };
        let task = tokio::spawn(async move {
            axum::serve(listener, router).await.unwrap();
        });
        (format!("https://localhost:{port}/graphql"), task)
    }
}

struct TlsListener {
    listener: TcpListener,
    acceptor: TlsAcceptor,
}

impl axum::serve::Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let Ok((stream, address)) = self.listener.accept().await else {
                continue;
            };
            if let Ok(stream) = self.acceptor.accept(stream).await {
                return (stream, address);
            }
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}

fn tents() -> Router {
    let answer = async |body: String| {
        let answer = if body.contains("_service") {
            json!({ "data": { "_service": { "sdl": tents_sdl() } } })
        } else {
            json!({ "data": { "tents": [{ "beds": 3 }] } })
        };
        axum::Json(answer)
    };
    Router::new().route("/graphql", post(answer))
}

fn settings(ca: Option<&Path>, identity: Option<&Path>) -> Config {
    let mut config = config();
    config.registry.source_hosts = vec!["localhost".to_owned()];
    // A gateway runs on in the background: one that cannot reach the source would say that it drifts.
    config.registry.drift_seconds = u64::from(ca.is_some() && identity.is_some());
    let own = config.sources.entry("tents".to_owned()).or_default();
    own.ca_file = ca.map(Path::to_owned);
    own.identity_file = identity.map(Path::to_owned);
    config
}

fn without_drift(mut config: Config) -> Config {
    config.registry.drift_seconds = 0;
    config
}

/// Publishes without an SDL, so that the source must be asked for it.
async fn publish(database: &Database, url: &str, config: Config) -> Value {
    let app = serve(database, config).await;
    let query = "mutation($input: SourceInput!) { publishSource(input: $input) { published } }";
    let input = json!({ "name": "tents", "url": url });
    let body = json!({ "query": query, "variables": { "input": input } });
    let answer = ask(&app, "PARTNER", &[PUBLISH], &body).await;
    if answer.get("errors").is_some() {
        return answer;
    }
    let tents = ask(
        &app,
        "OHCHR",
        &[],
        &json!({ "query": "{ tents { beds } }" }),
    )
    .await;
    let drift = "{ source(name: \"tents\") { drift { state } } }";
    let looked = async {
        loop {
            let drift = registry(&app, drift).await["source"]["drift"].clone();
            if !drift.is_null() {
                return drift;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    let patience = std::time::Duration::from_secs(30);
    let drift = tokio::time::timeout(patience, looked).await.unwrap();
    json!({ "published": answer["data"]["publishSource"]["published"], "tents": tents["data"]["tents"], "drift": drift["state"] })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_authority_and_a_certificate_of_ones_own() {
    on_one_database(DbBackend::Sqlite, |database| async move {
        let certificates = Certificates::new();
        certificates.write_identity();
        let (ca, identity) = (
            certificates.path("ca.pem"),
            certificates.path("identity.pem"),
        );
        let (url, server) = certificates.serve(tents()).await;

        let unknown = publish(&database, &url, settings(None, Some(&identity))).await;
        let message = unknown["errors"][0]["message"].as_str().unwrap();
        assert!(message.contains("certificate"), "{message}");
        let bare = publish(&database, &url, settings(Some(&ca), None)).await;
        assert_eq!(
            bare["errors"][0]["extensions"]["code"], "SOURCE_UNREACHABLE",
            "{bare:#}"
        );
        // Another authority vouches for nobody here.
        let other = Certificates::new();
        let foreign = publish(
            &database,
            &url,
            without_drift(settings(Some(&other.path("ca.pem")), Some(&identity))),
        )
        .await;
        assert_eq!(
            foreign["errors"][0]["extensions"]["code"], "SOURCE_UNREACHABLE",
            "{foreign:#}"
        );

        let good = publish(&database, &url, settings(Some(&ca), Some(&identity))).await;
        let expected = json!({ "published": true, "tents": [{ "beds": 3 }], "drift": "IN_STEP" });
        assert_eq!(good, expected);
        server.abort();
    })
    .await;
}

#[test]
fn files_that_are_none_are_named_at_the_start() {
    let scratch = Scratch::new();
    let empty = scratch.write("empty.pem", "");
    for (config, says) in [
        (
            settings(Some(Path::new("nowhere.pem")), None),
            "nowhere.pem",
        ),
        (settings(Some(&empty), None), "sources.tents.ca_file"),
        (settings(None, Some(&empty)), "sources.tents.identity_file"),
    ] {
        let egress = Arc::new(config.registry.egress().unwrap());
        let error = Outgoing::new(egress, None, &config)
            .unwrap_err()
            .to_string();
        assert!(error.contains(says), "{error}");
    }
    let mut config = config();
    let own = config.sources.entry("tents".to_owned()).or_default();
    own.forward_headers = vec!["Authorization".to_owned()];
    let egress = Arc::new(config.registry.egress().unwrap());
    let error = Outgoing::new(egress, None, &config)
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("`authorization` is not handed on"),
        "{error}"
    );
}
