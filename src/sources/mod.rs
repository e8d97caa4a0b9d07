//! The embedded sources: each a federation subgraph of its own, run in process.

mod block;
#[cfg(test)]
pub mod example;
mod listings;
mod mandate;
mod ohchr;
mod osapg;
mod srsg_caac;
mod srsg_svc;
pub(crate) mod subgraph;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entities::party;
use futures::future::BoxFuture;
use sea_orm::{
    ColumnTrait, Condition,
    sea_query::{Expr, ExprTrait},
};

use self::subgraph::Place;
use crate::{auth::Principal, database::Database, vocabulary::Viewer};

pub use crate::vocabulary::SOURCE_UNAVAILABLE;
pub(crate) use mandate::{IdLevel, Mandate};

/// The mandates, by name. A mandate is a folder beside this file and an entry here.
pub(crate) static MANDATES: &[&Mandate] = &[
    &ohchr::MANDATE,
    &osapg::MANDATE,
    &srsg_caac::MANDATE,
    &srsg_svc::MANDATE,
    #[cfg(test)]
    &example::MANDATE,
];

/// What a source is asked with: where its records are, who asks, and when.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Where the records are.
    pub database: &'a Database,
    /// Who asks.
    pub principal: &'a Principal,
    /// The time of the request: a source has no clock of its own.
    pub now: DateTime<Utc>,
}

/// A subgraph that runs in this process.
pub trait Source: Send + Sync + std::fmt::Debug {
    /// Name in the supergraph: `ohchr`, `reviews`.
    fn name(&self) -> &'static str;

    /// Its SDL with federation directives.
    fn sdl(&self) -> String;

    /// Runs one operation. DataLoaders are made afresh, so nothing is shared between callers.
    fn execute<'a>(
        &'a self,
        request: async_graphql::Request,
        asked: Asked<'a>,
    ) -> BoxFuture<'a, async_graphql::Response>;
}

/// The embedded sources: the review first, then the mandates. Each builds its schema, once.
pub fn embedded() -> Vec<Arc<dyn Source>> {
    let place = |name, entity| Place {
        name,
        entity,
        named_openly,
    };
    let mandates = MANDATES
        .iter()
        .map(|mandate| (mandate.source)(place(mandate.name, mandate.entity)));
    std::iter::once(crate::reviews::source(place("reviews", "")))
        .chain(mandates)
        .collect()
}

/// The parties that open records of some mandate name.
fn named_openly(viewer: Viewer) -> Condition {
    let rules = MANDATES.iter().filter_map(|mandate| mandate.parties);
    let parties = rules.fold(Condition::any(), |parties, named| {
        parties.add(party::Column::Id.in_subquery(named(viewer)))
    });
    if parties.is_empty() {
        // A condition without a part would hold for every party.
        return Condition::all().add(Expr::val(1).eq(0));
    }
    parties
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::MANDATES;

    /// The registry tells an embedded source's entity by its name alone.
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
