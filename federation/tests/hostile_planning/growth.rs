//! What planning takes as operations grow.

use federation::{budget::Interrupt, plan::MAX_WORK};

use super::{families, graph::Graph};

/// Less than a gateway allows, so that a refusal comes soon in a debug build.
const BOUND: u64 = 500_000;

const _: () = assert!(BOUND < MAX_WORK);

/// How much faster than the size the counted work may grow from one size to the next.
const SLACK: f64 = 2.5;

#[test]
fn work_grows_with_the_operation_or_is_refused() {
    for family in families::all() {
        let mut before: Option<(usize, u64)> = None;
        for &size in family.sizes {
            let query = (family.query)(size);
            let started = std::time::Instant::now();
            let planned = Graph::new(&(family.subgraphs)(size)).plan_within(
                &query,
                BOUND,
                Interrupt::default(),
            );
            let name = family.name;
            let (bytes, work) = (query.len(), planned.work);
            let outcome = planned.plan.as_ref().map(|plan| plan.cost);
            println!(
                "{name:26} {size:4} {bytes:7} bytes {work:10} steps {:?} {outcome:?}",
                started.elapsed()
            );
            let of_size = u32::try_from(size).map_or(f64::MAX, f64::from);
            if let (Some((smaller, less)), false) =
                (before, family.may_be_refused || family.is_searched)
            {
                let growth = u32::try_from(work).map_or(f64::MAX, f64::from)
                    / u32::try_from(less).map_or(1.0, f64::from);
                let of_smaller = u32::try_from(smaller).map_or(1.0, f64::from);
                assert!(
                    growth <= SLACK * of_size / of_smaller,
                    "{name}: {less} steps at {smaller}, {work} at {size}"
                );
            }
            match planned.plan {
                Ok(_) => assert!(work <= BOUND, "{name} at {size}: {work} steps"),
                Err(why) => {
                    assert!(family.may_be_refused, "{name} at {size}: {why}");
                    assert!(why.contains("in one operation"), "{why}");
                    // The bound is looked at often enough: what is counted beyond it is little.
                    assert!(work < BOUND + BOUND / 4, "{name} at {size}: {work} steps");
                }
            }
            before = Some((size, work));
        }
    }
}

#[test]
fn a_host_that_stops_the_planning_gets_no_plan() {
    let graph = Graph::new(&families::interface(0));
    let interrupt = Interrupt::default();
    interrupt.set();
    let planned = graph.plan_within(&families::own_fields(12), u64::MAX, interrupt);
    assert_eq!(
        planned.plan.unwrap_err(),
        "planning the operation was stopped"
    );
}

#[test]
fn the_bound_is_that_of_the_host() {
    let graph = Graph::new(&families::interface(0));
    let query = families::own_fields(12);
    let enough = graph.plan(&query).work;
    let within = |work| graph.plan_within(&query, work, Interrupt::default()).plan;
    let refused = within(enough / 4).unwrap_err();
    assert!(
        refused.contains(&format!("more than the {} steps", enough / 4)),
        "{refused}"
    );
    // Twice what it takes leaves all choices open, so that the plan is the same.
    let (plan, unbounded) = (
        within(2 * enough).unwrap(),
        graph.plan(&query).plan.unwrap(),
    );
    assert_eq!(plan.to_text(), unbounded.to_text());
}
