//! Answers to callers who may not read the schema: introspection is refused, and errors of documents and
//! variables say nothing that would let them guess it.

use crate::gateway::{ErrorOrigin, Response, ResponseError, code};

const REFUSED: &str = "The schema is shown to callers with a token only.";
const MASKED: &str = "The document does not fit the schema. What is wrong is shown to callers with a \
                      token only.";
const MASKED_VARIABLES: &str = "The variables do not fit the operation. What is wrong is shown to callers \
                                with a token only.";

/// The answer to an operation that asks for the schema.
pub(super) fn refuse() -> Response {
    Response {
        errors: vec![ResponseError::request(code::INTROSPECTION_REFUSED, REFUSED)],
        ..Response::default()
    }
}

/// Takes names of the schema out of errors; their places in the document stay.
pub(super) fn mask(errors: &mut Vec<ResponseError>) {
    for error in errors.iter_mut() {
        match error.origin {
            ErrorOrigin::Request(code::VALIDATION_FAILED) => MASKED.clone_into(&mut error.message),
            ErrorOrigin::Request(code::BAD_USER_INPUT) => {
                MASKED_VARIABLES.clone_into(&mut error.message);
            }
            _ => {}
        }
    }
    errors.dedup();
}
