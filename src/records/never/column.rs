//! Columns that are refused for what their name or their hashtag says they hold: by the words of the
//! name, however they are joined, in whatever case and number.
//!
//! A column that is not refused here is no column of a type either, unless the type declares it: what
//! this decides is the reason that is given, and what a type of record may not declare.

use std::{collections::BTreeSet, sync::LazyLock};

use super::{fold::fold, what::Never};

/// Words, spaces between them: in the singular, in small letters, without accents.
type Words = &'static str;

/// What the words of a name have to be.
enum Form {
    /// One of these is among them.
    Any(Words),
    /// One of each is among them.
    Both(Words, Words),
    /// One of the first stands before one of the second.
    Before(Words, Words),
    /// All are of these.
    Only(Words),
}

use Form::{Any, Before, Both, Only};

/// Whom an incident is about.
const ROLES: Words = "abductee accused complainant deceased defendant detainee hostage informant \
    interviewee offender perpetrator prisoner survivor suspect victim whistleblower witness \
    victime temoin informateur victima testigo perpetrador";
/// Who else has a name.
const PERSONS: Words = "affected applicant beneficiary boy child family father girl guardian \
    individual man minor mother patient person refugee relative spouse woman";
const NAMES: Words = "alias apellido identity initial name nom nombre prenom";
const IDS: Words = "code guid hash id identifier key pseudonym ref reference token uid uuid";
/// What stands after the thing it numbers; before it, it is a count of such things.
const NUMBERS: Words = "no nr num number numero";
const CASES: Words = "allegation case caso complaint docket dossier expediente incident \
    investigation petition ticket";
const SYSTEMS: Words = "acled cpims gbvims mara mrm primero progres ucdp";
const RISKS: Words = "credibility danger gravity priority risk severity threat vulnerability";

/// What tells each kind, the first that fits.
const RULES: &[(Never, Form)] = &[
    (
        Never::PersonalData,
        Any(
            "address biometric birth birthdate birthday correo courriel dateofbirth dob email fax \
             fingerprint iban mail nacimiento naissance pasaporte passeport passport phone skype ssn tel \
             telefono telegram telephone viber whatsapp",
        ),
    ),
    (
        Never::PersonalData,
        Before(
            "cell contact mobile",
            "detail info name no number numero person",
        ),
    ),
    (
        Never::PersonalData,
        Before(
            "id identity licence license national",
            "card id no number plate",
        ),
    ),
    (Never::PersonalData, Only("contact mobile")),
    (
        Never::Names,
        Before("family first full given last maiden middle", "name"),
    ),
    (Never::Names, Any("forename nickname patronymic surname")),
    (Never::Names, Only(ROLES)),
    (Never::Names, Both(ROLES, NAMES)),
    (Never::Names, Both(PERSONS, NAMES)),
    (Never::JoiningKeys, Both(ROLES, IDS)),
    (Never::JoiningKeys, Both(PERSONS, IDS)),
    (Never::JoiningKeys, Before(ROLES, NUMBERS)),
    (Never::JoiningKeys, Before(PERSONS, NUMBERS)),
    (
        Never::JoiningKeys,
        Before("join joining link linking match matching", IDS),
    ),
    (Never::JoiningKeys, Any("pseudonym soundex")),
    (Never::CaseIds, Both(CASES, IDS)),
    (Never::CaseIds, Before(CASES, NUMBERS)),
    (Never::CaseIds, Both(SYSTEMS, IDS)),
    (Never::CaseIds, Only("guid id identifier uid uuid")),
    (
        Never::CaseIds,
        Before(
            "event external file foreign legacy original record source upstream",
            "guid id identifier no number ref uid uuid",
        ),
    ),
    (
        Never::Coordinates,
        Any(
            "coord coordenada coordinate coordonnee easting geohash geojson geolocation geom \
             geometry geopoint gps lat latitud latitude lng lon longitud longitude mgrs northing \
             utm wkt",
        ),
    ),
    (Never::Coordinates, Before("geo", "location point")),
    (Never::Coordinates, Before("grid", "ref reference")),
    (Never::Coordinates, Before("plus", "code")),
    (
        Never::Attachments,
        Any(
            "affidavit attachment audio blob enclosure file image pdf photo photograph picture \
             recording scan testimony transcript upload video",
        ),
    ),
    (
        Never::Scores,
        Any("likelihood percentile probability rank ranking rating score scoring"),
    ),
    (
        Never::Scores,
        Both(RISKS, "class grade index level num scale value weight"),
    ),
    (Never::Scores, Only(RISKS)),
];

/// Words that change nothing of what a name means.
const FILLERS: Words = "a alleged and de del des du for la le list of presumed the";

/// Characters of a name that are looked at, and of a word that may be several written as one.
const MOST_CHARACTERS: usize = 200;
const MOST_JOINED: usize = 32;

/// Every word of the rules: what a name without separators is split by.
static VOCABULARY: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
    let lists = RULES.iter().flat_map(|(_, form)| match form {
        Any(one) | Only(one) => [*one, ""],
        Both(one, other) | Before(one, other) => [*one, *other],
    });
    lists.flat_map(str::split_whitespace).collect()
});

/// What the name of a column, or a hashtag, says it holds of what no record has.
pub(crate) fn find(name: &str) -> Option<Never> {
    let words = words(name);
    let fits = |(_, form): &&(Never, Form)| form.fits(&words);
    RULES.iter().find(fits).map(|(never, _)| *never)
}

impl Form {
    fn fits(&self, words: &[String]) -> bool {
        let place = |list| words.iter().position(|word| is_among(word, list));
        match *self {
            Any(list) => place(list).is_some(),
            Both(one, other) => place(one).is_some() && place(other).is_some(),
            Before(one, other) => {
                let rest = place(one).and_then(|place| words.get(place + 1..));
                rest.is_some_and(|rest| rest.iter().any(|word| is_among(word, other)))
            }
            Only(list) => !words.is_empty() && words.iter().all(|word| is_among(word, list)),
        }
    }
}

fn is_among(word: &str, list: Words) -> bool {
    list.split_whitespace().any(|one| one == word)
}

/// The words of a name, in the singular, in small letters, without accents and fillers. A word begins
/// after whatever is no letter, and with a capital (`VictimName`, `GPSPoint`, but not in `IDs`).
fn words(name: &str) -> Vec<String> {
    let characters: Vec<_> = fold(name).chars().take(MOST_CHARACTERS).collect();
    let mut words = vec![String::new()];
    for (place, character) in characters.iter().enumerate() {
        let follows = |next: usize| characters.get(place.wrapping_add(next));
        let begins = character.is_uppercase()
            && (follows(usize::MAX).is_some_and(|before| before.is_lowercase())
                || [1, 2]
                    .map(follows)
                    .iter()
                    .all(|after| after.is_some_and(|one| one.is_lowercase())));
        if begins || !character.is_alphabetic() {
            words.push(String::new());
        }
        if character.is_alphabetic()
            && let Some(word) = words.last_mut()
        {
            word.extend(character.to_lowercase().map(without_accent));
        }
    }
    // The `e` of `e-mail` is no word.
    let words = words.iter().filter(|word| !word.is_empty() && *word != "e");
    let words = words.flat_map(|word| split(word).unwrap_or_else(|| vec![singular(word)]));
    words.filter(|word| !is_among(word, FILLERS)).collect()
}

/// A word that is several of the rules' words, written as one: `caseid`, `dateofbirth`.
fn split(word: &str) -> Option<Vec<String>> {
    let whole = singular(word);
    if VOCABULARY.contains(whole.as_str()) {
        return Some(vec![whole]);
    }
    if word.len() > MOST_JOINED {
        return None;
    }
    let places = (1..word.len()).rev();
    let mut halves = places.filter_map(|place| word.split_at_checked(place));
    halves.find_map(|(first, rest)| {
        let first = singular(first);
        if !VOCABULARY.contains(first.as_str()) {
            return None;
        }
        let mut parts = vec![first];
        parts.extend(split(rest)?);
        Some(parts)
    })
}

fn singular(word: &str) -> String {
    if VOCABULARY.contains(word) {
        return word.to_owned();
    }
    match word {
        "children" => return "child".to_owned(),
        "men" => return "man".to_owned(),
        "women" => return "woman".to_owned(),
        "people" => return "person".to_owned(),
        "indices" => return "index".to_owned(),
        _ => {}
    }
    if let Some(stem) = word.strip_suffix("ies") {
        return format!("{stem}y");
    }
    for ending in ["sses", "xes", "ches", "shes"] {
        if word.ends_with(ending) {
            return word.strip_suffix("es").unwrap_or(word).to_owned();
        }
    }
    let is_plural = word.len() > 2 && !word.ends_with("ss") && !word.ends_with("us");
    let stem = word.strip_suffix('s').filter(|_| is_plural);
    stem.unwrap_or(word).to_owned()
}

fn without_accent(character: char) -> char {
    match character {
        'á' | 'à' | 'â' | 'ã' | 'ä' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'î' | 'ï' => 'i',
        'ó' | 'ô' | 'ö' => 'o',
        'ú' | 'û' | 'ü' => 'u',
        'ñ' => 'n',
        'ç' => 'c',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::{Never, find};

    #[test]
    fn the_examples_of_a_kind_are_refused_for_it() {
        for never in Never::ALL {
            for name in never.examples() {
                assert_eq!(find(name), Some(never), "{name}");
            }
        }
    }

    #[test]
    fn case_separators_number_and_accents_make_no_difference() {
        for (never, names) in [
            (
                Never::Names,
                "victim_name VictimName VICTIM-NAMES victimname namesOfWitnesses Victims \
                 alleged_perpetrators firstName last.name nombre_víctima PERPETRATOR noms_témoins",
            ),
            (
                Never::PersonalData,
                "E-Mail eMail PhoneNumber phonenumber dateOfBirth dateofbirth DOB Passports \
                 national_id id_card teléfono contactName CONTACT #contact+phone",
            ),
            (
                Never::JoiningKeys,
                "VictimID VictimIDs victimid victim_number child_id personKey survivors_ids pseudonym \
                 match_key #affected+code",
            ),
            (
                Never::CaseIds,
                "id UUID caseId CASEID case-nr IncidentNumber incidentref fileNo mrm_id external_id \
                 source_id incident_uuids #event+uuid",
            ),
            (
                Never::Coordinates,
                "Lat latitudes LONGITUDE LatLon gpsPoint coords x_coord geom_wkt plus_code \
                 where_coordinates #loc+lon #geo+coord",
            ),
            (
                Never::Attachments,
                "Attachments photo1 photo_url files caseFile AudioFile",
            ),
            (
                Never::Scores,
                "riskscore RiskScores severity risk_index threat-level ranking",
            ),
        ] {
            for name in names.split_whitespace() {
                assert_eq!(find(name), Some(never), "{name}");
            }
        }
        assert_eq!(find("names of witnesses"), Some(Never::Names));
        assert_eq!(find("ｌａｔ"), Some(Never::Coordinates));
    }

    #[test]
    fn counts_terms_and_codes_are_not_refused() {
        for name in "number_of_victims no_of_incidents victims_total incident_count victim_age \
                     late_boys late_total platform latest casino persons_named affected_persons \
                     status #status+situation #geo+code #event+situation+code #contact+role \
                     #severity+concern risk_factor case_definition"
            .split_whitespace()
        {
            assert_eq!(find(name), None, "{name}");
        }
        for name in ["", " ", "123", "#", "\u{200f}"] {
            assert_eq!(find(name), None, "{name}");
        }
        assert_eq!(find(&"z".repeat(100_000)), None);
    }
}
