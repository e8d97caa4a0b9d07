//! Answers to callers who may not read the schema: introspection is refused, and errors of documents and
//! variables say nothing that would let them guess it.

use crate::gateway::{ErrorOrigin, Response, ResponseError, code};

const REFUSED: &str = "The schema is shown to callers with a token only.";
const MASKED: &str = "The request does not fit the schema. What is wrong is shown to callers with a \
                      token only.";

/// Codes of errors that have no name of the schema.
const NAMELESS: [&str; 15] = [
    code::PARSE_FAILED,
    code::OPERATION_RESOLUTION_FAILURE,
    code::MUTATION_BY_GET,
    code::SUBSCRIPTION_NOT_SUPPORTED,
    code::INTROSPECTION_REFUSED,
    code::PLAN_COMPLEXITY_EXCEEDED,
    code::PLANNING_CANCELLED,
    code::COST_TOO_HIGH,
    code::MAX_DOCUMENT_BYTES,
    code::MAX_TOKENS,
    code::MAX_DEPTH,
    code::MAX_ALIASES,
    code::MAX_ROOT_FIELDS,
    code::MAX_SELECTIONS,
    code::MAX_ANSWER,
];

/// The answer to an operation that asks for the schema.
pub(super) fn refuse() -> Response {
    Response {
        errors: vec![ResponseError::request(code::INTROSPECTION_REFUSED, REFUSED)],
        ..Response::default()
    }
}

/// Takes names of the schema out of the errors of a request that was refused, and their places, which would
/// tell a name that exists from one that does not: one error is left of each kind.
pub(super) fn mask(errors: &mut Vec<ResponseError>) {
    for error in errors.iter_mut() {
        match error.origin {
            ErrorOrigin::Request(code) if !NAMELESS.contains(&code) => {
                MASKED.clone_into(&mut error.message);
                error.locations.clear();
                error.extensions.clear();
            }
            _ => {}
        }
    }
    errors.dedup();
}
