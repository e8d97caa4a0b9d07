//! Why a request over HTTP came to nothing, in one sentence.

/// The innermost cause, which says more than the layers around it. The URL stays out: it may hold a
/// password.
pub(crate) fn innermost(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut cause: &dyn std::error::Error = &error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
