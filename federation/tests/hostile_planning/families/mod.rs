//! Families of graphs and operations, each growing in one number.

mod abstract_types;
mod entities;
mod more;

pub(crate) use abstract_types::{interface, own_fields};
pub(crate) use more::{behind_closed_keys_of_many, closed_keys_of_many};

/// A graph and an operation on it for each size.
#[derive(Clone, Copy)]
pub(crate) struct Family {
    pub(crate) name: &'static str,
    pub(crate) subgraphs: Subgraphs,
    pub(crate) query: Query,
    /// Sizes to plan at, growing.
    pub(crate) sizes: &'static [usize],
    /// A size that is past the bound, where the operation multiplies.
    pub(crate) refused: Option<usize>,
    /// The power of the input that the steps and the memory may grow with, from the first size to
    /// the last.
    pub(crate) steps: f64,
    pub(crate) memory: f64,
    /// Whether choices are tried out: with fewer steps there is a plan all the same, if not the best.
    pub(crate) is_searched: bool,
    /// Whether the caller holds no scope.
    pub(crate) is_restricted: bool,
}

pub(crate) type Subgraphs = fn(usize) -> Vec<String>;
pub(crate) type Query = fn(usize) -> String;

/// Hash tables grow in jumps, and logarithms count.
const LINEAR: f64 = 1.15;

fn linear(
    name: &'static str,
    subgraphs: Subgraphs,
    query: Query,
    sizes: &'static [usize],
) -> Family {
    Family {
        name,
        subgraphs,
        query,
        sizes,
        refused: None,
        steps: LINEAR,
        memory: LINEAR,
        is_searched: false,
        is_restricted: false,
    }
}

impl Family {
    fn growing(self, steps: f64, memory: f64) -> Self {
        Self {
            steps,
            memory,
            ..self
        }
    }

    fn refused_at(self, size: usize) -> Self {
        Self {
            refused: Some(size),
            ..self
        }
    }

    fn searched(self) -> Self {
        Self {
            is_searched: true,
            ..self
        }
    }

    fn restricted(self) -> Self {
        Self {
            is_restricted: true,
            ..self
        }
    }
}

pub(crate) fn all() -> Vec<Family> {
    let mut all = of_abstract_types();
    all.extend(of_entities());
    all.extend(of_depth());
    all.extend(of_choices());
    all.extend(of_others());
    all
}

fn of_abstract_types() -> Vec<Family> {
    use abstract_types::*;
    vec![
        linear("union, by member", union_, by_member, &[3, 5, 7]).refused_at(14),
        linear(
            "implementations",
            implementations,
            of_every_type,
            &[10, 20, 40, 80],
        ),
        linear(
            "composite keys",
            composite_keys,
            own_of_each,
            &[10, 20, 40, 80],
        ),
        linear(
            "interface object",
            interface_object,
            of_one_type_each,
            &[10, 20, 40, 80],
        ),
        // Each way down is a place of its own for a while: fetches on them are compared in pairs of
        // one place and united.
        linear(
            "interface, twice a level",
            interface,
            twice_a_level,
            &[3, 5, 7],
        )
        .growing(1.25, 1.3)
        .refused_at(14),
    ]
}

fn of_entities() -> Vec<Family> {
    use entities::*;
    vec![
        linear("aliases", pair, aliases, &[30, 60, 120, 240, 480]),
        linear(
            "aliases requiring",
            requiring,
            aliases_requiring,
            &[30, 60, 120, 240],
        ),
        linear("doubling fragments", pair, doubling, &[3, 6, 8]).refused_at(12),
        linear(
            "many fields",
            many_fields,
            many_fields_of_subgraphs,
            &[2, 8, 32],
        ),
        // Each field is looked for in each subgraph that the entity is taken to.
        linear(
            "many subgraphs",
            many_subgraphs,
            fields_of_many_subgraphs,
            &[5, 10, 20, 40],
        )
        .growing(1.75, LINEAR),
    ]
}

/// Growing in depth. A fetch names its place by the way from the root, so that the plan itself grows
/// with the square of the depth, of which there are fifty levels at most.
fn of_depth() -> Vec<Family> {
    use abstract_types::{interface, own_fields};
    use entities::*;
    use more::*;
    const DEEP: f64 = 1.6;
    let fields = |links| format!("{{ item {{ f{links} }} }}");
    vec![
        linear(
            "interface, own fields",
            interface,
            own_fields,
            &[6, 12, 24, 46],
        )
        .growing(1.35, LINEAR),
        linear("alternating", pair, alternating, &[6, 12, 24, 48]).growing(DEEP, 1.25),
        // Fields that are provided are external otherwise: a place for each level of the set.
        linear("provides", providing, provided, &[4, 8, 16, 32]).growing(DEEP, 1.45),
        linear("contexts", contexts, reads_of_contexts, &[6, 12, 24, 48]).growing(1.45, LINEAR),
        linear("requires chain", requires_chain, fields, &[8, 16, 32]).growing(1.5, 1.25),
        linear(
            "closed key, deep",
            closed_key,
            deep_behind_closed_key,
            &[6, 12, 24, 48],
        )
        // All that is withheld is told by its path, and a path is as long as its field is deep.
        .growing(1.5, LINEAR)
        .restricted(),
    ]
}

/// Where it is tried out which subgraphs to do without: a placement for each, and each placement looks
/// at each subgraph, from wherever the object already is. The number of placements is bounded.
fn of_choices() -> Vec<Family> {
    use abstract_types::{parting_ways, ways_down};
    use entities::*;
    let last = |count| format!("{{ item {{ f{} }} }}", count - 1);
    vec![
        linear("types that part ways", parting_ways, ways_down, &[4, 8, 12])
            .growing(1.75, LINEAR)
            .searched()
            .refused_at(20),
        linear("ring", ring, ring_fields, &[10, 20, 40])
            .growing(3.0, LINEAR)
            .searched(),
        linear("key chain", key_chain, last, &[10, 20, 30])
            .growing(3.5, LINEAR)
            .searched(),
    ]
}

fn of_others() -> Vec<Family> {
    use entities::pair;
    use more::*;
    vec![
        linear("conditions", pair, conditions, &[30, 60, 120, 240]),
        linear(
            "mutation, in two runs",
            mutations,
            mutation_in_runs,
            &[20, 80, 320],
        ),
        // Each root field waits for all before it: a bit for each pair, 64 in a word.
        linear(
            "mutation, alternating",
            mutations,
            alternating_mutation,
            &[10, 20, 40, 80, 160],
        )
        .growing(1.25, LINEAR),
        linear(
            "closed key",
            closed_key,
            behind_closed_key,
            &[30, 60, 120, 480],
        )
        .restricted(),
        linear(
            "closed keys",
            closed_keys,
            behind_closed_keys,
            &[10, 20, 40, 80],
        )
        .restricted(),
    ]
}
