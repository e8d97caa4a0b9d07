//! Settings: defaults, then `upfront.toml`, then `UPFRONT_*`, then flags.
//!
//! The only reader of the environment. A key that is not known is an error that names its nearest
//! neighbour, so that a misspelt limit is never silently the default.

mod audit;
mod auth;
mod cors;
mod cost;
mod explain;
mod exposure;
mod headers;
mod limits;
mod listening;
mod lists;
mod log;
mod plain;
mod policies;
mod rates;
mod registry;
mod review;
mod safe_url;
mod secret;
mod sources;
mod suppression;
mod telemetry;

use std::{
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
};

use figment::{
    Figment,
    providers::{Env, Format, Serialized, Toml},
    value::Value,
};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

pub use audit::{AuditSettings, RequirePurpose};
pub use auth::{
    AuthSettings, ClaimRule, IssuerSettings, LOCAL_ISSUER, Mapping, SignatureAlgorithm, Texts,
};
pub use cors::{Cors, check_origin};
pub use cost::CostSettings;
pub use exposure::ExposeErrors;
pub use limits::Limits;
pub use listening::{ForwardedHeader, IntrospectionSettings, Networks, TlsSettings};
pub use log::{Log, LogFormat};
pub use plain::PlainSettings;
pub use policies::PolicySettings;
pub use rates::RateSettings;
pub use registry::RegistrySettings;
pub use review::ReviewSettings;
pub use safe_url::is_safe_url;
pub use secret::Secret;
pub use sources::{SourceOverrides, SourceSettings};
pub use suppression::SuppressionSettings;
pub use telemetry::TelemetrySettings;

/// Read when no `--settings` names another.
pub const DEFAULT_FILE: &str = "upfront.toml";

/// Everything that can be set.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Host names that it answers to beside this machine's own, such as `graph.example.org`: what a proxy
    /// in front of it leaves in `Host`.
    #[serde(deserialize_with = "lists::one_or_more")]
    pub allowed_hosts: Vec<String>,
    /// TLS for clients.
    pub tls: TlsSettings,
    /// Networks and addresses of proxies, whose word on the client's address is believed.
    #[serde(deserialize_with = "lists::one_or_more")]
    pub trusted_proxies: Vec<String>,
    /// Networks and addresses that may read `/metrics`, beside this machine; anybody may where it is for
    /// this machine alone.
    #[serde(deserialize_with = "lists::one_or_more")]
    pub metrics_networks: Vec<String>,
    /// The header in which they give it.
    pub forwarded_header: ForwardedHeader,
    /// What callers without a token may read of the schema.
    pub introspection: IntrospectionSettings,
    /// Holds the signing key and, unless `database_url` says otherwise, the database.
    pub data_dir: PathBuf,
    /// The database; an SQLite file in the data directory unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database_url: Option<Secret>,
    /// Who may call, and as whom.
    pub auth: AuthSettings,
    /// What is logged and how.
    pub log: Log,
    /// Bounds on requests and connections.
    pub limits: Limits,
    /// Which web pages may read answers.
    pub cors: Cors,
    /// Labels of progressive overrides that are on.
    #[serde(deserialize_with = "lists::one_or_more")]
    pub override_labels: Vec<String>,
    /// How a source is asked, unless `sources` says otherwise for it.
    pub source_defaults: SourceSettings,
    /// Exceptions, by the source's name.
    pub sources: IndexMap<String, SourceOverrides>,
    /// Sources that register while it runs.
    pub registry: RegistrySettings,
    /// The plain gateway: `serve --supergraph` and `serve --config`.
    pub plain: PlainSettings,
    /// What is exported to a collector of traces.
    pub telemetry: TelemetrySettings,
    /// How the audit trail is written.
    pub audit: AuditSettings,
    /// From which count on figures are told that are finer than totals.
    pub suppression: SuppressionSettings,
    /// When inputs to the monthly review are due, and when it meets.
    pub review: ReviewSettings,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 4000)),
            allowed_hosts: Vec::new(),
            tls: TlsSettings::default(),
            trusted_proxies: Vec::new(),
            metrics_networks: Vec::new(),
            forwarded_header: ForwardedHeader::default(),
            introspection: IntrospectionSettings::default(),
            data_dir: PathBuf::from("upfront-data"),
            database_url: None,
            auth: AuthSettings::default(),
            log: Log {
                filter: "info,sea_orm_migration=warn".to_owned(),
                format: LogFormat::Json,
            },
            limits: Limits::default(),
            cors: Cors {
                origins: Vec::new(),
            },
            override_labels: Vec::new(),
            source_defaults: SourceSettings {
                timeout_ms: 5_000,
                concurrency: 64,
                retries: 2,
                answer_bytes: 16 << 20,
                breaker_failures: 5,
                breaker_ms: 10_000,
                probe_ms: 15_000,
                expose_errors: ExposeErrors::default(),
                error_extensions: vec!["code".to_owned()],
            },
            // A publication asks the source for its SDL and composes everything.
            sources: [(
                "registry".to_owned(),
                SourceOverrides {
                    timeout_ms: Some(30_000),
                    ..SourceOverrides::default()
                },
            )]
            .into(),
            registry: RegistrySettings::default(),
            plain: PlainSettings::default(),
            telemetry: TelemetrySettings::default(),
            suppression: SuppressionSettings::default(),
            review: ReviewSettings::default(),
            audit: AuditSettings::default(),
        }
    }
}

/// What the command line sets, above all else.
#[derive(Debug, Default, Serialize)]
pub struct Flags {
    /// `--listen`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listen: Option<SocketAddr>,
    /// `--data-dir`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_dir: Option<PathBuf>,
    /// `--database-url`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database_url: Option<String>,
    /// `--key-file`.
    #[serde(skip)]
    pub key_file: Option<PathBuf>,
}

/// Settings that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("settings: {0}")]
pub struct ConfigError(String);

impl Config {
    /// Reads all layers. A file named by hand must exist; [`DEFAULT_FILE`] may be missing.
    pub fn load(file: Option<&Path>, flags: &Flags) -> Result<Self, ConfigError> {
        let file = match file {
            Some(named) if !named.is_file() => {
                return Err(ConfigError(format!(
                    "there is no file `{}`; leave --settings out to use the defaults",
                    named.display()
                )));
            }
            Some(named) => Some(named),
            None => Some(Path::new(DEFAULT_FILE)).filter(|default| default.is_file()),
        };
        let toml = file.map_or_else(|| Toml::string(""), Toml::file_exact);
        // `UPFRONT_TEST_*` belongs to the test suite, the token and the endpoint to those who ask.
        let environment = Env::prefixed("UPFRONT_")
            .filter(|key| !key.starts_with("test_") && key != "token" && key != "endpoint")
            .split("__");
        let mut config: Self = Figment::from(Serialized::defaults(Self::default()))
            .merge(toml)
            .merge(environment)
            .merge(Serialized::defaults(flags))
            .extract()
            .map_err(|error| explain(&error))?;
        if let Some(file) = &flags.key_file {
            config.auth.key_file = Some(file.clone());
        }
        config.check()?;
        config.fill_in_secrets(&find_variable)?;
        Ok(config)
    }

    /// Whether a service at an address is for this machine alone: the address is a loopback address, and
    /// no proxy is named that passes on what comes from elsewhere.
    pub fn is_local(&self, address: IpAddr) -> bool {
        address.is_loopback() && self.trusted_proxies.is_empty()
    }

    /// The proxies that are trusted, or what is wrong with their list.
    pub fn proxies(&self) -> Result<Networks, String> {
        Networks::parse(&self.trusted_proxies)
            .map_err(|error| format!("`trusted_proxies`: {error}"))
    }

    /// The database: the one given, else a file in the data directory.
    pub fn database_url(&self, file: &str) -> String {
        self.database_url.as_ref().map_or_else(
            || format!("sqlite:{}", self.data_dir.join(file).display()),
            |url| url.expose().to_owned(),
        )
    }

    fn check(&self) -> Result<(), ConfigError> {
        let limits = &self.limits;
        let numbers = [
            ("limits.body_bytes", limits.body_bytes),
            ("limits.concurrent_requests", limits.concurrent_requests),
            ("limits.depth", limits.depth),
            ("limits.tokens", limits.tokens),
            ("limits.connections", limits.connections),
            (
                "limits.connections_per_address",
                limits.connections_per_address,
            ),
            (
                "source_defaults.concurrency",
                self.source_defaults.concurrency,
            ),
        ];
        let times = [
            ("limits.request_ms", limits.request_ms),
            ("limits.header_ms", limits.header_ms),
            ("limits.body_ms", limits.body_ms),
            ("limits.write_ms", limits.write_ms),
        ];
        if let Some((key, _)) = times.iter().find(|(_, value)| *value == 0) {
            return Err(ConfigError(format!("`{key}` must be at least 1")));
        }
        if let Some((key, _)) = numbers.iter().find(|(_, value)| *value == 0) {
            return Err(ConfigError(format!("`{key}` must be at least 1")));
        }
        self.auth.check().map_err(ConfigError)?;
        self.tls.check().map_err(ConfigError)?;
        self.limits.rates.check().map_err(ConfigError)?;
        self.proxies().map_err(ConfigError)?;
        Networks::parse(&self.metrics_networks)
            .map_err(|error| ConfigError(format!("`metrics_networks`: {error}")))?;
        self.log.check().map_err(ConfigError)?;
        self.registry.egress().map_err(ConfigError)?;
        self.telemetry.check().map_err(ConfigError)?;
        self.audit.check().map_err(ConfigError)?;
        self.suppression.check().map_err(ConfigError)?;
        self.review.check().map_err(ConfigError)?;
        for origin in &self.cors.origins {
            check_origin(origin)
                .map_err(|error| ConfigError(format!("`cors.origins`: {error}")))?;
        }
        if let Some(host) = (self.allowed_hosts.iter()).find(|host| !is_host(host)) {
            return Err(ConfigError(format!(
                "`allowed_hosts`: `{host}` is no host; write a name alone, such as \
                 `graph.example.org`"
            )));
        }
        Ok(())
    }
}

/// Reads where to listen.
pub fn read_address(text: &str) -> Result<SocketAddr, &'static str> {
    text.parse().map_err(|_| explain::ADDRESS_EXPECTED)
}

fn is_host(host: &str) -> bool {
    !host.is_empty() && !host.contains(['/', '*', ' ', '@'])
}

/// A variable of the environment, for files that refer to some.
#[expect(
    clippy::disallowed_methods,
    reason = "the only reader of the environment"
)]
pub fn find_variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// One error of settings in words.
fn explain(error: &figment::Error) -> ConfigError {
    let defaults = Value::serialize(Config::default()).ok();
    let defaults = defaults.and_then(Value::into_dict).unwrap_or_default();
    ConfigError(explain::explain(error, &defaults))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(toml: &str) -> Result<Config, ConfigError> {
        let config: Config = Figment::from(Serialized::defaults(Config::default()))
            .merge(Toml::string(toml))
            .extract()
            .map_err(|error| explain(&error))?;
        config.check()?;
        Ok(config)
    }

    #[test]
    fn names_the_nearest_key() {
        let error = load("[limits]\nbody_byte = 1").unwrap_err().to_string();
        assert!(error.contains("`limits.body_byte`"), "{error}");
        assert!(
            error.contains("did you mean `limits.body_bytes`?"),
            "{error}"
        );
        let error = load("observability = 1").unwrap_err().to_string();
        assert!(error.contains("there is no key `observability`"), "{error}");
        assert!(!error.contains("did you mean"), "{error}");
        let error = load("lissten = '127.0.0.1:1'").unwrap_err().to_string();
        assert!(error.contains("did you mean `listen`?"), "{error}");
    }

    #[test]
    fn a_level_of_the_log_that_is_misspelt_is_refused() {
        let error = load("[log]\nfilter = 'inof'").unwrap_err().to_string();
        assert!(error.contains("did you mean `info`?"), "{error}");
        assert!(load("[log]\nfilter = 'upfront=debug'").is_ok());
    }

    #[test]
    fn a_key_that_is_written_as_one_word_is_found_in_its_table() {
        let error = load("limits_depth = 5").unwrap_err().to_string();
        assert!(error.contains("did you mean `limits.depth`?"), "{error}");
    }

    #[test]
    fn says_what_a_value_has_to_be() {
        for (toml, sentence) in [
            (
                "[limits]\ndepth = 'x'",
                "`limits.depth`: a whole number that is not negative was expected, not the text `x`",
            ),
            (
                "[source_defaults]\nretries = -1",
                "`source_defaults.retries`: a whole number that is not negative was expected, not `-1`",
            ),
            (
                "[log]\nformat = 'pretty'",
                "`log.format`: `json` or `text` was expected, not `pretty`",
            ),
            (
                "[source_defaults]\nexpose_errors = 'x'",
                "`all`, `authenticated` or `none` was expected, not `x`",
            ),
            (
                "limits = 5",
                "`limits`: a table of keys was expected, not `5`",
            ),
            (
                "listen = 'x'",
                "`listen`: an address and a port were expected",
            ),
        ] {
            let error = load(toml).unwrap_err().to_string();
            assert!(error.contains(sentence), "{error}");
        }
    }

    #[test]
    fn a_source_overrides_the_defaults() {
        let config =
            load("[source_defaults]\nretries = 7\n[sources.ohchr]\ntimeout_ms = 9").unwrap();
        assert_eq!(config.source("ohchr").timeout_ms, 9);
        assert_eq!(config.source("ohchr").retries, 7);
        assert_eq!(config.source("osapg").timeout_ms, 5_000);
        assert_eq!(config.source("registry").timeout_ms, 30_000);
        assert!(load("[sources.ohchr]\ntimeout = 9").is_err());
    }

    #[test]
    fn refuses_what_cannot_be_meant() {
        assert!(load("[limits]\ntokens = 0").is_err());
        assert!(load("[cors]\norigins = ['*']").is_err());
        assert!(load("[cors]\norigins = ['https://a.example/x']").is_err());
        assert!(load("[cors]\norigins = ['https://a.example']").is_ok());
    }
}
