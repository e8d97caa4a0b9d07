//! The element of a schema that a directive or a description is on, and its coordinate as text.

use std::fmt;

use apollo_compiler::Name;

/// The element that a directive or a description is on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Site {
    Schema,
    Type(Name),
    Field(Name, Name),
    Argument(Name, Name, Name),
    EnumValue(Name, Name),
    DirectiveDefinition(Name),
    DirectiveArgument(Name, Name),
}

impl fmt::Display for Site {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Schema => write!(formatter, "schema"),
            Self::Type(type_) => write!(formatter, "{type_}"),
            Self::Field(type_, field) | Self::EnumValue(type_, field) => {
                write!(formatter, "{type_}.{field}")
            }
            Self::Argument(type_, field, argument) => {
                write!(formatter, "{type_}.{field}({argument}:)")
            }
            Self::DirectiveDefinition(name) => write!(formatter, "@{name}"),
            Self::DirectiveArgument(name, argument) => write!(formatter, "@{name}({argument}:)"),
        }
    }
}
