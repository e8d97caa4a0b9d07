//! The directory: bodies, areas, parties and their names.

use entities::terms::{AreaKind, Language, PartyKind};

use super::super::rules;
use crate::records::{Data, Field, History, Kind, NO_RULE, RecordType, Store, example, values};

pub(super) const ORGANISATIONS: RecordType = RecordType {
    name: "organisations",
    about: "A body by its stable code.",
    table: "organisations",
    noun: Some("organisation"),
    node: None,
    sealed_by: None,
    history: History::Updated,
    told_up_to: None,
    key: &["code"],
    fields: &[&[
        Field::new(
            "code",
            "#org+code",
            Kind::Code,
            "stable code, such as OHCHR",
        )
        .unstored(),
        Field::new(
            "named_in_plan_as",
            "#org+name+plan",
            Kind::Text,
            "what the plan of action calls it",
        )
        .optional(),
        Field::new(
            "successor",
            "#org+code+successor",
            Kind::Link("organisations", Store::Id),
            "code of the body that took over from it",
        )
        .optional(),
    ]],
    composites: &[],
    rule: NO_RULE,
    data: Data::Reference(example!("organisations")),
};

pub(super) const ORGANISATION_NAMES: RecordType = RecordType {
    name: "organisation-names",
    about: "A name of a body, from a day on, in one language.",
    table: "organisation_names",
    noun: None,
    node: None,
    sealed_by: None,
    history: History::Updated,
    told_up_to: None,
    key: &["organisation", "valid_from", "language"],
    fields: &[&[
        Field::new(
            "organisation",
            "#org+code",
            Kind::Link("organisations", Store::Id),
            "code of the body",
        ),
        Field::new(
            "valid_from",
            "#date+start",
            Kind::Date,
            "first day of the name",
        ),
        Field::new(
            "language",
            "#meta+lang",
            Kind::Term(values::<Language>),
            "language of the name",
        ),
        Field::new("name", "#org+name", Kind::Text, "the name"),
        Field::new(
            "abbreviation",
            "#org+acronym",
            Kind::Text,
            "its abbreviation",
        ),
    ]],
    composites: &[],
    rule: NO_RULE,
    data: Data::Reference(example!("organisation-names")),
};

pub(super) const AREAS: RecordType = RecordType {
    name: "areas",
    about: "An area: a country or territory, a first-level division, a region.",
    table: "areas",
    noun: Some("area"),
    node: Some("are"),
    sealed_by: None,
    history: History::Updated,
    told_up_to: None,
    key: &["code"],
    fields: &[&[
        Field::new("code", "#geo+code", Kind::Code, "code that other files use").unstored(),
        Field::new(
            "kind",
            "#geo+type",
            Kind::Term(values::<AreaKind>),
            "what it is",
        ),
        Field::new(
            "m49",
            "#geo+code+m49",
            Kind::Text,
            "M49 code, three digits, where one is assigned",
        )
        .optional(),
        Field::new(
            "iso3",
            "#country+code+iso3",
            Kind::Text,
            "ISO 3166-1 alpha-3 code, where one is assigned",
        )
        .optional(),
        Field::new(
            "pcode",
            "#adm1+code+pcode",
            Kind::Text,
            "p-code, where one is assigned",
        )
        .optional(),
        Field::new(
            "parent",
            "#geo+code+parent",
            Kind::Link("areas", Store::Id),
            "code of the area it lies in",
        )
        .optional(),
        Field::new("name_en", "#geo+name+i_en", Kind::Text, "name in English"),
        Field::new("name_fr", "#geo+name+i_fr", Kind::Text, "name in French").optional(),
        Field::new("name_es", "#geo+name+i_es", Kind::Text, "name in Spanish").optional(),
        Field::new("name_ar", "#geo+name+i_ar", Kind::Text, "name in Arabic").optional(),
        Field::new("name_ru", "#geo+name+i_ru", Kind::Text, "name in Russian").optional(),
        Field::new("name_zh", "#geo+name+i_zh", Kind::Text, "name in Chinese").optional(),
        Field::new(
            "designation_note",
            "#description+designation",
            Kind::Text,
            "what has to be said about its designation",
        )
        .optional(),
    ]],
    composites: &[],
    rule: rules::area,
    data: Data::Example(example!("areas")),
};

pub(super) const PARTIES: RecordType = RecordType {
    name: "parties",
    about: "A party to a conflict; it keeps its code through a rename.",
    table: "parties",
    noun: Some("party"),
    node: Some("par"),
    sealed_by: None,
    history: History::Updated,
    told_up_to: None,
    key: &["code"],
    fields: &[&[
        Field::new(
            "code",
            "#actor+code",
            Kind::Code,
            "code that other files use",
        )
        .unstored(),
        Field::new("name", "#actor+name", Kind::Text, "name of today"),
        Field::new(
            "kind",
            "#actor+type",
            Kind::Term(values::<PartyKind>),
            "whether it is a State's",
        ),
        Field::new(
            "split_from",
            "#actor+code+origin",
            Kind::Link("parties", Store::Id),
            "code of the party it split from",
        )
        .optional(),
        Field::new("split_on", "#date+split", Kind::Date, "when it split").optional(),
    ]],
    composites: &[],
    rule: rules::party,
    data: Data::Example(example!("parties")),
};

pub(super) const PARTY_FORMER_NAMES: RecordType = RecordType {
    name: "party-former-names",
    about: "A name a party had before.",
    table: "party_former_names",
    noun: None,
    node: None,
    sealed_by: None,
    history: History::Updated,
    told_up_to: None,
    key: &["party", "used_until"],
    fields: &[&[
        Field::new(
            "party",
            "#actor+code",
            Kind::Link("parties", Store::Id),
            "code of the party",
        ),
        Field::new(
            "used_until",
            "#date+end",
            Kind::Date,
            "last day of the name",
        ),
        Field::new("name", "#actor+name+former", Kind::Text, "the former name"),
    ]],
    composites: &[],
    rule: NO_RULE,
    data: Data::Example(example!("party-former-names")),
};
