//! Records of the example.

use entities::terms::Classification;

use super::ids;
use crate::records::{
    Data, Field, History, Kind, NO_RULE, RecordType,
    shared::{PARTY, PROVENANCE, SITUATION},
};

/// All of them, each after what it refers to.
pub(super) const ALL: &[&RecordType] = &[&NOTICES];

const NOTICES: RecordType = RecordType {
    name: "example-notices",
    about: "A notice of the example.",
    table: "example_notices",
    noun: None,
    node: Some(ids::NOTICE.prefix()),
    sealed_by: None,
    history: History::Revised,
    told_up_to: Some(Classification::Unclassified),
    key: &["situation", "party"],
    fields: &[
        &[
            SITUATION,
            PARTY,
            Field::new("text", "#description+text", Kind::Text, "what it says"),
        ],
        PROVENANCE,
    ],
    composites: &[],
    rule: NO_RULE,
    data: Data::Example(include_bytes!("notices.csv")),
};
