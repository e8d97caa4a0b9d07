//! Ids as clients see them: opaque, prefixed by type.

use async_graphql::{Error, ID};

use super::error::bad_input;

/// A type whose objects have an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `Situation`.
    Situation,
    /// `Area`.
    Area,
    /// `Party`.
    Party,
    /// `ReviewCycle`.
    ReviewCycle,
    /// `ReviewItem`.
    ReviewItem,
    /// `EntityInput`.
    EntityInput,
    /// `Decision`.
    Decision,
    /// `Action`.
    Action,
    /// `FieldPresence`.
    FieldPresence,
    /// `Communication`.
    Communication,
    /// `MechanismRecommendation`.
    MechanismRecommendation,
    /// `EarlyWarningSignal`.
    EarlyWarningSignal,
    /// `RiskAssessment`.
    RiskAssessment,
    /// `CaacListing`.
    CaacListing,
    /// `CrsvListing`.
    CrsvListing,
    /// `OhchrBlock`.
    OhchrBlock,
    /// `OsapgBlock`.
    OsapgBlock,
    /// `CaacBlock`.
    CaacBlock,
    /// `SvcBlock`.
    SvcBlock,
}

/// Prefix, kind and type name: an id never changes its prefix.
const KINDS: [(&str, Kind, &str); 19] = [
    ("sit", Kind::Situation, "Situation"),
    ("are", Kind::Area, "Area"),
    ("par", Kind::Party, "Party"),
    ("cyc", Kind::ReviewCycle, "ReviewCycle"),
    ("itm", Kind::ReviewItem, "ReviewItem"),
    ("inp", Kind::EntityInput, "EntityInput"),
    ("dec", Kind::Decision, "Decision"),
    ("act", Kind::Action, "Action"),
    ("pre", Kind::FieldPresence, "FieldPresence"),
    ("com", Kind::Communication, "Communication"),
    (
        "rec",
        Kind::MechanismRecommendation,
        "MechanismRecommendation",
    ),
    ("sig", Kind::EarlyWarningSignal, "EarlyWarningSignal"),
    ("ras", Kind::RiskAssessment, "RiskAssessment"),
    ("lca", Kind::CaacListing, "CaacListing"),
    ("lsv", Kind::CrsvListing, "CrsvListing"),
    ("boh", Kind::OhchrBlock, "OhchrBlock"),
    ("bos", Kind::OsapgBlock, "OsapgBlock"),
    ("bca", Kind::CaacBlock, "CaacBlock"),
    ("bsv", Kind::SvcBlock, "SvcBlock"),
];

const LONGEST: usize = 80;

impl Kind {
    /// The type an id belongs to, or what is wrong with the id. That nothing has this id is not
    /// wrong: it must look like what the caller may not see.
    pub fn of(id: &str) -> Result<Self, Error> {
        find_kind(id).ok_or_else(|| {
            bad_input(format!(
                "`{}` is not an id: ids are taken as they stand from an answer and begin with the \
                 type, as in `sit_…`",
                excerpt(id)
            ))
        })
    }

    /// Checks that an id is one of this type.
    pub fn check(self, id: ID) -> Result<String, Error> {
        if find_kind(&id) == Some(self) {
            return Ok(id.0);
        }
        let (prefix, _, name) = self.entry();
        Err(bad_input(format!(
            "`{}` is not the id of a {name}: such an id begins with `{prefix}_` and is taken as it \
             stands from an answer",
            excerpt(&id)
        )))
    }

    /// The id of this type that belongs to an id of another, in both directions: a block goes by the
    /// id of its situation. What else tells one block of a situation from another (nothing yet)
    /// has to go into the id with it, or a client would take the two for one.
    pub fn beside(self, id: &str) -> String {
        let rest = id.split_once('_').map_or(id, |(_, rest)| rest);
        format!("{}_{rest}", self.entry().0)
    }

    fn entry(self) -> &'static (&'static str, Self, &'static str) {
        KINDS
            .iter()
            .find(|(_, kind, _)| *kind == self)
            .unwrap_or(&KINDS[0])
    }

    /// Whether a text has the form of an id of this type.
    pub fn fits(self, id: &str) -> bool {
        find_kind(id) == Some(self)
    }
}

fn find_kind(id: &str) -> Option<Kind> {
    let (prefix, rest) = id.split_once('_')?;
    let is_well_formed = !rest.is_empty()
        && id.len() <= LONGEST
        && rest
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    KINDS
        .iter()
        .find(|(known, ..)| *known == prefix && is_well_formed)
        .map(|(_, kind, _)| *kind)
}

/// The beginning of what was sent, short enough to be sent back.
pub(super) fn excerpt(text: &str) -> String {
    const SHORT: usize = 40;
    if text.chars().count() <= SHORT {
        return text.to_owned();
    }
    text.chars().take(SHORT).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_and_its_situation_lead_to_each_other() {
        let block = Kind::OhchrBlock.beside("sit_4fq");
        assert_eq!(block, "boh_4fq");
        assert!(Kind::OhchrBlock.fits(&block));
        assert_eq!(Kind::Situation.beside(&block), "sit_4fq");
        assert_ne!(block, Kind::SvcBlock.beside("sit_4fq"));
    }

    #[test]
    fn another_type_or_another_form_is_refused_by_name() {
        assert!(Kind::Situation.check(ID("sit_4fq".into())).is_ok());
        let message = Kind::Situation
            .check(ID("are_4fq".into()))
            .unwrap_err()
            .message;
        assert!(message.contains("not the id of a Situation"), "{message}");
        let long = format!("sit_{}", "a".repeat(100));
        for text in [
            "", "sit_", "sit", "XAA", "sit_§", "foo_WEFB", "sit_a b", &long,
        ] {
            assert!(
                Kind::of(text).unwrap_err().message.contains("is not an id"),
                "{text}"
            );
        }
    }
}
