//! Who reached what, by page.

use upfront::audit_trail::{AuditTrail, Cursor, Filter, Kind, Level, Order, Page, Records};

use crate::{
    audit_trail::{entry, set, start},
    support::database::on_each_database,
};

fn page(first: u64, after: Option<Cursor>, order: Order) -> Page {
    Page {
        first,
        after,
        order,
    }
}

fn requests(records: &Records) -> Vec<String> {
    let operations = records.records.iter();
    let operations = operations.map(|record| record.operation().unwrap());
    operations.map(|operation| operation.request_id).collect()
}

async fn found(trail: &AuditTrail, filter: Filter) -> Vec<String> {
    let filter = Filter {
        kind: Some(Kind::Operation),
        ..filter
    };
    let all = page(100, None, Order::OldestFirst);
    requests(&trail.read(&filter, &all).await.unwrap())
}

#[tokio::test]
async fn entries_are_found_by_who_asked_and_what_was_reached() {
    on_each_database(|database| async move {
        let trail = start(&database).await;
        trail.record(entry("a", &["sit_1", "sit_2"])).await.unwrap();
        let mut other = entry("b", &["sit_2"]);
        other.entity = Some("SRSG_SVC".to_owned());
        other.owners = set(["OSAPG"]);
        other.highest_level = Level::StrictlyConfidential;
        let middle = trail.record(other).await.unwrap();
        let long = "x".repeat(1_000);
        trail.record(entry("c", &["sit_3", &long])).await.unwrap();

        let some = Filter::default;
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(found(&trail, some()).await, ["a", "b", "c"]);
        let record = |id| Filter {
            record: text(id),
            ..some()
        };
        assert_eq!(found(&trail, record("sit_2")).await, ["a", "b"]);
        assert_eq!(found(&trail, record(&long)).await, ["c"]);
        assert!(found(&trail, record("sit_9")).await.is_empty());
        let entity = |code| Filter {
            entity: text(code),
            ..some()
        };
        assert_eq!(found(&trail, entity("OSAPG")).await, ["a", "c"]);
        let level = |level| Filter {
            level: Some(level),
            ..some()
        };
        assert_eq!(
            found(&trail, level(Level::Confidential)).await,
            ["a", "b", "c"]
        );
        assert_eq!(
            found(&trail, level(Level::StrictlyConfidential)).await,
            ["b"]
        );
        let owner = |code| Filter {
            owner: text(code),
            ..some()
        };
        assert_eq!(found(&trail, owner("OSAPG")).await, ["b"]);
        let subject = |name| Filter {
            subject: text(name),
            ..some()
        };
        assert_eq!(found(&trail, subject("subject-of-c")).await, ["c"]);
        let both = Filter {
            owner: text("OHCHR"),
            ..record("sit_2")
        };
        assert_eq!(found(&trail, both).await, ["a"]);
        let from = Filter {
            from: Some(middle.at),
            ..some()
        };
        assert_eq!(found(&trail, from).await, ["b", "c"]);
        let before = Filter {
            before: Some(middle.at),
            ..record("sit_2")
        };
        assert_eq!(found(&trail, before).await, ["a"]);
    })
    .await;
}

#[tokio::test]
async fn pages_follow_each_other_without_gap() {
    on_each_database(|database| async move {
        let trail = start(&database).await;
        let names: Vec<String> = (0..23).map(|number| format!("r{number:02}")).collect();
        for name in &names {
            trail.record(entry(name, &["sit_1"])).await.unwrap();
        }
        for order in [Order::OldestFirst, Order::NewestFirst] {
            let filter = Filter {
                record: Some("sit_1".to_owned()),
                ..Filter::default()
            };
            let (mut after, mut seen, mut pages) = (None, Vec::new(), 0);
            loop {
                let records = trail.read(&filter, &page(5, after, order)).await.unwrap();
                seen.extend(requests(&records));
                pages += 1;
                let last = records.records.last().unwrap();
                after = Some(last.cursor().to_string().parse().unwrap());
                if !records.has_more {
                    break;
                }
            }
            if order == Order::NewestFirst {
                seen.reverse();
            }
            assert_eq!((seen.as_slice(), pages), (names.as_slice(), 5));
        }
    })
    .await;
}
