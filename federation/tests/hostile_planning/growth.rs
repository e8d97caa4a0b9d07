//! What planning takes as operations grow.

use federation::{budget::Interrupt, plan::MAX_WORK};

use super::{
    alone,
    families::{self, Family},
    graph::{Graph, Planned},
};

/// Less than a gateway allows, so that a refusal comes soon in a debug build.
const BOUND: u64 = 500_000;

const _: () = assert!(BOUND < MAX_WORK);

/// Bytes held at the peak for each step, and whatever the number of steps.
pub(crate) const BYTES_A_STEP: u64 = 100;
pub(crate) const BYTES: u64 = 64 << 10;

/// Steps past the bound before a pass asks whether there are any left.
const OVERRUN: u64 = 10_000;

#[test]
fn work_and_memory_grow_with_the_operation_up_to_the_bound() {
    let _alone = alone();
    let wrong: Vec<String> = families::all().iter().flat_map(problems).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What does not hold of a family.
fn problems(family: &Family) -> Vec<String> {
    let name = family.name;
    let mut wrong = Vec::new();
    let mut measured = Vec::new();
    for &size in family.sizes {
        let planned = plan(family, size, BOUND);
        wrong.extend(held(&planned, BOUND).map(|why| format!("{name} at {size}: {why}")));
        if let Err(why) = &planned.plan {
            wrong.push(format!("{name} at {size}: {why}"));
        }
        let input = input(family, size, &planned);
        println!(
            "{name:26} {size:4} {input:6} asked {:7} steps {:9} bytes {:?}",
            planned.work,
            planned.peak,
            planned.plan.map(|plan| plan.cost)
        );
        measured.push((input, planned.work, planned.peak as u64));
    }
    let (Some(first), Some(last)) = (measured.first(), measured.last()) else {
        return wrong;
    };
    let by = ratio(last.0, first.0).ln();
    let steps = ratio(last.1, first.1).ln() / by;
    let memory = ratio(last.2, first.2).ln() / by;
    println!("{name:26} grows with the power {steps:.2} in steps, {memory:.2} in bytes");
    if steps > family.steps || memory > family.memory {
        wrong.push(format!(
            "{name}: steps grow with the power {steps:.2} of what is asked, memory with {memory:.2}"
        ));
    }
    wrong.extend(refusals(family, last.1));
    wrong
}

/// What does not hold past a bound: of the largest size with a quarter of its steps, and of a size
/// that is too much in any case.
fn refusals(family: &Family, most: u64) -> Vec<String> {
    let name = family.name;
    let largest = family.sizes.last().copied().unwrap_or_default();
    let mut wrong = Vec::new();
    let too_much = family.refused.map(|size| (size, BOUND, false));
    for (size, bound, may_be) in [(largest, most / 4, family.is_searched)]
        .into_iter()
        .chain(too_much)
    {
        let planned = plan(family, size, bound);
        wrong.extend(held(&planned, bound).map(|why| format!("{name} at {size}: {why}")));
        match &planned.plan {
            Ok(_) if may_be => {}
            Err(why) if why.contains("ask for less in one operation") => {}
            Ok(_) => wrong.push(format!("{name} at {size}: a plan with {bound} steps")),
            Err(why) => wrong.push(format!("{name} at {size}: {why}")),
        }
    }
    wrong
}

/// What is used or held that should not be, with some bound on the steps.
fn held(planned: &Planned, bound: u64) -> Option<String> {
    let most = BYTES + BYTES_A_STEP * planned.work.min(bound);
    let is_bounded = planned.work <= bound + OVERRUN && planned.peak as u64 <= most;
    (!is_bounded).then(|| {
        let (work, peak) = (planned.work, planned.peak);
        format!("{work} steps of {bound} and {peak} bytes of {most}")
    })
}

fn plan(family: &Family, size: usize, bound: u64) -> Planned {
    let graph = Graph::new(&(family.subgraphs)(size));
    let query = (family.query)(size);
    graph.plan(&query, (bound, family.is_restricted), Interrupt::default())
}

/// What is asked, fragments in place; where the graph grows as well, with the words of its schemas.
fn input(family: &Family, size: usize, planned: &Planned) -> u64 {
    let words = |size| -> usize {
        let subgraphs = (family.subgraphs)(size);
        let words = subgraphs.iter().map(|sdl| sdl.split_whitespace().count());
        words.sum()
    };
    let grows = words(size) != words(size + 1);
    (planned.selections + if grows { words(size) } else { 0 }) as u64
}

fn ratio(one: u64, other: u64) -> f64 {
    let of = |number: u64| u32::try_from(number).map_or(f64::MAX, f64::from);
    of(one) / of(other.max(1))
}

#[test]
fn a_host_that_stops_the_planning_gets_no_plan() {
    let _alone = alone();
    let graph = Graph::new(&families::interface(0));
    let interrupt = Interrupt::default();
    interrupt.set();
    let planned = graph.plan(&families::own_fields(12), (u64::MAX, false), interrupt);
    assert_eq!(
        planned.plan.unwrap_err(),
        "planning the operation was stopped"
    );
}

#[test]
fn the_bound_is_that_of_the_host() {
    let _alone = alone();
    let graph = Graph::new(&families::interface(0));
    let query = families::own_fields(12);
    let within = |work| graph.plan(&query, (work, false), Interrupt::default());
    let enough = within(MAX_WORK).work;
    let refused = within(enough / 4).plan.unwrap_err();
    assert!(
        refused.contains(&format!("more than the {} steps", enough / 4)),
        "{refused}"
    );
    // Twice what it takes leaves all choices open, so that the plan is the same.
    let (plan, unbounded) = (
        within(2 * enough).plan.unwrap(),
        within(MAX_WORK).plan.unwrap(),
    );
    assert_eq!(plan.to_text(), unbounded.to_text());
}
