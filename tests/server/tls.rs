//! TLS for clients: certificates are read again when they change, and clients may have to show theirs.

use std::{path::Path, time::Duration};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use reqwest::{Certificate, Client, ClientBuilder, Identity};
use tokio::{io::AsyncReadExt, net::TcpStream};
use upfront::{config::Config, server::Tls};

use crate::{
    server::fixture::{self, Fixture},
    support::scratch::Scratch,
};

struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    /// A certificate for a name and its key, in PEM.
    fn issue(&self, name: &str) -> (String, String) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new([name.to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &*self.0).unwrap();
        (certificate.pem(), key.serialize_pem())
    }

    fn write(&self, directory: &Path) {
        let (certificate, key) = self.issue("localhost");
        std::fs::write(directory.join("cert.pem"), certificate).unwrap();
        std::fs::write(directory.join("key.pem"), key).unwrap();
    }

    fn client(&self) -> ClientBuilder {
        let root = Certificate::from_pem(self.0.pem().as_bytes()).unwrap();
        Client::builder().no_proxy().tls_certs_only([root])
    }
}

fn settings(directory: &Path) -> impl FnOnce(&mut Config) {
    let directory = directory.to_owned();
    move |config| {
        config.tls.cert_file = Some(directory.join("cert.pem"));
        config.tls.key_file = Some(directory.join("key.pem"));
        config.limits.header_ms = fixture::SHORT;
    }
}

async fn ask(fixture: &Fixture, client: &Client) -> reqwest::Result<u16> {
    let port = fixture.app.app.address.port();
    let url = format!("https://localhost:{port}/graphql?query={{areas{{id}}}}");
    Ok(client.get(url).send().await?.status().as_u16())
}

#[tokio::test]
async fn clients_are_answered_over_tls_alone() {
    let (authority, scratch) = (Authority::new(), Scratch::new());
    authority.write(scratch.path());
    let fixture = fixture::start(settings(scratch.path()), &[]).await;
    let client = authority.client().build().unwrap();
    assert_eq!(ask(&fixture, &client).await.unwrap(), 200);
    let stranger = Authority::new().client().build().unwrap();
    assert!(ask(&fixture, &stranger).await.is_err());
    // Who speaks plain HTTP is not understood, who says nothing is not waited for.
    let port = fixture.app.app.address.port();
    let plain = Client::builder().no_proxy().build().unwrap();
    let plain = plain.get(format!("http://localhost:{port}/health/live"));
    assert!(plain.send().await.is_err());
    let mut silent = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let patience = Duration::from_secs(20);
    let ended = tokio::time::timeout(patience, silent.read(&mut [0; 8])).await;
    assert!(matches!(ended, Ok(Ok(0) | Err(_))), "{ended:?}");
    assert_eq!(ask(&fixture, &client).await.unwrap(), 200);
}

#[tokio::test]
async fn a_renewed_certificate_is_read_and_a_broken_one_is_not_used() {
    let (old, new, scratch) = (Authority::new(), Authority::new(), Scratch::new());
    old.write(scratch.path());
    let mut config = Config::default();
    settings(scratch.path())(&mut config);
    config.tls.reload_seconds = 1;
    let tls = Tls::open(&config.tls).unwrap().unwrap();
    let following = tokio::spawn(std::sync::Arc::clone(&tls).follow());
    let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let fixture = fixture::start(|_| {}, &[]).await;
    let port = socket.local_addr().unwrap().port();
    let listener = upfront::server::Listener {
        socket,
        tls: Some(tls),
    };
    let app = std::sync::Arc::clone(&fixture.app.app);
    let serving = tokio::spawn(upfront::server::run(listener, app, std::future::pending()));
    // A client keeps a connection, which goes on with the certificate it began with.
    let is_answered = async |authority: &Authority| {
        let client = authority.client().build().unwrap();
        let url = format!("https://localhost:{port}/health/live");
        client.get(url).send().await.is_ok()
    };
    assert!(is_answered(&old).await);
    std::fs::write(scratch.path().join("cert.pem"), "none").unwrap();
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    assert!(is_answered(&old).await);
    new.write(scratch.path());
    let mut is_renewed = false;
    for _ in 0..100 {
        if is_answered(&new).await {
            is_renewed = true;
            break;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert!(is_renewed);
    assert!(!is_answered(&old).await);
    following.abort();
    serving.abort();
}

#[tokio::test]
async fn clients_may_have_to_show_a_certificate() {
    let (authority, of_clients) = (Authority::new(), Authority::new());
    let scratch = Scratch::new();
    authority.write(scratch.path());
    let ca = scratch.path().join("clients.pem");
    std::fs::write(&ca, of_clients.0.pem()).unwrap();
    let identity = |authority: &Authority| {
        let (certificate, key) = authority.issue("client");
        Identity::from_pem((certificate + &key).as_bytes()).unwrap()
    };
    let known = authority.client().identity(identity(&of_clients)).build();
    let foreign = authority.client().identity(identity(&authority)).build();
    let without = authority.client().build();
    let (known, foreign, without) = (known.unwrap(), foreign.unwrap(), without.unwrap());
    for is_required in [false, true] {
        let change = |config: &mut Config| {
            settings(scratch.path())(config);
            config.tls.client_ca_file = Some(ca.clone());
            config.tls.require_client_certificate = is_required;
        };
        let fixture = fixture::start(change, &[]).await;
        assert_eq!(ask(&fixture, &known).await.unwrap(), 200);
        assert!(ask(&fixture, &foreign).await.is_err());
        assert_eq!(ask(&fixture, &without).await.is_ok(), !is_required);
    }
}

#[test]
fn files_that_cannot_be_used_are_named() {
    let (authority, scratch) = (Authority::new(), Scratch::new());
    authority.write(scratch.path());
    let mut config = Config::default();
    settings(scratch.path())(&mut config);
    assert!(Tls::open(&config.tls).unwrap().is_some());
    let other = scratch.path().join("other.pem");
    std::fs::write(&other, KeyPair::generate().unwrap().serialize_pem()).unwrap();
    let mut wrong_key = config.tls.clone();
    wrong_key.key_file = Some(other);
    let mut missing = config.tls.clone();
    missing.cert_file = Some(scratch.path().join("missing.pem"));
    for (settings, named) in [(wrong_key, "`tls.key_file`"), (missing, "missing.pem")] {
        let error = Tls::open(&settings).unwrap_err();
        assert!(error.contains(named), "{error}");
    }
}
