//! What planning takes as operations grow.

use federation::{budget::Interrupt, plan::MAX_WORK};

use super::{
    families::{self, Family},
    graph::Graph,
};

/// Less than a gateway allows, so that a refusal comes soon in a debug build.
const BOUND: u64 = 500_000;

const _: () = assert!(BOUND < MAX_WORK);

/// How much faster than the size the counted work may grow from one size to the next: some passes
/// look at pairs of fetches, none at every way down.
const SLACK: f64 = 2.5;

#[test]
fn work_grows_with_the_operation_or_is_refused() {
    let wrong: Vec<String> = families::all().iter().flat_map(problems).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What does not hold of a family, from size to size.
fn problems(family: &Family) -> Vec<String> {
    let name = family.name;
    let mut wrong = Vec::new();
    let mut before: Option<(usize, u64)> = None;
    for &size in family.sizes {
        let graph = Graph::new(&(family.subgraphs)(size));
        let query = (family.query)(size);
        let planned = graph.plan_within(&query, BOUND, Interrupt::default());
        let (bytes, work) = (query.len(), planned.work);
        let outcome = planned.plan.as_ref().map(|plan| plan.cost);
        println!("{name:26} {size:4} {bytes:6} bytes {work:7} steps {outcome:?}");
        let is_even = !family.may_be_refused && !family.is_searched;
        if let (Some((smaller, less)), true) = (before, is_even)
            && of(work) / of(less) > SLACK * of(size) / of(smaller)
        {
            wrong.push(format!(
                "{name}: {less} steps at {smaller}, {work} at {size}"
            ));
        }
        if let Err(why) = planned.plan
            && !(family.may_be_refused && why.contains("ask for less in one operation"))
        {
            wrong.push(format!("{name} at {size}: {why}"));
        }
        before = Some((size, work));
    }
    wrong
}

fn of(number: impl TryInto<u32>) -> f64 {
    number.try_into().map_or(f64::MAX, f64::from)
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
