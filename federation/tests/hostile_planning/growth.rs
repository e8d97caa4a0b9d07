//! What planning takes as operations grow.

use federation::plan::MAX_WORK;

use super::{families, graph::Graph};

/// How much faster than the size the counted work may grow from one size to the next.
const SLACK: f64 = 2.5;

#[test]
fn work_grows_with_the_operation_or_is_refused() {
    for family in families::all() {
        let graph = Graph::new(&family.subgraphs);
        let mut before: Option<(usize, u64)> = None;
        for &size in family.sizes {
            let query = (family.query)(size);
            let planned = graph.plan(&query);
            let name = family.name;
            let (bytes, work) = (query.len(), planned.work);
            println!("{name:44} {size:4} {bytes:7} bytes {work:10} steps");
            let of_size = u32::try_from(size).map_or(f64::MAX, f64::from);
            if let (Some((smaller, less)), false) = (before, planned.is_refused()) {
                let growth = u32::try_from(work).map_or(f64::MAX, f64::from)
                    / u32::try_from(less).map_or(1.0, f64::from);
                let of_smaller = u32::try_from(smaller).map_or(1.0, f64::from);
                assert!(
                    growth <= SLACK * of_size / of_smaller,
                    "{name}: {less} steps at {smaller}, {work} at {size}"
                );
            }
            match planned.plan {
                Ok(_) => assert!(work <= MAX_WORK, "{name} at {size}: {work} steps"),
                Err(why) => {
                    assert!(family.may_be_refused, "{name} at {size}: {why}");
                    assert!(
                        why.to_string().contains("fewer fields and fragments"),
                        "{why}"
                    );
                    // The bound is looked at often enough: what is counted beyond it is little.
                    assert!(
                        work < MAX_WORK + MAX_WORK / 4,
                        "{name} at {size}: {work} steps"
                    );
                }
            }
            before = Some((size, work));
        }
    }
}
