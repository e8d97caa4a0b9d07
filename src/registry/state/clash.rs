//! What stands against a version, and which sources it concerns.

use federation::diagnostic::{Code, Diagnostic};
use indexmap::IndexSet;

use super::settle::is_error;
use crate::registry::{check::Findings, coordinate::type_in};

/// One thing that stands against a version because of others' sources.
pub(super) struct Clash<'f> {
    /// The elements that it is about, and their types.
    subjects: IndexSet<&'f str>,
    /// Sources whose own elements are wrong by it.
    sources: IndexSet<&'f str>,
}

/// What a source has to do with one that changes.
#[derive(Clone, Debug, Default)]
pub(super) struct Ties {
    /// Elements that it names, and that the changed source had before.
    pub(super) copied: IndexSet<String>,
    /// Elements that it names, and that only the changed source or an expelled one brought.
    pub(super) needed: IndexSet<String>,
}

/// Everything that stands against a version, but for a reason that is asked for.
pub(super) fn clashes(findings: &Findings) -> Vec<Clash<'_>> {
    let refusals = findings.refusals.iter();
    let refused = refusals.filter_map(|refusal| refusal.coordinate.as_deref());
    let refused = refused.map(|coordinate| Clash {
        subjects: with_type(coordinate).collect(),
        sources: IndexSet::new(),
    });
    let errors = findings.diagnostics.iter().filter(|each| is_error(each));
    refused.chain(errors.map(Clash::of)).collect()
}

impl<'f> Clash<'f> {
    /// An error begins with the element that it is about. Where two sources define that differently, it is
    /// the only one; an error of a reference is about what is referred to, any other about all it names.
    fn of(error: &'f Diagnostic) -> Self {
        let names = error.message.split('`').skip(1).step_by(2);
        let labels = error.labels.iter();
        let sources = labels.map(|label| label.subgraph.as_str()).collect();
        let (names, sources): (Vec<_>, _) = match error.code {
            Code::InterfaceFieldNoImplem
            | Code::ReferencedInaccessible
            | Code::DefaultValueUsesInaccessible
            | Code::RequiredInaccessible => (names.skip(1).collect(), IndexSet::new()),
            code if is_of_definitions(code) => (names.take(1).collect(), IndexSet::new()),
            _ => (names.collect(), sources),
        };
        Self {
            subjects: names.into_iter().flat_map(with_type).collect(),
            sources,
        }
    }

    /// Whether it concerns a source, by what that has to do with the changed one.
    pub(super) fn concerns(&self, name: &str, ties: &Ties) -> bool {
        let mut subjects = self.subjects.iter();
        subjects.any(|subject| ties.copied.contains(*subject) || ties.needed.contains(*subject))
            || self.sources.contains(name) && !ties.needed.is_empty()
    }
}

/// Errors of an element that sources define differently.
fn is_of_definitions(code: Code) -> bool {
    matches!(
        code,
        Code::TypeKindMismatch
            | Code::FieldTypeMismatch
            | Code::FieldArgumentTypeMismatch
            | Code::FieldArgumentDefaultMismatch
            | Code::InputFieldDefaultMismatch
            | Code::InvalidFieldSharing
            | Code::RequiredArgumentMissingInSomeSubgraph
            | Code::RequiredInputFieldMissingInSomeSubgraph
            | Code::EmptyMergedInputType
            | Code::EmptyMergedEnumType
            | Code::EnumValueMismatch
            | Code::ShareableHasMismatchedRuntimeTypes
            | Code::OnlyInaccessibleChildren
            | Code::DirectiveCompositionError
    )
}

/// A coordinate and the type or directive in it.
fn with_type(coordinate: &str) -> impl Iterator<Item = &str> {
    [coordinate, type_in(coordinate)].into_iter()
}
