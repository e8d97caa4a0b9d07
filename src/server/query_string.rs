//! The query string of a request, taken apart.

use axum::http::Uri;
use percent_encoding::percent_decode_str;

use crate::error::ApiError;

/// Names and values in the order in which they are given, percent-encoding undone.
pub(super) fn pairs(uri: &Uri) -> Result<Vec<(String, String)>, ApiError> {
    let parts = uri.query().unwrap_or_default().split('&');
    let parts = parts.filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let name = decode(name).ok_or_else(|| {
                ApiError::BadRequest("A name in the query string is not UTF-8.".to_owned())
            })?;
            let value = decode(value).ok_or_else(|| {
                let name: String = name.chars().take(100).collect();
                ApiError::BadRequest(format!(
                    "`{name}` in the query string is not UTF-8 once its percent-encoding is undone; \
                     encode text in UTF-8."
                ))
            })?;
            Ok((name, value))
        })
        .collect()
}

fn decode(text: &str) -> Option<String> {
    let spaced = text.replace('+', " ");
    let decoded = percent_decode_str(&spaced).decode_utf8().ok()?;
    Some(decoded.into_owned())
}

#[cfg(test)]
mod tests {
    use super::pairs;

    #[test]
    fn undoes_percent_encoding() {
        let uri = "/?a=b+c%2B%C3%A9&&d&e==&%61=%zz".parse().unwrap();
        let expected = [("a", "b c+é"), ("d", ""), ("e", "="), ("a", "%zz")];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(pairs(&uri).unwrap(), expected);
        assert!(pairs(&"/".parse().unwrap()).unwrap().is_empty());
    }

    #[test]
    fn names_what_is_not_utf_8() {
        for (uri, part) in [("/?a=1&b=%ff", "`b`"), ("/?%c3=1", "A name")] {
            let error = pairs(&uri.parse().unwrap()).unwrap_err();
            assert!(error.to_string().contains(part), "{error}");
        }
    }
}
