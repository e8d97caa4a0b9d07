//! The key of an installation, in a file: the one of the data directory, made on first start and
//! readable by its owner alone, or one that the settings name.

use std::{
    fs::{self, OpenOptions},
    io::{ErrorKind, Write},
    os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use aws_lc_rs::{
    digest::{SHA256, digest},
    signature::{Ed25519KeyPair, KeyPair},
};
use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use jsonwebtoken::{DecodingKey, EncodingKey};
use serde_json::{Value, json};

/// Name in the data directory.
const FILE: &str = "signing-key.der";

/// A key that signs and verifies this service's own tokens (Ed25519).
#[derive(Clone)]
pub struct SigningKey {
    pub(super) encoding: EncodingKey,
    pub(super) decoding: DecodingKey,
    public: Vec<u8>,
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("SigningKey(hidden)")
    }
}

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file or its directory.
    #[error("signing key `{path}`: {error}", path = .0.display(), error = .1)]
    File(PathBuf, std::io::Error),
    /// Others can read the key.
    #[error("signing key `{path}`: others can read it; run `chmod 600 {path}`", path = .0.display())]
    Exposed(PathBuf),
    /// The file holds something else.
    #[error(
        "signing key `{path}`: it does not hold an Ed25519 key; move it away to have one made, \
         which makes all tokens worthless",
        path = .0.display()
    )]
    Unusable(PathBuf),
    /// A file that the settings name.
    #[error(
        "key file `{path}`: {why}; write one with `openssl genpkey -algorithm ed25519 -out {path}`, \
         the same for every replica",
        path = .0.display(), why = .1
    )]
    Named(PathBuf, String),
    /// A text of the settings.
    #[error(
        "`auth.key`: it is no Ed25519 key in PEM (PKCS #8), as `openssl genpkey -algorithm ed25519` prints one"
    )]
    Text,
    /// The database.
    #[error("the signing key in the database: {0}")]
    Database(#[source] sea_orm::DbErr),
    /// The database holds something else.
    #[error(
        "the signing key in the database: the row `{0}` of `installation_keys` does not hold an \
         Ed25519 key; delete it to have one made, which makes all tokens worthless"
    )]
    StoredUnusable(&'static str),
    /// The machine makes no keys.
    #[error("no signing key can be made on this machine")]
    NotMade,
}

impl SigningKey {
    /// The directory's key, made if it is missing. Two processes that start at once end up with
    /// the same key.
    pub fn open_or_create(data_dir: &Path) -> Result<Self, KeyError> {
        if let Some(key) = Self::open(data_dir)? {
            return Ok(key);
        }
        let path = data_dir.join(FILE);
        let at = |path: &Path, error| KeyError::File(path.to_owned(), error);
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(data_dir)
            .map_err(|error| at(data_dir, error))?;
        let draft = data_dir.join(format!("{FILE}.{}", std::process::id()));
        write_new(&draft, &make_pkcs8()?).map_err(|error| at(&draft, error))?;
        // A hard link, unlike a rename, does not replace the key another process has just made.
        let linked = fs::hard_link(&draft, &path);
        let _ = fs::remove_file(&draft);
        match linked {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(at(&path, error)),
            _ => Self::open(data_dir)?.ok_or(KeyError::NotMade),
        }
    }

    /// The directory's key, if it has one.
    pub fn open(data_dir: &Path) -> Result<Option<Self>, KeyError> {
        let Some(pkcs8) = Self::read_own(data_dir)? else {
            return Ok(None);
        };
        let key = Self::from_pkcs8(&pkcs8);
        key.map(Some)
            .ok_or_else(|| KeyError::Unusable(data_dir.join(FILE)))
    }

    /// The bytes of the directory's key, if it has one.
    pub(super) fn read_own(data_dir: &Path) -> Result<Option<Vec<u8>>, KeyError> {
        let path = data_dir.join(FILE);
        let pkcs8 = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(KeyError::File(path, error)),
        };
        match fs::metadata(&path) {
            Ok(metadata) if metadata.mode() & 0o077 != 0 => Err(KeyError::Exposed(path)),
            Ok(_) => Ok(Some(pkcs8)),
            Err(error) => Err(KeyError::File(path, error)),
        }
    }

    /// A key in a file by name (PKCS #8, PEM or DER). It is never made: each replica would make its
    /// own. The file's group may read it, as where an orchestrator hands out secrets.
    pub fn read(path: &Path) -> Result<Self, KeyError> {
        let named = |why: String| KeyError::Named(path.to_owned(), why);
        let bytes = fs::read(path).map_err(|error| named(error.to_string()))?;
        let metadata = fs::metadata(path).map_err(|error| named(error.to_string()))?;
        if metadata.mode() & 0o007 != 0 {
            return Err(KeyError::Exposed(path.to_owned()));
        }
        let key = match find_pem(&bytes) {
            Some(pkcs8) => Self::from_pkcs8(&pkcs8),
            None => Self::from_pkcs8(&bytes),
        };
        key.ok_or_else(|| named("it holds no Ed25519 key (PKCS #8, PEM or DER)".to_owned()))
    }

    /// A key in its binary form.
    pub(super) fn from_pkcs8(pkcs8: &[u8]) -> Option<Self> {
        let pair = Ed25519KeyPair::from_pkcs8(pkcs8).ok()?;
        Some(Self {
            encoding: EncodingKey::from_ed_der(pkcs8),
            decoding: DecodingKey::from_ed_der(pair.public_key().as_ref()),
            public: pair.public_key().as_ref().to_vec(),
        })
    }
}

impl SigningKey {
    /// Identifies the key: the start of its SHA-256.
    pub fn id(&self) -> String {
        let digest = digest(&SHA256, &self.public);
        BASE64_URL_SAFE_NO_PAD.encode(digest.as_ref().get(..12).unwrap_or_default())
    }

    /// The public half as a JSON Web Key (RFC 7517, RFC 8037).
    pub(super) fn jwk(&self) -> Value {
        json!({
            "kty": "OKP",
            "crv": "Ed25519",
            "alg": "EdDSA",
            "use": "sig",
            "kid": self.id(),
            "x": BASE64_URL_SAFE_NO_PAD.encode(&self.public),
        })
    }

    /// The same as a JSON Web Key Set of one key.
    pub fn jwks(&self) -> Value {
        json!({ "keys": [self.jwk()] })
    }

    /// A key that the settings hold as text (PKCS #8, PEM).
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        let key = find_pem(text.as_bytes()).and_then(|pkcs8| Self::from_pkcs8(&pkcs8));
        key.ok_or(KeyError::Text)
    }
}

/// What stands between the lines of a private key in PEM (RFC 7468).
fn find_pem(bytes: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let (_, rest) = text.split_once("-----BEGIN PRIVATE KEY-----")?;
    let (body, _) = rest.split_once("-----END PRIVATE KEY-----")?;
    let body: String = body.split_ascii_whitespace().collect();
    BASE64_STANDARD.decode(body).ok()
}

pub(super) fn make_pkcs8() -> Result<Vec<u8>, KeyError> {
    let random = aws_lc_rs::rand::SystemRandom::new();
    Ed25519KeyPair::generate_pkcs8(&random)
        .map(|document| document.as_ref().to_vec())
        .map_err(|_| KeyError::NotMade)
}

fn write_new(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
