//! The directives that have a field set, and how their rules differ.

use crate::diagnostic::Code;

/// Which directive a field set is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Key,
    Requires,
    Provides,
}

/// What can be wrong with any field set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    FieldsType,
    Fields,
    DirectiveInFields,
    OnInterface,
}

impl Kind {
    pub(super) fn directive(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Requires => "requires",
            Self::Provides => "provides",
        }
    }

    pub(super) fn code(self, fault: Fault) -> Code {
        match (self, fault) {
            (Self::Key, Fault::FieldsType) => Code::KeyInvalidFieldsType,
            (Self::Key, Fault::Fields) => Code::KeyInvalidFields,
            (Self::Key, Fault::DirectiveInFields) => Code::KeyDirectiveInFieldsArg,
            (Self::Key, Fault::OnInterface) => Code::KeyUnsupportedOnInterface,
            (Self::Requires, Fault::FieldsType) => Code::RequiresInvalidFieldsType,
            (Self::Requires, Fault::Fields) => Code::RequiresInvalidFields,
            (Self::Requires, Fault::DirectiveInFields) => Code::RequiresDirectiveInFieldsArg,
            (Self::Requires, Fault::OnInterface) => Code::RequiresUnsupportedOnInterface,
            (Self::Provides, Fault::FieldsType) => Code::ProvidesInvalidFieldsType,
            (Self::Provides, Fault::Fields) => Code::ProvidesInvalidFields,
            (Self::Provides, Fault::DirectiveInFields) => Code::ProvidesDirectiveInFieldsArg,
            (Self::Provides, Fault::OnInterface) => Code::ProvidesUnsupportedOnInterface,
        }
    }

    /// The code for a field that takes arguments; `@requires` may select such.
    pub(super) fn code_for_arguments(self) -> Option<Code> {
        match self {
            Self::Key => Some(Code::KeyFieldsHasArgs),
            Self::Provides => Some(Code::ProvidesFieldsHasArgs),
            Self::Requires => None,
        }
    }

    /// The code for a leaf that the subgraph resolves itself; a key may select such.
    pub(super) fn code_for_missing_external(self) -> Option<Code> {
        match self {
            Self::Key => None,
            Self::Provides => Some(Code::ProvidesFieldsMissingExternal),
            Self::Requires => Some(Code::RequiresFieldsMissingExternal),
        }
    }
}
