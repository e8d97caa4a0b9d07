//! Clashes: refusals and errors of composition that stand against a version, and which sources they
//! concern.

use federation::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use indexmap::IndexSet;

use crate::registry::{check::Findings, coordinate::type_in};

/// One thing that stands against a version because of others' sources.
pub(super) struct Clash<'f> {
    /// The code of an error of composition.
    code: Option<Code>,
    /// The elements that it is about, and their types.
    pub(super) subjects: IndexSet<&'f str>,
    /// Sources whose own elements are wrong by it.
    sources: IndexSet<&'f str>,
    /// Sources with a place that the error shows.
    pub(super) labelled: IndexSet<&'f str>,
}

/// What a source has to do with one that changes.
#[derive(Clone, Debug, Default)]
pub(super) struct Ties {
    /// Elements that it names, and that the changed source had before.
    pub(super) copied: IndexSet<String>,
    /// Elements that it names, and that only the changed source or an expelled one brought.
    pub(super) needed: IndexSet<String>,
}

/// All that stands against a version, except that a reason is missing.
pub(super) fn clashes(findings: &Findings) -> Vec<Clash<'_>> {
    let refusals = findings.refusals.iter();
    let refused = refusals.filter_map(|refusal| refusal.coordinate.as_deref());
    let refused = refused.map(|coordinate| Clash {
        code: None,
        subjects: with_type(coordinate).collect(),
        sources: IndexSet::new(),
        labelled: IndexSet::new(),
    });
    refused.chain(clashes_of(&findings.diagnostics)).collect()
}

/// The errors of a composition.
pub(super) fn clashes_of(diagnostics: &Diagnostics) -> impl Iterator<Item = Clash<'_>> {
    let errors = diagnostics.iter().filter(|each| is_error(each));
    errors.map(Clash::of)
}

impl<'f> Clash<'f> {
    /// An error begins with the element that it is about. Where two sources define that differently, it is
    /// the only one; an error of a reference is about what is referred to, any other about all it names.
    fn of(error: &'f Diagnostic) -> Self {
        let names = error.message.split('`').skip(1).step_by(2);
        let labels = error.labels.iter();
        let labelled: IndexSet<&str> = labels.map(|label| label.subgraph.as_str()).collect();
        let sources = labelled.clone();
        let (names, sources): (Vec<_>, _) = match error.code {
            Code::InterfaceFieldNoImplem
            | Code::ReferencedInaccessible
            | Code::DefaultValueUsesInaccessible
            | Code::RequiredInaccessible => (names.skip(1).collect(), IndexSet::new()),
            code if is_of_definitions(code) => (names.take(1).collect(), IndexSet::new()),
            _ => (names.collect(), sources),
        };
        Self {
            code: Some(error.code),
            subjects: names.into_iter().flat_map(with_type).collect(),
            sources,
            labelled,
        }
    }

    /// Whether it concerns a source, by what that has to do with the changed one.
    pub(super) fn concerns(&self, name: &str, ties: &Ties) -> bool {
        if self.subjects.is_empty() && self.labelled.is_empty() {
            // The merged schema is invalid, and the cause is not known.
            return !ties.copied.is_empty();
        }
        let mut subjects = self.subjects.iter();
        subjects.any(|subject| ties.copied.contains(*subject) || ties.needed.contains(*subject))
            || self.sources.contains(name) && !ties.needed.is_empty()
    }

    /// Whether it is an error of the same kind as another one.
    pub(super) fn is_like(&self, other: &Clash<'_>) -> bool {
        self.code.is_some() && self.code == other.code
    }

    /// Whether the error shows a place in a source.
    pub(super) fn labels(&self, name: &str) -> bool {
        self.labelled.contains(name)
    }
}

fn is_error(diagnostic: &Diagnostic) -> bool {
    diagnostic.code.severity() == Severity::Error
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
