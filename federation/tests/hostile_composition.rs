//! Subgraphs made to keep composition busy: its work is counted, grows with what is written, and
//! ends at a bound with a diagnostic that says so.

#![expect(clippy::print_stdout, reason = "a test shows its table")]

use std::fmt::Write as _;

use federation::{
    budget::{Allowance, Budget, Interrupt, Resource},
    compose::{Composed, compose_within},
    diagnostic::{Code, Diagnostics},
    subgraph::SubgraphInput,
};

const LINK: &str = "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.8\", import: [\"@key\", \
     \"@requires\", \"@external\", \"@shareable\", \"@override\", \"@interfaceObject\", \"@context\", \
     \"@fromContext\", \"@provides\"])\n";

/// Steps allowed here: what a bound refuses is then refused soon.
const ALLOWED: u64 = 2_000_000;

/// How much faster than the text the counted work may grow from one size to the next.
const SLACK: f64 = 3.0;

struct Family {
    name: &'static str,
    sizes: &'static [usize],
    subgraphs: fn(usize) -> Vec<String>,
    /// Whether the number of states has no bound in the length of the text.
    may_be_refused: bool,
}

const FAMILIES: &[Family] = &[
    Family {
        name: "nested keys in a ring",
        sizes: &[4, 8, 16, 32],
        subgraphs: nested_keys,
        may_be_refused: false,
    },
    Family {
        name: "a chain of required pairs",
        sizes: &[6, 12, 24],
        subgraphs: required_pairs,
        may_be_refused: false,
    },
    Family {
        name: "required fields that require each other",
        sizes: &[3, 5, 7],
        subgraphs: required_rings,
        may_be_refused: false,
    },
    Family {
        name: "keys of fields that no one has",
        sizes: &[4, 6, 8],
        subgraphs: keys_out_of_reach,
        may_be_refused: false,
    },
    Family {
        name: "interface objects over many types",
        sizes: &[5, 10, 20, 40],
        subgraphs: interface_objects,
        may_be_refused: false,
    },
    Family {
        name: "what each root field provides",
        sizes: &[5, 10, 20, 40],
        subgraphs: provided,
        may_be_refused: false,
    },
    Family {
        name: "contexts set by types in a net",
        sizes: &[4, 8, 16],
        subgraphs: contexts,
        may_be_refused: true,
    },
    Family {
        name: "labels of override",
        sizes: &[3, 6, 12, 24],
        subgraphs: labels,
        may_be_refused: false,
    },
    Family {
        name: "nested required fields of an interface",
        sizes: &[4, 8, 16, 32],
        subgraphs: nested_interface,
        may_be_refused: false,
    },
    Family {
        name: "a value type in all sets of subgraphs",
        sizes: &[4, 6, 8, 10, 12, 24],
        subgraphs: all_sets,
        may_be_refused: true,
    },
];

struct Made {
    composed: Option<Composed>,
    diagnostics: Diagnostics,
    work: u64,
    bytes: u64,
}

fn make(subgraphs: &[String], interrupt: Interrupt) -> Made {
    let numbered = (0..).zip(subgraphs);
    let inputs: Vec<SubgraphInput> = numbered
        .map(|(number, sdl): (usize, &String)| SubgraphInput {
            name: format!("s{number:02}"),
            url: String::new(),
            sdl: sdl.clone(),
        })
        .collect();
    let budget = Budget::new(Allowance::of_work(ALLOWED), interrupt);
    let (composed, diagnostics) = compose_within(&inputs, &budget);
    Made {
        composed,
        diagnostics,
        work: budget.used(Resource::Work),
        bytes: (inputs.iter())
            .map(|input| u64::try_from(input.sdl.len()).unwrap_or(u64::MAX))
            .sum(),
    }
}

fn refusals(diagnostics: &Diagnostics) -> Vec<&str> {
    (diagnostics.iter())
        .filter(|one| one.code == Code::MaxValidationSubgraphPathsExceeded)
        .map(|one| one.message.as_str())
        .collect()
}

#[test]
fn work_grows_with_the_text_or_is_refused() {
    for family in FAMILIES {
        let mut before: Option<Made> = None;
        for &size in family.sizes {
            let made = make(&(family.subgraphs)(size), Interrupt::default());
            let (name, work) = (family.name, made.work);
            println!("{name:44} {size:4} {:7} bytes {work:10} steps", made.bytes);
            let refused = refusals(&made.diagnostics);
            if refused.is_empty() {
                assert!(work <= ALLOWED, "{name} at {size}: {work} steps");
            } else {
                assert!(family.may_be_refused, "{name} at {size}: {refused:?}");
                let said = format!(
                    "Whether the subgraphs compose takes more than {ALLOWED} steps to say."
                );
                assert_eq!(refused, [said], "{name} at {size}");
                assert!(made.composed.is_none());
                // The bound is looked at often enough: what is counted beyond it is little.
                assert!(
                    work < ALLOWED + ALLOWED / 4,
                    "{name} at {size}: {work} steps"
                );
            }
            if let (Some(smaller), false) = (&before, family.may_be_refused) {
                let number = |count: u64| u32::try_from(count).map_or(f64::MAX, f64::from);
                let ratio = |more: u64, less: u64| number(more) / number(less);
                let of_text = ratio(made.bytes, smaller.bytes);
                let growth = ratio(work, smaller.work);
                assert!(
                    growth <= SLACK * of_text,
                    "{name} at {size}: {growth} for {of_text}"
                );
            }
            before = Some(made);
        }
        let last = before.map(|made| !refusals(&made.diagnostics).is_empty());
        if family.name.contains("all sets") {
            assert_eq!(last, Some(true), "it has more states than any bound allows");
        }
    }
}

#[test]
fn an_interrupted_composition_says_so() {
    let interrupt = Interrupt::default();
    interrupt.set();
    let made = make(&labels(3), interrupt);
    assert!(made.composed.is_none());
    assert_eq!(
        refusals(&made.diagnostics),
        ["Composition was interrupted."]
    );
}

fn repeat(count: usize, write: impl Fn(usize) -> String) -> String {
    (0..count).map(write).collect()
}

fn nested_keys(size: usize) -> Vec<String> {
    let (next, after) = (move |at| (at + 1) % size, move |at| (at + 2) % size);
    let a = repeat(size, |at| {
        let (n, m) = (next(at), after(at));
        format!(
            "type T{at} @key(fields: \"id\") @key(fields: \"x\") {{ id: ID! x: ID! n: T{n} @shareable m: T{m} @shareable }}\n"
        )
    });
    let b = repeat(size, |at| {
        let (n, m) = (next(at), after(at));
        format!(
            "type T{at} @key(fields: \"n {{ x }} m {{ x }}\") @key(fields: \"x\") {{ x: ID! n: T{n} @shareable m: T{m} @shareable v{at}: Int }}\n"
        )
    });
    let c = repeat(size, |at| {
        format!("type T{at} @key(fields: \"x\") {{ x: ID! w{at}: Int }}\n")
    });
    vec![
        format!("{LINK}type Query {{ t: T0 }}\n{a}"),
        format!("{LINK}{b}"),
        format!("{LINK}{c}"),
    ]
}

fn required_pairs(size: usize) -> Vec<String> {
    let mut subgraphs = vec![format!(
        "{LINK}type Query {{ t: T }}\ntype T @key(fields: \"id\") {{ id: ID! f0: Int g0: Int }}\n"
    )];
    subgraphs.extend((1..size).map(|at| {
        let before = at - 1;
        let requires = format!("@requires(fields: \"f{before} g{before}\")");
        format!(
            "{LINK}type T @key(fields: \"id\") {{ id: ID! f{before}: Int @external g{before}: Int @external f{at}: Int {requires} g{at}: Int {requires} }}\n"
        )
    }));
    subgraphs
}

/// The others of so many types, each written some way.
fn others(size: usize, at: usize, write: impl Fn(usize) -> String) -> String {
    (0..size).filter(|other| *other != at).map(write).collect()
}

fn required_rings(size: usize) -> Vec<String> {
    let types = |own: &dyn Fn(usize) -> String| {
        repeat(size, |at| {
            format!(
                "type T{at} @key(fields: \"id\") {{ id: ID! {} }}\n",
                own(at)
            )
        })
    };
    let external = |at| others(size, at, |other| format!("a{other}: T{other} @external "));
    let plain = types(&|at| others(size, at, |other| format!("a{other}: T{other} ")));
    let ring = |reads: &str, reader: &str| {
        types(&|at| {
            let set = others(size, at, |other| format!("a{other} {{ {reads} }} "));
            format!(
                "{}{reader}: Int @requires(fields: \"{set}\") {reads}: Int @external",
                external(at)
            )
        })
    };
    vec![
        format!("{LINK}type Query {{ t: T0 }}\n{plain}"),
        format!("{LINK}{}", ring("s", "r")),
        format!("{LINK}{}", ring("r", "s")),
    ]
}

fn keys_out_of_reach(size: usize) -> Vec<String> {
    let fields = |at| others(size, at, |other| format!("a{other}: T{other} @shareable "));
    let a = repeat(size, |at| {
        format!("type T{at} {{ z: Int {} }}\n", fields(at))
    });
    let b = repeat(size, |at| {
        let key = others(size, at, |other| format!("a{other} {{ b }} "));
        format!(
            "type T{at} @key(fields: \"{key}\") {{ b: Int {} }}\n",
            fields(at)
        )
    });
    vec![
        format!("{LINK}type Query {{ t: T0 }}\n{a}"),
        format!("{LINK}{b}"),
    ]
}

fn interface_objects(size: usize) -> Vec<String> {
    let types = repeat(size, |at| {
        format!("type A{at} implements I @key(fields: \"id\") {{ id: ID! n: I }}\n")
    });
    let object = |fields: &str| {
        format!("{LINK}type I @interfaceObject @key(fields: \"id\") {{ id: ID! {fields} }}\n")
    };
    vec![
        format!(
            "{LINK}type Query {{ i: I }}\ninterface I @key(fields: \"id\") {{ id: ID! n: I }}\n{types}"
        ),
        object("x: I @shareable"),
        object("y: I x: I @shareable"),
    ]
}

fn provided(size: usize) -> Vec<String> {
    let roots = repeat(size, |at| format!("q{at}: T @provides(fields: \"f{at}\") "));
    let external = repeat(size, |at| format!("f{at}: Int @external "));
    let shared = repeat(size, |at| format!("f{at}: Int @shareable "));
    vec![
        format!(
            "{LINK}type Query {{ {roots} }}\ntype T @key(fields: \"id\") {{ id: ID! n: T {external} }}\n"
        ),
        format!("{LINK}type T @key(fields: \"id\") {{ id: ID! {shared} }}\n"),
    ]
}

fn contexts(size: usize) -> Vec<String> {
    let mut sdl = format!("{LINK}type Query {{ t0: T0 }}\n");
    for at in 0..size {
        let (n, m, back) = ((at + 1) % size, (at * 3 + 1) % size, (at * 5 + 2) % size);
        let _ = write!(
            sdl,
            "type T{at} @key(fields: \"id\") @context(name: \"c{at}\") {{ id: ID! p: Int! n: T{n} m: T{m} u: U{at} }}\n\
             type U{at} @key(fields: \"id\") {{ id: ID! f(a: Int @fromContext(field: \"$c{at} {{ p }}\")): Int back: T{back} }}\n"
        );
    }
    let other = format!("{LINK}type T0 @key(fields: \"id\") {{ id: ID! z: Int }}\n");
    vec![sdl, other]
}

fn labels(size: usize) -> Vec<String> {
    let old = repeat(size, |at| format!("f{at}: Int "));
    let new = repeat(size, |at| {
        format!("f{at}: Int @override(from: \"s00\", label: \"l{at}\") ")
    });
    vec![
        format!(
            "{LINK}type Query {{ t: T }}\ntype T @key(fields: \"id\") {{ id: ID! n: T {old} }}\n"
        ),
        format!("{LINK}type T @key(fields: \"id\") {{ id: ID! {new} }}\n"),
    ]
}

fn nested_interface(size: usize) -> Vec<String> {
    let types = repeat(5, |at| {
        format!("type A{at} implements I @key(fields: \"id\") {{ id: ID! i: I @shareable }}\n")
    });
    let nested = (0..size).fold("__typename".to_owned(), |below, _| {
        format!("i {{ {below} }}")
    });
    vec![
        format!(
            "{LINK}type Query {{ t: T }}\ntype T @key(fields: \"id\") {{ id: ID! i: I @shareable }}\ninterface I {{ i: I }}\n{types}"
        ),
        format!(
            "{LINK}type T @key(fields: \"id\") {{ id: ID! i: I @external r: Int @requires(fields: \"{nested}\") }}\ninterface I {{ i: I }}\n{types}"
        ),
    ]
}

fn all_sets(size: usize) -> Vec<String> {
    let one = |at| {
        let fields = others(size, at, |other| format!("e{other}: T @shareable "));
        format!(
            "{LINK}type Query {{ r: T @shareable }}\ntype T {{ id: ID! @shareable {fields} }}\n"
        )
    };
    (0..size).map(one).collect()
}
