//! Media types of GraphQL over HTTP: what a client accepts, what it sent.
//!
//! <https://graphql.github.io/graphql-over-http/draft/#sec-Media-Types>

use axum::http::{HeaderMap, header};

use crate::error::ApiError;

/// In what form an answer goes out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum MediaType {
    /// `application/graphql-response+json`: the status tells how it went.
    GraphqlResponse,
    /// `application/json`: whatever GraphQL says goes out with 200.
    #[default]
    Json,
}

impl MediaType {
    /// The value of `Content-Type`.
    pub(super) fn content_type(self) -> &'static str {
        match self {
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        }
    }

    /// The one the client likes best. `*/*` and no header at all mean `application/json`, as long
    /// as old clients are about.
    pub(super) fn negotiate(headers: &HeaderMap) -> Result<Self, ApiError> {
        let mut best: Option<(Self, u16)> = None;
        let mut is_given = false;
        for value in headers.get_all(header::ACCEPT) {
            let value = value.to_str().unwrap_or_default();
            for range in value.split(',').filter(|range| !range.trim().is_empty()) {
                is_given = true;
                let Some((media_type, quality)) = read_range(range) else {
                    continue;
                };
                let is_better = best.is_none_or(|(known, known_quality)| {
                    quality > known_quality
                        || (quality == known_quality
                            && media_type == Self::GraphqlResponse
                            && known == Self::Json)
                });
                if quality > 0 && is_better {
                    best = Some((media_type, quality));
                }
            }
        }
        match best {
            Some((media_type, _)) => Ok(media_type),
            None if !is_given => Ok(Self::default()),
            None => Err(ApiError::NotAcceptable(
                "Answers are application/graphql-response+json or application/json; accept one \
                 of them."
                    .to_owned(),
            )),
        }
    }
}

/// One range of `Accept`, with its weight in thousandths.
fn read_range(range: &str) -> Option<(MediaType, u16)> {
    let mut parts = range.split(';').map(str::trim);
    let media_type = match parts.next()?.to_ascii_lowercase().as_str() {
        "application/graphql-response+json" => MediaType::GraphqlResponse,
        "application/json" | "application/*" | "*/*" => MediaType::Json,
        _ => return None,
    };
    let mut quality = 1000;
    for (name, value) in parts.filter_map(|part| part.split_once('=')) {
        if name.trim().eq_ignore_ascii_case("q") {
            quality = read_quality(value.trim())?;
        }
    }
    Some((media_type, quality))
}

fn read_quality(text: &str) -> Option<u16> {
    let quality: f32 = text.parse().ok()?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the range is checked"
    )]
    (0.0..=1.0)
        .contains(&quality)
        .then(|| (quality * 1000.0).round() as u16)
}

/// Whether a body may be read as JSON in UTF-8.
pub(super) fn check_body_type(headers: &HeaderMap) -> Result<(), ApiError> {
    for value in headers.get_all(header::CONTENT_ENCODING) {
        let value = value.to_str().unwrap_or("something unreadable").trim();
        if !value.eq_ignore_ascii_case("identity") {
            return Err(ApiError::UnsupportedEncoding(value.to_owned()));
        }
    }
    let refuse = |what: String| {
        Err(ApiError::UnsupportedMediaType(format!(
            "{what}; send the request as `Content-Type: application/json`."
        )))
    };
    let Some(value) = headers.get(header::CONTENT_TYPE) else {
        return refuse("The body has no Content-Type".to_owned());
    };
    let value = value.to_str().unwrap_or_default();
    let mut parts = value.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default();
    if !essence.eq_ignore_ascii_case("application/json") {
        return refuse("The body is of a type that is not read here".to_owned());
    }
    for (name, charset) in parts.filter_map(|part| part.split_once('=')) {
        let charset = charset.trim().trim_matches('"');
        if name.trim().eq_ignore_ascii_case("charset") && !charset.eq_ignore_ascii_case("utf-8") {
            return refuse("The body must be in UTF-8".to_owned());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn negotiate(accept: &'static str) -> Option<MediaType> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
        MediaType::negotiate(&headers).ok()
    }

    #[test]
    fn weighs_what_is_accepted() {
        let both = "application/json, application/graphql-response+json";
        assert_eq!(negotiate(both), Some(MediaType::GraphqlResponse));
        let rather_json = "application/graphql-response+json;q=0.5, application/json";
        assert_eq!(negotiate(rather_json), Some(MediaType::Json));
        assert_eq!(negotiate("*/*"), Some(MediaType::Json));
        assert_eq!(negotiate("text/html"), None);
        assert_eq!(negotiate("application/json;q=0"), None);
        assert_eq!(negotiate(""), Some(MediaType::Json));
    }
}
