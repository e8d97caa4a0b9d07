//! Headers that settings name: `${NAME}` in their values stands for a variable of the environment, so that
//! files hold no secrets.

use indexmap::IndexMap;
use reqwest::header::{HeaderName, HeaderValue};

use super::{Config, ConfigError, Secret};

impl Config {
    /// Puts in what the values of headers only refer to.
    pub(super) fn fill_in_secrets(
        &mut self,
        find: &dyn Fn(&str) -> Option<String>,
    ) -> Result<(), ConfigError> {
        let of_sources = self.sources.iter_mut().flat_map(|(source, own)| {
            let headers = own.headers.iter_mut();
            headers
                .map(move |(header, value)| (format!("sources.{source}.headers.{header}"), value))
        });
        let of_telemetry = self.telemetry.headers.iter_mut();
        let of_telemetry =
            of_telemetry.map(|(header, value)| (format!("telemetry.headers.{header}"), value));
        let of_policies = self.auth.policies.headers.iter_mut();
        let of_policies =
            of_policies.map(|(header, value)| (format!("auth.policies.headers.{header}"), value));
        for (key, value) in of_sources.chain(of_telemetry).chain(of_policies) {
            let filled = filled_in(value.expose(), find).map_err(|variable| {
                ConfigError(format!(
                    "`{key}` refers to the variable `{variable}`, which the environment does not \
                     have"
                ))
            })?;
            *value = Secret::new(filled);
        }
        for (key, headers) in [
            ("telemetry.headers", &self.telemetry.headers),
            ("auth.policies.headers", &self.auth.policies.headers),
        ] {
            check_headers(key, headers).map_err(ConfigError)?;
        }
        Ok(())
    }
}

/// A text with each `${NAME}` replaced; the error is a name that is not to be found.
fn filled_in(text: &str, find: &dyn Fn(&str) -> Option<String>) -> Result<String, String> {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        filled.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            return Err(after.to_owned());
        };
        filled.push_str(&find(name).ok_or_else(|| name.to_owned())?);
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

/// What is wrong with headers, once their variables are filled in. Values are not repeated.
fn check_headers(key: &str, headers: &IndexMap<String, Secret>) -> Result<(), String> {
    for (name, value) in headers {
        if name.parse::<HeaderName>().is_err() {
            return Err(format!("`{key}`: `{name}` is no name of a header"));
        }
        if value.expose().parse::<HeaderValue>().is_err() {
            return Err(format!(
                "`{key}.{name}`: the value holds a character that no header may"
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill_in(header: &str, value: &str) -> Result<String, String> {
        let mut config = Config::default();
        let headers = &mut config.auth.policies.headers;
        headers.insert(header.to_owned(), Secret::new(value));
        let find = |name: &str| (name == "TOKEN").then(|| "t0p".to_owned());
        let filled = config.fill_in_secrets(&find);
        filled.map_err(|error| error.to_string())?;
        Ok(config.auth.policies.headers[header].expose().to_owned())
    }

    #[test]
    fn headers_of_the_hook_are_filled_in_and_checked() {
        let filled = fill_in("authorization", "Bearer ${TOKEN}").unwrap();
        assert_eq!(filled, "Bearer t0p");
        let error = fill_in("authorization", "Bearer ${MISSING}").unwrap_err();
        assert!(
            error.contains("`auth.policies.headers.authorization`"),
            "{error}"
        );
        assert!(error.contains("`MISSING`"), "{error}");
        let error = fill_in("no header", "x").unwrap_err();
        assert!(error.contains("`no header`"), "{error}");
        let error = fill_in("x-key", "sec\nret").unwrap_err();
        assert!(
            error.contains("x-key") && !error.contains("sec\n"),
            "{error}"
        );
    }
}
