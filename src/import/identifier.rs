//! Identifiers in the graph: made from the natural key with a secret of the installation, so that
//! replicas and later imports make the same ones, and that without the secret none can be made.

use std::{fmt, sync::LazyLock};

use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};
use data_encoding::{Encoding, Specification};
use entities::installation_key;
use sea_orm::{ConnectionTrait, DbErr, EntityTrait};

/// Name of the secret in `installation_keys`; a migration makes it.
pub(super) const SECRET_NAME: &str = "public-ids";
/// The secret of the example data. It is known to all, so that the example's ids stay as they are
/// in documents; an installation's own is never this one.
pub(super) const EXAMPLE_SECRET: &str = "the example's ids are no secret";

/// Sixteen characters of base32.
const BYTES: usize = 10;

/// Base32 in Crockford's alphabet, in small letters.
static CROCKFORD: LazyLock<Encoding> = LazyLock::new(|| {
    let mut specification = Specification::new();
    specification
        .symbols
        .push_str("0123456789abcdefghjkmnpqrstvwxyz");
    #[expect(
        clippy::expect_used,
        reason = "INVARIANT: 32 symbols of ASCII, each once, make an encoding"
    )]
    specification.encoding().expect("an alphabet")
});

/// The secret that identifiers are made with.
pub struct IdKey(Key);

impl fmt::Debug for IdKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("IdKey")
    }
}

impl IdKey {
    /// The key of the example data.
    pub fn example() -> Self {
        Self::new(EXAMPLE_SECRET)
    }

    fn new(secret: &str) -> Self {
        Self(Key::new(HMAC_SHA256, secret.as_bytes()))
    }

    /// The key of an installation.
    pub async fn of<C: ConnectionTrait>(connection: &C) -> Result<Self, DbErr> {
        let found = installation_key::Entity::find_by_id(SECRET_NAME)
            .one(connection)
            .await?;
        found.map(|row| Self::new(&row.value)).ok_or_else(|| {
            let lacking =
                format!("`installation_keys` has no `{SECRET_NAME}`: run `upfront migrate`");
            DbErr::Custom(lacking)
        })
    }

    /// Another secret that is made of it, for a purpose of its own.
    pub fn derived(&self, purpose: &str) -> [u8; 32] {
        let derived = sign(&self.0, format!("derived\n{purpose}").as_bytes());
        let mut secret = [0; 32];
        secret.copy_from_slice(derived.as_ref());
        secret
    }

    /// `PREFIX_` and 80 bits of a keyed digest of the type and the natural key.
    pub fn public_id(&self, prefix: &str, record_key: &str) -> String {
        let digest = sign(&self.0, format!("{prefix}\n{record_key}").as_bytes());
        let first = digest.as_ref().get(..BYTES).unwrap_or_default();
        format!("{prefix}_{}", CROCKFORD.encode(first))
    }
}

#[cfg(test)]
mod tests {
    use super::IdKey;

    #[test]
    fn is_stable_and_tells_types_and_installations_apart() {
        let key = IdKey::new("one");
        let id = key.public_id("sit", "arvenia-north");
        assert_eq!(id, IdKey::new("one").public_id("sit", "arvenia-north"));
        assert_eq!(id.len(), "sit_".len() + 16);
        assert_ne!(id[4..], key.public_id("are", "arvenia-north")[4..]);
        // What installations have kept, and documents name.
        assert_eq!(id, "sit_qa0zjxyymdad2kk3");
        assert_ne!(id, IdKey::new("two").public_id("sit", "arvenia-north"));
    }
}
