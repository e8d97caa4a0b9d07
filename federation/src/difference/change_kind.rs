//! The kinds of changes between two schemas, each with the name under which it is published.

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
