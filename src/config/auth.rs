//! Settings of authentication: the signing key, issuers of bearer tokens, roles.

use std::path::PathBuf;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::{PolicySettings, Secret, lists::one_or_more, safe_url::is_safe_url};

/// The issuer of the tokens that `upfront token` makes.
pub const LOCAL_ISSUER: &str = "upfront:local";

/// Who may call, and as whom.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AuthSettings {
    /// A file with an Ed25519 key (PKCS #8, PEM or DER). Without it the key is in the database that
    /// is named, or in the data directory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_file: Option<PathBuf>,
    /// The same key as PEM text, for the environment (`UPFRONT_AUTH__KEY`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<Secret>,
    /// Files of keys that are published and accepted, but sign nothing: the next key before it is
    /// used, the former one while its tokens are valid.
    #[serde(deserialize_with = "one_or_more")]
    pub other_key_files: Vec<String>,
    /// Issuers of bearer tokens.
    pub issuers: Vec<IssuerSettings>,
    /// The scopes of each role that a mapping may name.
    pub roles: IndexMap<String, Texts>,
    /// The hook that is asked which policies a caller satisfies.
    pub policies: PolicySettings,
    /// Seconds between two looks at the list of revoked tokens.
    pub revocation_seconds: u64,
}

impl Default for AuthSettings {
    fn default() -> Self {
        Self {
            key_file: None,
            key: None,
            other_key_files: Vec::new(),
            issuers: Vec::new(),
            roles: IndexMap::new(),
            policies: PolicySettings::default(),
            revocation_seconds: 2,
        }
    }
}

/// An issuer of bearer tokens: an `OpenID` Connect provider, or [`LOCAL_ISSUER`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssuerSettings {
    /// What its tokens have as `iss`, compared as it is written.
    pub issuer: String,
    /// What its tokens have in `aud`: one of these.
    #[serde(default, deserialize_with = "one_or_more")]
    pub audience: Vec<String>,
    /// Where its metadata are, if not at `{issuer}/.well-known/openid-configuration`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discovery_url: Option<String>,
    /// Where its keys are (RFC 7517); then nothing is discovered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jwks_url: Option<String>,
    /// A file with its keys; then it is never asked. Read again when it changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jwks_file: Option<PathBuf>,
    /// Authorities that its certificate may come from, instead of the system's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca_file: Option<PathBuf>,
    /// The algorithms that its tokens may be signed with.
    #[serde(default = "default_algorithms")]
    pub algorithms: Vec<SignatureAlgorithm>,
    /// Seconds that clocks may differ by, for `exp`, `nbf` and `iat`.
    #[serde(default = "default_leeway")]
    pub leeway_seconds: u64,
    /// Milliseconds that asking it may take.
    #[serde(default = "default_timeout")]
    pub timeout_ms: u64,
    /// Seconds for which its keys count as current where its answer does not say so.
    #[serde(default = "default_fresh")]
    pub keys_fresh_seconds: u64,
    /// Seconds for which its last keys are used while it cannot be asked.
    #[serde(default = "default_kept")]
    pub keys_kept_seconds: u64,
    /// Seconds between two requests to it because of tokens whose key is unknown.
    #[serde(default = "default_pause")]
    pub unknown_key_seconds: u64,
    /// What its claims mean here.
    #[serde(default)]
    pub mapping: Mapping,
}

fn default_algorithms() -> Vec<SignatureAlgorithm> {
    vec![SignatureAlgorithm::Rs256]
}

const fn default_leeway() -> u64 {
    60
}

const fn default_timeout() -> u64 {
    5_000
}

const fn default_fresh() -> u64 {
    600
}

const fn default_kept() -> u64 {
    24 * 3600
}

const fn default_pause() -> u64 {
    30
}

/// Asymmetric signatures of JSON Web Tokens (RFC 7518, RFC 8037). Symmetric ones are not supported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SignatureAlgorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    #[serde(rename = "RS256")]
    Rs256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    #[serde(rename = "RS384")]
    Rs384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    #[serde(rename = "RS512")]
    Rs512,
    /// RSASSA-PSS with SHA-256.
    #[serde(rename = "PS256")]
    Ps256,
    /// RSASSA-PSS with SHA-384.
    #[serde(rename = "PS384")]
    Ps384,
    /// RSASSA-PSS with SHA-512.
    #[serde(rename = "PS512")]
    Ps512,
    /// ECDSA with P-256 and SHA-256.
    #[serde(rename = "ES256")]
    Es256,
    /// ECDSA with P-384 and SHA-384.
    #[serde(rename = "ES384")]
    Es384,
    /// Ed25519.
    #[serde(rename = "EdDSA")]
    EdDsa,
}

/// Which claims of an issuer's tokens say what. A claim that is not named gives nothing.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mapping {
    /// The code of the caller's entity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entity: Option<ClaimRule>,
    /// The caller's clearance: `confidential` or `strictly-confidential`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clearance: Option<ClaimRule>,
    /// Scopes.
    pub scopes: Vec<ClaimRule>,
    /// Roles, which have the scopes of `auth.roles`.
    pub roles: Vec<ClaimRule>,
}

/// What one claim gives.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimRule {
    /// The claim: a name, or a path such as `realm_access.roles`. Its value is a text, a text with
    /// spaces between its parts, or a list of texts.
    pub claim: String,
    /// Only values that begin with this count, without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
    /// What each value gives; others give nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub values: Option<IndexMap<String, Texts>>,
}

/// One text or several.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Texts(#[serde(deserialize_with = "one_or_more")] pub Vec<String>);

impl AuthSettings {
    /// Whether tokens that another makes than this installation are accepted.
    pub fn has_issuers(&self) -> bool {
        !self.issuers.is_empty()
    }

    /// Whether the local key is named as an issuer.
    pub fn names_local_issuer(&self) -> bool {
        (self.issuers.iter()).any(|issuer| issuer.issuer == LOCAL_ISSUER)
    }

    /// What is wrong with it, with the key it stands under.
    pub(super) fn check(&self) -> Result<(), String> {
        if self.key.is_some() && self.key_file.is_some() {
            return Err("`auth.key` and `auth.key_file` are both given; keep one".to_owned());
        }
        for (at, issuer) in self.issuers.iter().enumerate() {
            let place = format!("auth.issuers[{at}]");
            if (self.issuers[..at].iter()).any(|other| other.issuer == issuer.issuer) {
                return Err(format!(
                    "`{place}`: `{}` is there already; an issuer has one entry",
                    issuer.issuer
                ));
            }
            issuer.check(&place)?;
        }
        self.policies.check()
    }
}

impl IssuerSettings {
    fn check(&self, place: &str) -> Result<(), String> {
        if self.issuer == LOCAL_ISSUER {
            return self.check_local(place);
        }
        if self.audience.is_empty() {
            return Err(format!(
                "`{place}.audience` is empty: name what this service is called in the `aud` of the \
                 issuer's tokens, so that tokens for other services are refused"
            ));
        }
        let places = [&self.discovery_url, &self.jwks_url];
        let given = places.iter().filter(|place| place.is_some()).count();
        if given + usize::from(self.jwks_file.is_some()) > 1 {
            return Err(format!(
                "`{place}`: of `discovery_url`, `jwks_url` and `jwks_file` one is enough"
            ));
        }
        let discovered = self.jwks_url.is_none() && self.jwks_file.is_none();
        let issuer = (discovered && self.discovery_url.is_none()).then_some(&self.issuer);
        let urls = places.into_iter().filter_map(Option::as_ref).chain(issuer);
        if let Some(url) = urls.into_iter().find(|url| !is_safe_url(url)) {
            return Err(format!(
                "`{place}`: `{url}` has to begin with https://, or with http:// and a loopback address"
            ));
        }
        if self.algorithms.is_empty() {
            return Err(format!("`{place}.algorithms` is empty"));
        }
        if self.leeway_seconds > 600 {
            return Err(format!("`{place}.leeway_seconds` is more than 600"));
        }
        if self.timeout_ms == 0 || self.unknown_key_seconds == 0 {
            return Err(format!(
                "`{place}`: `timeout_ms` and `unknown_key_seconds` must be at least 1"
            ));
        }
        self.mapping.check(place)
    }

    fn check_local(&self, place: &str) -> Result<(), String> {
        let is_plain = self.audience.is_empty()
            && self.discovery_url.is_none()
            && self.jwks_url.is_none()
            && self.jwks_file.is_none()
            && self.mapping.is_empty();
        if is_plain {
            return Ok(());
        }
        Err(format!(
            "`{place}`: `{LOCAL_ISSUER}` is the key of this installation, which needs no further keys"
        ))
    }
}

impl Mapping {
    fn is_empty(&self) -> bool {
        let (one, more) = (self.entity.is_none(), self.clearance.is_none());
        one && more && self.scopes.is_empty() && self.roles.is_empty()
    }

    fn check(&self, place: &str) -> Result<(), String> {
        for (name, rules) in [("scopes", &self.scopes), ("roles", &self.roles)] {
            for (at, rule) in rules.iter().enumerate() {
                let place = format!("{place}.mapping.{name}[{at}]");
                rule.check(&place)?;
                if rule.prefix.is_none() && rule.values.is_none() {
                    return Err(format!(
                        "`{place}` needs `values` or `prefix`: without them whatever the issuer \
                         writes into `{}` would be granted",
                        rule.claim
                    ));
                }
            }
        }
        if let Some(rule) = &self.entity {
            rule.check(&format!("{place}.mapping.entity"))?;
        }
        if let Some(rule) = &self.clearance {
            let place = format!("{place}.mapping.clearance");
            rule.check(&place)?;
            if rule.values.is_none() {
                return Err(format!("`{place}` needs `values`"));
            }
        }
        Ok(())
    }
}

impl ClaimRule {
    fn check(&self, place: &str) -> Result<(), String> {
        if self.claim.is_empty() {
            return Err(format!("`{place}.claim` is empty"));
        }
        if self.prefix.as_deref() == Some("") {
            return Err(format!(
                "`{place}.prefix` is empty: every value would count"
            ));
        }
        Ok(())
    }
}
