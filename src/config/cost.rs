//! Settings of what an operation may cost.

use serde::{Deserialize, Serialize};

/// What an operation may cost, by `@cost` and `@listSize`, estimated before it is planned.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CostSettings {
    /// The most that an operation may cost; zero is no bound.
    pub max: u64,
    /// Items that a list counts as where nothing says how long it is.
    pub default_list_size: u32,
    /// Whether an operation that costs more is refused; without it, it is only measured.
    pub enforce: bool,
}

impl Default for CostSettings {
    fn default() -> Self {
        Self {
            max: 0,
            default_list_size: 10,
            enforce: true,
        }
    }
}
