//! Checks the rules of Federation: for each subgraph by itself, and for all together once merged.
//!
//! In: subgraphs, or the merged schema with them. Out: diagnostics. Invariant: a rule changes
//! nothing and reports all that it finds.

mod access;
mod context;
mod cost;
mod extension;
mod external;
mod field_set;
mod guarded_key;
mod guards;
mod implementation;
mod inaccessible;
mod interface_key;
mod interface_object;
mod list_size;
mod merged_elements;
mod override_;
mod requires_arguments;
mod root_type;
mod shareable;
mod transitive_access;
mod validity;

use super::merge::Merged;
use crate::{diagnostic::Diagnostics, subgraph::Subgraph};

/// Rules for one subgraph by itself.
const SUBGRAPH: &[fn(&Subgraph, &mut Diagnostics)] = &[
    root_type::check_root_types,
    field_set::check_keys,
    field_set::check_requires,
    field_set::check_provides,
    context::context_name_invalid,
    context::check_from_context,
    external::external_on_interface,
    external::external_unused,
    interface_key::interface_key_not_on_implementation,
    interface_object::interface_object_usage_error,
    shareable::invalid_shareable_usage,
    cost::cost_applied_to_interface_field,
    list_size::check_list_sizes,
    access::auth_requirements_applied_on_interface,
];

/// Rules for several subgraphs, checked before merging; merging goes on whatever they find.
const TOGETHER: &[fn(&[Subgraph], &mut Diagnostics)] = &[
    extension::extension_with_no_base,
    override_::check_overrides,
];

/// Rules for the merged schema.
const MERGED: &[fn(&Merged, &[Subgraph], &mut Diagnostics)] = &[
    implementation::interface_field_no_implem,
    requires_arguments::requires_invalid_fields,
    transitive_access::missing_transitive_auth_requirements,
    guarded_key::directive_composition_warn,
    inaccessible::check_inaccessible,
    validity::invalid_graphql,
];

/// Checks each subgraph by itself.
pub(super) fn check_subgraphs(subgraphs: &[Subgraph], diagnostics: &mut Diagnostics) -> Option<()> {
    for subgraph in subgraphs {
        for rule in SUBGRAPH {
            rule(subgraph, diagnostics);
        }
    }
    (!diagnostics.has_errors()).then_some(())
}

/// Checks what subgraphs declare about each other. Merging goes on whatever is found.
pub(super) fn check_together(subgraphs: &[Subgraph], diagnostics: &mut Diagnostics) {
    for rule in TOGETHER {
        rule(subgraphs, diagnostics);
    }
}

/// Checks the merged schema.
pub(super) fn check_merged(
    merged: &Merged,
    subgraphs: &[Subgraph],
    diagnostics: &mut Diagnostics,
) -> Option<()> {
    for rule in MERGED {
        rule(merged, subgraphs, diagnostics);
    }
    (!diagnostics.has_errors()).then_some(())
}
