//! What patterns find in a text, and what is said of it. The text found is never part of that: what
//! an import reports is read by more people than the file.

/// Something in a text that leads to a person or a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Identifier {
    EmailAddress,
    TelephoneNumber,
    DocumentNumber,
    CaseNumber,
    Coordinates,
    LongNumber,
}

impl Identifier {
    /// All of them.
    pub(crate) const ALL: [Self; 6] = [
        Self::EmailAddress,
        Self::TelephoneNumber,
        Self::DocumentNumber,
        Self::CaseNumber,
        Self::Coordinates,
        Self::LongNumber,
    ];

    /// What it is.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::EmailAddress => "an e-mail address",
            Self::TelephoneNumber => "a telephone number",
            Self::DocumentNumber => "the number of a passport or another personal document",
            Self::CaseNumber => "a case or incident number of another system",
            Self::Coordinates => "coordinates",
            Self::LongNumber => "a number of nine digits or more",
        }
    }

    /// How to mend it.
    pub(crate) fn mend(self) -> &'static str {
        match self {
            Self::EmailAddress | Self::TelephoneNumber => {
                "take it out, and name the office instead of the person"
            }
            Self::DocumentNumber => "take it out: no record says which person it is about",
            Self::CaseNumber => "take it out: a case stays in the system that keeps it",
            Self::Coordinates => "take them out, and name the area by its code",
            Self::LongNumber => {
                "take it out if it identifies; write an amount with separators, such as 1,500,000,000"
            }
        }
    }
}

/// What a text is refused for in which these were found. None where nothing was.
pub(crate) fn looks_like(found: &[Identifier]) -> Option<String> {
    let names: Vec<_> = found.iter().map(|one| one.name()).collect();
    let names = names.join(" and ");
    let text = format!("holds what looks like {names}, which is not repeated here");
    (!found.is_empty()).then_some(text)
}

/// How to mend a text in which these were found.
pub(crate) fn mends(found: &[Identifier]) -> String {
    let mut mends: Vec<_> = found.iter().map(|one| one.mend()).collect();
    mends.dedup();
    mends.join("; ")
}
