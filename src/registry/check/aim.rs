//! Where sources give an element different types, composition asks the fewest of them to change, or
//! all. The entity whose version is checked can only change that version, so the help asks for a
//! change there.

use federation::diagnostic::{Code, Diagnostic, Diagnostics};
use indexmap::IndexSet;

/// What composition says of different types, each with a label for every source: its type.
const OF_TYPES: [Code; 4] = [
    Code::FieldTypeMismatch,
    Code::FieldArgumentTypeMismatch,
    Code::InconsistentButCompatibleFieldType,
    Code::InconsistentButCompatibleArgumentType,
];

/// Asks what others agree on of the source that is checked.
pub(super) fn aim_at(name: &str, diagnostics: &mut Diagnostics) {
    let mut aimed = Diagnostics::default();
    for diagnostic in &*diagnostics {
        let mut diagnostic = diagnostic.clone();
        if let Some(help) = help_for(name, &diagnostic) {
            diagnostic.help = Some(help);
        }
        aimed.push(diagnostic);
    }
    *diagnostics = aimed;
}

/// The correction on the side of one source; nothing where its type is one that others have, too.
fn help_for(name: &str, diagnostic: &Diagnostic) -> Option<String> {
    if !OF_TYPES.contains(&diagnostic.code) {
        return None;
    }
    let labels = diagnostic.labels.iter();
    let (own, others): (Vec<_>, Vec<_>) = labels
        .filter_map(|label| Some((&label.subgraph, label.text.strip_suffix(" here")?)))
        .partition(|(subgraph, _)| *subgraph == name);
    let (_, own) = own.first()?;
    let others: IndexSet<&str> = others.into_iter().map(|(_, ty)| ty).collect();
    if others.is_empty() || others.contains(own) {
        return None;
    }
    let others: Vec<_> = others.into_iter().collect();
    let types = others.join(" or ");
    Some(format!(
        "Give it the type {types} in subgraph `{name}` too."
    ))
}
