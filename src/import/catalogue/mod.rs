//! The catalogue: every type of record, in an order in which each comes after what it refers to.

mod directory;
mod follow_up;
mod need_to_know;
mod published;
mod review;
mod situations;

use crate::{
    records::{Kind, RecordType},
    sources::MANDATES,
};

/// The directory and the review; records of the mandates refer to them.
const OF_THE_REVIEW: [&RecordType; 18] = [
    &directory::ORGANISATIONS,
    &directory::ORGANISATION_NAMES,
    &directory::AREAS,
    &directory::PARTIES,
    &directory::PARTY_FORMER_NAMES,
    &situations::SITUATIONS,
    &situations::SITUATION_AREAS,
    &situations::SITUATION_STATES,
    &situations::ENTITY_BLOCKS,
    &review::REVIEW_CYCLES,
    &review::REVIEW_ITEMS,
    &review::ENTITY_INPUTS,
    &review::CHANGES,
    &follow_up::DECISIONS,
    &follow_up::ACTIONS,
    &follow_up::ACTION_ITEMS,
    &need_to_know::GRANTS,
    &published::TABLES,
];

/// Every type of record.
pub fn all() -> impl Iterator<Item = &'static RecordType> {
    let of_mandates = MANDATES.iter().flat_map(|mandate| mandate.records);
    OF_THE_REVIEW.into_iter().chain(of_mandates.copied())
}

/// The type that a file of this name, without `.csv`, holds.
pub(super) fn find(name: &str) -> Option<&'static RecordType> {
    all().find(|record_type| record_type.name == name)
}

/// Whether records of other types refer to those of a table.
pub(super) fn is_target(table: &str) -> bool {
    all().any(|record_type| targets(record_type).any(|target| target == table))
}

/// The tables that records of a type refer to.
pub(super) fn targets(record_type: &'static RecordType) -> impl Iterator<Item = &'static str> {
    let links = record_type.fields().filter_map(|field| match field.kind {
        Kind::Link(target, _) | Kind::Links(target) => Some(target),
        _ => None,
    });
    links.chain(
        record_type
            .composites
            .iter()
            .map(|composite| composite.target),
    )
}

/// What a record of a table is called in a message.
pub(super) fn noun(table: &str) -> &'static str {
    let found = all().find(|record_type| record_type.table == table);
    found
        .and_then(|record_type| record_type.noun)
        .unwrap_or("record")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::Store;

    #[test]
    fn what_is_referred_to_comes_first() {
        for (index, record_type) in all().enumerate() {
            for target in targets(record_type) {
                let place = all().position(|other| other.table == target);
                assert!(
                    place.is_some_and(|place| place <= index),
                    "{}: {target}",
                    record_type.name
                );
                assert_ne!(noun(target), "record", "{target} has no name for messages");
            }
        }
    }

    #[test]
    fn a_row_that_is_kept_by_number_has_no_revisions() {
        for record_type in all() {
            let by_number = record_type.fields().filter_map(|field| match field.kind {
                Kind::Link(target, Store::Id) => Some(target),
                _ => None,
            });
            let composites = record_type
                .composites
                .iter()
                .filter(|composite| composite.is_id);
            for target in by_number.chain(composites.map(|composite| composite.target)) {
                let target = all().find(|other| other.table == target).unwrap();
                assert!(
                    !target.is_revised(),
                    "{} -> {}",
                    record_type.name,
                    target.name
                );
            }
        }
    }

    #[test]
    fn keys_and_parts_name_fields_and_hashtags_are_well_formed() {
        for record_type in all() {
            let names: Vec<_> = record_type.fields().map(|field| field.name).collect();
            let parts = record_type
                .composites
                .iter()
                .flat_map(|composite| composite.parts);
            for name in record_type.key.iter().chain(parts) {
                assert!(names.contains(name), "{}: {name}", record_type.name);
            }
            let mut tags: Vec<_> = record_type.fields().map(|field| field.tag).collect();
            for tag in &tags {
                let mut words = tag.strip_prefix('#').unwrap_or("").split('+');
                let is_word = |word: &str| {
                    word.starts_with(|c: char| c.is_ascii_lowercase())
                        && word
                            .chars()
                            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
                };
                assert!(words.all(is_word), "{}: {tag}", record_type.name);
            }
            let count = tags.len();
            tags.sort_unstable();
            tags.dedup();
            assert_eq!(
                tags.len(),
                count,
                "{}: a hashtag stands twice",
                record_type.name
            );
        }
    }
}
