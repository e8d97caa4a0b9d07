//! Refusals of a source: the codes, and the parts of a refusal.

macro_rules! codes {
    ($($(#[doc = $doc:literal])* $variant:ident = $text:literal;)*) => {
        /// Why a source is refused.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum RefusalCode { $($(#[doc = $doc])* $variant,)* }

        impl RefusalCode {
            /// All codes.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The code as it is written.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }
    };
}

codes! {
    /// An invalid name.
    NameInvalid = "NAME_INVALID";
    /// The name of an embedded source, or one the service keeps for itself.
    NameReserved = "NAME_RESERVED";
    /// The name of another entity's source.
    NameTaken = "NAME_TAKEN";
    /// A URL that the rules of outgoing calls do not allow.
    UrlRefused = "URL_REFUSED";
    /// SDL that cannot be read at all.
    SdlUnreadable = "SDL_UNREADABLE";
    /// An SDL that takes too long to check.
    SdlTooLarge = "SDL_TOO_LARGE";
    /// A field without a level.
    LevelMissing = "LEVEL_MISSING";
    /// A tag or a scope that is nearly a level.
    LevelMisspelt = "LEVEL_MISSPELT";
    /// A type that nothing leads to, with nearly the name of another's.
    TypeMisspelt = "TYPE_MISSPELT";
    /// A field with a scope that is non-null.
    ScopeOnNonNull = "SCOPE_ON_NON_NULL";
    /// `@override` of a field of another entity.
    OverrideForeign = "OVERRIDE_FOREIGN";
    /// A classified field of another entity read without its consent.
    RequiresWithoutConsent = "REQUIRES_WITHOUT_CONSENT";
    /// A field that is less sensitive than the fields it is made of.
    RequiresAboveLevel = "REQUIRES_ABOVE_LEVEL";
    /// A scope on a field of a key.
    ScopeOnKey = "SCOPE_ON_KEY";
    /// A key of another entity's type that no other source can supply.
    KeyUnknown = "KEY_UNKNOWN";
    /// A non-null field on another entity's type.
    NonNullOnForeign = "NON_NULL_ON_FOREIGN";
    /// A directive on an element of another entity.
    MarkOnForeign = "MARK_ON_FOREIGN";
    /// A change of an element of another entity that breaks nothing.
    ChangesForeign = "CHANGES_FOREIGN";
    /// A directive that reaches the joint schema, imported under another name.
    DirectiveRenamed = "DIRECTIVE_RENAMED";
    /// A mutation that needs no scope, or only a clearance.
    MutationWithoutScope = "MUTATION_WITHOUT_SCOPE";
    /// A field that another entity resolves already.
    SharesForeign = "SHARES_FOREIGN";
    /// A change that takes something away from another entity.
    BreaksForeign = "BREAKS_FOREIGN";
    /// A breaking change without a reason.
    BreakingWithoutReason = "BREAKING_WITHOUT_REASON";
    /// It does not compose with the others.
    DoesNotCompose = "DOES_NOT_COMPOSE";
}

impl std::fmt::Display for RefusalCode {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// A field that a source reads without consent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldRead {
    /// The field, as a schema coordinate.
    pub coordinate: String,
    /// Whether the source does not name it, but it is on the path of a context.
    pub is_on_a_path: bool,
    /// What the source does name: the field with its type and the type it yields, of which this may
    /// be one implementation; or the types at both ends of the path.
    pub named: Vec<String>,
}

/// A refusal: why, and what to change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Which rule.
    pub code: RefusalCode,
    /// Where, as a schema coordinate.
    pub coordinate: Option<String>,
    /// What is wrong.
    pub message: String,
    /// What to change.
    pub help: String,
    /// What is read, where it is for reading a field.
    pub reads: Option<Box<FieldRead>>,
    /// Names of others' sources; without these there would be no refusal here.
    pub because_of: Vec<String>,
}

impl Refusal {
    /// A refusal of the source as a whole.
    pub fn new(code: RefusalCode, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            code,
            coordinate: None,
            message: message.into(),
            help: help.into(),
            reads: None,
            because_of: Vec::new(),
        }
    }

    /// Says whose sources it is for.
    #[must_use]
    pub fn because_of(mut self, names: impl IntoIterator<Item = String>) -> Self {
        self.because_of.extend(names);
        self
    }

    /// Says what is read.
    #[must_use]
    pub fn reading(mut self, read: FieldRead) -> Self {
        self.reads = Some(Box::new(read));
        self
    }

    /// Says where.
    #[must_use]
    pub fn at(mut self, coordinate: impl Into<String>) -> Self {
        self.coordinate = Some(coordinate.into());
        self
    }
}
