//! The root types by name.

use apollo_compiler::ast::OperationType;

use super::{
    change::{Change, Class},
    change_kind::ChangeKind,
    comparison::Comparison,
};

pub(super) fn compare(comparison: &mut Comparison<'_>) {
    for (operation, kind) in [
        (OperationType::Query, ChangeKind::SchemaQueryTypeChanged),
        (
            OperationType::Mutation,
            ChangeKind::SchemaMutationTypeChanged,
        ),
        (
            OperationType::Subscription,
            ChangeKind::SchemaSubscriptionTypeChanged,
        ),
    ] {
        let old = comparison.old.root_operation(operation);
        let new = comparison.new.root_operation(operation);
        if old == new {
            continue;
        }
        let change = match (old, new) {
            (None, Some(new)) => Change::new(
                Class::Safe,
                kind,
                "schema",
                format!("The {operation} root type `{new}` was added."),
            )
            .affecting([] as [&str; 0]),
            (Some(old), None) => Change::new(
                Class::Breaking,
                kind,
                "schema",
                format!("The {operation} root type `{old}` was removed."),
            )
            .affecting([old.as_str()]),
            (Some(old), Some(new)) => Change::new(
                Class::Breaking,
                kind,
                "schema",
                format!("The {operation} root type changed from `{old}` to `{new}`."),
            )
            .affecting([old.as_str()]),
            (None, None) => continue,
        };
        comparison.push(change);
    }
}
