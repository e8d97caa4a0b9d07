//! The mandates: each a federation subgraph that runs in this process.

mod block;
#[cfg(test)]
pub mod example;
mod listings;
mod mandate;
mod ohchr;
mod osapg;
mod printed;
mod source;
mod srsg_caac;
mod srsg_svc;
pub(crate) mod subgraph;
pub(crate) mod suppressed;

use chrono::{DateTime, Utc};
use sea_orm::DbErr;

use crate::database::Database;
pub use crate::vocabulary::{BAD_USER_INPUT, RECORD_LEVELS, SOURCE_UNAVAILABLE, VALUES};
pub(crate) use mandate::{IdLevel, Mandate};
pub use source::{Asked, Source};
pub use suppressed::Thresholds;

/// The mandates, by name. A mandate is a folder beside this file and an entry here.
pub(crate) static MANDATES: &[&Mandate] = &[
    &ohchr::MANDATE,
    &osapg::MANDATE,
    &srsg_caac::MANDATE,
    &srsg_svc::MANDATE,
    #[cfg(test)]
    &example::MANDATE,
];

/// Decides which small counts are suppressed, of all figures that are not decided for what they hold now: after an
/// import, and before the service starts. Until then what is finer than a total is suppressed whole. The number of
/// tables decided.
///
/// # Errors
///
/// Where the database fails: what was decided until then stays.
pub async fn suppress_small_counts(
    database: &Database,
    thresholds: Thresholds,
    now: DateTime<Utc>,
) -> Result<usize, DbErr> {
    let all = MANDATES.iter().flat_map(|mandate| mandate.suppressed);
    suppressed::decide_all(database, all, thresholds, now).await
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::MANDATES;

    /// The registry finds an embedded source's entity by its name alone.
    #[test]
    fn an_entity_is_called_like_its_subgraph() {
        for mandate in MANDATES {
            assert_eq!(mandate.entity, mandate.name.to_uppercase());
        }
    }

    #[test]
    fn what_is_imported_with_an_id_is_found_by_it() {
        for mandate in MANDATES {
            let found: BTreeSet<_> = mandate
                .nodes
                .iter()
                .map(|node| node.kind.prefix())
                .collect();
            let imported: BTreeSet<_> = mandate
                .records
                .iter()
                .filter_map(|record_type| record_type.node)
                .collect();
            assert_eq!(found, imported, "{mandate:?}");
        }
    }
}
