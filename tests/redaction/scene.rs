//! The service as a process, with a secret wherever its settings take one, and all that it writes.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::Duration,
};

use jsonwebtoken::{Algorithm, Header};
use sea_orm::DbBackend;
use serde_json::{Value, json};
use upfront::{
    auth::{Clock, SystemClock},
    database::Database,
};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::method};

use super::{marks::mark, planting::all, source};
use crate::{
    issuers::provider::TestKey,
    support::{database::postgres_server, scratch::Scratch},
};

pub(super) const ISSUER: &str = "https://id.example.org/redaction";

/// What is in a token that is told the trail and nobody else.
pub(super) const NAMES_OF_TOKENS: [&str; 3] = ["token-subject", "token-id", "token-session"];

/// A private key as `openssl genpkey -algorithm ed25519` writes it.
const KEY: &str = "MC4CAQAwBQYDK2VwBCIEIKoHUX6WpHYK5a1G9AzHCTUnDXaZ1NKANvFsyP7KqfPZ";

/// A service and all that is around it.
pub(super) struct Scene {
    pub(super) scratch: Scratch,
    pub(super) source: MockServer,
    collector: MockServer,
    pub(super) issuer: TestKey,
    child: Child,
    url: String,
    pub(super) database_url: String,
    /// What has to be found nowhere, beside what is marked.
    pub(super) secrets: Vec<String>,
}

/// How the service is told where its records are.
async fn url_of(database: &Database) -> String {
    match database.write.get_database_backend() {
        DbBackend::Sqlite => {
            let rows = all(database, "PRAGMA database_list".to_owned()).await;
            let file: String = rows[0].try_get("", "file").unwrap();
            format!("sqlite:{file}")
        }
        _ => {
            let rows = all(
                database,
                "SELECT current_database()::text AS name".to_owned(),
            )
            .await;
            let name: String = rows[0].try_get("", "name").unwrap();
            let server = postgres_server();
            let (before, host) = server
                .split_once('@')
                .expect("UPFRONT_TEST_POSTGRES has a user");
            // The server asks for none, so any will do.
            let user = before
                .rsplit_once(':')
                .filter(|(start, _)| start.contains("://"));
            let user = user.map_or(before, |(user, _)| user);
            format!("{user}:{}@{host}/{name}", mark("database-password"))
        }
    }
}

fn settings(collector: &str) -> String {
    format!(
        "metrics_networks = []\n\
         [log]\nfilter = 'info,upfront=trace,federation=trace,sqlx=debug,sea_orm=debug'\nformat = 'json'\n\
         [telemetry]\nendpoint = '{collector}'\nexport_ms = 100\n\
         headers = {{ authorization = 'Bearer ${{OTLP_TOKEN}}' }}\n\
         [limits]\nrequest_ms = 120000\n\
         [source_defaults]\ntimeout_ms = 60000\nretries = 1\nbreaker_failures = 0\nprobe_ms = 200\n\
         [sources.relief]\ntimeout_ms = 1500\nheaders = {{ x-api-key = '${{RELIEF_KEY}}' }}\n\
         forward_headers = ['x-forward-me']\n\
         [registry]\nsource_hosts = ['127.0.0.1']\nentities = ['PARTNER']\nrecord_seconds = 1\n\
         drift_seconds = 1\npoll_ms = 200\n\
         [[auth.issuers]]\nissuer = '{ISSUER}'\naudience = ['upfront']\nalgorithms = ['EdDSA']\n\
         jwks_file = 'keys.json'\n\
         [auth.issuers.mapping]\n\
         entity = {{ claim = 'organisation', values = {{ hrc = 'OHCHR', partner = 'PARTNER' }} }}\n\
         clearance = {{ claim = 'level', values = {{ C = 'confidential', SC = 'strictly-confidential' }} }}\n\
         scopes = [{{ claim = 'scope', prefix = 'upfront.' }}]\n"
    )
}

impl Scene {
    pub(super) async fn start(database: &Database) -> Self {
        let scratch = Scratch::new();
        let (source, collector) = (source::start().await, MockServer::start().await);
        let taking = Mock::given(method("POST")).respond_with(ResponseTemplate::new(200));
        taking.mount(&collector).await;
        let issuer = TestKey::ed25519("issuer");
        let keys = json!({ "keys": [issuer.jwk()] });
        scratch.write("keys.json", &keys.to_string());
        scratch.write("upfront.toml", &settings(&collector.uri()));
        let database_url = url_of(database).await;
        let place = |name: &str| File::create(scratch.path().join(name)).unwrap();
        let child = command(scratch.path(), &database_url)
            .args(["serve", "--listen", "127.0.0.1:0", "--data-dir", "data"])
            .stdout(place("stdout"))
            .stderr(place("stderr"))
            .spawn()
            .unwrap();
        let mut scene = Self {
            secrets: vec![KEY[20..].to_owned()],
            url: String::new(),
            scratch,
            source,
            collector,
            issuer,
            child,
            database_url,
        };
        let stored = all(database, "SELECT value FROM installation_keys".to_owned()).await;
        let stored = stored.iter().map(|row| row.try_get("", "value").unwrap());
        scene.secrets.extend(stored);
        let start = "Upfront listens on ";
        let line = scene.await_line("stdout", start).await;
        line[start.len()..]
            .trim_end_matches('/')
            .clone_into(&mut scene.url);
        scene
    }

    /// Waits until a file has a line that holds a text.
    pub(super) async fn await_line(&mut self, file: &str, text: &str) -> String {
        let path = self.scratch.path().join(file);
        for _ in 0..3_000 {
            let written = fs::read_to_string(&path).unwrap_or_default();
            if let Some(line) = written.lines().find(|line| line.contains(text)) {
                return line.to_owned();
            }
            let ended = self.child.try_wait().unwrap();
            let log = || fs::read_to_string(self.scratch.path().join("stderr")).unwrap();
            assert_eq!(ended, None, "it ended: {}", log());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("`{text}` is never in {file}");
    }

    pub(super) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// A page that the service serves to those who watch over it.
    pub(super) async fn page(&self, path: &str, accept: &str) -> String {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let asking = client.get(self.at(path)).header("accept", accept);
        asking.send().await.unwrap().text().await.unwrap()
    }

    /// Claims that are good now, with a planted value wherever one fits.
    pub(super) fn claims(entity: &str, level: &str) -> Value {
        let now = SystemClock.now();
        let scope = format!(
            "upfront.registry:read upfront.registry:publish upfront.{}",
            mark("token-scope")
        );
        json!({
            "iss": ISSUER, "aud": "upfront", "sub": mark("token-subject"), "jti": mark("token-id"),
            "sid": mark("token-session"), "azp": mark("token-client"), "iat": now, "exp": now + 3600,
            "organisation": entity, "level": level, "scope": scope, "name": mark("token-name"),
        })
    }

    /// A token that is accepted; its signature is looked for as well.
    pub(super) fn token(&mut self, entity: &str, level: &str) -> String {
        let token = self.issuer.sign(&Self::claims(entity, level));
        self.keep_secret(&token);
        token
    }

    /// Tokens that are not.
    pub(super) fn bad_tokens(&mut self) -> Vec<String> {
        let other = TestKey::ed25519("issuer");
        let good = Self::claims("hrc", "SC");
        let changed = |name: &str, value: Value| {
            let mut claims = good.clone();
            claims[name] = value;
            claims
        };
        let unknown = Header {
            kid: Some(mark("token-kid")),
            typ: Some("JWT".to_owned()),
            ..Header::new(Algorithm::EdDSA)
        };
        let odd = Header {
            typ: Some(mark("token-typ")),
            ..self.issuer.header()
        };
        let key = &self.issuer;
        let mut tokens = vec![
            other.sign(&good),
            key.sign_under(&unknown, &good),
            key.sign_under(&odd, &good),
            key.sign(&changed("exp", json!(1))),
            key.sign(&changed("aud", json!(mark("token-audience")))),
            key.sign(&changed(
                "iss",
                json!(format!("https://{}", mark("token-issuer"))),
            )),
            key.sign(&changed("exp", json!(mark("token-expiry")))),
            key.sign(&changed("iss", json!("upfront:local"))),
        ];
        for token in &tokens {
            self.keep_secret(token);
        }
        tokens.push(mark("token-opaque"));
        tokens.push(format!("{}.{}.x", mark("token-a"), mark("token-b")));
        tokens
    }

    fn keep_secret(&mut self, token: &str) {
        let parts = token.split('.').skip(1);
        self.secrets
            .extend(parts.map(|part| part[part.len().saturating_sub(40)..].to_owned()));
    }

    /// Runs another command on the same records, to its end.
    pub(super) fn run(&self, arguments: &[&str]) -> Output {
        let mut command = command(self.scratch.path(), &self.database_url);
        command.args(arguments).output().unwrap()
    }

    /// Asks it to stop; what its files hold, and what was exported.
    pub(super) async fn stop(&mut self) -> Stopped {
        let pid = self.child.id().to_string();
        let kill = Command::new("kill").args(["-TERM", &pid]).status();
        assert!(kill.unwrap().success());
        let code = self.child.wait().unwrap().code();
        assert_eq!(code, Some(0), "it did not stop in order");
        let read = |name: &str| fs::read(self.scratch.path().join(name)).unwrap();
        let requests = self.collector.received_requests().await.unwrap();
        let bearer = format!("Bearer {}", mark("telemetry-header"));
        for request in &requests {
            assert_eq!(
                request.headers["authorization"], bearer,
                "the secret was used"
            );
        }
        Stopped {
            stdout: read("stdout"),
            log: read("stderr"),
            spans: requests.into_iter().map(|request| request.body).collect(),
        }
    }
}

/// What it left behind.
pub(super) struct Stopped {
    pub(super) stdout: Vec<u8>,
    pub(super) log: Vec<u8>,
    pub(super) spans: Vec<Vec<u8>>,
}

/// The program with all secrets of its environment.
pub(super) fn command(directory: &Path, database_url: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_upfront"));
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{KEY}\n-----END PRIVATE KEY-----\n");
    command
        .current_dir(directory)
        .env_clear()
        .env("UPFRONT_AUTH__KEY", pem)
        .env("UPFRONT_DATABASE_URL", database_url)
        .env("RELIEF_KEY", mark("source-header"))
        .env("OTLP_TOKEN", mark("telemetry-header"))
        .stdin(Stdio::null());
    command
}

impl Drop for Scene {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// All files below a directory.
pub(super) fn files(directory: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(directory) else {
        return Vec::new();
    };
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .flat_map(|path| {
            if path.is_dir() {
                files(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}
