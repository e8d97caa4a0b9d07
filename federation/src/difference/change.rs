//! One change between two schemas: its class, what it is, where, and in a sentence.

use serde::Serialize;

/// How much a change weighs for a client that knows the old schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Class {
    /// An operation that was valid may no longer be, or may get what it cannot read.
    Breaking,
    /// Operations stay valid, but a client may meet what it did not expect.
    Dangerous,
    /// No client can notice.
    Safe,
}

impl Class {
    /// The class as it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Breaking => "BREAKING",
            Self::Dangerous => "DANGEROUS",
            Self::Safe => "SAFE",
        }
    }
}

impl std::fmt::Display for Class {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}

macro_rules! kinds {
    ($($variant:ident = $text:literal;)*) => {
        /// What a change is. The name says what happened to what.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[expect(missing_docs, reason = "the name says it")]
        pub enum ChangeKind { $($variant,)* }

        impl ChangeKind {
            /// Every kind there is.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The kind as it is written.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }
    };
}

kinds! {
    SchemaQueryTypeChanged = "SCHEMA_QUERY_TYPE_CHANGED";
    SchemaMutationTypeChanged = "SCHEMA_MUTATION_TYPE_CHANGED";
    SchemaSubscriptionTypeChanged = "SCHEMA_SUBSCRIPTION_TYPE_CHANGED";
    TypeRemoved = "TYPE_REMOVED";
    TypeAdded = "TYPE_ADDED";
    TypeKindChanged = "TYPE_KIND_CHANGED";
    TypeDescriptionAdded = "TYPE_DESCRIPTION_ADDED";
    TypeDescriptionRemoved = "TYPE_DESCRIPTION_REMOVED";
    TypeDescriptionChanged = "TYPE_DESCRIPTION_CHANGED";
    ObjectTypeInterfaceRemoved = "OBJECT_TYPE_INTERFACE_REMOVED";
    ObjectTypeInterfaceAdded = "OBJECT_TYPE_INTERFACE_ADDED";
    UnionMemberRemoved = "UNION_MEMBER_REMOVED";
    UnionMemberAdded = "UNION_MEMBER_ADDED";
    FieldRemoved = "FIELD_REMOVED";
    FieldAdded = "FIELD_ADDED";
    FieldTypeChanged = "FIELD_TYPE_CHANGED";
    FieldDescriptionAdded = "FIELD_DESCRIPTION_ADDED";
    FieldDescriptionRemoved = "FIELD_DESCRIPTION_REMOVED";
    FieldDescriptionChanged = "FIELD_DESCRIPTION_CHANGED";
    FieldDeprecationAdded = "FIELD_DEPRECATION_ADDED";
    FieldDeprecationRemoved = "FIELD_DEPRECATION_REMOVED";
    FieldDeprecationReasonChanged = "FIELD_DEPRECATION_REASON_CHANGED";
    FieldArgumentRemoved = "FIELD_ARGUMENT_REMOVED";
    FieldArgumentAdded = "FIELD_ARGUMENT_ADDED";
    FieldArgumentTypeChanged = "FIELD_ARGUMENT_TYPE_CHANGED";
    FieldArgumentDefaultChanged = "FIELD_ARGUMENT_DEFAULT_CHANGED";
    FieldArgumentDescriptionChanged = "FIELD_ARGUMENT_DESCRIPTION_CHANGED";
    InputFieldRemoved = "INPUT_FIELD_REMOVED";
    InputFieldAdded = "INPUT_FIELD_ADDED";
    InputFieldTypeChanged = "INPUT_FIELD_TYPE_CHANGED";
    InputFieldDefaultChanged = "INPUT_FIELD_DEFAULT_VALUE_CHANGED";
    InputFieldDescriptionAdded = "INPUT_FIELD_DESCRIPTION_ADDED";
    InputFieldDescriptionRemoved = "INPUT_FIELD_DESCRIPTION_REMOVED";
    InputFieldDescriptionChanged = "INPUT_FIELD_DESCRIPTION_CHANGED";
    EnumValueRemoved = "ENUM_VALUE_REMOVED";
    EnumValueAdded = "ENUM_VALUE_ADDED";
    EnumValueDescriptionChanged = "ENUM_VALUE_DESCRIPTION_CHANGED";
    EnumValueDeprecationAdded = "ENUM_VALUE_DEPRECATION_REASON_ADDED";
    EnumValueDeprecationRemoved = "ENUM_VALUE_DEPRECATION_REASON_REMOVED";
    EnumValueDeprecationChanged = "ENUM_VALUE_DEPRECATION_REASON_CHANGED";
    DirectiveRemoved = "DIRECTIVE_REMOVED";
    DirectiveAdded = "DIRECTIVE_ADDED";
    DirectiveDescriptionChanged = "DIRECTIVE_DESCRIPTION_CHANGED";
    DirectiveLocationRemoved = "DIRECTIVE_LOCATION_REMOVED";
    DirectiveLocationAdded = "DIRECTIVE_LOCATION_ADDED";
    DirectiveRepeatableRemoved = "DIRECTIVE_REPEATABLE_REMOVED";
    DirectiveRepeatableAdded = "DIRECTIVE_REPEATABLE_ADDED";
    DirectiveArgumentRemoved = "DIRECTIVE_ARGUMENT_REMOVED";
    DirectiveArgumentAdded = "DIRECTIVE_ARGUMENT_ADDED";
    DirectiveArgumentTypeChanged = "DIRECTIVE_ARGUMENT_TYPE_CHANGED";
    DirectiveArgumentDefaultChanged = "DIRECTIVE_ARGUMENT_DEFAULT_VALUE_CHANGED";
    DirectiveArgumentDescriptionChanged = "DIRECTIVE_ARGUMENT_DESCRIPTION_CHANGED";
    DirectiveUsageRemoved = "DIRECTIVE_USAGE_REMOVED";
    DirectiveUsageAdded = "DIRECTIVE_USAGE_ADDED";
    DirectiveUsageChanged = "DIRECTIVE_USAGE_CHANGED";
}

impl std::fmt::Display for ChangeKind {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// One change between two schemas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// How much it weighs.
    pub class: Class,
    /// What it is.
    pub kind: ChangeKind,
    /// The [schema coordinate](https://spec.graphql.org/draft/#sec-Schema-Coordinates) of what
    /// changed; `schema` for the schema itself, which has none.
    pub coordinate: String,
    /// What happened, in a sentence.
    pub message: String,
    /// Coordinates in the old schema: an operation that uses one of them may feel the change. A
    /// required argument that is new affects its field, say.
    pub affects: Vec<String>,
}

impl Change {
    /// A change that is felt by whoever uses the coordinate itself.
    pub(super) fn new(
        class: Class,
        kind: ChangeKind,
        coordinate: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        let coordinate = coordinate.into();
        Self {
            class,
            kind,
            affects: vec![coordinate.clone()],
            coordinate,
            message: message.into(),
        }
    }

    /// Says who feels it, where that is not whoever uses the coordinate.
    pub(super) fn affecting<C: Into<String>>(
        mut self,
        coordinates: impl IntoIterator<Item = C>,
    ) -> Self {
        self.affects = coordinates.into_iter().map(Into::into).collect();
        self
    }
}
