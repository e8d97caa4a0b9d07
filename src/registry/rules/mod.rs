//! What a source may not do to the joint schema, whatever composes. Each refusal says what to
//! change.

mod foreign;
mod key_scopes;
mod levels;
mod levels_misspelt;
mod marks;
mod mutations;
mod non_null;
mod overrides;
mod renamed;
mod requires;
mod sharing;

use std::sync::Arc;

use federation::subgraph::Subgraph;
use indexmap::IndexMap;

use super::{declarations::Declarations, level::Level, written::SCHEMA};

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
    /// A name that is none.
    NameInvalid = "NAME_INVALID";
    /// The name of an embedded source, or one the service keeps for itself.
    NameReserved = "NAME_RESERVED";
    /// The name of another entity's source.
    NameTaken = "NAME_TAKEN";
    /// A URL that is not asked.
    UrlRefused = "URL_REFUSED";
    /// SDL that cannot be read at all.
    SdlUnreadable = "SDL_UNREADABLE";
    /// A field without a level.
    LevelMissing = "LEVEL_MISSING";
    /// A tag or a scope that is nearly a level.
    LevelMisspelt = "LEVEL_MISSPELT";
    /// A scoped field that null may not stand in for.
    ScopeOnNonNull = "SCOPE_ON_NON_NULL";
    /// `@override` of a field of another entity.
    OverrideForeign = "OVERRIDE_FOREIGN";
    /// A classified field of another entity read without its consent.
    RequiresWithoutConsent = "REQUIRES_WITHOUT_CONSENT";
    /// A field that shows what is made of more sensitive ones.
    RequiresAboveLevel = "REQUIRES_ABOVE_LEVEL";
    /// A scope on a field of a key.
    ScopeOnKey = "SCOPE_ON_KEY";
    /// A non-null field on another entity's type.
    NonNullOnForeign = "NON_NULL_ON_FOREIGN";
    /// A directive on what another entity holds.
    MarkOnForeign = "MARK_ON_FOREIGN";
    /// Something that changes what another entity holds, though nothing of it breaks.
    ChangesForeign = "CHANGES_FOREIGN";
    /// A directive that reaches the joint schema, imported under another name.
    DirectiveRenamed = "DIRECTIVE_RENAMED";
    /// A mutation that no scope but a clearance is needed for.
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

/// Why a source is not let in, and what to change.
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
    /// Names of others' sources without which nothing would stand against it here.
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
            because_of: Vec::new(),
        }
    }

    /// Says whose sources it is for.
    #[must_use]
    pub fn because_of(mut self, names: impl IntoIterator<Item = String>) -> Self {
        self.because_of.extend(names);
        self
    }

    /// Says where.
    #[must_use]
    pub fn at(mut self, coordinate: impl Into<String>) -> Self {
        self.coordinate = Some(coordinate.into());
        self
    }
}

/// A source that is there already.
#[derive(Clone, Debug)]
pub struct Neighbour {
    /// Its name.
    pub name: String,
    /// Code of the entity that answers for it.
    pub entity: String,
    /// Whether it was there before the source that is checked.
    pub is_earlier: bool,
    /// Where it came later: what the source that is checked had, as it is served, before this
    /// version.
    pub former: Option<Arc<Declarations>>,
    /// What it declares.
    pub declarations: Declarations,
}

impl Neighbour {
    /// Whether an element was here before the source that is checked has it.
    fn came_first(&self, coordinate: &str) -> bool {
        let former = self.former.as_ref();
        self.is_earlier || former.is_some_and(|former| !former.owns(coordinate))
    }
}

/// Leave to read one classified field.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Consent {
    /// `Type.field`.
    pub coordinate: String,
    /// Code of the entity that gave it.
    pub granted_by: String,
}

/// A source that is checked.
#[derive(Clone, Debug)]
pub struct Proposal<'a> {
    /// It, as composition understands it.
    pub subgraph: &'a Subgraph,
    /// What it declares.
    pub declarations: &'a Declarations,
    /// Code of the entity that answers for it.
    pub entity: &'a str,
    /// All other sources.
    pub neighbours: &'a [Neighbour],
    /// What it may read of others.
    pub consents: &'a [Consent],
    /// Whether a reason for non-null fields was given.
    pub allow_non_null: bool,
}

impl Proposal<'_> {
    fn foreign(&self) -> impl Iterator<Item = &Neighbour> {
        self.neighbours
            .iter()
            .filter(|neighbour| neighbour.entity != self.entity)
    }

    fn find_foreign_owner_of_type(&self, type_name: &str) -> Option<&Neighbour> {
        let owners = self.foreign_owners(type_name);
        let owners = owners.map(|each| (each.declarations.contributions_to(type_name), each));
        // Of several the one that brings most; the first among equals.
        owners
            .reduce(|best, next| if next.0 > best.0 { next } else { best })
            .map(|(_, neighbour)| neighbour)
    }

    /// Other entities' sources that had an element before this one: it is theirs.
    fn foreign_owners(&self, coordinate: &str) -> impl Iterator<Item = &Neighbour> {
        foreign_owners(coordinate, self.entity, self.neighbours)
    }

    /// The highest level any other source marks on a field.
    fn level_elsewhere(&self, coordinate: &str) -> Option<Level> {
        let fields = self
            .neighbours
            .iter()
            .filter_map(|neighbour| neighbour.declarations.fields.get(coordinate));
        fields.filter_map(|field| field.level).max()
    }
}

type Rule = fn(&Proposal<'_>, &mut Vec<Refusal>);

/// The rules, in the order in which they speak.
const RULES: &[Rule] = &[
    levels::level_missing,
    levels_misspelt::level_misspelt,
    levels::scope_on_non_null,
    overrides::override_foreign,
    requires::requires_without_consent,
    key_scopes::scope_on_key,
    non_null::non_null_on_foreign,
    marks::mark_on_foreign,
    foreign::changes_foreign,
    mutations::mutation_without_scope,
    sharing::shares_foreign,
    renamed::directive_renamed,
];

/// Everything that stands against a source by itself, before it is composed.
pub fn check(proposal: &Proposal<'_>) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    for rule in RULES {
        rule(proposal, &mut refusals);
    }
    refusals
}

/// Other entities' sources that had an element before the one that is checked. A mere reference to
/// an entity, which another resolves, makes nobody its owner.
pub fn foreign_owners<'a>(
    coordinate: &str,
    entity: &str,
    neighbours: &'a [Neighbour],
) -> impl Iterator<Item = &'a Neighbour> {
    neighbours.iter().filter(move |neighbour| {
        neighbour.entity != entity
            && neighbour.came_first(coordinate)
            && (coordinate == SCHEMA || neighbour.declarations.owns(coordinate))
    })
}

/// Which entities besides one hold an element, by coordinate; fields merely named do not count.
pub fn holders_of<'a>(
    coordinate: &str,
    entity: &str,
    neighbours: &'a [Neighbour],
) -> IndexMap<&'a str, &'a str> {
    neighbours
        .iter()
        .filter(|neighbour| {
            neighbour.entity != entity && neighbour.declarations.declares(coordinate)
        })
        .map(|neighbour| (neighbour.name.as_str(), neighbour.entity.as_str()))
        .collect()
}
