//! SDL made to keep reading busy: its work is counted and grows with the text, ends at a bound, and
//! stops when the host says so.

#![expect(clippy::print_stdout, reason = "a test shows its table")]

use std::{fmt::Write as _, sync::mpsc, thread, time::Duration};

use federation::{
    budget::{Allowance, Budget, Interrupt, Resource},
    diagnostic::{Code, Diagnostics},
    subgraph::{Subgraph, SubgraphInput},
};

const LINK: &str = "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.8\", import: [\"@key\", \
     \"@external\", \"@shareable\", \"@provides\", \"@context\", \"@fromContext\"])\n";

/// How much faster than the text the counted work may grow from one size to the next.
const SLACK: f64 = 1.5;
/// A guard against hanging, far above what reading takes on a busy machine.
const PATIENCE: Duration = Duration::from_mins(3);

struct Family {
    name: &'static str,
    subgraphs: fn(usize) -> Vec<String>,
    /// Counted at these sizes, each twice the one before.
    counted: [usize; 3],
    /// Read to the end at this size.
    large: usize,
}

const FAMILIES: &[Family] = &[
    Family {
        name: "an interface provided by many fields",
        subgraphs: interface_provided,
        counted: [100, 200, 400],
        large: 10_000,
    },
    Family {
        name: "one text that reads a context of many types",
        subgraphs: |size| contexts(size, |_| "p".to_owned()),
        counted: [100, 200, 400],
        large: 4_000,
    },
    Family {
        name: "external fields that require one another",
        subgraphs: required_in_turn,
        counted: [100, 200, 400],
        large: 4_000,
    },
    Family {
        name: "types that the other subgraph lacks",
        subgraphs: disjoint_types,
        counted: [100, 200, 400],
        large: 6_000,
    },
    Family {
        name: "extensions of which nothing is left",
        subgraphs: emptied_types,
        counted: [100, 200, 400],
        large: 8_000,
    },
    Family {
        name: "a field of a type in many subgraphs' declarations",
        subgraphs: shared_fields,
        counted: [100, 200, 400],
        large: 10_000,
    },
    Family {
        name: "a default value with many fields",
        subgraphs: default_value,
        counted: [100, 200, 400],
        large: 20_000,
    },
    Family {
        name: "extensions that share their fields",
        subgraphs: shareable_extensions,
        counted: [100, 200, 400],
        large: 10_000,
    },
    Family {
        name: "directives that are not defined",
        subgraphs: unknown_directives,
        counted: [100, 200, 400],
        large: 5_000,
    },
    Family {
        name: "a name that is nearly another",
        subgraphs: long_names,
        counted: [1_000, 2_000, 4_000],
        large: 200_000,
    },
];

struct Read {
    diagnostics: Diagnostics,
    is_understood: bool,
    work: u64,
    bytes: u64,
}

fn inputs(subgraphs: &[String]) -> Vec<SubgraphInput> {
    let numbered = (0..).zip(subgraphs);
    numbered
        .map(|(number, sdl): (usize, &String)| SubgraphInput {
            name: format!("s{number}"),
            url: String::new(),
            sdl: sdl.clone(),
        })
        .collect()
}

fn read(subgraphs: &[String], allowed: u64, interrupt: Interrupt) -> Read {
    let inputs = inputs(subgraphs);
    let budget = Budget::new(Allowance::of_work(allowed), interrupt);
    let (understood, diagnostics) = Subgraph::read_all_within(&inputs, &budget);
    let bytes: usize = inputs.iter().map(|input| input.sdl.len()).sum();
    Read {
        diagnostics,
        is_understood: understood.is_some(),
        work: budget.used(Resource::Work),
        bytes: u64::try_from(bytes).unwrap_or(u64::MAX),
    }
}

fn refusals(diagnostics: &Diagnostics) -> Vec<&str> {
    (diagnostics.iter())
        .filter(|one| one.code == Code::MaxValidationSubgraphPathsExceeded)
        .map(|one| one.message.as_str())
        .collect()
}

#[test]
fn work_grows_with_the_text() {
    for family in FAMILIES {
        let mut before: Option<Read> = None;
        for size in family.counted {
            let read = read(&(family.subgraphs)(size), u64::MAX, Interrupt::default());
            let (name, work) = (family.name, read.work);
            println!("{name:50} {size:5} {:7} bytes {work:8} steps", read.bytes);
            if let Some(smaller) = &before {
                let number = |count: u64| u32::try_from(count).map_or(f64::MAX, f64::from);
                let of_text = number(read.bytes) / number(smaller.bytes);
                let growth = number(work) / number(smaller.work);
                assert!(
                    growth <= SLACK * of_text,
                    "{name} at {size}: {growth} for {of_text}"
                );
            }
            before = Some(read);
        }
    }
}

#[test]
fn large_texts_are_read_to_the_end() {
    for family in FAMILIES {
        let (told, ends) = mpsc::channel();
        let (subgraphs, size) = (family.subgraphs, family.large);
        thread::spawn(move || {
            let read = read(&subgraphs(size), u64::MAX, Interrupt::default());
            let _ = told.send((read.bytes, read.is_understood));
        });
        let name = family.name;
        match ends.recv_timeout(PATIENCE) {
            Ok((bytes, is_understood)) => {
                println!("{name:50} {size:6} {bytes:7} bytes, understood: {is_understood}");
                assert!(bytes < 1 << 20, "{name}: longer than what a registry reads");
            }
            Err(error) => panic!("{name} at {size}: {error}"),
        }
    }
}

#[test]
fn too_many_tokens_are_told_as_such() {
    let sdl = format!("type Query {{ a: Int }}{}", ",".repeat(2_000_000));
    let read = read(&[sdl], u64::MAX, Interrupt::default());
    let told: Vec<_> = read.diagnostics.iter().map(|one| &*one.message).collect();
    assert_eq!(
        told,
        ["The SDL of `s0` has more than 2000000 tokens, white space and commas counted."]
    );
}

#[test]
fn a_text_that_is_no_sdl_is_told_shortly() {
    let text = "# Heading\n\nSome words, and others.\n".repeat(40);
    let inputs = inputs(&[text]);
    let (understood, diagnostics) = Subgraph::read_all(&inputs);
    assert!(understood.is_none());
    let said: Vec<&str> = diagnostics.iter().map(|each| &*each.message).collect();
    let alike = said.iter().filter(|message| **message == said[0]).count();
    assert_eq!(alike, 5, "{said:#?}");
    let more = format!(" more of the same: {}", said[0]);
    let mut told = said.iter().filter(|message| message.ends_with(&more));
    assert!(told.next().is_some() && told.next().is_none(), "{said:#?}");
}

#[test]
fn a_bound_is_told() {
    let subgraphs = contexts(400, of_many_ways);
    let read = read(&subgraphs, 100_000, Interrupt::default());
    assert!(!read.is_understood);
    assert_eq!(
        refusals(&read.diagnostics),
        ["Reading the subgraphs takes more than 100000 steps."]
    );
    // The bound is looked at often enough: what is counted beyond it is little.
    let most = 100_000 + 8 * read.bytes;
    assert!(read.work < most, "{} steps of {most}", read.work);
}

#[test]
fn reading_stops_when_the_host_says_so() {
    // Each text is looked at on each type: read to the end it would take minutes.
    let size = 6_000;
    let subgraphs = contexts(size, of_many_ways);
    let interrupt = Interrupt::default();
    let setting = interrupt.clone();
    let later = thread::spawn(move || {
        thread::sleep(Duration::from_millis(500));
        setting.set();
    });
    let read = read(&subgraphs, u64::MAX, interrupt);
    later.join().expect("it sets a flag");
    assert!(!read.is_understood);
    assert_eq!(
        refusals(&read.diagnostics),
        ["Reading the subgraphs was interrupted."]
    );
    let all = u64::try_from(size * size).unwrap_or(u64::MAX);
    assert!(read.work < all, "{} steps of {all}", read.work);
}

fn repeat(count: usize, write: impl Fn(usize) -> String) -> String {
    (0..count).map(write).collect()
}

fn interface_provided(size: usize) -> Vec<String> {
    let types = repeat(size, |at| {
        format!("type T{at} implements I {{ id: ID! }}\n")
    });
    let fields = repeat(size, |at| format!("p{at}: I @provides(fields: \"id\") "));
    vec![format!(
        "{LINK}type Query {{ k: K }}\ninterface I {{ id: ID! }}\n{types}type K {{ {fields} }}\n"
    )]
}

/// As many types that set a context as arguments that read it.
fn contexts(size: usize, text: impl Fn(usize) -> String) -> Vec<String> {
    let mut sdl = format!("{LINK}type Query {{ c: C0 }}\n");
    for at in 0..size {
        let _ = writeln!(
            sdl,
            "type C{at} @context(name: \"c\") {{ p: String! u: U }}"
        );
    }
    let fields = repeat(size, |at| {
        let text = text(at);
        format!("f{at}(a: String @fromContext(field: \"$c {{ {text} }}\")): Int ")
    });
    let _ = writeln!(sdl, "type U @key(fields: \"id\") {{ id: ID! {fields} }}");
    vec![sdl]
}

/// One selection, written so that no two texts are the same.
fn of_many_ways(at: usize) -> String {
    let ignored = (0..13).map(|bit| if at >> bit & 1 == 1 { ',' } else { ' ' });
    format!("p{}", ignored.collect::<String>())
}

fn required_in_turn(size: usize) -> Vec<String> {
    let fields = repeat(size, |at| {
        format!("e{at}: Int @external @requires(fields: \"e{}\") ", at + 1)
    });
    vec![
        format!(
            "type Query {{ q: Int }}\nextend type T @key(fields: \"id\") {{ id: ID! @external {fields} e{size}: Int @external }}\n"
        ),
        "type Query { t: T }\ntype T @key(fields: \"id\") { id: ID! }\n".to_owned(),
    ]
}

fn disjoint_types(size: usize) -> Vec<String> {
    let types = |name: &str| {
        repeat(size, |at| {
            format!("type {name}{at} @key(fields: \"id\") {{ id: ID! f: Int }}\n")
        })
    };
    vec![
        format!("type Query {{ a: A0 }}\n{}", types("A")),
        format!("type Query {{ b: B0 }}\n{}", types("B")),
    ]
}

fn emptied_types(size: usize) -> Vec<String> {
    let extensions = repeat(size, |at| {
        format!("extend type T{at} {{ e: Int @external }}\n")
    });
    let types = repeat(size, |at| format!("type T{at} {{ e: Int }}\n"));
    vec![
        format!("type Query {{ a: Int }}\n{extensions}"),
        format!("type Query {{ t: T0 }}\n{types}"),
    ]
}

fn shared_fields(size: usize) -> Vec<String> {
    let fields = repeat(size, |at| format!("f{at}: Int @tag(name: \"a\") "));
    let one = |root: &str| {
        format!("type Query {{ {root}: T }}\ntype T @key(fields: \"id\") {{ id: ID! {fields} }}\n")
    };
    vec![one("a"), one("b")]
}

fn default_value(size: usize) -> Vec<String> {
    let fields = repeat(size, |at| format!("f{at}: Int! "));
    let values = repeat(size, |at| format!("f{at}: 1 "));
    vec![format!(
        "{LINK}input I {{ {fields} }}\ntype Query {{ q(i: I = {{ {values} }}): Int }}\n"
    )]
}

fn shareable_extensions(size: usize) -> Vec<String> {
    let extensions = repeat(size, |at| {
        format!("extend type T @shareable {{ f{at}: Int }}\n")
    });
    vec![format!(
        "{LINK}type Query {{ t: T }}\ntype T @shareable {{ f: Int }}\n{extensions}"
    )]
}

fn unknown_directives(size: usize) -> Vec<String> {
    let definitions = repeat(size, |at| format!("directive @known{at} on OBJECT\n"));
    let types = repeat(size, |at| format!("type T{at} @unknown{at} {{ f: Int }}\n"));
    vec![format!(
        "{LINK}type Query {{ t: T0 }}\n{definitions}{types}"
    )]
}

fn long_names(size: usize) -> Vec<String> {
    let name = "N".repeat(size);
    vec![format!(
        "{LINK}type Query {{ t: {name}x }}\ntype {name}y {{ f: Int }}\n"
    )]
}
