//! Identifiers in the graph: made from the natural key, so that they are the same on every
//! installation, and tell nothing about the record or about how many there are.

use aws_lc_rs::digest::{SHA256, digest};

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const CHARACTERS: usize = 16;

/// `PREFIX_` and 80 bits of a digest of the type and the key.
pub fn public_id(prefix: &str, record_key: &str) -> String {
    let digest = digest(&SHA256, format!("{prefix}\n{record_key}").as_bytes());
    let mut id = format!("{prefix}_");
    let mut bits = 0_u32;
    let mut held = 0;
    let mut bytes = digest.as_ref().iter();
    for _ in 0..CHARACTERS {
        if held < 5 {
            bits = (bits << 8) | bytes.next().copied().map_or(0, u32::from);
            held += 8;
        }
        held -= 5;
        id.push(char::from(ALPHABET[(bits >> held) as usize & 31]));
    }
    id
}

#[cfg(test)]
mod tests {
    use super::public_id;

    #[test]
    fn is_stable_and_tells_types_apart() {
        let id = public_id("sit", "arvenia-north");
        assert_eq!(id, public_id("sit", "arvenia-north"));
        assert_eq!(id.len(), "sit_".len() + 16);
        assert_ne!(id[4..], public_id("are", "arvenia-north")[4..]);
    }
}
