//! The kinds of data that no record has, and what is said where a file brings them.

/// A kind of data that no record has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Never {
    Names,
    PersonalData,
    JoiningKeys,
    CaseIds,
    Coordinates,
    Attachments,
    Scores,
}

impl Never {
    /// All kinds.
    pub(crate) const ALL: [Self; 7] = [
        Self::Names,
        Self::PersonalData,
        Self::JoiningKeys,
        Self::CaseIds,
        Self::Coordinates,
        Self::Attachments,
        Self::Scores,
    ];

    /// What it is, in the plural.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Names => "names of victims, witnesses, informants or perpetrators",
            Self::PersonalData => "data that identify a person or reach one",
            Self::JoiningKeys => "keys that join victims across mandates",
            Self::CaseIds => "case and incident ids of other systems",
            Self::Coordinates => "coordinates",
            Self::Attachments => "attachments",
            Self::Scores => "scores",
        }
    }

    /// Why no record has it.
    pub(crate) fn why(self) -> &'static str {
        match self {
            Self::Names | Self::PersonalData => {
                "records are about situations and counts, and who is identified can be harmed"
            }
            Self::JoiningKeys => {
                "one key would lead from each mandate's records of a person to all others'"
            }
            Self::CaseIds => {
                "with the other system at hand, an id leads to the persons of the case"
            }
            Self::Coordinates => {
                "a place leads to a house or a camp; areas end at first-level divisions"
            }
            Self::Attachments => {
                "nobody can check what a file shows, or what it says of who made it"
            }
            Self::Scores => "no number ranks situations; mandates say what they found",
        }
    }

    /// Columns that are refused for it, as examples.
    pub(crate) fn examples(self) -> &'static [&'static str] {
        match self {
            Self::Names => &[
                "victim_name",
                "names of witnesses",
                "perpetrator",
                "surname",
                "#affected+name",
            ],
            Self::PersonalData => &[
                "phone",
                "email",
                "address",
                "passport_no",
                "date_of_birth",
                "#contact+email",
            ],
            Self::JoiningKeys => &["victim_id", "survivor code", "person_hash", "#affected+id"],
            Self::CaseIds => &["case_id", "incident_no", "external_ref", "#event+id"],
            Self::Coordinates => &["latitude", "lon", "gps", "geometry", "#geo+lat"],
            Self::Attachments => &["attachment", "photo", "file", "#meta+image"],
            Self::Scores => &["risk_score", "severity level", "rating", "#indicator+score"],
        }
    }
}
