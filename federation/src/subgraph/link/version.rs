//! Versions of specifications: `v2.3`.

use std::fmt;

/// The version in a specification's URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Version {
    /// Versions with different major numbers are incompatible; with `0`, each minor version is too.
    pub major: u32,
    /// A higher minor version can replace a lower one.
    pub minor: u32,
}

impl Version {
    /// A version from its two numbers.
    pub const fn new(major: u32, minor: u32) -> Self {
        Self { major, minor }
    }

    /// Reads `v2.3`, without leading zeros.
    pub fn parse(text: &str) -> Option<Self> {
        let (major, minor) = text.strip_prefix('v')?.split_once('.')?;
        Some(Self::new(number(major)?, number(minor)?))
    }

    /// Whether what is written for `required` can be read with this version.
    pub fn satisfies(self, required: Self) -> bool {
        self.major == required.major
            && if self.major == 0 {
                self.minor == required.minor
            } else {
                self.minor >= required.minor
            }
    }
}

fn number(text: &str) -> Option<u32> {
    let canonical = text == "0" || !text.starts_with(['0', '+']);
    canonical.then(|| text.parse().ok()).flatten()
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "v{}.{}", self.major, self.minor)
    }
}
