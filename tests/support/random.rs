//! Numbers that come in the same order for the same seed.

/// A generator of such numbers.
#[derive(Debug)]
pub(crate) struct Random(pub(crate) u64);

impl Random {
    /// The same numbers each time, or others where `UPFRONT_TEST_SEED` says which.
    pub(crate) fn seeded(seed: u64) -> Self {
        let other = std::env::var_os("UPFRONT_TEST_SEED").map_or(0, |text| {
            let number = text.to_str().and_then(|text| text.parse().ok());
            number.expect("UPFRONT_TEST_SEED is a number")
        });
        Self(seed ^ other)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        // SplitMix64, <https://prng.di.unimi.it/splitmix64.c>.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % bound as u64).unwrap()
    }

    /// One of some small values.
    pub(crate) fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    pub(crate) fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}
