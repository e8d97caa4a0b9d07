//! Keys of records: free text is encrypted by record, so that destroying the key destroys every copy of the
//! text, wherever it went. In: texts of a record, and the table `record_keys`. Out: encrypted texts, and texts.
//!
//! AES-256-GCM-SIV (RFC 8452) with a fixed nonce and a key of its own for each record: the same text of a record
//! is encrypted alike, so that an import can compare what it brings with what is stored; nothing else shows.
//! INVARIANT: a text is never stored or staged before it is encrypted.

mod cipher;
mod store;

pub use cipher::{EncryptedText, RecordKey};
pub use store::{KeyOf, Keys, NewKey, keys_of, readable, store_keys};
