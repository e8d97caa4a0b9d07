//! Cells that cannot be read.

use crate::import::case::refuses;

#[tokio::test]
async fn a_negative_count() {
    refuses(
        &[(
            "ohchr-casualties",
            "arvenia,2026-09,false,MAN,ADULT,CIVILIAN,UNKNOWN,-3,true,OHCHR,2026-10-05T09:00:00Z,1,\
             2026-10-05T10:00:00Z,,,CONFIDENTIAL\n",
        )],
        &[
            "ohchr-casualties.csv, line 3, killed: -3 is negative; a count is 0 or more, and empty \
           where nothing was collected",
        ],
    )
    .await;
}

#[tokio::test]
async fn numbers_that_are_none() {
    refuses(
        &[(
            "ohchr-casualties",
            "arvenia,2026-09,false,MAN,ADULT,CIVILIAN,UNKNOWN,\"1,204\",true,OHCHR,\
             2026-10-05T09:00:00Z,0,2026-10-05T10:00:00Z,,,CONFIDENTIAL\n\
             arvenia,2026-08,false,MAN,ADULT,CIVILIAN,UNKNOWN,99999999999,true,OHCHR,\
             2026-10-05T09:00:00Z,1,2026-10-05T10:00:00Z,,,CONFIDENTIAL\n",
        )],
        &[
            "ohchr-casualties.csv, line 3, killed: `1,204` is no whole number; write digits alone, \
             such as 1204",
            "ohchr-casualties.csv, line 3, revision: 0 is too small; 1 is the least",
            "ohchr-casualties.csv, line 4, killed: holds what looks like a number of nine digits or \
             more, which is not repeated here; a count is written in digits alone, 8 at most",
        ],
    )
    .await;
}

#[tokio::test]
async fn a_word_that_is_none_of_the_allowed() {
    refuses(
        &[(
            "ohchr-casualties",
            "arvenia,2026-09,false,MAN,ADULT,CIVILAIN,UNKNOWN,3,true,OHCHR,2026-10-05T09:00:00Z,1,\
             2026-10-05T10:00:00Z,,,Confidential\n",
        )],
        &[
            "ohchr-casualties.csv, line 3, status: `CIVILAIN` is none of CIVILIAN, \
             OTHER_PROTECTED_PERSON, MEMBER_OF_ARMED_FORCES, DIRECTLY_PARTICIPATING, UNKNOWN; did \
             you mean `CIVILIAN`?",
            "ohchr-casualties.csv, line 3, classification: `Confidential` is none of UNCLASSIFIED, \
             CONFIDENTIAL, STRICTLY_CONFIDENTIAL; did you mean `CONFIDENTIAL`?",
        ],
    )
    .await;
}

#[tokio::test]
async fn a_trigger_that_can_trigger_nothing() {
    refuses(
        &[(
            "caac-listings",
            "arvenia,front,Front,I,A,ABDUCTION|DENIAL_OF_HUMANITARIAN_ACCESS,2020-06-20,,NONE,,,\
             SRSG_CAAC,2020-06-25T09:00:00Z,1,2020-06-25T10:00:00Z,,EXAMPLE/1,UNCLASSIFIED\n",
        )],
        &[
            "caac-listings.csv, line 3, triggers: `DENIAL_OF_HUMANITARIAN_ACCESS` is none of \
           KILLING_OR_MAIMING, RECRUITMENT_OR_USE, ATTACK_ON_SCHOOL_OR_HOSPITAL, SEXUAL_VIOLENCE, \
           ABDUCTION",
        ],
    )
    .await;
}

#[tokio::test]
async fn days_and_instants_in_other_forms() {
    refuses(
        &[(
            "situations",
            "belmora,Belmora,,,,,,01/10/2026,2026-10-01 09:00,true,maybe\n\
             corvessa,Corvessa,,,,,,2026-02-30,2026-10-01T09:00:00+02:00,true,false\n",
        )],
        &[
            "situations.csv, line 3, since: `01/10/2026` is no date; write it as 2026-10-31",
            "situations.csv, line 3, updated_at: `2026-10-01 09:00` is no instant; write it as \
             2026-10-31T09:00:00Z",
            "situations.csv, line 3, is_public: `maybe` is neither true nor false",
            "situations.csv, line 4, since: `2026-02-30` is no date; write it as 2026-10-31",
        ],
    )
    .await;
}

#[tokio::test]
async fn a_value_that_is_missing_and_a_code_with_a_slash() {
    refuses(
        &[(
            "situations",
            "belmora/north,,,,,,,,2026-10-01T09:00:00Z,true,true\n",
        )],
        &[
            "situations.csv, line 3, code: `belmora/north` is no code; use at most 80 letters, \
             digits, `-`, `_` and `.`",
            "situations.csv, line 3, title_en: is empty; a value is needed",
        ],
    )
    .await;
}

#[tokio::test]
async fn a_period_that_is_none() {
    refuses(
        &[(
            "ohchr-casualties",
            "arvenia,2026-13,false,MAN,ADULT,CIVILIAN,UNKNOWN,3,true,OHCHR,2026-10-05T09:00:00Z,1,\
             2026-10-05T10:00:00Z,,,CONFIDENTIAL\n\
             arvenia,2101-01,false,MAN,ADULT,CIVILIAN,UNKNOWN,3,true,OHCHR,2026-10-05T09:00:00Z,1,\
             2026-10-05T10:00:00Z,,,CONFIDENTIAL\n",
        )],
        &[
            "ohchr-casualties.csv, line 3, period: `2026-13` is no period; write 2026-10 (month), \
           2026-Q4 (quarter) or 2026 (year), from 1945 to 2100",
            "ohchr-casualties.csv, line 4, period: `2101-01` is no period; write 2026-10 (month), \
           2026-Q4 (quarter) or 2026 (year), from 1945 to 2100",
        ],
    )
    .await;
}
