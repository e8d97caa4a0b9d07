//! Parses the text of a document. In: the text. Out: a [`Document`] within the limits and valid for
//! the API schema, or errors for the client.

use apollo_compiler::{
    ExecutableDocument, Schema, ast::OperationType, parser::Parser, validation::Valid,
};

use super::{
    Limits, errors, limits, literals,
    subscription::{find_subscription, refused},
    unique_fields,
};
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
                "The document has more than {} tokens, white space and commas counted. Ask for less in \
                 one operation.",
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
            Err(invalid) => return Err(errors::of_parsing(&invalid.errors)),
        };
        limits::check(&document, limits).map_err(|error| vec![*error])?;
        unique_fields::check(&document)?;
        if api_schema
            .root_operation(OperationType::Subscription)
            .is_none()
            && let Some(subscription) = find_subscription(&document)
        {
            let place = subscription.line_column_range(&document.sources);
            let error = refused();
            return Err(vec![match place {
                Some(place) => error.at(place.start.line, place.start.column),
                None => error,
            }]);
        }
        match document.to_executable_validate(api_schema) {
            Ok(executable) => {
                literals::check(api_schema, &executable)?;
                Ok(Self {
                    executable,
                    tokens: parser.tokens_reached(),
                })
            }
            Err(invalid) => Err(errors::of_validation(&invalid.errors, api_schema)),
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
}
