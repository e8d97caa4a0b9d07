//! Words why a request over HTTP failed, in one sentence.

/// The innermost cause, which says more than the layers around it. Without the URL, which may hold
/// a password.
pub(crate) fn innermost(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut cause: &dyn std::error::Error = &error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
