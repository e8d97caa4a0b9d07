//! The text of a document to a [`Document`]: limited, parsed and validated against the API schema,
//! or refused with errors for the client; and the operation of it that a request runs.

use apollo_compiler::{
    ExecutableDocument, Node, Schema,
    ast::{self, Definition, OperationDefinition, OperationType},
    executable::Operation,
    parser::Parser,
    validation::Valid,
};

use super::{Limits, errors::from_diagnostics, limits, one_of, unique_fields};
use crate::error::{ResponseError, code};

/// Levels of nested syntax (selections, values, types) that the parser follows.
const PARSER_DEPTH: usize = 200;

/// A document that is valid for the API schema.
#[derive(Debug)]
pub struct Document {
    executable: Valid<ExecutableDocument>,
    tokens: usize,
}

impl Document {
    /// Parses, limits and validates a text.
    pub fn parse(
        api_schema: &Valid<Schema>,
        text: &str,
        limits: &Limits,
    ) -> Result<Self, Vec<ResponseError>> {
        if text.len() > limits.document_bytes {
            let message = format!(
                "The document has {} bytes; at most {} are allowed. Ask for less in one operation.",
                text.len(),
                limits.document_bytes
            );
            return Err(vec![ResponseError::request(
                code::MAX_DOCUMENT_BYTES,
                message,
            )]);
        }
        let mut parser = Parser::new()
            .token_limit(limits.tokens)
            .recursion_limit(PARSER_DEPTH);
        let parsed = parser.parse_ast(text, "operation.graphql");
        if parser.tokens_reached() >= limits.tokens {
            let message = format!(
                "The document has more than {} tokens. Ask for less in one operation.",
                limits.tokens
            );
            return Err(vec![ResponseError::request(code::MAX_TOKENS, message)]);
        }
        let document = match parsed {
            Ok(document) => document,
            Err(_) if parser.recursion_reached() > PARSER_DEPTH => {
                let message = format!(
                    "The document is nested more than {PARSER_DEPTH} levels deep. Ask for less in \
                     one operation."
                );
                return Err(vec![ResponseError::request(code::MAX_DEPTH, message)]);
            }
            Err(invalid) => return Err(from_diagnostics(&invalid.errors, code::PARSE_FAILED)),
        };
        limits::check(&document, limits).map_err(|error| vec![*error])?;
        unique_fields::check(&document)?;
        if api_schema
            .root_operation(OperationType::Subscription)
            .is_none()
            && let Some(subscription) = first_subscription(&document)
        {
            let place = subscription.line_column_range(&document.sources);
            let error = subscriptions_refused();
            return Err(vec![match place {
                Some(place) => error.at(place.start.line, place.start.column),
                None => error,
            }]);
        }
        match document.to_executable_validate(api_schema) {
            Ok(executable) => {
                one_of::check(api_schema, &executable)?;
                Ok(Self {
                    executable,
                    tokens: parser.tokens_reached(),
                })
            }
            Err(invalid) => Err(from_diagnostics(&invalid.errors, code::VALIDATION_FAILED)),
        }
    }

    /// How many tokens it was read from.
    pub fn tokens(&self) -> usize {
        self.tokens
    }

    /// The document.
    pub fn executable(&self) -> &Valid<ExecutableDocument> {
        &self.executable
    }

    /// Chooses the operation to run.
    ///
    /// <https://spec.graphql.org/draft/#GetOperation()>
    pub fn operation(&self, name: Option<&str>) -> Result<&Node<Operation>, Box<ResponseError>> {
        let operations = &self.executable.operations;
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

    /// The kinds of operation that may run: mutations only where the request may mutate.
    pub fn check_kind(operation: &Operation, may_mutate: bool) -> Result<(), Box<ResponseError>> {
        match operation.operation_type {
            OperationType::Query => Ok(()),
            OperationType::Mutation if may_mutate => Ok(()),
            OperationType::Mutation => Err(Box::new(ResponseError::request(
                code::MUTATION_BY_GET,
                "A mutation cannot run by GET; send it by POST.",
            ))),
            OperationType::Subscription => Err(Box::new(subscriptions_refused())),
        }
    }
}

fn subscriptions_refused() -> ResponseError {
    ResponseError::request(
        code::SUBSCRIPTION_NOT_SUPPORTED,
        "Subscriptions are not supported. Send a query, and send it again to see what changed.",
    )
}

fn first_subscription(document: &ast::Document) -> Option<&Node<OperationDefinition>> {
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
