//! Errors of a document for the client: what apollo-compiler found as response errors, at most so many
//! of one document, each with its place in the text.

use apollo_compiler::{
    diagnostic::{Diagnostic, ToCliReport},
    parser::{SourceMap, SourceSpan},
    validation::{DiagnosticData, DiagnosticList},
};

use crate::error::ResponseError;

/// How many errors of one document are told.
pub(super) const MAX_ERRORS: usize = 50;

/// What parsing or validating found.
pub(super) fn from_diagnostics(errors: &DiagnosticList, code: &'static str) -> Vec<ResponseError> {
    errors
        .iter()
        .filter(|diagnostic| !is_consequence(diagnostic))
        .take(MAX_ERRORS)
        .map(|diagnostic| {
            let json = diagnostic.unstable_to_json_compat();
            let error = ResponseError::request(code, json.message);
            let places = json.locations.iter();
            places.fold(error, |error, place| error.at(place.line, place.column))
        })
        .collect()
}

/// Adds the place of a piece of the document to an error.
pub(super) fn locate(
    error: ResponseError,
    location: Option<SourceSpan>,
    sources: &SourceMap,
) -> ResponseError {
    match location.and_then(|location| location.line_column(sources)) {
        Some(place) => error.at(place.line, place.column),
        None => error,
    }
}

/// Whether an error says that a field has no selection, of a field that has one: all that it selects
/// is unknown, which other errors tell.
fn is_consequence(diagnostic: &Diagnostic<'_, DiagnosticData>) -> bool {
    if diagnostic.error.unstable_error_name() != Some("MissingSubselection") {
        return false;
    }
    let Some(span) = diagnostic.error.location() else {
        return false;
    };
    let source = diagnostic.sources.get(&span.file_id());
    let text = source.and_then(|source| source.source_text().get(..span.end_offset()));
    text.is_some_and(|text| text.trim_end().ends_with('}'))
}
