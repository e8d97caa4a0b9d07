//! Records that others refer to, and keys that come twice.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use upfront::import::Mode;

use crate::{
    import::case::{database_refuses, everything, import, import_base, told},
    support::database::on_each_database,
};

#[tokio::test]
async fn an_unknown_area() {
    database_refuses(
        &[("situation-areas", "arvenia,XAA-1,2\n")],
        &[
            "situation-areas.csv, line 3, area: there is no area `XAA-1`, in the files or stored; \
           did you mean `XAA-01`?",
        ],
    )
    .await;
}

#[tokio::test]
async fn unknown_bodies_parties_items_and_assessments() {
    database_refuses(
        &[
            (
                "decisions",
                "2026-09,arvenia,1,MONITOR,2026-10-14T15:00:00Z,,OHCR|NOBODY\n",
            ),
            (
                "osapg-findings",
                "arvenia,2026-Q3,5.2,PRESENT,STABLE,,OSAPG,2026-10-05T09:00:00Z,1,\
                 2026-10-05T10:00:00Z,,,CONFIDENTIAL\n",
            ),
            (
                "svc-commitments",
                "arvenia,fornt,2026-04-10,COMMAND_ORDER,2026-05-01,,SRSG_SVC,2026-05-05T09:00:00Z,\
                 1,2026-05-05T10:00:00Z,,,UNCLASSIFIED\n",
            ),
        ],
        &[
            "decisions.csv, line 3, dissent: there is no organisation `OHCR`, in the files or \
             stored; did you mean `OHCHR`?",
            "decisions.csv, line 3, dissent: there is no organisation `NOBODY`, in the files or \
             stored",
            "decisions.csv, line 3, item: there is no review item (cycle/situation) \
             `2026-09/arvenia`, in the files or stored",
            "osapg-findings.csv, line 3, indicator: there is no risk indicator `5.2`, in the files \
             or stored",
            "osapg-findings.csv, line 3, assessment: there is no risk assessment \
             (situation/period) `arvenia/2026-Q3`, in the files or stored",
            "svc-commitments.csv, line 3, party: there is no party `fornt`, in the files or \
             stored; did you mean `front`?",
            "svc-commitments.csv, line 3, listing: there is no listing \
             (situation/party/listed_on) `arvenia/fornt/2026-04-10`, in the files or stored",
        ],
    )
    .await;
}

#[tokio::test]
async fn a_key_that_comes_twice() {
    database_refuses(
        &[(
            "ohchr-casualties",
            "arvenia,2026-09,false,MAN,ADULT,CIVILIAN,UNKNOWN,3,true,OHCHR,2026-10-05T09:00:00Z,1,\
             2026-10-05T10:00:00Z,,,CONFIDENTIAL\n\
             arvenia,2026-08,false,MAN,ADULT,CIVILIAN,UNKNOWN,3,true,OHCHR,2026-10-05T09:00:00Z,1,\
             2026-10-05T10:00:00Z,,,CONFIDENTIAL\n\
             arvenia,2026-09,false,MAN,ADULT,CIVILIAN,UNKNOWN,4,true,OHCHR,2026-10-05T09:00:00Z,1,\
             2026-10-05T10:00:00Z,,,CONFIDENTIAL\n",
        )],
        &[
            "ohchr-casualties.csv, line 5: the same record (situation, period, is_published, sex, \
           age, status, cause, revision) stands on line 3; keep one of the two",
        ],
    )
    .await;
}

#[tokio::test]
async fn a_row_that_cannot_be_read_does_not_make_others_wrong() {
    database_refuses(
        &[
            ("situations", "belmora,Belmora,,,,,,,never,true,true\n"),
            ("situation-areas", "belmora,XAA,1\n"),
        ],
        &[
            "situations.csv, line 3, updated_at: `never` is no instant; write it as \
           2026-10-31T09:00:00Z",
        ],
    )
    .await;
}

#[tokio::test]
async fn one_bad_row_holds_all_files_back() {
    on_each_database(|database| async move {
        import_base(&database).await;
        let before = everything(&database).await;
        let many: Vec<_> = (0..900)
            .map(|number| format!("XB{number},REGION,,,,,Region {number},,,,,,\n"))
            .collect();
        let many = many.concat();
        let files = [
            ("areas", many.as_str()),
            ("situation-areas", "arvenia,XZY,1\n"),
        ];
        let error = import(&database, &files, Mode::Store).await.unwrap_err();
        assert_eq!(told(&error).len(), 1);
        assert_eq!(everything(&database).await, before);
        let report = import(&database, &files[..1], Mode::Store).await.unwrap();
        assert_eq!(report.counts[0].added, 900);
    })
    .await;
}

#[tokio::test]
async fn links_within_a_table_hold_whatever_the_order() {
    on_each_database(|database| async move {
        import_base(&database).await;
        let files = [(
            "areas",
            "XAB-01,ADMIN1,,,,XAB,Belmora North,,,,,,\nXAB,COUNTRY_OR_TERRITORY,,,,,Belmora,,,,,,\n",
        )];
        let report = import(&database, &files, Mode::Store).await.unwrap();
        assert_eq!((report.counts[0].added, report.counts[0].changed), (2, 0));
        let area = |key: &'static str| {
            entities::area::Entity::find()
                .filter(entities::area::Column::RecordKey.eq(key))
                .one(&database.read)
        };
        let (child, parent) = (area("XAB-01").await, area("XAB").await);
        assert_eq!(child.unwrap().unwrap().parent_id, Some(parent.unwrap().unwrap().id));
    })
    .await;
}

#[tokio::test]
async fn problems_beyond_the_first_hundred_are_counted() {
    on_each_database(|database| async move {
        import_base(&database).await;
        let twice = ("situation-areas", "arvenia,XAA,1\n".repeat(602));
        let unknown = (0..601)
            .map(|number| format!("party-{number},Party {number},NON_STATE,nobody,2026-03-09\n"));
        let unknown = ("parties", unknown.collect::<String>());
        for ((file, rows), shown) in [(twice, 100), (unknown, 5)] {
            let files = [(file, rows.as_str())];
            let error = import(&database, &files, Mode::Store).await.unwrap_err();
            let text = error.to_string();
            assert_eq!(
                text.lines().last().unwrap(),
                format!("601 problems, the first {shown} shown; nothing was imported")
            );
            assert_eq!(told(&error).len(), shown);
        }
    })
    .await;
}
