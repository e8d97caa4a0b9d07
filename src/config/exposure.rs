//! Who sees the messages of a source's errors.

use serde::{Deserialize, Serialize};

/// Who sees the message of an error that a source reports; all others read one fixed sentence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ExposeErrors {
    /// Every caller.
    All,
    /// Callers with a valid token.
    #[default]
    Authenticated,
    /// Nobody.
    None,
}
