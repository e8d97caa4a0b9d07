//! What an operation may cost, and what is assumed of it.

/// What an operation may cost, and what is assumed of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CostOptions {
    /// The most that an operation may cost; without it nothing is estimated unless a request asks.
    pub max: Option<u64>,
    /// How long a list is of which nothing else says it.
    pub default_list_size: u32,
    /// Whether an operation that costs more than `max`, or that does not give exactly one slicing argument
    /// where `@listSize` requires one, is refused; otherwise it runs, and the estimate says so. Without
    /// `max` no operation is refused.
    pub enforce: bool,
    /// How many bytes of programs that estimate are kept.
    pub cache_bytes: u64,
}

impl Default for CostOptions {
    fn default() -> Self {
        Self {
            max: None,
            default_list_size: 10,
            enforce: true,
            cache_bytes: 16 << 20,
        }
    }
}
