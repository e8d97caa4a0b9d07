//! SDL made to keep the registry's rules busy: the steps they count grow with the text, or end at the
//! bound with a refusal that says so.

use std::sync::Arc;

use federation::{
    budget::{Allowance, Budget, Exceeded, Interrupt, Resource},
    subgraph::{Subgraph, SubgraphInput},
};
use upfront::registry::{
    check::{Candidate, Composed, Member, check as check_candidate},
    declarations::Declarations,
    rules::{Neighbour, Proposal, check},
};

const LINK: &str = "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.8\", import: [\"@key\", \
     \"@external\", \"@requires\", \"@interfaceObject\", \"@tag\", \"@context\", \"@fromContext\", \
     \"@requiresScopes\", \"@shareable\"])\n";
const OPEN: &str = "@tag(name: \"unclassified\")";

/// How much faster than the text the counted steps may grow from one size to the next.
const SLACK: f64 = 1.5;

/// The SDL of a source, and that of another entity's source beside it.
struct Pair {
    own: String,
    other: String,
}

struct Family {
    name: &'static str,
    pair: fn(usize) -> Pair,
}

/// What takes as many steps as there is text.
const LINEAR: &[Family] = &[
    Family {
        name: "a key of an interface with many implementations",
        pair: key_of_interface,
    },
    Family {
        name: "values that lead to records of others",
        pair: values_in_a_row,
    },
    Family {
        name: "many fields that yield an interface with many implementations",
        pair: fields_of_interface,
    },
    Family {
        name: "marks on fields of others",
        pair: marks,
    },
    Family {
        name: "a key with many classified fields, and many fields made of it",
        pair: made_of_keys,
    },
];

/// What would take as many steps as there are pairs of two kinds of elements.
const BOUNDED: &[Family] = &[
    Family {
        name: "requirements of fields of an interface with many implementations",
        pair: requires_of_interface,
    },
    Family {
        name: "an interface object with many fields, and many implementations",
        pair: interface_object,
    },
    Family {
        name: "types that read contexts, and many fields on the way",
        pair: contexts,
    },
];

struct Checked {
    outcome: Result<usize, Exceeded>,
    steps: u64,
    bytes: u64,
}

fn rules(pair: &Pair, allowed: u64) -> Checked {
    let input = |name: &str, sdl: &str| SubgraphInput {
        name: name.to_owned(),
        url: String::new(),
        sdl: sdl.to_owned(),
    };
    let inputs = [input("own", &pair.own), input("other", &pair.other)];
    let (subgraphs, diagnostics) = Subgraph::read_all(&inputs);
    let subgraphs = subgraphs.unwrap_or_else(|| panic!("{diagnostics:?}"));
    let find = |name: &str| subgraphs.iter().find(|each| each.name == name);
    let (own, other) = (find("own").unwrap(), find("other").unwrap());
    let neighbour = Neighbour {
        name: "other".to_owned(),
        entity: "OTHER".to_owned(),
        histories: None,
        declarations: Arc::new(Declarations::of(other)),
    };
    let budget = Budget::new(Allowance::of_work(allowed), Interrupt::default());
    let outcome = check(&Proposal {
        subgraph: own,
        declarations: &Declarations::of(own),
        entity: "PARTNER",
        former: None,
        neighbours: &[neighbour],
        consents: &[],
        allow_non_null: false,
        budget: &budget,
    });
    Checked {
        outcome: outcome.map(|refusals| refusals.len()),
        steps: budget.used(Resource::Work),
        bytes: u64::try_from(pair.own.len() + pair.other.len()).unwrap(),
    }
}

#[test]
fn steps_of_the_rules_grow_with_the_text() {
    for Family { name, pair } in LINEAR {
        let mut before: Option<Checked> = None;
        for size in [200, 400, 800, 1_600] {
            let checked = rules(&pair(size), u64::MAX);
            let Checked {
                outcome,
                steps,
                bytes,
            } = &checked;
            eprintln!("{name:66} {size:5} {bytes:7} bytes {steps:8} steps {outcome:?}");
            if let Some(before) = &before {
                let number = |count: u64| f64::from(u32::try_from(count).unwrap());
                let of_text = number(*bytes) / number(before.bytes);
                let growth = number(*steps) / number(before.steps);
                assert!(growth <= SLACK * of_text, "{name}: {growth} for {of_text}");
            }
            before = Some(checked);
        }
    }
}

#[test]
fn what_grows_in_pairs_ends_at_the_bound() {
    let bound = 1_000_000;
    for Family { name, pair } in BOUNDED {
        let checked = rules(&pair(1_600), bound);
        eprintln!(
            "{name:66} {:7} bytes {} steps",
            checked.bytes, checked.steps
        );
        assert_eq!(
            checked.outcome,
            Err(Exceeded::Limit(Resource::Work)),
            "{name}"
        );
        // The bound is looked at often enough: what is counted beyond it is little.
        assert!(checked.steps < bound + 50 * checked.bytes, "{name}");
    }
}

#[test]
fn a_source_that_is_too_large_to_check_is_refused() {
    let Pair { own, other } = requires_of_interface(3_000);
    let member = |name: &str, sdl: String| Member {
        name: name.to_owned(),
        entity: name.to_uppercase(),
        url: String::new(),
        sdl,
        history: None,
    };
    let composed = Composed {
        members: vec![member("other", other)],
        supergraph_sdl: None,
    };
    let candidate = Candidate {
        member: member("own", own),
        default_level: None,
        allow_non_null: None,
        allow_breaking: None,
        consents: Vec::new(),
    };
    let findings = check_candidate(&composed, &candidate, &Interrupt::default());
    let [refusal] = findings.refusals.as_slice() else {
        panic!("{:?}", findings.refusals);
    };
    assert_eq!(refusal.code.as_str(), "SDL_TOO_LARGE");
    assert!(
        refusal.message.contains("more steps than allowed"),
        "{refusal:?}"
    );
}

fn repeat(count: usize, write: impl Fn(usize) -> String) -> String {
    (0..count).map(write).collect()
}

/// Records of another entity that implement an interface with the fields given.
fn records(size: usize, fields: &str) -> String {
    let types = repeat(size, |at| {
        format!("type T{at} implements Node & I @key(fields: \"id\") {{ id: ID! {fields} }}\n")
    });
    format!("{LINK}interface Node {{ id: ID! }}\ninterface I {{ id: ID! {fields} }}\n{types}")
}

fn key_of_interface(size: usize) -> Pair {
    let types = repeat(size, |at| {
        format!("type T{at} implements I @key(fields: \"id\") {{ id: ID! f: Int {OPEN} }}\n")
    });
    let own = "@key(fields: \"id\") { id: ID! }";
    Pair {
        own: format!("{LINK}interface I {own}\n{types}"),
        other: records(size, ""),
    }
}

fn values_in_a_row(size: usize) -> Pair {
    let values = repeat(size, |at| {
        format!("type V{at} {{ n: V{} c: Int @shareable }}\n", at + 1)
    });
    let keys = repeat(size, |at| {
        format!("type V{at} @key(fields: \"c\") {{ c: Int @shareable f{at}: Int {OPEN} }}\n")
    });
    let records = records(1, "");
    Pair {
        own: format!("{LINK}{keys}"),
        other: format!("{records}{values}type V{size} {{ all: [I!] }}\n"),
    }
}

fn fields_of_interface(size: usize) -> Pair {
    let values = repeat(size, |at| {
        format!("type V{at} implements J {{ v: Int @shareable }}\n")
    });
    let fields = repeat(size, |at| format!("j{at}: J "));
    Pair {
        own: format!("{LINK}type V0 @key(fields: \"v\") {{ v: Int @shareable f: Int {OPEN} }}\n"),
        other: format!("{LINK}interface J {{ v: Int }}\n{values}type Query {{ {fields} }}\n"),
    }
}

fn marks(size: usize) -> Pair {
    let fields = |mark: &str| repeat(size, |at| format!("f{at}: Int @shareable {mark} "));
    let ty = |fields: String| format!("{LINK}type V {{ {fields} }}\n");
    Pair {
        own: ty(fields("@tag(name: \"x\")")),
        other: ty(fields("")),
    }
}

fn made_of_keys(size: usize) -> Pair {
    let closed = "@requiresScopes(scopes: [[\"clearance:confidential\"]])";
    let named = repeat(size, |at| format!("k{at} "));
    let external = repeat(size, |at| format!("k{at}: Int @external "));
    let made = repeat(size, |at| format!("m{at}: Int {closed} "));
    let held = repeat(size, |at| format!("k{at}: Int {closed} "));
    Pair {
        own: format!("{LINK}type T @key(fields: \"id {named}\") {{ id: ID! {external} {made} }}\n"),
        other: format!("{LINK}type T @key(fields: \"id\") {{ id: ID! {held} }}\n"),
    }
}

fn requires_of_interface(size: usize) -> Pair {
    let fields = repeat(size, |at| {
        format!("f{at}: Int {OPEN} @requires(fields: \"i {{ a }}\") ")
    });
    Pair {
        own: format!(
            "{LINK}interface I {{ id: ID! a: Int }}\ntype Z implements I {{ id: ID! @external a: Int @external }}\n\
             type U @key(fields: \"id\") {{ id: ID! i: I @external {fields} }}\n"
        ),
        other: format!(
            "{}type U @key(fields: \"id\") {{ id: ID! i: I }}\n",
            records(size, "a: Int ")
        ),
    }
}

fn interface_object(size: usize) -> Pair {
    let fields = repeat(size, |at| format!("f{at}: Int {OPEN} "));
    Pair {
        own: format!("{LINK}type I @interfaceObject @key(fields: \"id\") {{ id: ID! {fields} }}\n"),
        other: records(size, "").replace("interface I {", "interface I @key(fields: \"id\") {"),
    }
}

fn contexts(size: usize) -> Pair {
    let readers = repeat(size, |at| {
        format!(
            "type R{at} @key(fields: \"id\") {{ id: ID! \
             f(a: Int @fromContext(field: \"$c {{ a }}\")): Int {OPEN} }}\n"
        )
    });
    let edges = repeat(size, |at| format!("e{at}: R{at} {OPEN} "));
    let own = "@context(name: \"c\") @key(fields: \"id\")";
    Pair {
        own: format!("{LINK}type C {own} {{ id: ID! a: Int {OPEN} {edges} }}\n{readers}"),
        other: records(1, ""),
    }
}
