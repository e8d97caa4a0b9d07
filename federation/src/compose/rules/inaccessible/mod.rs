//! Checks `@inaccessible`: the schema that clients see must be valid without the hidden elements.
//!
//! In: the merged schema and its subgraphs. Out: diagnostics. Invariant: nothing is changed, and a
//! schema in which nothing is hidden is not checked.
//!
//! <https://specs.apollo.dev/inaccessible/v0.2/>

mod children;
mod defaults;
mod disallowed;
mod implementations;
mod references;
mod required;
mod visibility;

use visibility::Visibility;

use crate::compose::merge::Merged;
use crate::diagnostic::Diagnostics;
use crate::subgraph::Subgraph;

/// All rules about hidden elements.
const RULES: &[fn(&Visibility<'_>, &mut Diagnostics)] = &[
    disallowed::disallowed_inaccessible,
    references::referenced_inaccessible,
    references::query_root_type_inaccessible,
    children::only_inaccessible_children,
    implementations::implemented_by_inaccessible,
    required::required_inaccessible,
    defaults::default_value_uses_inaccessible,
];

/// Checks what is hidden against what is not.
pub(super) fn check_inaccessible(
    merged: &Merged,
    subgraphs: &[Subgraph],
    diagnostics: &mut Diagnostics,
) {
    let Some(directive) = merged.directive_name("inaccessible") else {
        return;
    };
    let visibility = Visibility {
        schema: &merged.schema,
        merged,
        subgraphs,
        directive,
    };
    for rule in RULES {
        rule(&visibility, diagnostics);
    }
}
