//! How long a test goes on that finds the more the longer it does: briefly, or so many times what the
//! gate lets it.

use std::time::Duration;

/// One of two lengths: the long one where `UPFRONT_LONG_TESTS` is set, as many times as it says.
pub(crate) fn length<T: Length>(brief: T, long: T) -> T {
    match std::env::var_os("UPFRONT_LONG_TESTS") {
        None => brief,
        Some(times) => {
            let times = times.to_str().and_then(|times| times.parse().ok());
            long.times(times.expect("UPFRONT_LONG_TESTS is a number"))
        }
    }
}

/// What can be done longer.
pub(crate) trait Length {
    fn times(self, times: u16) -> Self;
}

impl Length for Duration {
    fn times(self, times: u16) -> Self {
        self * u32::from(times)
    }
}

/// Turns, and how many take part in each.
impl Length for (usize, usize) {
    fn times(self, times: u16) -> Self {
        (self.0.times(times), self.1)
    }
}

macro_rules! counts {
    ($($count:ty),*) => {$(
        impl Length for $count {
            fn times(self, times: u16) -> Self {
                self * <$count>::from(times)
            }
        }
    )*};
}

counts!(i32, u64, usize);
