//! Whether composition says of random graphs what trying every path says, and names only fields
//! that cannot be had: of graphs that can be answered, and of the same with one thing broken.
//!
//! `cargo test --test satisfiability -- --graphs 5000 --mutants 20 --seed 1` runs as long as one
//! likes; without arguments a bounded number.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking and says why"
)]

mod answerable;
#[path = "../random/context.rs"]
mod context;
#[path = "../random/decorate.rs"]
mod decorate;
#[path = "../random/emit.rs"]
mod emit;
#[path = "../random/generate.rs"]
mod generate;
#[path = "../random/guards.rs"]
#[expect(dead_code, reason = "who may see what is of no concern here")]
mod guards;
#[path = "../random/lend.rs"]
mod lend;
#[path = "../random/model.rs"]
#[expect(dead_code, reason = "what values are made of is of no concern here")]
mod model;
mod mutate;
#[path = "../random/parts.rs"]
mod parts;
#[path = "../random/provide.rs"]
mod provide;
#[path = "../random/requires.rs"]
mod requires;
#[path = "../random/rng.rs"]
#[expect(dead_code, reason = "what values are made of is of no concern here")]
mod rng;
#[path = "../random/settle.rs"]
mod settle;
#[path = "../random/widen.rs"]
mod widen;

use std::collections::BTreeSet;

use federation::{
    compose::compose,
    diagnostic::{Code, Severity},
};

use crate::{model::Model, rng::Rng};

/// What composition says: fields that cannot be had; none where it has something else to say.
fn verdict(model: &Model) -> Option<BTreeSet<String>> {
    let (_, diagnostics) = compose(&emit::emit(model));
    let errors = diagnostics.iter();
    let mut errors = errors.filter(|one| one.code.severity() == Severity::Error);
    errors.try_fold(BTreeSet::new(), |mut fields, error| {
        let coordinate = error.message.split('`').nth(1)?;
        fields.insert(coordinate.to_owned());
        (error.code == Code::SatisfiabilityError).then_some(fields)
    })
}

#[derive(Default)]
struct Count {
    answerable: u64,
    unanswerable: u64,
    otherwise_wrong: u64,
}

impl Count {
    fn check(&mut self, model: &Model, story: &str) {
        let Some(said) = verdict(model) else {
            self.otherwise_wrong += 1;
            return;
        };
        let found = answerable::unanswerable(model);
        // What lies behind a field that cannot be had on some path may be told once that is mended.
        let is_same = said.is_empty() == found.is_empty() && said.is_subset(&found);
        if !is_same {
            for input in emit::emit(model) {
                println!("# {}\n{}", input.name, input.sdl);
            }
            panic!("{story}: composition says {said:?}, all paths say {found:?}");
        }
        if found.is_empty() {
            self.answerable += 1;
        } else {
            self.unanswerable += 1;
        }
    }
}

fn main() {
    let given: Vec<String> = std::env::args().collect();
    if given.iter().any(|argument| argument == "--list") {
        if !given.iter().any(|argument| argument == "--ignored") {
            println!("composition_says_what_all_paths_say: test");
        }
        return;
    }
    let number = |name: &str, default: u64| {
        let at = given.iter().position(|argument| argument == name);
        let value = at.and_then(|at| given.get(at + 1)?.parse().ok());
        value.unwrap_or(default)
    };
    let (graphs, mutants) = (number("--graphs", 60), number("--mutants", 6));
    let first = number("--seed", 1);
    let (mut whole, mut broken) = (Count::default(), Count::default());
    for seed in first..first + graphs {
        let mut rng = Rng::new(seed);
        let mut model = generate::generate(&mut rng);
        // All labels are on: paths through one subgraph or another are the random test's concern.
        for field in model.types.iter_mut().flat_map(|ty| &mut ty.fields) {
            field.label = None;
        }
        for ty in &mut model.types {
            ty.fields.retain(|field| field.told.is_empty());
        }
        whole.check(&model, &format!("seed {seed}"));
        for _ in 0..mutants {
            if let Some((mutant, what)) = mutate::mutate(&model, &mut rng) {
                broken.check(&mutant, &format!("seed {seed}, {what}"));
            }
        }
    }
    for (name, count) in [("graphs", &whole), ("mutants", &broken)] {
        println!(
            "{name}: {} answerable, {} not, {} wrong in another way",
            count.answerable, count.unanswerable, count.otherwise_wrong
        );
    }
    let is_worth_it = broken.unanswerable > 0 && broken.answerable > 0;
    assert!(
        is_worth_it || mutants == 0,
        "some mutants can be answered, others cannot"
    );
}
