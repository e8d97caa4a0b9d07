//! One key: encrypts and decrypts the texts of its record.

use std::fmt;

use aws_lc_rs::{
    aead::{AES_256_GCM_SIV, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hmac,
};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};

/// What encrypted texts begin with: `enc1.NAME.BYTES`, with the name of the key, and the bytes in base64.
const MARK: &str = "enc1.";
const SECRET_BYTES: usize = 32;
const NAME_BYTES: usize = 16;

/// Why a text cannot be encrypted or read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The system gave no random bytes.
    #[error("the system gives no random numbers")]
    NoRandom,
    /// What is stored is no key.
    #[error("a row of `record_keys` holds no key")]
    NoKey,
    /// What is stored is no text of this key.
    #[error("an encrypted text was changed, or its key was")]
    Changed,
    /// The text is too long.
    #[error("a text is too long to be encrypted")]
    TooLong,
}

/// The key of a record.
#[derive(Clone)]
pub struct RecordKey {
    name: String,
    secret: [u8; SECRET_BYTES],
}

impl fmt::Debug for RecordKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("RecordKey");
        shown.field("name", &self.name).finish_non_exhaustive()
    }
}

impl RecordKey {
    /// A new key.
    pub fn generate() -> Result<Self, KeyError> {
        let (mut name, mut secret) = ([0; NAME_BYTES], [0; SECRET_BYTES]);
        aws_lc_rs::rand::fill(&mut name).map_err(|_| KeyError::NoRandom)?;
        aws_lc_rs::rand::fill(&mut secret).map_err(|_| KeyError::NoRandom)?;
        Ok(Self {
            name: BASE64URL_NOPAD.encode(&name),
            secret,
        })
    }

    /// A key as it is stored.
    pub fn stored(name: String, secret: &str) -> Result<Self, KeyError> {
        let secret = BASE64URL_NOPAD.decode(secret.as_bytes());
        let secret = secret.ok().and_then(|bytes| bytes.try_into().ok());
        let secret = secret.ok_or(KeyError::NoKey)?;
        Ok(Self { name, secret })
    }

    /// What encrypted texts name it by.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key as it is stored.
    pub fn secret(&self) -> String {
        BASE64URL_NOPAD.encode(&self.secret)
    }

    /// A text as it is stored.
    pub fn encrypt(&self, text: &str) -> Result<String, KeyError> {
        let mut bytes = text.as_bytes().to_vec();
        self.cipher()?
            .seal_in_place_append_tag(nonce(), bound(&self.name), &mut bytes)
            .map_err(|_| KeyError::TooLong)?;
        let bytes = BASE64URL_NOPAD.encode(&bytes);
        Ok(format!("{MARK}{}.{bytes}", self.name))
    }

    /// The text behind what is stored.
    pub fn decrypt(&self, text: &EncryptedText<'_>) -> Result<String, KeyError> {
        let mut bytes = BASE64URL_NOPAD
            .decode(text.bytes.as_bytes())
            .map_err(|_| KeyError::Changed)?;
        let open = self
            .cipher()?
            .open_in_place(nonce(), bound(text.key), &mut bytes)
            .map_err(|_| KeyError::Changed)?;
        String::from_utf8(open.to_vec()).map_err(|_| KeyError::Changed)
    }

    /// A hash of texts that only the key makes, in hexadecimal.
    pub fn digest<'a>(&self, texts: impl Iterator<Item = &'a str>) -> String {
        // Apart from the cipher's key, though made of the same secret.
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.secret);
        let key = hmac::sign(&key, b"digest of a record's texts");
        let key = hmac::Key::new(hmac::HMAC_SHA256, key.as_ref());
        let mut digest = hmac::Context::with_key(&key);
        for text in texts {
            digest.update(&(text.len() as u64).to_be_bytes());
            digest.update(text.as_bytes());
        }
        HEXLOWER.encode(digest.sign().as_ref())
    }

    fn cipher(&self) -> Result<LessSafeKey, KeyError> {
        let key = UnboundKey::new(&AES_256_GCM_SIV, &self.secret).map_err(|_| KeyError::NoKey)?;
        Ok(LessSafeKey::new(key))
    }
}

/// A text under the name of another key cannot be read.
fn bound(name: &str) -> Aad<&[u8]> {
    Aad::from(name.as_bytes())
}

fn nonce() -> Nonce {
    Nonce::assume_unique_for_key([0; NONCE_LEN])
}

/// A text as it is stored, encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EncryptedText<'a> {
    /// The name of its key.
    pub key: &'a str,
    bytes: &'a str,
}

impl<'a> EncryptedText<'a> {
    /// The parts of a text that is encrypted; others are as they are read.
    pub fn parse(text: &'a str) -> Option<Self> {
        let (key, bytes) = text.strip_prefix(MARK)?.split_once('.')?;
        let is_name = BASE64URL_NOPAD
            .decode(key.as_bytes())
            .is_ok_and(|bytes| bytes.len() == NAME_BYTES);
        is_name.then_some(Self { key, bytes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_with_its_key_alone() {
        let (key, other) = (
            RecordKey::generate().unwrap(),
            RecordKey::generate().unwrap(),
        );
        for text in [
            "",
            "x",
            "Zoë Example was seen | here",
            &"long ".repeat(5_000),
        ] {
            let stored = key.encrypt(text).unwrap();
            assert!(!stored.contains('|') && (text.len() < 2 || !stored.contains(text)));
            assert_eq!(stored, key.encrypt(text).unwrap());
            assert_ne!(stored, other.encrypt(text).unwrap());
            let parsed = EncryptedText::parse(&stored).unwrap();
            assert_eq!(parsed.key, key.name());
            let again = RecordKey::stored(key.name().to_owned(), &key.secret()).unwrap();
            assert_eq!(again.decrypt(&parsed).as_deref(), Ok(text));
            assert_eq!(other.decrypt(&parsed), Err(KeyError::Changed));
        }
    }

    #[test]
    fn a_changed_text_is_refused() {
        let key = RecordKey::generate().unwrap();
        let stored = key.encrypt("as it was").unwrap();
        let renamed = stored.replace(key.name(), RecordKey::generate().unwrap().name());
        let mut cut = stored.clone();
        cut.pop();
        for changed in [renamed, cut] {
            let changed = EncryptedText::parse(&changed).unwrap();
            assert_eq!(key.decrypt(&changed), Err(KeyError::Changed));
        }
        for plain in ["", "enc1.", "enc1.short.AAAA", "a sentence"] {
            assert_eq!(EncryptedText::parse(plain), None, "{plain}");
        }
        assert_eq!(
            RecordKey::stored("name".into(), "x").unwrap_err(),
            KeyError::NoKey
        );
    }

    #[test]
    fn a_digest_needs_the_key_and_tells_texts_apart() {
        let key = RecordKey::generate().unwrap();
        let digest = key.digest(["ab", "c"].into_iter());
        assert_eq!(digest, key.digest(["ab", "c"].into_iter()));
        assert_ne!(digest, key.digest(["a", "bc"].into_iter()));
        let other = RecordKey::generate().unwrap();
        assert_ne!(digest, other.digest(["ab", "c"].into_iter()));
    }
}
