//! Files that are wrong as a whole.

use upfront::import::{Files, ImportError};

use crate::{
    import::case::{refuses, refuses_bytes},
    support::scratch::Scratch,
};

const HEADER: &str = "situation,area,position\n#event+situation+code,#geo+code,#meta+position\n";

#[tokio::test]
async fn a_file_cut_off_within_the_last_cell() {
    refuses_bytes(
        "situation-areas.csv",
        b"situation,area,position\n#event+situation+code,#geo+code,#meta+position\n\
          arvenia,XAA,1\narvenia,XAA-01,1",
        &["situation-areas.csv, line 4: the last row does not end with a line break: the file may \
           be cut off; if it is whole, add a line break"],
    )
    .await;
}

#[tokio::test]
async fn a_file_cut_off_within_a_row() {
    refuses_bytes(
        "situation-areas.csv",
        b"situation,area,position\n#event+situation+code,#geo+code,#meta+position\narvenia,XAA\n",
        &["situation-areas.csv, line 3: has 2 cells where the header has 3; the row is cut off, or \
           a comma is missing"],
    )
    .await;
}

#[tokio::test]
async fn a_file_cut_off_within_a_quoted_text() {
    refuses_bytes(
        "party-former-names.csv",
        b"party,used_until,name\n#actor+code,#date+end,#actor+name+former\n\
          front,2024-01-01,\"Field\nfront,2025-01-01,Committees\n",
        &[
            "party-former-names.csv, line 3: a quoted text begins here and never ends; the file is \
           cut off, or a quote is missing",
        ],
    )
    .await;
}

#[tokio::test]
async fn a_row_with_a_comma_too_many() {
    refuses(
        &[("situation-areas", "arvenia,XAA,1,2\n")],
        &["situation-areas.csv, line 3: has 4 cells where the header has 3; put a text that holds \
           a comma in double quotes"],
    )
    .await;
}

#[tokio::test]
async fn a_file_in_latin_1() {
    refuses_bytes(
        "party-former-names.csv",
        b"party,used_until,name\n#actor+code,#date+end,#actor+name+former\n\
          front,2024-01-01,Comit\xe9s\n",
        &[
            "party-former-names.csv, line 3: the byte 0xE9 is not UTF-8; save the file as CSV in \
           UTF-8",
        ],
    )
    .await;
}

#[tokio::test]
async fn a_file_in_utf_16() {
    refuses_bytes(
        "areas.csv",
        b"\xff\xfec\0o\0d\0e\0",
        &["areas.csv: the file is UTF-16; save it as CSV in UTF-8"],
    )
    .await;
}

#[tokio::test]
async fn an_empty_file() {
    refuses_bytes(
        "areas.csv",
        b"",
        &["areas.csv, line 1: the file is empty; begin with the two header rows of the template"],
    )
    .await;
}

#[tokio::test]
async fn a_file_without_hashtags() {
    refuses_bytes(
        "situation-areas.csv",
        b"situation,area,position\narvenia,XAA,1\n",
        &[
            "situation-areas.csv, line 2: the second row has to hold the HXL hashtags; copy both \
           header rows from the template",
        ],
    )
    .await;
}

#[tokio::test]
async fn a_wrong_hashtag() {
    refuses_bytes(
        "situation-areas.csv",
        b"situation,area,position\n#event+situation+code,#adm1+code,#meta+position\narvenia,XAA,1\n",
        &["situation-areas.csv, line 2, area: the hashtag is `#adm1+code` where `#geo+code` belongs"],
    )
    .await;
}

#[tokio::test]
async fn a_column_nobody_knows_and_one_that_is_missing() {
    refuses_bytes(
        "situation-areas.csv",
        b"situation,aera,position\n#event+situation+code,#geo+code,#meta+position\narvenia,XAA,1\n",
        &[
            "situation-areas.csv, line 1, aera: there is no column `aera` in these records; did \
             you mean `area`?",
            "situation-areas.csv, line 1, area: the column is missing; copy the header from the \
             template",
        ],
    )
    .await;
}

#[tokio::test]
async fn a_column_that_stands_twice() {
    refuses_bytes(
        "situation-areas.csv",
        b"situation,area,position,area\n#event+situation+code,#geo+code,#meta+position,#geo+code\n",
        &["situation-areas.csv, line 1, area: the column stands there twice; remove one"],
    )
    .await;
}

#[tokio::test]
async fn columns_that_no_comma_separates() {
    refuses_bytes(
        "situation-areas.csv",
        b"situation;area;position\n#event+situation+code;#geo+code;#meta+position\narvenia;XAA;1\n",
        &["situation-areas.csv, line 1: the columns are not separated by commas; save the sheet as \
           CSV with commas"],
    )
    .await;
}

#[tokio::test]
async fn a_file_whose_name_nobody_knows() {
    refuses_bytes(
        "situation-area.csv",
        b"x\n",
        &[
            "situation-area.csv: no records go by this name; did you mean `situation-areas`? \
           (`upfront import templates DIR` writes one template for each)",
        ],
    )
    .await;
}

#[test]
fn a_directory_without_files() {
    let scratch = Scratch::new();
    let nothing = Files::from_directory(scratch.path()).unwrap_err();
    assert!(
        nothing.to_string().ends_with("writes templates"),
        "{nothing}"
    );
    scratch.write("read-me.txt", HEADER);
    assert!(matches!(
        Files::from_directory(scratch.path()),
        Err(ImportError::NoFiles(_))
    ));
    let missing = Files::from_directory(&scratch.path().join("nowhere")).unwrap_err();
    assert!(matches!(missing, ImportError::Files { .. }));
}
