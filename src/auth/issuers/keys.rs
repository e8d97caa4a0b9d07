//! The public keys of an issuer. In: the bytes of a JSON Web Key Set (RFC 7517) and the algorithms that
//! the settings pin. Out: keys, each with the algorithms that it may verify. Invariant: no key verifies
//! an algorithm that is not pinned, that its own `alg` excludes, or that is not of its type; symmetric
//! keys, keys for encryption and RSA keys under 2048 bits are left out.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::{
    Algorithm, DecodingKey,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyOperations, PublicKeyUse},
};
use serde::Deserialize;
use serde_json::Value;

use crate::config::SignatureAlgorithm;

/// Keys that are read of a set.
const MOST_KEYS: usize = 100;
/// Bytes of an RSA modulus.
const LEAST_MODULUS: usize = 256;

/// A key that verifies tokens.
#[derive(Clone)]
pub(super) struct VerificationKey {
    id: Option<String>,
    algorithms: Vec<Algorithm>,
    /// The key as it was given, to see whether it changed.
    parameters: AlgorithmParameters,
    pub(super) decoding: DecodingKey,
}

/// The keys of an issuer that can be used.
#[derive(Clone, Debug, Default)]
pub(super) struct KeySet(Vec<VerificationKey>);

impl std::fmt::Debug for VerificationKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("VerificationKey")
            .field("id", &self.id)
            .field("algorithms", &self.algorithms)
            .finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct Document {
    keys: Vec<Value>,
}

impl KeySet {
    /// Reads a set; keys that cannot be used are passed over.
    pub(super) fn parse(bytes: &[u8], pinned: &[Algorithm]) -> Result<Self, String> {
        let document: Document = serde_json::from_slice(bytes)
            .map_err(|error| format!("it is no JSON Web Key Set: {error}"))?;
        let keys = document.keys.into_iter().take(MOST_KEYS);
        let keys: Vec<_> = keys
            .filter_map(|key| VerificationKey::read(key, pinned))
            .collect();
        Ok(Self(keys))
    }

    /// Whether it has no key that can be used: an issuer may withdraw all it had.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The keys that a token of this header may be signed with: those of its `kid`, or where it has
    /// none, all.
    pub(super) fn matching<'k>(
        &'k self,
        id: Option<&'k str>,
        algorithm: Algorithm,
    ) -> impl Iterator<Item = &'k VerificationKey> {
        self.0.iter().filter(move |key| {
            (id.is_none() || key.id.as_deref() == id) && key.algorithms.contains(&algorithm)
        })
    }

    /// Whether a key of the other set is not in this one, or has changed.
    pub(super) fn lacks_some_of(&self, other: &Self) -> bool {
        let has = |key: &VerificationKey| {
            let mut own = self.0.iter();
            own.any(|own| own.id == key.id && own.parameters == key.parameters)
        };
        other.0.iter().any(|key| !has(key))
    }
}

impl VerificationKey {
    fn read(key: Value, pinned: &[Algorithm]) -> Option<Self> {
        let jwk: Jwk = serde_json::from_value(key).ok()?;
        let common = &jwk.common;
        let is_for_signatures = match &common.public_key_use {
            Some(usage) => *usage == PublicKeyUse::Signature,
            None => (common.key_operations.as_ref())
                .is_none_or(|operations| operations.contains(&KeyOperations::Verify)),
        };
        if !is_for_signatures {
            return None;
        }
        let of_type = algorithms_of(&jwk.algorithm)?;
        let own = common.key_algorithm.map(Algorithm::try_from);
        let algorithms: Vec<_> = of_type
            .iter()
            .copied()
            .filter(|algorithm| pinned.contains(algorithm))
            .filter(|algorithm| match &own {
                None => true,
                Some(own) => own.as_ref().is_ok_and(|own| own == algorithm),
            })
            .collect();
        if algorithms.is_empty() {
            return None;
        }
        Some(Self {
            id: common.key_id.clone(),
            algorithms,
            decoding: DecodingKey::from_jwk(&jwk).ok()?,
            parameters: jwk.algorithm,
        })
    }
}

/// The algorithms that a type of key may be used with.
fn algorithms_of(parameters: &AlgorithmParameters) -> Option<&'static [Algorithm]> {
    const RSA: [Algorithm; 6] = [
        Algorithm::RS256,
        Algorithm::RS384,
        Algorithm::RS512,
        Algorithm::PS256,
        Algorithm::PS384,
        Algorithm::PS512,
    ];
    match parameters {
        AlgorithmParameters::RSA(key) => {
            let modulus = BASE64_URL_SAFE_NO_PAD.decode(&key.n).ok()?;
            let zeros = modulus.iter().take_while(|byte| **byte == 0).count();
            (modulus.len() - zeros >= LEAST_MODULUS).then_some(&RSA)
        }
        AlgorithmParameters::EllipticCurve(key) => match key.curve {
            EllipticCurve::P256 => Some(&[Algorithm::ES256]),
            EllipticCurve::P384 => Some(&[Algorithm::ES384]),
            _ => None,
        },
        AlgorithmParameters::OctetKeyPair(key) if key.curve == EllipticCurve::Ed25519 => {
            Some(&[Algorithm::EdDSA])
        }
        _ => None,
    }
}

/// The algorithms of the settings as the library names them.
pub(super) fn pinned(algorithms: &[SignatureAlgorithm]) -> Vec<Algorithm> {
    let each = algorithms.iter().map(|algorithm| match algorithm {
        SignatureAlgorithm::Rs256 => Algorithm::RS256,
        SignatureAlgorithm::Rs384 => Algorithm::RS384,
        SignatureAlgorithm::Rs512 => Algorithm::RS512,
        SignatureAlgorithm::Ps256 => Algorithm::PS256,
        SignatureAlgorithm::Ps384 => Algorithm::PS384,
        SignatureAlgorithm::Ps512 => Algorithm::PS512,
        SignatureAlgorithm::Es256 => Algorithm::ES256,
        SignatureAlgorithm::Es384 => Algorithm::ES384,
        SignatureAlgorithm::EdDsa => Algorithm::EdDSA,
    });
    each.collect()
}
