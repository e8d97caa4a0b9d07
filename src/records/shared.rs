//! Fields that many types of record have.

use entities::terms::Classification;

use super::field::{Composite, Field, Kind, Store, values};

/// The situation a record is about.
pub(crate) const SITUATION: Field = Field::new(
    "situation",
    "#event+situation+code",
    Kind::Link("situations", Store::Id),
    "code of the situation",
);

/// The situation as part of a key alone.
pub(crate) const SITUATION_PART: Field = SITUATION.unstored();

/// Whether a figure is released.
pub(crate) const IS_PUBLISHED: Field = Field::new(
    "is_published",
    "#status+published",
    Kind::Flag,
    "true for a released annual figure, false for a working one",
);

/// The day until which a revision is held back: it is known here from then on, before to the clearing officers of
/// its entity alone.
pub(crate) const PUBLIC_ON: Field = Field::new(
    "public_on",
    "#date+public+embargo",
    Kind::Date,
    "day from which this revision is public; until then the one before it is answered, and only clearing officers \
     of its entity are told",
)
.optional();

/// Whether a figure can stand beside that of the period before.
pub(crate) const IS_COMPARABLE: Field = Field::new(
    "comparable_with_previous",
    "#indicator+comparable",
    Kind::Flag,
    "false where method or coverage changed since the period before",
);

/// The agenda item of a cycle and a situation.
pub(crate) const ITEM: Composite = Composite {
    name: "item",
    target: "review_items",
    parts: &["cycle", "situation"],
    is_id: true,
};

/// Where a fact comes from, and which revision it is. The last cell is one of a few words, so that
/// a row cut short within it shows.
pub(crate) const PROVENANCE: &[Field] = &[
    entity(
        "source",
        "#meta+source+code",
        "code of the entity that holds the record",
    ),
    Field::new(
        "as_of",
        "#date+as_of",
        Kind::Instant,
        "what time the record is true of",
    ),
    Field::new(
        "revision",
        "#meta+revision",
        Kind::Whole(1),
        "1 at first; a correction is a new row with the next number",
    ),
    Field::new(
        "revised_at",
        "#date+revised",
        Kind::Instant,
        "when this revision was made",
    ),
    Field::new(
        "method",
        "#meta+method",
        Kind::Text,
        "how the record was made",
    )
    .optional()
    .free_text(),
    Field::new(
        "document_symbol",
        "#meta+document+symbol",
        Kind::Text,
        "symbol of the document it was published in",
    )
    .optional(),
    Field::new(
        "classification",
        "#meta+classification",
        Kind::Term(values::<Classification>),
        "level of sensitivity",
    ),
];

/// Which version a row is, for what is no fact but keeps its versions.
pub(crate) const VERSION: &[Field] = &[
    Field::new(
        "revision",
        "#meta+revision",
        Kind::Whole(1),
        "1 at first; a change is a new row with the next number",
    ),
    Field::new(
        "revised_at",
        "#date+revised",
        Kind::Instant,
        "when this revision was made",
    ),
];

/// A field that holds the code of a body.
pub(crate) const fn entity(name: &'static str, tag: &'static str, about: &'static str) -> Field {
    Field::new(name, tag, Kind::Link("organisations", Store::Code), about)
}

/// The party a record is about.
pub(crate) const PARTY: Field = Field::new(
    "party",
    "#actor+code",
    Kind::Link("parties", Store::Id),
    "code of the party",
);

/// The name of a listed party.
pub(crate) const LISTED_AS: Field = Field::new(
    "listed_as",
    "#actor+name+listed",
    Kind::Text,
    "name in the annex",
);

/// When a listed party was taken off.
pub(crate) const DELISTED_ON: Field = Field::new(
    "delisted_on",
    "#date+delisted",
    Kind::Date,
    "when it was taken off",
)
.optional();

/// A field that holds a count; empty says that nothing was collected.
pub(crate) const fn count(name: &'static str, tag: &'static str, about: &'static str) -> Field {
    Field::new(name, tag, Kind::Count, about).optional()
}
