//! Converts errors of apollo-compiler for the client. In: what it found in a document. Out:
//! response errors, up to a bound, each with its place in the text.

use apollo_compiler::{
    Schema,
    diagnostic::{Diagnostic, ToCliReport},
    parser::{SourceMap, SourceSpan},
    validation::{DiagnosticData, DiagnosticList},
};

use super::suggest::suggestion;
use crate::{
    error::{ResponseError, code},
    tokens::spell_expected,
};

/// How many errors of one document are reported.
pub(super) const MAX_ERRORS: usize = 50;
/// For how many of them close names are looked for.
const MAX_SUGGESTIONS: usize = 10;

/// What parsing found.
pub(super) fn of_parsing(errors: &DiagnosticList) -> Vec<ResponseError> {
    from_diagnostics(errors, code::PARSE_FAILED, |_| None)
}

/// What validating against a schema found, with close names.
pub(super) fn of_validation(errors: &DiagnosticList, schema: &Schema) -> Vec<ResponseError> {
    from_diagnostics(errors, code::VALIDATION_FAILED, |message| {
        suggestion(schema, message)
    })
}

fn from_diagnostics(
    errors: &DiagnosticList,
    code: &'static str,
    suggest: impl Fn(&str) -> Option<String>,
) -> Vec<ResponseError> {
    let told = errors
        .iter()
        .filter(|diagnostic| !is_consequence(diagnostic))
        .take(MAX_ERRORS)
        .enumerate()
        .map(|(number, diagnostic)| {
            let json = diagnostic.unstable_to_json_compat();
            let mut message = find_overflow(&diagnostic).unwrap_or_else(|| reword(json.message));
            let question = (number < MAX_SUGGESTIONS).then(|| suggest(&message));
            if let Some(question) = question.flatten() {
                message.push(' ');
                message.push_str(&question);
            }
            let error = ResponseError::request(code, message);
            let places = json.locations.iter();
            places.fold(error, |error, place| error.at(place.line, place.column))
        });
    let mut told: Vec<_> = told.collect();
    // The parser reports the end of the text once for each open brace.
    told.dedup_by(|a, b| (&a.message, &a.locations) == (&b.message, &b.locations));
    told
}

/// The parser's message, with tokens written as in a document.
fn reword(message: String) -> String {
    let Some(said) = message.strip_prefix("syntax error: ") else {
        return message;
    };
    if said == "Unexpected <EOF>." {
        return "The document is empty: it needs an operation, such as `{ __typename }`."
            .to_owned();
    }
    let said = spell_expected(said, '"');
    match said.strip_suffix(", got EOF") {
        Some(expected) => format!("syntax error: {expected}, got the end of the document"),
        None => format!("syntax error: {said}"),
    }
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

/// The message for a number that does not fit a double; the library's calls it text.
fn find_overflow(diagnostic: &Diagnostic<'_, DiagnosticData>) -> Option<String> {
    const MOST: usize = 60;
    if diagnostic.error.unstable_error_name() != Some("FloatCoercionError") {
        return None;
    }
    let literal = find_text(diagnostic)?;
    let mut shown: String = literal.chars().take(MOST).collect();
    if shown.len() < literal.len() {
        shown.push('…');
    }
    Some(format!(
        "Float cannot represent {shown}: a Float is a double, which holds numbers up to about 1.8e308."
    ))
}

/// The piece of the document that an error is about.
fn find_text<'d>(diagnostic: &'d Diagnostic<'_, DiagnosticData>) -> Option<&'d str> {
    let span = diagnostic.error.location()?;
    let source = diagnostic.sources.get(&span.file_id())?;
    source.source_text().get(span.offset()..span.end_offset())
}

/// Whether an error says that a field has no selection, though it has one: all its selections are
/// unknown, which other errors report.
fn is_consequence(diagnostic: &Diagnostic<'_, DiagnosticData>) -> bool {
    if diagnostic.error.unstable_error_name() != Some("MissingSubselection") {
        return false;
    }
    let text = find_text(diagnostic);
    text.is_some_and(|text| text.trim_end().ends_with('}'))
}
