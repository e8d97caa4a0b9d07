//! The published codes of composition and the severity that follows from each.

/// The severity of a diagnostic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Information.
    Info,
    /// Composes, but is probably not meant.
    Warning,
    /// Does not compose.
    Error,
}

macro_rules! codes {
    ($($(#[doc = $doc:literal])? $variant:ident = $text:literal, $severity:ident;)*) => {
        /// A published code. Its name, its text and its case folder agree.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[expect(missing_docs, reason = "the code's text says it")]
        pub enum Code { $($(#[doc = $doc])? $variant,)* }

        impl Code {
            /// Every code there is.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The code as published.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// Errors forbid a supergraph, the rest are hints.
            pub fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)* }
            }
        }
    };
}

codes! {
    InvalidGraphql = "INVALID_GRAPHQL", Error;
    DirectiveDefinitionInvalid = "DIRECTIVE_DEFINITION_INVALID", Error;
    TypeDefinitionInvalid = "TYPE_DEFINITION_INVALID", Error;
    UnsupportedLinkedFeature = "UNSUPPORTED_LINKED_FEATURE", Error;
    UnknownFederationLinkVersion = "UNKNOWN_FEDERATION_LINK_VERSION", Error;
    UnknownLinkVersion = "UNKNOWN_LINK_VERSION", Error;
    InvalidLinkDirectiveUsage = "INVALID_LINK_DIRECTIVE_USAGE", Error;
    InvalidLinkIdentifier = "INVALID_LINK_IDENTIFIER", Error;
    LinkImportNameMismatch = "LINK_IMPORT_NAME_MISMATCH", Error;
    InvalidSubgraphName = "INVALID_SUBGRAPH_NAME", Error;
    KeyFieldsHasArgs = "KEY_FIELDS_HAS_ARGS", Error;
    ProvidesFieldsHasArgs = "PROVIDES_FIELDS_HAS_ARGS", Error;
    ProvidesFieldsMissingExternal = "PROVIDES_FIELDS_MISSING_EXTERNAL", Error;
    RequiresFieldsMissingExternal = "REQUIRES_FIELDS_MISSING_EXTERNAL", Error;
    KeyUnsupportedOnInterface = "KEY_UNSUPPORTED_ON_INTERFACE", Error;
    ProvidesUnsupportedOnInterface = "PROVIDES_UNSUPPORTED_ON_INTERFACE", Error;
    RequiresUnsupportedOnInterface = "REQUIRES_UNSUPPORTED_ON_INTERFACE", Error;
    KeyDirectiveInFieldsArg = "KEY_DIRECTIVE_IN_FIELDS_ARG", Error;
    ProvidesDirectiveInFieldsArg = "PROVIDES_DIRECTIVE_IN_FIELDS_ARG", Error;
    RequiresDirectiveInFieldsArg = "REQUIRES_DIRECTIVE_IN_FIELDS_ARG", Error;
    KeyInvalidFieldsType = "KEY_INVALID_FIELDS_TYPE", Error;
    ProvidesInvalidFieldsType = "PROVIDES_INVALID_FIELDS_TYPE", Error;
    RequiresInvalidFieldsType = "REQUIRES_INVALID_FIELDS_TYPE", Error;
    KeyInvalidFields = "KEY_INVALID_FIELDS", Error;
    ProvidesInvalidFields = "PROVIDES_INVALID_FIELDS", Error;
    RequiresInvalidFields = "REQUIRES_INVALID_FIELDS", Error;
    KeyFieldsSelectInvalidType = "KEY_FIELDS_SELECT_INVALID_TYPE", Error;
    ProvidesOnNonObjectField = "PROVIDES_ON_NON_OBJECT_FIELD", Error;
    ExternalUnused = "EXTERNAL_UNUSED", Error;
    TypeWithOnlyUnusedExternal = "TYPE_WITH_ONLY_UNUSED_EXTERNAL", Error;
    ExternalTypeMismatch = "EXTERNAL_TYPE_MISMATCH", Error;
    ExternalArgumentMissing = "EXTERNAL_ARGUMENT_MISSING", Error;
    ExternalArgumentTypeMismatch = "EXTERNAL_ARGUMENT_TYPE_MISMATCH", Error;
    ExternalArgumentDefaultMismatch = "EXTERNAL_ARGUMENT_DEFAULT_MISMATCH", Error;
    ExternalOnInterface = "EXTERNAL_ON_INTERFACE", Error;
    ExternalMissingOnBase = "EXTERNAL_MISSING_ON_BASE", Error;
    ExternalCollisionWithAnotherDirective = "EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE", Error;
    MergedDirectiveApplicationOnExternal = "MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL", Error;
    NoQueries = "NO_QUERIES", Error;
    RootQueryUsed = "ROOT_QUERY_USED", Error;
    RootMutationUsed = "ROOT_MUTATION_USED", Error;
    RootSubscriptionUsed = "ROOT_SUBSCRIPTION_USED", Error;
    TypeKindMismatch = "TYPE_KIND_MISMATCH", Error;
    FieldTypeMismatch = "FIELD_TYPE_MISMATCH", Error;
    FieldArgumentTypeMismatch = "FIELD_ARGUMENT_TYPE_MISMATCH", Error;
    FieldArgumentDefaultMismatch = "FIELD_ARGUMENT_DEFAULT_MISMATCH", Error;
    InputFieldDefaultMismatch = "INPUT_FIELD_DEFAULT_MISMATCH", Error;
    ExtensionWithNoBase = "EXTENSION_WITH_NO_BASE", Error;
    InterfaceFieldNoImplem = "INTERFACE_FIELD_NO_IMPLEM", Error;
    InvalidFieldSharing = "INVALID_FIELD_SHARING", Error;
    InvalidShareableUsage = "INVALID_SHAREABLE_USAGE", Error;
    RequiredArgumentMissingInSomeSubgraph = "REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH", Error;
    RequiredInputFieldMissingInSomeSubgraph = "REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH", Error;
    EmptyMergedInputType = "EMPTY_MERGED_INPUT_TYPE", Error;
    EmptyMergedEnumType = "EMPTY_MERGED_ENUM_TYPE", Error;
    EnumValueMismatch = "ENUM_VALUE_MISMATCH", Error;
    ShareableHasMismatchedRuntimeTypes = "SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES", Error;
    SatisfiabilityError = "SATISFIABILITY_ERROR", Error;
    MaxValidationSubgraphPathsExceeded = "MAX_VALIDATION_SUBGRAPH_PATHS_EXCEEDED", Error;
    OverrideFromSelfError = "OVERRIDE_FROM_SELF_ERROR", Error;
    OverrideSourceHasOverride = "OVERRIDE_SOURCE_HAS_OVERRIDE", Error;
    OverrideCollisionWithAnotherDirective = "OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE", Error;
    OverrideOnInterface = "OVERRIDE_ON_INTERFACE", Error;
    OverrideLabelInvalid = "OVERRIDE_LABEL_INVALID", Error;
    ReferencedInaccessible = "REFERENCED_INACCESSIBLE", Error;
    DefaultValueUsesInaccessible = "DEFAULT_VALUE_USES_INACCESSIBLE", Error;
    QueryRootTypeInaccessible = "QUERY_ROOT_TYPE_INACCESSIBLE", Error;
    RequiredInaccessible = "REQUIRED_INACCESSIBLE", Error;
    ImplementedByInaccessible = "IMPLEMENTED_BY_INACCESSIBLE", Error;
    DisallowedInaccessible = "DISALLOWED_INACCESSIBLE", Error;
    OnlyInaccessibleChildren = "ONLY_INACCESSIBLE_CHILDREN", Error;
    DirectiveCompositionError = "DIRECTIVE_COMPOSITION_ERROR", Error;
    InterfaceObjectUsageError = "INTERFACE_OBJECT_USAGE_ERROR", Error;
    InterfaceKeyNotOnImplementation = "INTERFACE_KEY_NOT_ON_IMPLEMENTATION", Error;
    InterfaceKeyMissingImplementationType = "INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE", Error;
    ContextNotSet = "CONTEXT_NOT_SET", Error;
    ContextInvalidSelection = "CONTEXT_INVALID_SELECTION", Error;
    ContextNoResolvableKey = "CONTEXT_NO_RESOLVABLE_KEY", Error;
    ContextNameInvalid = "CONTEXT_NAME_INVALID", Error;
    NoContextInSelection = "NO_CONTEXT_IN_SELECTION", Error;
    ContextualArgumentNotContextualInAllSubgraphs = "CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS", Error;
    CostAppliedToInterfaceField = "COST_APPLIED_TO_INTERFACE_FIELD", Error;
    ListSizeAppliedToNonList = "LIST_SIZE_APPLIED_TO_NON_LIST", Error;
    ListSizeInvalidAssumedSize = "LIST_SIZE_INVALID_ASSUMED_SIZE", Error;
    ListSizeInvalidSlicingArgument = "LIST_SIZE_INVALID_SLICING_ARGUMENT", Error;
    ListSizeInvalidSizedField = "LIST_SIZE_INVALID_SIZED_FIELD", Error;
    AuthRequirementsAppliedOnInterface = "AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE", Error;
    MissingTransitiveAuthRequirements = "MISSING_TRANSITIVE_AUTH_REQUIREMENTS", Error;
    InconsistentDefaultValuePresence = "INCONSISTENT_DEFAULT_VALUE_PRESENCE", Warning;
    InconsistentInputObjectField = "INCONSISTENT_INPUT_OBJECT_FIELD", Warning;
    InconsistentEnumValueForInputEnum = "INCONSISTENT_ENUM_VALUE_FOR_INPUT_ENUM", Warning;
    InconsistentExecutableDirectivePresence = "INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE", Warning;
    NoExecutableDirectiveIntersection = "NO_EXECUTABLE_DIRECTIVE_INTERSECTION", Warning;
    InconsistentExecutableDirectiveRepeatable = "INCONSISTENT_EXECUTABLE_DIRECTIVE_REPEATABLE", Warning;
    InconsistentExecutableDirectiveLocations = "INCONSISTENT_EXECUTABLE_DIRECTIVE_LOCATIONS", Warning;
    InconsistentDescription = "INCONSISTENT_DESCRIPTION", Warning;
    InconsistentArgumentPresence = "INCONSISTENT_ARGUMENT_PRESENCE", Warning;
    FromSubgraphDoesNotExist = "FROM_SUBGRAPH_DOES_NOT_EXIST", Warning;
    InconsistentNonRepeatableDirectiveArguments = "INCONSISTENT_NON_REPEATABLE_DIRECTIVE_ARGUMENTS", Warning;
    DirectiveCompositionWarn = "DIRECTIVE_COMPOSITION_WARN", Warning;
    InconsistentRuntimeTypesForShareableReturn = "INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN", Warning;
    InconsistentButCompatibleFieldType = "INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE", Info;
    InconsistentButCompatibleArgumentType = "INCONSISTENT_BUT_COMPATIBLE_ARGUMENT_TYPE", Info;
    InconsistentEntity = "INCONSISTENT_ENTITY", Info;
    InconsistentObjectValueTypeField = "INCONSISTENT_OBJECT_VALUE_TYPE_FIELD", Info;
    InconsistentInterfaceValueTypeField = "INCONSISTENT_INTERFACE_VALUE_TYPE_FIELD", Info;
    InconsistentUnionMember = "INCONSISTENT_UNION_MEMBER", Info;
    InconsistentEnumValueForOutputEnum = "INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM", Info;
    OverriddenFieldCanBeRemoved = "OVERRIDDEN_FIELD_CAN_BE_REMOVED", Info;
    OverrideDirectiveCanBeRemoved = "OVERRIDE_DIRECTIVE_CAN_BE_REMOVED", Info;
    OverrideMigrationInProgress = "OVERRIDE_MIGRATION_IN_PROGRESS", Info;
    UnusedEnumType = "UNUSED_ENUM_TYPE", Info;
    MergedNonRepeatableDirectiveArguments = "MERGED_NON_REPEATABLE_DIRECTIVE_ARGUMENTS", Info;
    DirectiveCompositionInfo = "DIRECTIVE_COMPOSITION_INFO", Info;
    ImplicitlyUpgradedFederationVersion = "IMPLICITLY_UPGRADED_FEDERATION_VERSION", Info;
}

impl std::fmt::Display for Code {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}
