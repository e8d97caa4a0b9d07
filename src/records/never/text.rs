//! What of a text leads to a person or a place, found by its pattern.

use std::{borrow::Cow, sync::LazyLock};

use regex::{Regex, RegexSet};

use super::{
    fold::fold,
    identifier::Identifier,
    pattern::{ANYWHERE, HARMLESS, IN_SENTENCES, PUBLIC, Pattern, written_out},
};

/// What stands where something harmless stood: no pattern goes across it.
const GAP: &str = " \u{b7} ";

static ANYWHERE_SET: LazyLock<RegexSet> = LazyLock::new(|| compiled(ANYWHERE));
static IN_SENTENCES_SET: LazyLock<RegexSet> = LazyLock::new(|| compiled(IN_SENTENCES));
static PUBLIC_PATTERN: LazyLock<Regex> = LazyLock::new(|| pattern(PUBLIC));
static HARMLESS_PATTERN: LazyLock<Regex> = LazyLock::new(|| pattern(HARMLESS));

/// What is found in a text of sentences, each kind once.
pub(crate) fn in_text(text: &str) -> Vec<Identifier> {
    if !can_hold_any(text) {
        return Vec::new();
    }
    let text = fold(text);
    let text: Cow<'_, str> = PUBLIC_PATTERN.replace_all(&text, GAP);
    let mut found = matches(&ANYWHERE_SET, ANYWHERE, &text);
    let without: Cow<'_, str> = HARMLESS_PATTERN.replace_all(&text, GAP);
    found.extend(matches(&IN_SENTENCES_SET, IN_SENTENCES, &without));
    found.sort_unstable();
    found.dedup();
    if found.len() > 1 {
        // The digits of something that has a name of its own.
        found.retain(|one| *one != Identifier::LongNumber);
    }
    found
}

/// What is found in a code that this system's own records are named by: dates and serial numbers may
/// make long numbers there.
pub(crate) fn in_code(code: &str) -> Vec<Identifier> {
    if !can_hold_any(code) {
        return Vec::new();
    }
    let mut found = matches(&ANYWHERE_SET, ANYWHERE, &fold(code));
    found.sort_unstable();
    found.dedup();
    found
}

/// Most texts have nothing that any pattern needs: a digit, an address, a link to a place.
fn can_hold_any(text: &str) -> bool {
    text.chars()
        .any(|character| character.is_numeric() || "@＠[({</%&".contains(character))
        || text.contains(" dot ")
        || text.contains(" punto ")
}

fn matches(set: &RegexSet, patterns: &[Pattern], text: &str) -> Vec<Identifier> {
    let found = set.matches(text).into_iter();
    found
        .filter_map(|place| patterns.get(place))
        .map(|(identifier, _)| *identifier)
        .collect()
}

fn pattern(text: &str) -> Regex {
    #[expect(
        clippy::expect_used,
        reason = "INVARIANT: the patterns are constants; the tests below use them all"
    )]
    Regex::new(&written_out(text)).expect("a pattern")
}

fn compiled(patterns: &[Pattern]) -> RegexSet {
    #[expect(
        clippy::expect_used,
        reason = "INVARIANT: the patterns are constants; the tests below use them all"
    )]
    RegexSet::new(patterns.iter().map(|(_, pattern)| written_out(pattern))).expect("patterns")
}

#[cfg(test)]
mod tests {
    use super::{in_code, in_text};
    use crate::records::never::Identifier::{
        self, CaseNumber, Coordinates, DocumentNumber, EmailAddress, LongNumber, TelephoneNumber,
    };

    fn finds(identifier: Identifier, texts: &[&str]) {
        for text in texts {
            assert_eq!(in_text(text), [identifier], "{text}");
            let in_a_sentence = format!("It was reported ({text}), and more.");
            let found = in_text(&in_a_sentence);
            assert!(found.contains(&identifier), "{in_a_sentence}");
        }
    }

    #[test]
    fn e_mail_addresses() {
        finds(
            EmailAddress,
            &[
                "someone@office.example",
                "Some.One+field@mail.office.example",
                "mailto:someone@office.example",
                "кто-то@почта.example",
                "someone [at] office [dot] example",
                "someone(at)office.example",
                "someone＠office.example",
                "someone @ office.example",
                "someone(a)office.example",
                "someone at office dot example",
                "someone (arobase) office.example",
                "someone&#64;office.example",
                "someone&commat;office.example",
            ],
        );
    }

    #[test]
    fn telephone_numbers() {
        finds(
            TelephoneNumber,
            &[
                "+41 22 555 01 00",
                "+1 (212) 555-0100",
                "+252 615 501 new",
                "+961 355 501 people said",
                "(+963) 11 555 0100",
                "+8801755501000",
                "0041 22 555 01 00",
                "00963115550100",
                "022 555 01 00",
                "0755-501-000",
                "0664/5550100",
                "M/0755 501 000",
                "1-800-555-0100",
                "(022) 555 01 00",
                "(0)22 555 01 00",
                "212-555-0100",
                "(212) 555 0100",
                "tel. 5550100",
                "Tel: 55501",
                "phone no. 555010",
                "WhatsApp 555 01 00",
                "тел. 555-01-00",
                "هاتف: 5550100",
                "电话：5550100",
                "\u{202a}+963 11 555 0100\u{202c}",
                "+٩٦٣ ١١ ٥٥٥ ٠١٠٠",
                "০১৭৫৫৫০১০০০",
                "https://wa.me/41225550100",
            ],
        );
    }

    #[test]
    fn numbers_of_personal_documents() {
        finds(
            DocumentNumber,
            &[
                "passport no. A1234567",
                "Passport A1234567",
                "passport number: 12 34 567890",
                "Passport Number is A1234567",
                "A1234567",
                "AB1234567",
                "national ID 1234567",
                "ID card no 123 456 78",
                "ID no. 12345678",
                "ID: 12345678",
                "ID 12345678",
                "passport N° 09AB12345",
                "cédula 1234567",
                "carte d’identité n° 12345678",
                "паспорт № 1234567",
                "جواز سفر رقم A1234567",
                "护照号：E12345678",
                "123-45-6789",
            ],
        );
    }

    #[test]
    fn case_numbers() {
        finds(
            CaseNumber,
            &[
                "case no. 123/2026",
                "Case number MRM-2026-00012",
                "incident #4411",
                "incident SYR-2026-0113",
                "case 123/2026",
                "complaint ref. 77-B",
                "case file no. 5",
                "witness no. 3",
                "123-45C00123",
                "caso nº 12/2026",
                "дело № 12",
                "قضية رقم 12",
                "案件编号 12",
                "a/0123/06",
                "witness W12",
                "victim V-001",
                "0f8fad5b-d9cb-469f-a165-70867728950e",
            ],
        );
    }

    #[test]
    fn coordinates() {
        finds(
            Coordinates,
            &[
                "12.3456, 65.4321",
                "-12.345 165.432",
                "165.432/-12.345",
                "(12.345, 65.432)",
                "at 12.345, 65.432",
                "N12.34 E65.43",
                "12 20 44 N, 65 25 55 E",
                "x: 65.4321 y: 12.3456",
                "POINT (65.4321 12.3456)",
                "12,3456; 65,4321",
                "lat 12.3",
                "Longitude: -65,4",
                "12°20'44\" N, 65°25'55\" E",
                "12º 20′ 44″",
                "12.34° N",
                "12.3456°, 65.4321°",
                "12° North",
                "12.34 N, 65.43 E",
                "12.3456 and 65.4321",
                "12.3456 by 65.4321",
                "12.3456_65.4321",
                "coordinates 12.34, 65.43",
                "GPS: 12.34 65.43",
                "N 12 20 44, E 65 25 55",
                "12 deg 20 min N",
                "12d20m44s",
                "122044N0652555E",
                "42SVC123456",
                "42S VC 12345 67890",
                "MGRS 42SVC1234",
                "42 S 512345 3712345",
                "8FVC9G8F+6W",
                "9G8F+6W Arvenia",
                "///one.two.three",
                "geo:12.3,65.4",
                "https://maps.example/@12.3456,65.4321,12z",
                "https://maps.example/?q=12.3456%2C65.4321",
                "https://www.google.com/maps/place/x",
                "北纬12度",
            ],
        );
    }

    #[test]
    fn long_numbers() {
        finds(
            LongNumber,
            &["123456789", "AB123456789", "4411223344556677"],
        );
        assert_eq!(
            in_text("call +41 22 555 01 00 or write to a@b.example").len(),
            2
        );
    }

    #[test]
    fn what_reports_are_made_of_is_no_identifier() {
        for text in [
            "S/2024/384 and A/HRC/55/1, CCPR/C/110/D/2052, A/78/250-S/2023/800, ST/SGB/2007/6",
            "Resolution 1325 (2000), paragraph 12.3; article 7.1, 8.2 and 9.3",
            "UA XAA 1/2024; AL XAA 12/2025, PKK 3/2026; ICC-01/04-01/06; GE.24-12345",
            "2026-10-31, 31.10.2026, 10/31/2026, 2026/10/31, 2026-10-31T09:00:00+02:00, 2026-Q4",
            "between 2019-2026 and 2019/20; on 01.02.2026-05.02.2026; by telephone on 2026-10-31",
            "Called by telephone on 31 October 2026 about 12,500 cases.",
            "1,204,500 persons; 12 345 678 displaced; 1.204.500 personas; USD 1,500,000,000",
            "In case 3 persons fled; in 12 cases, 45 incidents, 2 witnesses; case by case",
            "The number of victims was 120, 35 more than in 2025; no incident in 2026; file 3",
            "33.5 per cent, 12.75%, +12.5 points, 0.123456789, 35 °C, 12.5° C, ratio 1:12000",
            "33.513, 36.276 y 12.345 personas; total 1.234, 5.678, 9.012; CI 0.123-0.456; 95.123",
            "mobile teams reached 14 500 000 people; mobile 4 000 000 subscribers; 45° and 5° to 7°C",
            "counts 33,513, 36,276 and 12,345 in the three divisions; 16.1|16.a|5.2",
            "https://documents.example/doc/undoc/gen/n24/123/45/pdf/n2412345.pdf?id=123456789012",
            "https://reports.example/File?gId=0f8fad5b-d9cb-469f-a165-70867728950e",
            "www.office.example/2026/10/31/123456789",
            "ISBN 978-92-1-123456-7; ISSN 1234-5678; doi 10.1000/123456789",
            "N2412345; COVID-19; AK-47; M23; T-72; BM-21; 155 mm; H1N1; G5 Sahel",
            "passport offices in 2026; ID cards for 12,000; a file of 2026; visas; national ID 2026",
            "reply @ the session; either/or; [at length]; (dot)",
            "Case No. ICC-01/04-02/06 and Case No. IT-95-5/18-T; case no. MICT-13-55; KSC-BC-2020-06",
            "+12 345 678 displaced, +12 345 persons; between 12.34 and 65.43 per cent; 12 d 20 h",
            "SDG 16.3; C-130; section 12(b)(3); Protocol II, art. 13; 24/7; p. 12-13; 3 + 4 = 7",
            "النزاع في ٢٠٢٦ ، الفقرة ١٢؛ 2026年10月31日; 12 октября 2026 г.",
            "",
        ] {
            assert_eq!(in_text(text), [], "{text}");
        }
    }

    #[test]
    fn codes_of_this_system_may_hold_long_numbers() {
        for code in [
            "sig-202610310001",
            "20261031000123",
            "caac-2026-1-violations",
            "0f8fad5b-d9cb-469f-a165-70867728950e",
            "XAA-01",
            "1.1",
            "case-management",
            "region-amber",
        ] {
            assert_eq!(in_code(code), [], "{code}");
        }
        for (code, found) in [
            ("victim-001", CaseNumber),
            ("case_no_12", CaseNumber),
            ("passport-A1234567", DocumentNumber),
            ("someone@office.example", EmailAddress),
            ("lat12.345", Coordinates),
        ] {
            assert_eq!(in_code(code), [found], "{code}");
        }
    }

    #[test]
    fn what_stands_behind_much_that_nearly_matches_is_found() {
        for part in [
            "+1 x", "0", "a@", "1.234,", "case no ", "(", "٩", "http://", "10.1234/",
        ] {
            let text = part.repeat(20_000 / part.len()) + " ; someone@office.example";
            assert!(in_text(&text).contains(&EmailAddress), "{part}");
            assert!(in_code(&text).contains(&EmailAddress), "{part}");
        }
    }
}
