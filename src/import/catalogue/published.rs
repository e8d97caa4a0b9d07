//! What published documents print.

use super::super::rules;
use crate::records::{Data, Field, History, Kind, RecordType, example, printed, shared::VERSION};

fn figures() -> Vec<String> {
    printed::ALL.map(|figures| figures.name.to_owned()).into()
}

fn dimensions() -> Vec<String> {
    let mut all = Vec::new();
    for dimension in printed::ALL.iter().flat_map(|figures| figures.dimensions()) {
        if !all.iter().any(|known| known == dimension) {
            all.push(dimension.to_owned());
        }
    }
    all
}

pub(super) const TABLES: RecordType = RecordType {
    name: "published-tables",
    about: "A table of a published document, and what it breaks its figures down by. Published figures are told \
            as a table prints them: without one that names their document they are not told at all.",
    table: "published_tables",
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
                "#meta+table+code",
                Kind::Code,
                "what tells it from others",
            )
            .unstored(),
            Field::new(
                "figures",
                "#meta+figures",
                Kind::Term(figures),
                "the type of record that its figures are",
            ),
            Field::new(
                "document_symbol",
                "#meta+document+symbol",
                Kind::Text,
                "symbol of the document, as its figures cite it",
            ),
            Field::new(
                "document_table",
                "#meta+document+table",
                Kind::Text,
                "what the document calls the table",
            ),
            Field::new(
                "printed_by",
                "#meta+dimensions",
                Kind::Terms(dimensions),
                "what the table breaks its figures down by; empty where it prints totals alone",
            )
            .optional(),
        ],
        VERSION,
    ],
    composites: &[],
    rule: rules::published_table,
    data: Data::Example(example!("published-tables")),
};
