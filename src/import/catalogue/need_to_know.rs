//! Who needs to know of which situations.

use super::super::rules;
use crate::{
    auth::GRANT_ROLES,
    records::{
        Data, Field, History, Kind, RecordType, Store, example,
        shared::{SITUATION, VERSION, entity},
    },
};

fn roles() -> Vec<String> {
    GRANT_ROLES.map(str::to_owned).into()
}

pub(super) const GRANTS: RecordType = RecordType {
    name: "need-to-know-grants",
    about: "Who needs to know of a situation, of those in an area, or of those on the agenda of a cycle, from when \
            until when. Without one that is in force a clearance opens nothing of a situation. One that ends \
            early is a further revision with an earlier `valid_until`.",
    table: "need_to_know_grants",
    noun: None,
    node: None,
    sealed_by: None,
    history: History::Revised,
    told_up_to: None,
    key: &["code"],
    fields: &[
        &[
            Field::new(
                "code",
                "#meta+grant+code",
                Kind::Code,
                "what tells it from others",
            )
            .unstored(),
            entity(
                "entity",
                "#org+code",
                "code of the entity whose officers it is for",
            ),
            Field::new(
                "role",
                "#meta+scope",
                Kind::Term(roles),
                "the scope that they have to hold; `clearance:confidential` is for all who are cleared",
            ),
            Field::new(
                "subject",
                "#contact+subject",
                Kind::Text,
                "the only officer that it is for, such as one who acts for another: `sub` of their tokens; `*` is for all",
            )
            .of_officer(),
            Field::new(
                "issuer",
                "#meta+issuer",
                Kind::Text,
                "the only issuer whose tokens it is for (`iss`); empty for all",
            )
            .optional(),
            SITUATION.optional(),
            Field::new(
                "area",
                "#geo+code",
                Kind::Link("areas", Store::Id),
                "or code of the area or region whose situations it opens",
            )
            .optional(),
            Field::new(
                "cycle",
                "#meta+cycle+code",
                Kind::Link("review_cycles", Store::Id),
                "or code of the cycle whose situations it opens",
            )
            .optional(),
            Field::new("valid_from", "#date+start", Kind::Instant, "from when on"),
            Field::new(
                "valid_until",
                "#date+end",
                Kind::Instant,
                "until when; not at that instant any more",
            ),
            Field::new("grantor", "#contact+grantor", Kind::Text, "who granted it"),
            Field::new("reason", "#description+reason", Kind::Text, "why"),
        ],
        VERSION,
    ],
    composites: &[],
    rule: rules::need_to_know_grant,
    data: Data::Example(example!("need-to-know-grants")),
};
