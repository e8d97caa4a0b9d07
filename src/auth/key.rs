//! The local key: made on first start, readable by its owner alone.

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
        let path = data_dir.join(FILE);
        let pkcs8 = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(KeyError::File(path, error)),
        };
        match fs::metadata(&path) {
            Ok(metadata) if metadata.mode() & 0o077 != 0 => return Err(KeyError::Exposed(path)),
            Ok(_) => {}
            Err(error) => return Err(KeyError::File(path, error)),
        }
        let Ok(pair) = Ed25519KeyPair::from_pkcs8(&pkcs8) else {
            return Err(KeyError::Unusable(path));
        };
        Ok(Some(Self {
            encoding: EncodingKey::from_ed_der(&pkcs8),
            decoding: DecodingKey::from_ed_der(pair.public_key().as_ref()),
            public: pair.public_key().as_ref().to_vec(),
        }))
    }
}

impl SigningKey {
    /// Tells the key from others: the start of its SHA-256.
    pub fn id(&self) -> String {
        let digest = digest(&SHA256, &self.public);
        base64url(digest.as_ref().get(..12).unwrap_or_default())
    }

    /// The public half as a JSON Web Key Set (RFC 7517, RFC 8037).
    pub fn jwks(&self) -> Value {
        json!({ "keys": [{
            "kty": "OKP",
            "crv": "Ed25519",
            "alg": "EdDSA",
            "use": "sig",
            "kid": self.id(),
            "x": base64url(&self.public),
        }] })
    }
}

/// RFC 4648, section 5, without padding.
fn base64url(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let mut block = [0_u8; 4];
        block[1..=chunk.len()].copy_from_slice(chunk);
        let bits = u32::from_be_bytes(block);
        for at in 0..=chunk.len() {
            let letter = (bits >> (18 - 6 * at)) & 63;
            text.push(char::from(LETTERS[letter as usize]));
        }
    }
    text
}

fn make_pkcs8() -> Result<Vec<u8>, KeyError> {
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

#[cfg(test)]
mod tests {
    use super::base64url;

    #[test]
    fn base64url_as_rfc_4648_tests_it() {
        for (plain, text) in [
            ("", ""),
            ("f", "Zg"),
            ("fo", "Zm8"),
            ("foo", "Zm9v"),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64url(plain.as_bytes()), text);
        }
        assert_eq!(base64url(&[0xfb, 0xff]), "-_8");
    }
}
