//! Rewrites subgraphs of Federation 1 as subgraphs of Federation 2.
//!
//! Federation 1 ignored many directives and let several subgraphs resolve a field without
//! `@shareable`. The steps here remove what it ignored, and add what it implied. In: all subgraphs
//! of a supergraph. Out: the same, all in the form of Federation 2. Invariant: a subgraph of
//! Federation 2 is not changed.

mod extension;
mod field_sets;
mod fields;
mod ignored;
mod interface_object;
mod originals;
mod shareable;
mod tag;
mod unused;

use originals::Originals;

use super::{Subgraph, canonical};
use crate::{budget::Budget, diagnostic::Diagnostics};

/// Upgrades the subgraphs that need it. Those of Federation 2 are read and not changed.
pub(super) fn upgrade(subgraphs: &mut [Subgraph], budget: &Budget, diagnostics: &mut Diagnostics) {
    if subgraphs.iter().all(|subgraph| !subgraph.was_federation_1) {
        return;
    }
    let originals = read_originals(subgraphs, budget);
    for (at, subgraph) in subgraphs.iter_mut().enumerate() {
        if subgraph.was_federation_1 && budget.step(1) {
            let others: Vec<_> = originals
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != at)
                .map(|(_, it)| it)
                .collect();
            let originals = Originals {
                own: &originals[at],
                others: &others,
            };
            upgrade_one(&originals, subgraph, budget, diagnostics);
        }
    }
    interface_object::interface_object_usage_error(&originals, diagnostics);
}

// As Federation 1 read them: key fields of extensions are resolved, marked external or not.
fn read_originals(subgraphs: &[Subgraph], budget: &Budget) -> Vec<Subgraph> {
    let mut originals = subgraphs.to_vec();
    for original in originals
        .iter_mut()
        .filter(|subgraph| subgraph.was_federation_1)
    {
        canonical::resolve_external_keys(&mut original.schema);
        original.refresh_facts(budget);
    }
    originals
}

fn upgrade_one(
    originals: &Originals<'_>,
    subgraph: &mut Subgraph,
    budget: &Budget,
    diagnostics: &mut Diagnostics,
) {
    originals.extension_with_no_base(diagnostics);
    field_sets::write_as_strings(&mut subgraph.schema);
    ignored::drop_external_on_types(&mut subgraph.schema);
    originals.resolve_keys_of_extensions(&mut subgraph.schema);
    subgraph.refresh_facts(budget);
    field_sets::drop_inactive(subgraph);
    extension::make_definitions(&mut subgraph.schema);
    canonical::resolve_external_keys(&mut subgraph.schema);
    ignored::drop_on_interfaces(&mut subgraph.schema);
    ignored::drop_provides_on_leaves(&mut subgraph.schema);
    subgraph.refresh_facts(budget);
    unused::type_with_only_unused_external(subgraph, budget, diagnostics);
    originals.add_shareable(&mut subgraph.schema);
    originals.drop_tags_on_external(&mut subgraph.schema);
    subgraph.refresh_facts(budget);
}
