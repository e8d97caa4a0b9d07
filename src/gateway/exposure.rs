//! Removes from errors that a source over HTTP reports what clients must not see: they see its
//! message if the settings allow it, and of its extensions those that are listed, under
//! `extensions.source`.

use federation::error::ResponseError;
use serde_json::{Map, Value};

use crate::{
    auth::Principal,
    config::{ExposeErrors, SourceSettings},
};

/// Key of `extensions` that holds what is exposed of a source.
pub(crate) const SOURCE: &str = "source";
/// Key of `extensions` by which clients distinguish errors.
const CODE: &str = "code";
/// Characters of a code at most.
const CODE_LENGTH: usize = 64;

/// Which parts of one source's errors clients see. The default exposes nothing.
#[derive(Debug)]
pub(super) struct Exposure {
    messages: ExposeErrors,
    extensions: Vec<String>,
}

impl Default for Exposure {
    fn default() -> Self {
        Self {
            messages: ExposeErrors::None,
            extensions: Vec::new(),
        }
    }
}

impl Exposure {
    /// As set for a source.
    pub(super) fn new(settings: &SourceSettings) -> Self {
        Self {
            messages: settings.expose_errors,
            extensions: settings.error_extensions.clone(),
        }
    }

    /// Reduces a reported error to what a caller may see.
    pub(super) fn apply(&self, source: &str, error: &mut ResponseError, principal: &Principal) {
        let is_exposed = match self.messages {
            ExposeErrors::All => true,
            ExposeErrors::Authenticated => principal.is_authenticated(),
            ExposeErrors::None => false,
        };
        if !is_exposed && !is_count(source, error) {
            error.message = format!("The source `{source}` reported an error.");
        }
        let mut reported = std::mem::take(&mut error.extensions);
        let exposed: Map<_, _> = (self.extensions.iter())
            .filter_map(|key| reported.remove_entry(key))
            .filter(|(key, value)| key != CODE || is_code(value))
            .collect();
        if !exposed.is_empty() {
            error.extensions.insert(SOURCE.to_owned(), exposed.into());
        }
    }
}

/// Whether an error is the engine's own, which says how many others it left out. A source that
/// reports an error in these words exposes a number and nothing else.
fn is_count(source: &str, error: &ResponseError) -> bool {
    let number = (error.message)
        .strip_prefix(&format!("Subgraph `{source}` reported "))
        .and_then(|rest| rest.strip_suffix("more errors."));
    number.is_some_and(|number| number.trim().bytes().all(|byte| byte.is_ascii_digit()))
}

/// A code is a name or a number; another text under its key could hold anything.
fn is_code(value: &Value) -> bool {
    match value {
        Value::String(text) => {
            (1..=CODE_LENGTH).contains(&text.len())
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte))
        }
        other => other.is_number(),
    }
}
