//! The patterns of identifiers, written for folded text (`fold`). Each is matched in time that grows
//! with the text alone; none looks around, so that what has to stand beside a match is part of it.
//! Classes are smaller than Unicode's, which folded text does not need (`CLASSES`).

use super::identifier::Identifier;

/// What is found, and its pattern.
pub(super) type Pattern = (Identifier, &'static str);

/// What classes stand for. With Unicode's a pattern has many times the states, and is slow.
const CLASSES: [(&str, &str); 7] = [
    (r"\b", r"(?-u:\b)"),
    (r"\d", "[0-9]"),
    (r"\D", "[^0-9]"),
    (r"\s", r"[\x20\t\r\n]"),
    (r"\S", r"[^\x20\t\r\n]"),
    (r"\w", r"[0-9A-Za-z_\x{C0}-\x{10FFFF}]"),
    (r"\W", r"[^0-9A-Za-z_\x{C0}-\x{10FFFF}]"),
];

/// A pattern with its classes written out.
pub(super) fn written_out(pattern: &str) -> String {
    let whole = pattern.to_owned();
    let classes = CLASSES.into_iter();
    classes.fold(whole, |pattern, (class, stands_for)| {
        pattern.replace(class, stands_for)
    })
}

/// Patterns for every text, whatever stands around a match.
pub(super) const ANYWHERE: &[Pattern] = &[
    (
        Identifier::EmailAddress,
        r"[\w.%+'-]*[\w%+'-](?:@|%40|&#0{0,4}64;|&#x0{0,4}40;|&commat;)[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}",
    ),
    // `name [at] office [dot] org`
    (
        Identifier::EmailAddress,
        r"(?i)\w\s?[\[({<]\s?(?:at|arroba|arobase|chez)\s?[\])}>]\s?\w",
    ),
    // `name at office dot org`
    (
        Identifier::EmailAddress,
        r"(?i)\w\s(?:at|arroba)\s[\w-]+\s(?:dot|punto)\s[^\W\d_]{2,}",
    ),
    // `name(a)office.org`
    (
        Identifier::EmailAddress,
        r"(?i)\w\s?[\[({<]\s?a\s?[\])}>]\s?[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}",
    ),
    (
        Identifier::EmailAddress,
        r"(?i)\w(?:\s@\s?|@\s)[\w-]+\.[^\W\d_]{2,}",
    ),
    (
        Identifier::TelephoneNumber,
        r"(?:^|[^\w+])\+\s?\(?[1-9](?:[ .()/-]{0,3}\d){7,14}(?:\D|$)",
    ),
    (
        Identifier::TelephoneNumber,
        r"(?i)(?:\bwa\.me/|\bwhatsapp://\S{0,20}|\bsms:|\btel:)\s?\+?\d{6}",
    ),
    (
        Identifier::DocumentNumber,
        r"(?ix) (?:^|\W)(?: passport | passeport | pasaporte | reisepass | паспорта? | جواز(?:\ سفر)?
            | (?:national|identity|identification|refugee|ration)[\ _-](?:card|id|document|number)
            | id[\ _-]card | carte\ d'identité | c[ée]dula | dni | nin | ssn | tazkir[ah]+
            | driv(?:ing|er'?s)\ licen[cs]e | residence\ permit | visa ) [\s.:,()\#°=_-]{0,4}
            (?: (?:no|nr|n°|num|number|numéro|número|№|card|id|رقم|номер) [\s.:,()\#°=_-]{0,4} ){0,2}
            (?: is \s )? \d{0,3} [A-Z]{0,3}[\ -]?\d{5}",
    ),
    (
        Identifier::DocumentNumber,
        r"(?ix) (?:^|\W)(?: passport | passeport | pasaporte | паспорта? | id
            | (?:id|identity)[\ _-]card )
            [\s.:,()\#°=_-]{0,3} (?:no|nr|n°|num|number|numéro|número|№|номер) [\s.:,()\#°=_-]{0,4}
            [A-Z]{0,3}(?:[\ -]?\d){6}",
    ),
    (Identifier::DocumentNumber, r"(?:^|\W)ID\s[A-Z]{0,3}\d{7}"),
    // `ID: 12345678`, and no key of a record: `id=` stands in addresses of pages.
    (
        Identifier::DocumentNumber,
        r"(?i)(?:^|[^\w/?&])ID\s?[:#]\s?[A-Z]{0,3}(?:[ -]?\d){6}",
    ),
    (
        Identifier::DocumentNumber,
        r"(?:护照|身份证|جواز|هوية)[\s\w:.]{0,8}[A-Za-z]{0,3}[ -]?\d{5}",
    ),
    (
        Identifier::CaseNumber,
        r"(?ix) (?:^|\W)(?: case | incident | complaint | petition | docket | dossier | file
            | investigation | application | registration | referral | victim | witness | survivor
            | detainee | prisoner | patient | informant | perpetrator | affaire | caso | expediente
            | denuncia | дел[оа] | инцидент | قضية | حالة ) (?:[\ _-]file)? [\s_.:(\#-]{0,3}
            (?: no | nr | n° | núm | num | number | numéro | número | № | \# | ref | reference | id
            | رقم | номер ) [\s_.:\#°()=-]{0,4} [\w/.-]{0,12}? \d",
    ),
    (
        Identifier::CaseNumber,
        r"(?:案件|事件|案)(?:编号|号)[\s:]{0,3}[\w/.-]{0,12}?\d",
    ),
    // Applicants before the International Criminal Court: `a/0123/06`.
    (Identifier::CaseNumber, r"(?:^|\W)a/\d{3,6}/\d{2}(?:\W|$)"),
    // `witness W12`, `victim V-001`
    (
        Identifier::CaseNumber,
        r"(?i)\b(?:victim|witness|survivor|informant|detainee)\s(?:code\s)?[A-Z]{1,3}-?\d{1,6}(?:\W|$)",
    ),
    // A code that is nothing else: `victim-001`.
    (
        Identifier::CaseNumber,
        r"(?i)^\s*(?:case|incident|victim|witness|survivor|perpetrator|informant|detainee)[-_. ]?\d[\w.-]*\s*$",
    ),
    // Decimal degrees, latitude first or longitude first, in a text or in the address of a map: four
    // digits of one of them.
    (
        Identifier::Coordinates,
        r"(?x) (?: ^ | [^\d.] ) (?: [0-8]?\d | 90 )\.\d{3,} (?: \s*[,;/|&_]\s* | \s+ | \s+(?:and|by|et|y|x)\s+ | %2C | !4d ) [-+]?
            (?: 1[0-7]\d | 180 | \d{1,2} )\.\d{4}",
    ),
    (
        Identifier::Coordinates,
        r"(?x) (?: ^ | [^\d.] ) (?: [0-8]?\d | 90 )\.\d{4,} (?: \s*[,;/|&_]\s* | \s+ | \s+(?:and|by|et|y|x)\s+ | %2C | !4d ) [-+]?
            (?: 1[0-7]\d | 180 | \d{1,2} )\.\d{3}",
    ),
    (
        Identifier::Coordinates,
        r"(?x) (?: ^ | [^\d.] ) (?: 1[0-7]\d | 180 )\.\d{3,} (?: \s*[,;/|&_]\s* | \s+ | \s+(?:and|by|et|y|x)\s+ | %2C )
            [-+]? (?: [0-8]?\d | 90 )\.\d{3}",
    ),
    // Three digits are thousands in Spanish, unless the pair is all that the cell or a bracket holds,
    // has a sign, or stands behind a word for a place.
    (
        Identifier::Coordinates,
        r"(?x) (?: ^\s* | [(\[]\s* ) \d{1,3}\.\d{3} (?: \s*[,;/|]\s* | \s+ ) \d{1,3}\.\d{3} (?: \s*$ | \s*[)\]] )",
    ),
    (
        Identifier::Coordinates,
        r"(?x) (?:^|[^\w.]) (?: -\d{1,3}\.\d{3} (?: \s*[,;/|]\s* | \s+ ) [-+]?\d{1,3}\.\d{3}
            | \d{1,3}\.\d{3} (?: \s*[,;/|]\s* | \s+ ) -\d{1,3}\.\d{3} )",
    ),
    (
        Identifier::Coordinates,
        r"(?ix) \b(?: at | near | location | position | point | coord(?:inate)?s | map | x | y )
            [\s:=(]{1,3} [-+]?\d{1,3}\.\d{3,} (?: \s*[,;/|]\s* | \s+ ) (?: y\s?[:=]\s? )? [-+]?\d{1,3}\.\d{3}",
    ),
    // Behind a word for nothing but coordinates two digits are enough.
    (
        Identifier::Coordinates,
        r"(?ix) \b(?: coord(?:inate|onn[ée]e|enada)?s? | gps | lat\s?/\s?lon(?:g)? ) [\s:=(]{1,3} (?: (?:are|is|at) \s )?
            [-+]?\d{1,3}\.\d{2,} (?: \s*[,;/|_]\s* | \s+ | \s+(?:and|by|et|y|x)\s+ ) [-+]?\d{1,3}\.\d{2}",
    ),
    // With decimal commas, four digits of them: three are thousands.
    (
        Identifier::Coordinates,
        r"(?:^|[^\d,])\d{1,3},\d{4,}(?:\s*[;/|]\s*|\s+|,\s+)[-+]?\d{1,3},\d{4,}",
    ),
    (
        Identifier::Coordinates,
        r"(?i)(?:^|[^\w])(?:lat|latitude|latitud|lon|longitude|longitud|lng|gps|широта|долгота|纬度|经度)[\s:=.(_-]{0,4}[-+]?\d{1,3}[.,°]\d",
    ),
    // Degrees and minutes, or degrees with decimals; a temperature has one at most.
    (Identifier::Coordinates, r"\d\s?°\s?\d{1,2}(?:[.,]\d+)?\s?'"),
    (Identifier::Coordinates, r"\d{1,3}[.,]\d{2,}\s?°"),
    (
        Identifier::Coordinates,
        r"(?i)\d\s?°\s?(?:[NSEWO]|north|south|east|west|с\.?\s?ш|ю\.?\s?ш|в\.?\s?д|з\.?\s?д|شمال|جنوب|شرق|غرب)(?:\W|\d|$)",
    ),
    (Identifier::Coordinates, r"(?:北纬|南纬|东经|西经)\s?\d"),
    // `33.51 N, 36.27 E` and `333055N0361800E`.
    (
        Identifier::Coordinates,
        r"\d{1,2}\.\d+\s?[NS][\s,;/]{0,3}\d{1,3}\.\d+\s?[EWO](?:\W|\d|$)",
    ),
    (
        Identifier::Coordinates,
        r"(?:^|\W)[NS]\s?\d{1,2}\.\d+[\s,;/]{0,3}[EWO]\s?\d{1,3}\.\d",
    ),
    (
        Identifier::Coordinates,
        r"\d{1,2}[ :-]\d{2}[ :-]\d{2}(?:\.\d+)?\s?[NS][\s,;/]{1,3}\d{1,3}[ :-]\d{2}[ :-]\d{2}",
    ),
    (
        Identifier::Coordinates,
        r"(?:^|\W)[NS]\s?\d{1,2}[ :-]\d{2}[ :-]\d{2}(?:\.\d+)?[\s,;/]{1,3}[EWO]\s?\d{1,3}[ :-]\d{2}[ :-]\d{2}",
    ),
    // `12 deg 20 min`, `12d20m44s`
    (
        Identifier::Coordinates,
        r"(?i)(?:^|\W)\d{1,3}\s?(?:d|deg\.?|degrees?|grados?|degrés?)\s?\d{1,2}(?:\.\d+)?\s?(?:m|min\.?|minutes?|minutos?)(?:\W|\d)",
    ),
    (
        Identifier::Coordinates,
        r"(?:^|\W)\d{4,6}[NS][ ,/]?\d{5,7}[EW](?:\W|$)",
    ),
    // MGRS to 100 m and less, and UTM.
    (
        Identifier::Coordinates,
        r"(?x) (?:^|\W) \d{1,2}[C-HJ-NP-X]\ ?[A-HJ-NP-Z]{2}\ ?
            (?: \d{3}\ ?\d{3} | \d{4}\ ?\d{4} | \d{5}\ ?\d{5} ) (?:\W|$)",
    ),
    (
        Identifier::Coordinates,
        r"(?i)\b(?:MGRS|UTM|grid ref(?:erence)?)\b[\s:.]{0,3}\w{0,4}\s?\w{0,2}\s?\d",
    ),
    (
        Identifier::Coordinates,
        r"(?:^|\W)\d{1,2} ?[C-HJ-NP-X] \d{6}(?:\.\d+)? ?m?E?[ ,]+\d{7}(?:\D|$)",
    ),
    // Plus codes: whole, and short with at least one letter before the sign.
    (
        Identifier::Coordinates,
        r"(?:^|\W)[2-9CFGHJMPQRVWX]{8}\+[2-9CFGHJMPQRVWX]{2,3}(?:\W|$)",
    ),
    (
        Identifier::Coordinates,
        r"(?:^|\W)[2-9CFGHJMPQRVWX]{2}(?:[2-9][CFGHJMPQRVWX]|[CFGHJMPQRVWX][2-9CFGHJMPQRVWX])\+[2-9CFGHJMPQRVWX]{2,3}(?:\W|$)",
    ),
    (
        Identifier::Coordinates,
        r"(?i)\bwhat3words\b|\bw3w\.co/|(?:^|[^:/])///[^\W\d_]+\.[^\W\d_]+\.[^\W\d_]+|\bgeo:-?\d|\bgoo\.gl/maps|\bmaps\.app\.goo\.gl/|\bmaps\.google\.|\bgoogle\.[a-z.]+/maps|\bopenstreetmap\.org/|\bosm\.org/go",
    ),
];

/// Patterns for texts of sentences, once addresses of pages, dates and numbers of books are out.
pub(super) const IN_SENTENCES: &[Pattern] = &[
    // `0041 22 …`, and national numbers, which begin with one zero.
    (
        Identifier::TelephoneNumber,
        r"(?:^|[^\w.,/+-]|(?:^|\W)[A-Za-z]{1,4}/)\(?00[1-9](?:[ .()/-]{0,2}\d){8,13}(?:\D|$)",
    ),
    (
        Identifier::TelephoneNumber,
        r"(?:^|[^\w.,/+-]|(?:^|\W)[A-Za-z]{1,4}/)\(?0(?:[1-9]|[ )-][1-9])(?:[ .()/-]{0,2}\d){7,9}(?:\W|$)",
    ),
    (
        Identifier::TelephoneNumber,
        r"(?:^|[^\w.,/-])(?:1[ .-])?\(?[2-9]\d{2}\)?[ .-]\d{3}[ .-]\d{4}(?:\W|$)",
    ),
    (
        Identifier::TelephoneNumber,
        r"(?ix) (?:^|\W)(?: tel | t[ée]l[ée]?phone | phone | gsm | fax | whatsapp | viber
            | tel[ée]fono | móvil | телефон | тел | моб | هاتف | جوال | موبايل | واتساب | تلفن )
            [\s.:()\#=-]{0,4} (?: (?:no|nr|n°|num|number|numéro|número|номер|رقم|№) [\s.:\#°-]{0,4} )?
            (?: (?:is|was|on|at) \s )? \d(?:[\ .()/-]{0,2}\d){6,13}",
    ),
    (
        Identifier::TelephoneNumber,
        r"(?ix) (?:^|\W)(?: tel | t[ée]l[ée]?phone | phone | mobile | fax | whatsapp | тел | هاتف )
            (?: \s?[.]?\s?: | \s(?:no|nr|n°|number) ) [\s.:\#°-]{0,4} \d(?:[\ .()/-]{0,2}\d){4}",
    ),
    (
        Identifier::TelephoneNumber,
        r"(?:电话|手机|電話)[\s:]{0,3}\d(?:[ .()/-]{0,2}\d){5}",
    ),
    (
        Identifier::DocumentNumber,
        r"(?:^|[^\w-])\d{3}-\d{2}-\d{4}(?:[^\w-]|$)",
    ),
    (
        Identifier::CaseNumber,
        r"(?x) (?i: \b(?: case | incident | complaint | petition | docket | dossier | file
            | investigation | application | affaire | caso | expediente )\b ) [\s:(\#]{0,3}
            (?: \d{3,7}/\d{2,4}\b | \d{1,7}/(?:19|20)\d{2}\b | [A-Z]{2,10}[-_][A-Z\d/_-]*\d{3} )",
    ),
    (
        Identifier::CaseNumber,
        r"(?i)\b(?:case|incident|complaint|petition|docket)\s?#\s?\d",
    ),
    (
        Identifier::CaseNumber,
        r"(?i)\b[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}\b",
    ),
    // Of a registration of refugees.
    (Identifier::CaseNumber, r"\b\d{3}-\d{2}C\d{5}\b"),
    // As passports are numbered. A letter for New York, Geneva, Vienna or Nairobi and seven digits are
    // the number of a United Nations document.
    (
        Identifier::DocumentNumber,
        r"(?:^|\W)(?:[A-FH-JLMO-UW-Z]\d{7,8}|[GKNV]\d{8}|[A-Z]{2}\d{7,8})(?:\W|$)",
    ),
    (
        Identifier::LongNumber,
        r"(?:^|[^\w.,])[A-Z]{0,3}\d{9,}[A-Z]{0,2}(?:\W|$)",
    ),
];

/// What is no identifier wherever it stands: the public numbers of cases before international criminal courts,
/// and persons that came to others.
pub(super) const PUBLIC: &str = r"(?x)
    \b (?: ICC-\d{2}/\d{2}(?:-\d{2}/\d{2})?(?:-\d{1,5}(?:-[A-Z][\w]{0,6})*)?
        | IC(?:TY|TR)-\d{2}-\d{1,3}(?:/\d{1,2})?(?:-[A-Z]{1,3}\d?)? | IT-\d{2}-\d{1,2}(?:/\d{1,2})?(?:-[A-Z]{1,3}\d?)?
        | MICT-\d{2}-\d{2,3}(?:-[A-Z]{1,3})? | SCSL-\d{2,4}-\d{2}(?:-[A-Z]{1,3})? | STL-\d{2}-\d{2}(?:/[A-Z/]{1,8})?
        | KSC-[A-Z]{2}-\d{4}-\d{2} ) \b
    | \+\d{1,3}[\ ,.]\d{3}(?:[\ ,.]\d{3})?\s(?i:displaced|persons?|refugees?|returnees?|civilians?|children|women|idps?|households|desplazad[oa]s|personas|personnes)\b";

/// What is no identifier although it has many digits: addresses of pages, instants, days and spans of
/// years, numbers of books and articles.
pub(super) const HARMLESS: &str = r"(?ix)
    https?://[^\s<>|\x22]+ | \bwww\.[^\s<>|\x22]+
    | \b(?:19|20)\d{2}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:?\d{2})?)?\b
    | \b(?:19|20)\d{2}[./]\d{1,2}[./]\d{1,2}\b
    | \b\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d{2}\b
    | \b(?:19|20)\d{2}\s?[-/]\s?(?:(?:19|20)\d{2}|\d{2})\b
    | \bIS[BS]N[\s:-]*(?:1[03][\s:]+)?[\dX-]+(?:[\ -][\dX]+)*
    | \b10\.\d{4,9}/\S+";
