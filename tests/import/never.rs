//! What no record has: columns for it, and what of it can be found in a text. No message repeats what
//! was found.

use sea_orm::DbBackend;
use upfront::import::{Mode, never_held};

use crate::{
    import::case::{import, import_base, refuses, refuses_bytes, told},
    support::database::on_one_database,
};

#[tokio::test]
async fn columns_by_their_names() {
    refuses_bytes(
        "situation-areas.csv",
        b"situation,area,position,VictimName,case no,Latitude,photos,risk_score,victim_id,phone\n\
          #event+situation+code,#geo+code,#meta+position,,,#geo+lat,,,,\n\
          arvenia,XAA,1,,,,,,,\n",
        &[
            "situation-areas.csv, line 1, VictimName: a column of this name is for names of \
             victims, witnesses, informants or perpetrators, which no record here has: records are \
             about situations and counts, and who is identified can be harmed; remove the column",
            "situation-areas.csv, line 1, case no: a column of this name is for case and incident \
             ids of other systems, which no record here has: with the other system at hand, an id \
             leads to the persons of the case; remove the column",
            "situation-areas.csv, line 1, Latitude: a column of this name is for coordinates, which \
             no record here has: a place leads to a house or a camp; areas end at first-level \
             divisions; remove the column",
            "situation-areas.csv, line 1, photos: a column of this name is for attachments, which \
             no record here has: nobody can check what a file shows, or what it says of who made \
             it; remove the column",
            "situation-areas.csv, line 1, risk_score: a column of this name is for scores, which no \
             record here has: no number ranks situations; mandates say what they found; remove the \
             column",
            "situation-areas.csv, line 1, victim_id: a column of this name is for keys that join \
             victims across mandates, which no record here has: one key would lead from each \
             mandate's records of a person to all others'; remove the column",
            "situation-areas.csv, line 1, phone: a column of this name is for data that identify a \
             person or reach one, which no record here has: records are about situations and \
             counts, and who is identified can be harmed; remove the column",
        ],
    )
    .await;
}

#[tokio::test]
async fn columns_by_their_hashtags() {
    refuses_bytes(
        "situation-areas.csv",
        b"situation,area,position,y,value\n\
          #event+situation+code,#geo+code,#meta+position,#geo +lat,#Indicator+Score\n\
          arvenia,XAA,1,,\n",
        &[
            "situation-areas.csv, line 1, y: there is no column `y` in these records",
            "situation-areas.csv, line 1, value: there is no column `value` in these records",
            "situation-areas.csv, line 2, y: a column of the hashtag `#geo +lat` is for \
             coordinates, which no record here has: a place leads to a house or a camp; areas end \
             at first-level divisions; remove the column",
            "situation-areas.csv, line 2, value: a column of the hashtag `#Indicator+Score` is for \
             scores, which no record here has: no number ranks situations; mandates say what they \
             found; remove the column",
        ],
    )
    .await;
    // A column of the type, with a hashtag that is not its own.
    refuses_bytes(
        "situation-areas.csv",
        b"situation,area,position\n#event+situation+code,#geo+coord,#meta+position\narvenia,XAA,1\n",
        &[
            "situation-areas.csv, line 2, area: a column of the hashtag `#geo+coord` is for \
             coordinates, which no record here has: a place leads to a house or a camp; areas end \
             at first-level divisions; remove the column",
        ],
    )
    .await;
}

#[tokio::test]
async fn identifiers_in_texts_and_lists() {
    refuses(
        &[(
            "parties",
            "one,Write to someone@office.example,NON_STATE,,\n\
             two,\"Brigade, +41 22 555 01 00\",NON_STATE,,\n\
             three,Holder of passport no. A1234567,NON_STATE,,\n\
             four,Group of case no. 12/2026,NON_STATE,,\n\
             five,\"Camp at 12.3456, 65.4321\",NON_STATE,,\n\
             six,Group 4411223344,NON_STATE,,\n\
             seven,\"Ask someone@office.example, tel. 5550100\",NON_STATE,,\n",
        )],
        &[
            "parties.csv, line 3, name: holds what looks like an e-mail address, which is not \
             repeated here; take it out, and name the office instead of the person",
            "parties.csv, line 4, name: holds what looks like a telephone number, which is not \
             repeated here; take it out, and name the office instead of the person",
            "parties.csv, line 5, name: holds what looks like the number of a passport or another \
             personal document, which is not repeated here; take it out: no record says which \
             person it is about",
            "parties.csv, line 6, name: holds what looks like a case or incident number of another \
             system, which is not repeated here; take it out: a case stays in the system that \
             keeps it",
            "parties.csv, line 7, name: holds what looks like coordinates, which is not repeated \
             here; take them out, and name the area by its code",
            "parties.csv, line 8, name: holds what looks like a number of nine digits or more, \
             which is not repeated here; take it out if it identifies; write an amount with \
             separators, such as 1,500,000,000",
            "parties.csv, line 9, name: holds what looks like an e-mail address and a telephone \
             number, which is not repeated here; take it out, and name the office instead of the \
             person",
        ],
    )
    .await;
    refuses(
        &[(
            "osapg-findings",
            "arvenia,2026-Q3,1.1,PRESENT,STABLE,EXAMPLE/1|case no. 12/2026,OSAPG,\
             2026-10-05T09:00:00Z,1,2026-10-05T10:00:00Z,,,CONFIDENTIAL\n",
        )],
        &[
            "osapg-findings.csv, line 3, evidence: holds what looks like a case or incident number \
             of another system, which is not repeated here; take it out: a case stays in the \
             system that keeps it",
            "osapg-findings.csv, line 3, indicator: there is no risk indicator `1.1`, in the files \
             or stored",
            "osapg-findings.csv, line 3, assessment: there is no risk assessment \
             (situation/period) `arvenia/2026-Q3`, in the files or stored",
        ],
    )
    .await;
}

#[tokio::test]
async fn identifiers_in_other_cells_are_not_repeated_either() {
    refuses(
        &[(
            "ohchr-casualties",
            "arvenia,2026-09,false,MAN,ADULT,CIVILIAN,UNKNOWN,+41225550100,true,OHCHR,\
             2026-10-05T09:00:00Z,1,2026-10-05T10:00:00Z,,,CONFIDENTIAL\n\
             arvenia,2026-08,false,someone@office.example,ADULT,CIVILIAN,UNKNOWN,0755501000,true,\
             OHCHR,2026-10-05T09:00:00Z,1,2026-10-05T10:00:00Z,,,CONFIDENTIAL\n\
             +41 22 555 01 00,2026-07,false,MAN,ADULT,CIVILIAN,UNKNOWN,3,true,0755501000,\
             \"12.3456, 65.4321\",1,2026-10-05T10:00:00Z,,,CONFIDENTIAL\n",
        )],
        &[
            "ohchr-casualties.csv, line 3, killed: holds what looks like a telephone number, which \
             is not repeated here; a count is written in digits alone, 8 at most",
            "ohchr-casualties.csv, line 4, sex: holds what looks like an e-mail address, which is \
             not repeated here; take it out, and name the office instead of the person",
            "ohchr-casualties.csv, line 4, killed: holds what looks like a telephone number, which \
             is not repeated here; a count is written in digits alone, 8 at most",
            "ohchr-casualties.csv, line 5, situation: holds what looks like a telephone number, \
             which is not repeated here; take it out, and name the office instead of the person",
            "ohchr-casualties.csv, line 5, as_of: holds what looks like coordinates, which is not \
             repeated here; take them out, and name the area by its code",
            "ohchr-casualties.csv, line 5, source: there is no organisation of this key, in the \
             files or stored; it is not repeated here, since it looks like what identifies a \
             person or a place",
        ],
    )
    .await;
}

#[tokio::test]
async fn a_first_row_that_holds_no_names_is_not_repeated() {
    refuses_bytes(
        "situation-areas.csv",
        b"arvenia,tel. 5550100,A long text that stands where the name of a column should stand in this file\n\
          arvenia,XAA,1\n",
        &[
            "situation-areas.csv, line 1, arvenia: there is no column `arvenia` in these records",
            "situation-areas.csv, line 1, column 2: a column of this name is for data that identify \
             a person or reach one, which no record here has: records are about situations and \
             counts, and who is identified can be harmed; remove the column",
            "situation-areas.csv, line 1, column 3: there is no such column in these records; copy \
             the header from the template",
            "situation-areas.csv, line 1, situation: the column is missing; copy the header from \
             the template",
            "situation-areas.csv, line 1, area: the column is missing; copy the header from the \
             template",
            "situation-areas.csv, line 1, position: the column is missing; copy the header from \
             the template",
        ],
    )
    .await;
}

#[tokio::test]
async fn documents_days_and_amounts_are_taken() {
    on_one_database(DbBackend::Sqlite, |database| async move {
        import_base(&database).await;
        let rows = "arvenia,2026-10-01,ONGOING,HIGH,STABLE,Chair,\
             \"S/2024/384, A/HRC/55/1; 31.10.2026; 1,204,500 persons; resolution 1325 (2000); \
             https://documents.example/n24/123/45?id=123456789012\",OHCHR,2026-10-05T09:00:00Z,1,\
             2026-10-05T10:00:00Z,,A/78/250,CONFIDENTIAL\n";
        let report = import(&database, &[("situation-states", rows)], Mode::Store).await;
        assert_eq!(report.unwrap().counts[0].added, 1);
    })
    .await;
}

#[tokio::test]
async fn an_officer_of_a_grant_may_have_an_address_and_nobody_else() {
    on_one_database(DbBackend::Sqlite, |database| async move {
        import_base(&database).await;
        let row = |subject: &str, grantor: &str| {
            format!(
                "one,OHCHR,review:read,{subject},,arvenia,,,2026-01-01T00:00:00Z,\
                 2027-01-01T00:00:00Z,{grantor},Meeting,1,2026-01-01T00:00:00Z\n"
            )
        };
        let given = row("officer@office.example", "officer@office.example");
        let files = [("need-to-know-grants", given.as_str())];
        let refused = import(&database, &files, Mode::Store).await.unwrap_err();
        assert_eq!(
            told(&refused),
            ["need-to-know-grants.csv, line 3, grantor: holds what looks like an e-mail address, \
              which is not repeated here; take it out, and name the office instead of the person"]
        );
        let given = row("officer@office.example", "Secretariat");
        let files = [("need-to-know-grants", given.as_str())];
        let report = import(&database, &files, Mode::Store).await.unwrap();
        assert_eq!(report.counts[0].added, 1);
    })
    .await;
}

#[test]
fn the_sentence_of_what_is_never_held_names_all_kinds() {
    let sentence = never_held();
    for kind in [
        "names of victims",
        "case and incident ids",
        "keys that join",
        "coordinates",
        "attachments",
        "scores",
    ] {
        assert!(sentence.contains(kind), "{kind}: {sentence}");
    }
}
