//! Media types of GraphQL over HTTP: what a client accepts, what it sent.
//!
//! <https://graphql.github.io/graphql-over-http/draft/#sec-Media-Types>

use axum::http::{HeaderMap, header};

use crate::error::ApiError;

/// The media type of an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum MediaType {
    /// `application/graphql-response+json`: the status says how the request went.
    GraphqlResponse,
    /// `application/json`: the status is 200 also for GraphQL errors.
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

    /// The media type that the client prefers: the quality of each is that of the most specific
    /// range that covers it (RFC 9110, section 12.5.1). `*/*` and no header mean
    /// `application/json`, for old clients.
    pub(super) fn negotiate(headers: &HeaderMap) -> Result<Self, ApiError> {
        let values = headers.get_all(header::ACCEPT).iter();
        let values = values.map(|value| value.to_str().unwrap_or_default());
        let texts = values.flat_map(|value| value.split(',').map(str::trim));
        let texts: Vec<_> = texts.filter(|text| !text.is_empty()).collect();
        let ranges: Vec<_> = texts.iter().copied().map(read_range).collect();
        if ranges.is_empty() {
            return Ok(Self::default());
        }
        let preference = |media_type: Self| {
            let covering = ranges.iter().flatten();
            let covering =
                covering.filter_map(|range| Some((range.specificity(media_type)?, range.quality)));
            // Of two equally specific ranges, the one with the higher quality.
            covering.max().filter(|(_, quality)| *quality > 0)
        };
        let json = preference(Self::Json);
        let response = preference(Self::GraphqlResponse);
        match (json, response) {
            (None, None) => Err(ApiError::NotAcceptable(format!(
                "`Accept: {}` admits neither form of the answers, \
                 application/graphql-response+json and application/json; accept one of them.",
                shorten(&texts.join(", "))
            ))),
            (None, Some(_)) => Ok(Self::GraphqlResponse),
            (Some(_), None) => Ok(Self::Json),
            (Some((_, json)), Some((specificity, response))) => {
                let is_named = specificity == EXACT;
                let is_liked = response > json || (response == json && is_named);
                Ok(if is_liked {
                    Self::GraphqlResponse
                } else {
                    Self::Json
                })
            }
        }
    }
}

/// Specificity of a range that names a type in full.
const EXACT: u8 = 2;

/// One range of `Accept`.
#[derive(Clone, Copy, Debug)]
struct Range {
    /// What it names in full; otherwise it covers both.
    media_type: Option<MediaType>,
    /// 1 for `application/*`, 0 for `*/*`.
    wildcard: u8,
    /// In thousandths.
    quality: u16,
}

impl Range {
    /// How closely it describes a type; `None` if it does not cover it.
    fn specificity(self, media_type: MediaType) -> Option<u8> {
        match self.media_type {
            Some(named) => (named == media_type).then_some(EXACT),
            None => Some(self.wildcard),
        }
    }
}

/// A range that covers one of the types; `None` for any other.
fn read_range(text: &str) -> Option<Range> {
    let mut parts = text.split(';').map(str::trim);
    let (media_type, wildcard) = match parts.next()?.to_ascii_lowercase().as_str() {
        "application/graphql-response+json" => (Some(MediaType::GraphqlResponse), EXACT),
        "application/json" => (Some(MediaType::Json), EXACT),
        "application/*" => (None, 1),
        "*/*" => (None, 0),
        _ => return None,
    };
    let mut quality = 1000;
    for (name, value) in parts.filter_map(|part| part.split_once('=')) {
        if name.trim().eq_ignore_ascii_case("q") {
            quality = read_quality(value.trim())?;
        }
    }
    Some(Range {
        media_type,
        wildcard,
        quality,
    })
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
            return Err(ApiError::UnsupportedEncoding(shorten(value)));
        }
    }
    let refuse = |what: String| {
        Err(ApiError::UnsupportedMediaType(format!(
            "{what}; a request is sent as `Content-Type: application/json`, in UTF-8."
        )))
    };
    let Some(value) = headers.get(header::CONTENT_TYPE) else {
        return refuse("The body has no Content-Type".to_owned());
    };
    let Ok(value) = value.to_str() else {
        return refuse("The body's Content-Type is not ASCII".to_owned());
    };
    let mut parts = value.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default();
    if !essence.eq_ignore_ascii_case("application/json") {
        return refuse(format!(
            "The body is of type `{}`, which is not read here",
            shorten(essence)
        ));
    }
    for (name, charset) in parts.filter_map(|part| part.split_once('=')) {
        let charset = charset.trim().trim_matches('"');
        if name.trim().eq_ignore_ascii_case("charset") && !charset.eq_ignore_ascii_case("utf-8") {
            return refuse(format!(
                "The body is in `{}`, which is not read here",
                shorten(charset)
            ));
        }
    }
    Ok(())
}

/// What a client sent, as it stands in a message.
fn shorten(text: &str) -> String {
    text.chars().take(100).collect()
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
        assert_eq!(negotiate("application/*, text/html"), Some(MediaType::Json));
    }

    #[test]
    fn the_most_specific_range_tells_of_a_type() {
        let no_json = "*/*, application/json;q=0";
        assert_eq!(negotiate(no_json), Some(MediaType::GraphqlResponse));
        let rather_not_json = "application/json;q=0.1, application/*;q=0.5";
        assert_eq!(negotiate(rather_not_json), Some(MediaType::GraphqlResponse));
        let neither = "*/*, application/json;q=0, application/graphql-response+json;q=0";
        assert_eq!(negotiate(neither), None);
        assert_eq!(negotiate("*/*;q=0"), None);
    }
}
