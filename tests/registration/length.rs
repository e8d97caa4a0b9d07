//! How long a test goes on that finds the more the longer it does: briefly, or for as long as the
//! gate lets it.

/// One of two lengths: the long one where `UPFRONT_LONG_TESTS` is set.
pub(crate) fn length<T>(brief: T, long: T) -> T {
    if std::env::var_os("UPFRONT_LONG_TESTS").is_some() {
        long
    } else {
        brief
    }
}
