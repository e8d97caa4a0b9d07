//! The subgraphs that run in this process: the review and the mandates. The registry, which is one
//! as well, adds itself.

use std::sync::Arc;

use entities::party;
use sea_orm::{
    ColumnTrait, Condition,
    sea_query::{Expr, ExprTrait},
};

use crate::{
    reviews::{self, ReviewCell},
    sources::{MANDATES, Source, subgraph::Identity},
    vocabulary::Viewer,
};

/// The embedded sources where nobody acts on the review.
pub fn sources() -> Vec<Arc<dyn Source>> {
    sources_with(ReviewCell::default())
}

/// The embedded sources: the review first, then the mandates. Each builds its schema, once. `review` has what acts on
/// the review need beside the records.
pub fn sources_with(review: ReviewCell) -> Vec<Arc<dyn Source>> {
    let identity = |name, entity| Identity {
        name,
        entity,
        named,
    };
    let mandates = MANDATES
        .iter()
        .map(|mandate| (mandate.source)(identity(mandate.name, mandate.entity)));
    std::iter::once(reviews::source(identity("reviews", ""), review))
        .chain(mandates)
        .collect()
}

/// The parties that records of some mandate name which exist for the viewer.
fn named(viewer: &Viewer) -> Condition {
    let rules = MANDATES.iter().flat_map(|mandate| mandate.parties);
    let parties = rules.fold(Condition::any(), |parties, named| {
        parties.add(party::Column::Id.in_subquery(named(viewer)))
    });
    if parties.is_empty() {
        // A condition without a part would hold for every party.
        return Condition::all().add(Expr::val(1).eq(0));
    }
    parties
}
