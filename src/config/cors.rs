//! Which web pages may read answers.

use serde::{Deserialize, Serialize};

use super::lists::one_or_more;

/// Which web pages may read answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cors {
    /// Origins such as `https://review.example.org`; none by default.
    #[serde(deserialize_with = "one_or_more")]
    pub origins: Vec<String>,
}

/// Refuses what is no origin as browsers write it.
pub fn check_origin(origin: &str) -> Result<(), String> {
    let is_origin = ["http://", "https://"].iter().any(|scheme| {
        origin
            .strip_prefix(scheme)
            .is_some_and(|host| !host.is_empty() && !host.contains(['/', '*', ' ']))
    });
    if is_origin {
        return Ok(());
    }
    Err(format!(
        "`{origin}` is no origin; write scheme, host and port alone, such as \
         `https://review.example.org`"
    ))
}
