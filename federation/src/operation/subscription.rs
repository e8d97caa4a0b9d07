//! Finds subscriptions in a document, and makes the error that refuses them: the engine does not
//! run them.

use apollo_compiler::{
    Node,
    ast::{self, Definition, OperationDefinition, OperationType},
};

use crate::error::{ResponseError, code};

/// The error that refuses a subscription.
pub(super) fn refused() -> ResponseError {
    ResponseError::request(
        code::SUBSCRIPTION_NOT_SUPPORTED,
        "Subscriptions are not supported. Send a query, and send it again to see what changed.",
    )
}

/// The first subscription of a document.
pub(super) fn find_subscription(document: &ast::Document) -> Option<&Node<OperationDefinition>> {
    let mut definitions = document.definitions.iter();
    definitions.find_map(|definition| match definition {
        Definition::OperationDefinition(operation)
            if operation.operation_type == OperationType::Subscription =>
        {
            Some(operation)
        }
        _ => None,
    })
}
