//! In which form a client wants its answer: by headers, or by the `upfront` entry of `extensions`.

use axum::http::HeaderMap;
use serde_json::Value;

use crate::error::ApiError;

/// `withheld` turns what the caller may not see into errors.
pub(super) const ERRORS_HEADER: &str = "upfront-errors";
/// `sources` adds what each source did, `cost` what the operation was estimated to cost.
pub(super) const INCLUDE_HEADER: &str = "upfront-include";

/// In which form a client wants its answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Options {
    /// Fields the caller may not see are errors, not only entries of `withheld`.
    pub(super) withheld_as_errors: bool,
    /// What each source did goes into `extensions.upfront.sources`.
    pub(super) include_sources: bool,
    /// What the operation was estimated to cost goes into `extensions.upfront.cost`.
    pub(super) include_cost: bool,
}

impl Options {
    /// `{"errors": "withheld", "include": ["sources"]}`.
    pub(super) fn from_extension(own: &Value) -> Result<Self, ApiError> {
        let refuse = |what: &str| Err(ApiError::BadRequest(what.to_owned()));
        let Some(own) = own.as_object() else {
            return refuse("`extensions.upfront` must be an object.");
        };
        let mut options = Self::default();
        for (key, value) in own {
            match (key.as_str(), value) {
                ("errors", Value::String(value)) => options.read_errors(value)?,
                ("include", Value::Array(values)) => {
                    for value in values {
                        options.read_include(value.as_str().unwrap_or_default())?;
                    }
                }
                _ => {
                    return refuse(
                        "`extensions.upfront` takes `\"errors\": \"withheld\"` and \
                         `\"include\": [\"sources\", \"cost\"]`.",
                    );
                }
            }
        }
        Ok(options)
    }

    /// Adds what the headers ask for.
    pub(super) fn read_headers(&mut self, headers: &HeaderMap) -> Result<(), ApiError> {
        for value in headers.get_all(ERRORS_HEADER) {
            self.read_errors(value.to_str().unwrap_or_default())?;
        }
        for value in headers.get_all(INCLUDE_HEADER) {
            let value = value.to_str().unwrap_or_default();
            for item in value.split(',') {
                self.read_include(item.trim())?;
            }
        }
        Ok(())
    }

    fn read_errors(&mut self, value: &str) -> Result<(), ApiError> {
        if value != "withheld" {
            return Err(ApiError::BadRequest(
                "The option `errors` (header `Upfront-Errors`) takes only `withheld`.".to_owned(),
            ));
        }
        self.withheld_as_errors = true;
        Ok(())
    }

    fn read_include(&mut self, value: &str) -> Result<(), ApiError> {
        match value {
            "sources" => self.include_sources = true,
            "cost" => self.include_cost = true,
            _ => {
                return Err(ApiError::BadRequest(
                    "The option `include` (header `Upfront-Include`) takes `sources` and `cost`."
                        .to_owned(),
                ));
            }
        }
        Ok(())
    }
}
