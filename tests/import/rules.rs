//! Rows whose cells do not go together.

use upfront::import::Mode;

use crate::{
    import::case::{import, import_base, refuses},
    support::database::on_each_database,
};

#[tokio::test]
async fn a_figure_by_month_where_the_mechanism_verifies_by_quarter() {
    refuses(
        &[(
            "caac-violations",
            "arvenia,2026-08,false,ABDUCTION,,1,0,0,1,,,,,,true,SRSG_CAAC,2026-10-05T09:00:00Z,1,\
             2026-10-05T10:00:00Z,,,CONFIDENTIAL\n\
             arvenia,2026,false,ABDUCTION,,1,0,0,1,,,,,,true,SRSG_CAAC,2026-10-05T09:00:00Z,1,\
             2026-10-05T10:00:00Z,,,CONFIDENTIAL\n\
             arvenia,2026-Q3,true,ABDUCTION,,1,0,0,1,,,,,,true,SRSG_CAAC,2026-10-05T09:00:00Z,1,\
             2026-10-05T10:00:00Z,,EXAMPLE/1,UNCLASSIFIED\n",
        )],
        &[
            "caac-violations.csv, line 3, period: `2026-08` is a month, but these records are kept \
             by quarter or year: write it as 2026-Q3",
            "caac-violations.csv, line 4, period: `2026` is a year, but these records are kept by \
             quarter: write it as 2026-Q1",
            "caac-violations.csv, line 5, period: `2026-Q3` is a quarter, but these records are \
             kept by year: write it as 2026",
        ],
    )
    .await;
}

#[tokio::test]
async fn tallies_that_do_not_add_up() {
    refuses(
        &[
            (
                "caac-violations",
                "arvenia,2026-Q3,false,ABDUCTION,,2,1,0,4,,,,,,true,SRSG_CAAC,2026-10-05T09:00:00Z,\
                 1,2026-10-05T10:00:00Z,,,CONFIDENTIAL\n\
                 arvenia,2026-Q2,false,ABDUCTION,,2,1,,,,,,,,true,SRSG_CAAC,2026-10-05T09:00:00Z,1,\
                 2026-10-05T10:00:00Z,,,CONFIDENTIAL\n\
                 arvenia,2026-Q2,false,DENIAL_OF_HUMANITARIAN_ACCESS,,2,,,2,,,,,,true,SRSG_CAAC,\
                 2026-10-05T09:00:00Z,1,2026-10-05T10:00:00Z,,,CONFIDENTIAL\n",
            ),
            (
                "svc-crsv",
                "arvenia,2026-09,false,RAPE,3,1,,,,3,,true,SRSG_SVC,2026-10-05T09:00:00Z,1,\
                 2026-10-05T10:00:00Z,,,CONFIDENTIAL\n",
            ),
        ],
        &[
            "caac-violations.csv, line 3, verified_total: is 4, but verified_boys, verified_girls, \
             verified_unknown add up to 3",
            "caac-violations.csv, line 4, verified_total: is empty, but its parts are not; they \
             add up to 3",
            "caac-violations.csv, line 5, verified_boys: this violation is counted by incidents, \
             which have no sex; empty it",
            "svc-crsv.csv, line 3, total: is 3, but women, girls, men, boys, unknown add up to 4",
        ],
    )
    .await;
}

#[tokio::test]
async fn what_awaits_verification_in_a_released_figure() {
    refuses(
        &[(
            "svc-crsv",
            "arvenia,2025,true,RAPE,,,,,,3,1,true,SRSG_SVC,2026-04-05T09:00:00Z,1,\
             2026-04-05T10:00:00Z,,EXAMPLE/1,UNCLASSIFIED\n",
        )],
        &["svc-crsv.csv, line 3, pending: a released figure never holds what awaits verification; \
           empty it"],
    )
    .await;
}

#[tokio::test]
async fn a_gap_outside_the_mandate_and_one_without_a_kind() {
    refuses(
        &[(
            "entity-blocks",
            "arvenia,OHCHR,OUTSIDE_MANDATE,,,NOT_ASSESSED,NO_ACCESS,,,OHCHR,2026-10-05T09:00:00Z,1,\
             2026-10-05T10:00:00Z,,,UNCLASSIFIED\n\
             arvenia,OSAPG,COVERED,,,LOW,,2026-01-01,,OSAPG,2026-10-05T09:00:00Z,1,\
             2026-10-05T10:00:00Z,,,CONFIDENTIAL\n",
        )],
        &[
            "entity-blocks.csv, line 3, gap_kind: a mandate without a mechanism here has no gap; \
             empty it, or change `coverage`",
            "entity-blocks.csv, line 4, gap_since: stands without the kind of gap; fill `gap_kind`",
        ],
    )
    .await;
}

#[tokio::test]
async fn cycles_and_inputs_that_contradict_themselves() {
    refuses(
        &[
            (
                "review-cycles",
                "2026-Q3-x,QUARTERLY_REGIONAL,2026-Q3,,CLOSED,2026-10-05T17:00:00Z,,,\n\
                 2026-09,MONTHLY,2026-Q3,XAA,CLOSED,2026-10-03T17:00:00Z,,,\n",
            ),
            (
                "entity-inputs",
                "2026-09,arvenia,OHCHR,CLEARED,COVERED,,,,,,,,,,,1,2026-10-05T10:00:00Z\n\
                 2026-09,arvenia,OSAPG,NOT_RECEIVED,COVERED,,2026-10-02T10:00:00Z,,,,,,,,,1,\
                 2026-10-05T10:00:00Z\n\
                 2026-09,arvenia,SRSG_SVC,DRAFT,OUTSIDE_MANDATE,,,,,,,,,,,1,2026-10-05T10:00:00Z\n",
            ),
        ],
        &[
            "entity-inputs.csv, line 3, submitted_at: is empty; an input that is CLEARED was \
             submitted",
            "entity-inputs.csv, line 3, cleared_at: is empty; say when the input was cleared",
            "entity-inputs.csv, line 4, submitted_at: an input that was not received was not \
             submitted; empty it",
            "entity-inputs.csv, line 5, status: an entity without a mechanism here hands nothing \
             in: NOT_RECEIVED",
            "review-cycles.csv, line 3, region: is empty; a regional meeting has a region",
            "review-cycles.csv, line 4, period: `2026-Q3` is a quarter, but these records are kept \
             by month: write it as 2026-01",
            "review-cycles.csv, line 4, region: only a regional meeting has a region; empty it",
        ],
    )
    .await;
}

#[tokio::test]
async fn days_out_of_order_and_codes_out_of_form() {
    refuses(
        &[
            ("areas", "XAB,COUNTRY_OR_TERRITORY,4,xab,,,Belmora,,,,,,\n"),
            (
                "ohchr-communications",
                "arvenia,UA XAA 1/2026,URGENT_APPEAL,2026-05-01,2026-04-01,Working Group,,\
                 2026-03-01,,,,OHCHR,2026-05-01T09:00:00Z,1,2026-05-01T10:00:00Z,,,CONFIDENTIAL\n",
            ),
            (
                "svc-listings",
                "arvenia,front,Front,2026-04-10,2025-04-10,,SRSG_SVC,2026-04-20T09:00:00Z,1,\
                 2026-04-20T10:00:00Z,,,UNCLASSIFIED\n",
            ),
        ],
        &[
            "areas.csv, line 3, m49: is no M49 code; those are three digits, such as 004 (a \
             spreadsheet drops zeros: make the cell text)",
            "areas.csv, line 3, iso3: is no alpha-3 code; those are three capital letters",
            "ohchr-communications.csv, line 3, public_on: 2026-04-01 lies before `sent_on`, \
             2026-05-01",
            "ohchr-communications.csv, line 3, reply_received_on: 2026-03-01 lies before \
             `sent_on`, 2026-05-01",
            "svc-listings.csv, line 3, document_symbol: is empty; a listing stands in a document",
            "svc-listings.csv, line 3, delisted_on: 2025-04-10 lies before `listed_on`, 2026-04-10",
        ],
    )
    .await;
}

#[tokio::test]
async fn what_is_marked_for_other_eyes_than_it_is_meant_for() {
    refuses(
        &[
            (
                "ohchr-casualties",
                "arvenia,2025,true,MAN,ADULT,CIVILIAN,UNKNOWN,3,true,OHCHR,2026-03-05T09:00:00Z,1,\
                 2026-03-05T10:00:00Z,,EXAMPLE/1,CONFIDENTIAL\n",
            ),
            (
                "ohchr-communications",
                "arvenia,UA XAA 1/2026,URGENT_APPEAL,2026-05-01,,Working Group,,,,,,OHCHR,\
                 2026-05-01T09:00:00Z,1,2026-05-01T10:00:00Z,,,UNCLASSIFIED\n",
            ),
        ],
        &[
            "ohchr-casualties.csv, line 3, classification: a released figure is UNCLASSIFIED; mark \
             it so, or set `is_published` to false",
            "ohchr-communications.csv, line 3, classification: is UNCLASSIFIED, but no day is \
             known from which the letter is public; fill `public_on`, or mark it CONFIDENTIAL",
        ],
    )
    .await;
}

#[tokio::test]
async fn what_no_field_tells_is_kept_and_named() {
    on_each_database(|database| async move {
        import_base(&database).await;
        let provenance = "SRSG_SVC,2026-05-01T09:00:00Z,1,2026-05-01T10:00:00Z,,S/2026/1";
        let rows = format!("arvenia,CONFLICT,{provenance},CONFIDENTIAL\n");
        let tried = import(&database, &[("svc-settings", &rows)], Mode::DryRun)
            .await
            .unwrap()
            .to_string();
        assert!(
            tried.contains(
                "note: 1 of svc-settings would be stored, but no query would return them"
            ),
            "{tried}"
        );
        let report = import(&database, &[("svc-settings", &rows)], Mode::Store)
            .await
            .unwrap();
        assert_eq!((report.counts[0].added, report.counts[0].untold), (1, 1));
        let text = report.to_string();
        assert!(
            text.contains("note: 1 of svc-settings are stored, but no query returns them"),
            "{text}"
        );
        let open = rows
            .replace(",CONFIDENTIAL", ",UNCLASSIFIED")
            .replace(",1,2026", ",2,2026");
        let report = import(&database, &[("svc-settings", &open)], Mode::Store)
            .await
            .unwrap();
        assert_eq!((report.counts[0].added, report.counts[0].untold), (1, 0));
        assert!(!report.to_string().contains("note"));
    })
    .await;
}

#[tokio::test]
async fn grants_that_open_nothing_or_are_for_nobody() {
    refuses(
        &[(
            "need-to-know-grants",
            "a,OHCHR,review:read,*,,arvenia,XAA,,2026-12-01T00:00:00Z,2027-01-01T00:00:00Z,Secretariat,Why,1,\
             2026-11-30T09:00:00Z\n\
             b,OHCHR,review:read,*,,,,,2026-12-01T00:00:00Z,2027-01-01T00:00:00Z,Secretariat,Why,1,\
             2026-11-30T09:00:00Z\n\
             c,OHCHR,review:raed,*,,arvenia,,,2026-12-01T00:00:00Z,2027-01-01T00:00:00Z,Secretariat,Why,1,\
             2026-11-30T09:00:00Z\n\
             d,OHCHR,two scopes,*,,arvenia,,,2026-12-01T00:00:00Z,2027-01-01T00:00:00Z,Secretariat,Why,1,\
             2026-11-30T09:00:00Z\n\
             e,OHCHR,review:read,*,,arvenia,,,2026-12-01T09:00:00Z,2026-12-01T09:00:00Z,Secretariat,Why,1,\
             2026-11-30T09:00:00Z\n\
             f,OHCHR, ,\u{a0},,arvenia,,,2026-12-01T00:00:00Z,9999-12-31T23:59:59-12:00,Secretariat,Why,1,\
             2026-11-30T09:00:00Z\n",
        )],
        &[
            "need-to-know-grants.csv, line 3, situation: and `area` and `cycle` are not for one grant; \
             fill one of them, and write a grant for each",
            "need-to-know-grants.csv, line 4, situation: is empty, and so are `area` and `cycle`; fill \
             the one that the grant opens",
            "need-to-know-grants.csv, line 5, role: `review:raed` is none of review:read, review:contribute, \
             review:clear, review:steer, clearance:confidential, clearance:strictly-confidential; did you mean \
             `review:read`?",
            "need-to-know-grants.csv, line 6, role: `two scopes` is none of review:read, review:contribute, \
             review:clear, review:steer, clearance:confidential, clearance:strictly-confidential",
            "need-to-know-grants.csv, line 7, valid_until: is not after `valid_from`, \
             2026-12-01T09:00:00Z",
            "need-to-know-grants.csv, line 8, role: is empty; a value is needed",
            "need-to-know-grants.csv, line 8, subject: is empty; a value is needed",
            "need-to-know-grants.csv, line 8, valid_until: `9999-12-31T23:59:59-12:00` is no instant; \
             write it as 2026-10-31T09:00:00Z",
        ],
    )
    .await;
}

#[tokio::test]
async fn a_grant_ends_by_a_further_revision() {
    on_each_database(|database| async move {
        import_base(&database).await;
        let row = |until: &str, revision: u8| {
            format!(
                "a,OHCHR,review:read,*,,arvenia,,,2026-12-01T00:00:00Z,{until},Secretariat,Why,{revision},\
                 2026-11-30T09:00:00Z\n"
            )
        };
        let begun = row("2027-01-01T00:00:00Z", 1);
        // Before it begins.
        let both = begun.clone() + &row("2026-11-30T00:00:00Z", 2);
        for rows in [begun, both] {
            let files = [("need-to-know-grants", rows.as_str())];
            let report = import(&database, &files, Mode::Store).await.unwrap();
            assert_eq!(report.counts[0].added, 1);
        }
    })
    .await;
}

#[tokio::test]
async fn a_published_figure_without_a_document_and_a_table_that_does_not_fit_its_figures() {
    refuses(
        &[
            (
                "svc-crsv",
                "arvenia,2025,true,RAPE,,,,,,3,,true,SRSG_SVC,2026-04-05T09:00:00Z,1,\
                 2026-04-05T10:00:00Z,,,UNCLASSIFIED\n",
            ),
            (
                "published-tables",
                "one,caac-violations,EXAMPLE/1,Table 1,PARTY,1,2026-04-05T10:00:00Z\n\
                 two,svc-crsv,EXAMPLE/1,Table 2,FORM|SEX,1,2026-04-05T10:00:00Z\n\
                 three,ohchr-casualties,EXAMPLE/1,Table 3,SEX|FORM,1,2026-04-05T10:00:00Z\n\
                 four,ohchr-casualties,EXAMPLE/1,Table 4,,1,2026-04-05T10:00:00Z\n",
            ),
        ],
        &[
            "published-tables.csv, line 3, printed_by: lacks VIOLATION, over which caac-violations do \
             not add up",
            "published-tables.csv, line 4, printed_by: holds some of SEX, AGE and not all: svc-crsv are \
             broken down by all of them or none",
            "published-tables.csv, line 5, printed_by: FORM breaks no ohchr-casualties down; those are \
             broken down by SEX, AGE, STATUS, CAUSE",
            "svc-crsv.csv, line 3, document_symbol: is empty; a released figure names the document that \
             prints it",
        ],
    )
    .await;
}
