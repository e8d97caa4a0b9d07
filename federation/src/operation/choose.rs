//! Chooses the operation of a document that a request runs. In: the document and the request's
//! `operationName`. Out: the operation, or an error. Whether its kind may run is checked
//! separately.

use apollo_compiler::{Node, ast::OperationType, executable::Operation};

use super::{Document, subscription};
use crate::error::{ResponseError, code};

impl Document {
    /// Chooses the operation to run.
    ///
    /// <https://spec.graphql.org/draft/#GetOperation()>
    pub fn operation(&self, name: Option<&str>) -> Result<&Node<Operation>, Box<ResponseError>> {
        let operations = &self.executable().operations;
        operations.get(name).map_err(|_| {
            let names: Vec<String> = operations
                .named
                .keys()
                .map(|name| format!("`{name}`"))
                .collect();
            let message = match name {
                Some(name) if names.is_empty() => format!(
                    "The document has no operation named `{name}`; leave `operationName` out to \
                     run the one it has."
                ),
                Some(name) => format!(
                    "The document has no operation named `{name}`; it has {}.",
                    names.join(", ")
                ),
                None if names.is_empty() => "The document holds no operation to run.".to_owned(),
                None => format!(
                    "The document holds several operations; say with `operationName` which one to \
                     run: {}.",
                    names.join(", ")
                ),
            };
            Box::new(ResponseError::request(
                code::OPERATION_RESOLUTION_FAILURE,
                message,
            ))
        })
    }

    /// Checks that an operation's kind may run: mutations only where the request may mutate.
    pub fn check_kind(operation: &Operation, may_mutate: bool) -> Result<(), Box<ResponseError>> {
        match operation.operation_type {
            OperationType::Query => Ok(()),
            OperationType::Mutation if may_mutate => Ok(()),
            OperationType::Mutation => Err(Box::new(ResponseError::request(
                code::MUTATION_BY_GET,
                "A mutation cannot run by GET; send it by POST.",
            ))),
            OperationType::Subscription => Err(Box::new(subscription::refused())),
        }
    }
}
