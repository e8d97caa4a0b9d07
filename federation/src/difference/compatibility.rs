//! Says which changes of a field's or an argument's type break no client.

use apollo_compiler::ast::Type;

/// Whether a client that reads the old type can read the new one: null only became rarer.
pub(super) fn is_safe_for_output(old: &Type, new: &Type) -> bool {
    if old.is_non_null() && !new.is_non_null() {
        return false;
    }
    match (list_item(old), list_item(new)) {
        (Some(old), Some(new)) => is_safe_for_output(old, new),
        (None, None) => old.inner_named_type() == new.inner_named_type(),
        _ => false,
    }
}

/// Whether a value given for the old type can be given for the new one: null only became allowed.
pub(super) fn is_safe_for_input(old: &Type, new: &Type) -> bool {
    is_safe_for_output(new, old)
}

fn list_item(ty: &Type) -> Option<&Type> {
    match ty {
        Type::List(item) | Type::NonNullList(item) => Some(item),
        Type::Named(_) | Type::NonNullNamed(_) => None,
    }
}
