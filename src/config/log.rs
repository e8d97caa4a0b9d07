//! What is logged and how.

use serde::{Deserialize, Serialize};

use crate::suggestion::nearest;

/// The levels of a filter.
const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

/// What is logged and how.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// `tracing-subscriber` directives: `info`, `upfront=debug`.
    pub filter: String,
    /// `json`, one object a line, or `text`.
    pub format: LogFormat,
}

/// The form of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// One JSON object a line.
    Json,
    /// For people.
    Text,
}

impl Log {
    /// Refuses a directive that is nearly a level. A bare word that is none is taken for a module, the
    /// only one that is logged then: with `inof` nothing is.
    pub(super) fn check(&self) -> Result<(), String> {
        for directive in self.filter.split(',').map(str::trim) {
            if let Some(level) = level_meant(directive) {
                return Err(format!(
                    "`log.filter`: `{directive}` is no level; did you mean `{level}`? A module of \
                     that name is written with a level, as `{directive}=info`"
                ));
            }
        }
        Ok(())
    }
}

/// The level that a directive is nearly, but not quite.
fn level_meant(directive: &str) -> Option<&'static str> {
    let word = directive.to_lowercase();
    if LEVELS.contains(&word.as_str()) || !word.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return None;
    }
    match word.as_str() {
        "warning" | "warnings" => Some("warn"),
        word => nearest(word, LEVELS),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(filter: &str) -> Result<(), String> {
        let filter = filter.to_owned();
        let format = LogFormat::Json;
        Log { filter, format }.check()
    }

    #[test]
    fn a_bare_word_that_is_nearly_a_level_is_refused() {
        for (filter, meant) in [
            ("inof", "info"),
            ("Inof", "info"),
            ("upfront=debug, debgu", "debug"),
            ("warning", "warn"),
            ("errors", "error"),
            ("of", "off"),
        ] {
            let error = check(filter).unwrap_err();
            let question = format!("did you mean `{meant}`?");
            assert!(error.contains(&question), "{error}");
        }
    }

    #[test]
    fn levels_and_modules_are_let_through() {
        for filter in [
            "",
            "info",
            "INFO,sea_orm_migration=warn",
            "3",
            "upfront",
            "hyper,tower,rustls",
            "tracing",
            "inof=info",
            "upfront[request]=debug",
        ] {
            assert!(check(filter).is_ok(), "{filter}");
        }
    }
}
