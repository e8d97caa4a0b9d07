//! The keys of an installation: the one that signs, and others that are published and accepted beside it,
//! so that a key can be replaced while tokens of both are in use.

use std::path::Path;

use serde_json::{Value, json};

use super::key::{KeyError, SigningKey};
use crate::config::AuthSettings;

/// The keys of an installation.
#[derive(Clone, Debug)]
pub struct KeyRing {
    /// The key that signs.
    pub signing: SigningKey,
    /// Keys that sign nothing: the next one, or the former one.
    pub others: Vec<SigningKey>,
}

impl From<SigningKey> for KeyRing {
    fn from(signing: SigningKey) -> Self {
        Self {
            signing,
            others: Vec::new(),
        }
    }
}

impl KeyRing {
    /// A key with the others that the settings name.
    pub fn new(signing: SigningKey, settings: &AuthSettings) -> Result<Self, KeyError> {
        let files = settings.other_key_files.iter();
        let others = files.map(|file| SigningKey::read(Path::new(file)));
        Ok(Self {
            signing,
            others: others.collect::<Result<_, _>>()?,
        })
    }

    /// The public halves as a JSON Web Key Set (RFC 7517, RFC 8037); each key once.
    pub fn jwks(&self) -> Value {
        let mut keys: Vec<Value> = Vec::new();
        for key in std::iter::once(&self.signing).chain(&self.others) {
            let jwk = key.jwk();
            if !keys.contains(&jwk) {
                keys.push(jwk);
            }
        }
        json!({ "keys": keys })
    }
}
