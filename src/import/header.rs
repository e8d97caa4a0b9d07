//! The two header rows of a file: which column holds which field, and which columns are refused.

use csv::StringRecord;

use super::problem::Problems;
use crate::{
    records::{
        RecordType,
        never::{self, Never},
    },
    suggestion::did_you_mean,
};

/// Characters of a longest name or hashtag that is repeated: what is longer is a text, of a file
/// without header rows.
const MOST_CHARACTERS: usize = 64;

const NO_HEADER: &str = "the file is empty; begin with the two header rows of the template";
const NO_COMMAS: &str =
    "the columns are not separated by commas; save the sheet as CSV with commas";
const NO_HASHTAGS: &str =
    "the second row has to hold the HXL hashtags; copy both header rows from the template";

/// What the header rows say of the rows below them.
pub(super) struct Header {
    /// For each field of the type, its place in the file.
    pub(super) places: Vec<Option<usize>>,
    pub(super) width: usize,
}

/// Reads both rows. None where they are not in order.
pub(super) fn read(
    record_type: &RecordType,
    records: &mut impl Iterator<Item = csv::Result<StringRecord>>,
    problems: &mut Problems,
) -> Option<Header> {
    let file = record_type.file();
    let Some(Ok(names)) = records.next() else {
        problems.add(&file, 1, None, NO_HEADER.to_owned());
        return None;
    };
    if names.len() == 1 && names[0].contains([';', '\t']) {
        problems.add(&file, 1, None, NO_COMMAS.to_owned());
        return None;
    }
    let before = problems.count();
    let tags = records.next().and_then(Result::ok).filter(has_hashtags);
    let places = check_names(record_type, &names, problems);
    if let Some(tags) = &tags {
        refuse_hashtags(&file, &names, tags, problems);
    }
    if problems.count() == before {
        match &tags {
            Some(tags) => check_hashtags(record_type, &places, tags, problems),
            None => problems.add(&file, 2, None, NO_HASHTAGS.to_owned()),
        }
    }
    (problems.count() == before).then_some(Header {
        places,
        width: names.len(),
    })
}

fn has_hashtags(row: &StringRecord) -> bool {
    row.iter().any(|tag| tag.trim_start().starts_with('#'))
}

fn check_names(
    record_type: &RecordType,
    names: &StringRecord,
    problems: &mut Problems,
) -> Vec<Option<usize>> {
    let file = record_type.file();
    let fields: Vec<_> = record_type.fields().map(|field| field.name).collect();
    let mut places = vec![None; fields.len()];
    for (place, name) in names.iter().map(str::trim).enumerate() {
        let Some(index) = fields.iter().position(|field| *field == name) else {
            let shown = shown(name, place);
            let reason = no_column(name, &fields);
            problems.add(&file, 1, Some(&shown), reason);
            continue;
        };
        if places[index].replace(place).is_some() {
            let reason = "the column stands there twice; remove one".to_owned();
            problems.add(&file, 1, Some(name), reason);
        }
    }
    for (field, place) in record_type.fields().zip(&places) {
        if field.is_required && place.is_none() {
            let reason = "the column is missing; copy the header from the template".to_owned();
            problems.add(&file, 1, Some(field.name), reason);
        }
    }
    places
}

/// Why a name is that of no column.
fn no_column(name: &str, fields: &[&str]) -> String {
    if !is_short(name) {
        return "there is no such column in these records; copy the header from the template"
            .to_owned();
    }
    if let Some(never) = never::find_in_name(name) {
        return format!("a column of this name {}", refused(never));
    }
    if let Some(looks) = never::looks_like(&never::in_text(name)) {
        return format!(
            "the name {looks}; the first row holds the names of the columns: copy it from the template"
        );
    }
    let hint = did_you_mean(name, fields.iter().copied());
    format!("there is no column `{name}` in these records{hint}")
}

fn refused(never: Never) -> String {
    format!(
        "is for {}, which no record here has: {}; remove the column",
        never.title(),
        never.why()
    )
}

/// Refuses columns for their hashtags, unless they are refused for their names already.
fn refuse_hashtags(file: &str, names: &StringRecord, tags: &StringRecord, problems: &mut Problems) {
    for (place, tag) in tags.iter().map(str::trim).enumerate() {
        let name = names.get(place).unwrap_or_default().trim();
        if never::find_in_name(name).is_some() || !is_repeated(tag) {
            continue;
        }
        if let Some(never) = never::find_in_name(tag) {
            let reason = format!("a column of the hashtag `{tag}` {}", refused(never));
            problems.add(file, 2, Some(&shown(name, place)), reason);
        }
    }
}

fn check_hashtags(
    record_type: &RecordType,
    places: &[Option<usize>],
    tags: &StringRecord,
    problems: &mut Problems,
) {
    for (field, place) in record_type.fields().zip(places) {
        let Some(place) = *place else { continue };
        let found: String = tags
            .get(place)
            .unwrap_or_default()
            .split_whitespace()
            .collect();
        if found.eq_ignore_ascii_case(field.tag) {
            continue;
        }
        let reason = if is_repeated(&found) {
            format!("the hashtag is `{found}` where `{}` belongs", field.tag)
        } else {
            format!("the hashtag is another than `{}`", field.tag)
        };
        problems.add(&record_type.file(), 2, Some(field.name), reason);
    }
}

/// A column as messages call it.
fn shown(name: &str, place: usize) -> String {
    if is_repeated(name) {
        name.to_owned()
    } else {
        format!("column {}", place + 1)
    }
}

/// Whether messages may repeat a cell of the header.
fn is_repeated(cell: &str) -> bool {
    is_short(cell) && never::in_text(cell).is_empty()
}

fn is_short(cell: &str) -> bool {
    cell.chars().count() <= MOST_CHARACTERS
}

#[cfg(test)]
mod tests {
    use crate::{import::catalogue, records::never};

    #[test]
    fn no_type_of_record_has_a_column_that_is_refused() {
        let mut columns = 0;
        for record_type in catalogue::all() {
            for field in record_type.fields() {
                columns += 1;
                for name in [field.name, field.tag] {
                    let never = never::find_in_name(name);
                    assert_eq!(never, None, "`{name}` of {}", record_type.file());
                }
            }
        }
        assert!(columns > 300, "{columns}");
    }

    #[test]
    fn only_the_officer_of_a_grant_may_be_named_by_an_address() {
        let exempt: Vec<_> = catalogue::all()
            .flat_map(|record_type| {
                let fields = record_type.fields().filter(|field| field.names_officer);
                fields.map(|field| (record_type.name, field.name))
            })
            .collect();
        assert_eq!(exempt, [("need-to-know-grants", "subject")]);
    }
}
