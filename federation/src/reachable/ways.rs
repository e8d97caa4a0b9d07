//! What it would take to be served what lies behind what a caller may not see.

use apollo_compiler::collections::{IndexMap, IndexSet};

use super::{access::Access, search::Path, withhold::unreachable};
use crate::{
    authorize::{Satisfied, authorize, both, minimal, tell as tell_needed},
    budget::Budget,
    index::Index,
    operation::NormalizedOperation,
    response::Withheld,
};

/// Sets of requirements tried out; with more that are not met, only the smallest and all together.
const TRIED: usize = 64;

/// Adds to what is withheld the paths of fields to which nothing leads that may be read, each with the
/// smallest sets of requirements that would open a way: the operation is asked again for callers who
/// meet more. `budget` counts the steps.
pub(super) fn tell(
    index: &Index,
    (access, asked): (Access<'_>, &NormalizedOperation),
    (closed, withheld): (&[Path], &mut Vec<Withheld>),
    budget: &Budget,
) {
    let paths: IndexSet<&Path> = closed.iter().collect();
    let ways = find(index, (access, asked), &paths, budget);
    let requirements = access.requirements;
    let visible = requirements.visible(index);
    let known = withheld.iter().enumerate();
    let known: IndexMap<Path, usize> = known.map(|(at, one)| (one.path.clone(), at)).collect();
    budget.step(known.len());
    for path in paths {
        let ways = ways.get(path).map_or(&[][..], Vec::as_slice);
        // A way that hidden fields ask for is not told: its names may tell of them.
        let told = ways
            .iter()
            .filter(|way| way.iter().all(|one| visible.contains(one)));
        let told = told.map(|way| {
            let way = way.iter().filter_map(|number| requirements.get(*number));
            tell_needed(path.clone(), &way.collect::<Vec<_>>())
        });
        let told = told
            .reduce(either)
            .unwrap_or_else(|| tell_needed(path.clone(), &[]));
        let one = known.get(path).and_then(|at| withheld.get_mut(*at));
        match one {
            Some(one) => {
                one.scopes = both(&one.scopes, &told.scopes);
                one.policies = both(&one.policies, &told.policies);
            }
            None => withheld.push(told),
        }
    }
}

/// By path, the smallest sets of requirements that open a way.
fn find<'p>(
    index: &Index,
    (access, asked): (Access<'_>, &NormalizedOperation),
    paths: &IndexSet<&'p Path>,
    budget: &Budget,
) -> IndexMap<&'p Path, Vec<Vec<usize>>> {
    let mut ways: IndexMap<&Path, Vec<Vec<usize>>> = IndexMap::default();
    let lacking = access.satisfied.lacking(access.relevant);
    let names: usize = paths.iter().map(|path| path.len()).sum();
    for set in subsets(&lacking) {
        if !budget.step(1 + names) {
            break;
        }
        let is_open = |path: &Path| {
            let known = ways.get(path).into_iter().flatten();
            known
                .into_iter()
                .any(|way: &Vec<usize>| way.iter().all(|one| set.contains(one)))
        };
        if paths.iter().all(|path| is_open(path)) {
            continue;
        }
        let closed = closed_to(index, (access, asked), &access.satisfied.and(&set), budget);
        budget.step(closed.len());
        let is_closed =
            |path: &Path| (0..=path.len()).any(|length| closed.contains(&path[..length]));
        let opened: Vec<&Path> = (paths.iter().copied())
            .filter(|path| !is_open(path) && !is_closed(path))
            .collect();
        for path in opened {
            ways.entry(path).or_default().push(set.clone());
        }
    }
    ways
}

/// The paths that are closed to a caller who meets some requirements.
fn closed_to(
    index: &Index,
    (access, asked): (Access<'_>, &NormalizedOperation),
    satisfied: &Satisfied,
    budget: &Budget,
) -> IndexSet<Path> {
    budget.step(asked.selection_set.size());
    let (authorized, _) = authorize(index, access.requirements, satisfied, asked.clone());
    let closed = unreachable(index, access.labels, &authorized, budget);
    let closed = closed.map_or_else(Vec::new, |(_, closed)| closed);
    closed.into_iter().collect()
}

/// One of two ways.
fn either(one: Withheld, other: Withheld) -> Withheld {
    let any = |one: Vec<Vec<String>>, other: Vec<Vec<String>>| {
        // A way that takes none makes the others needless.
        if one.is_empty() || other.is_empty() {
            return Vec::new();
        }
        minimal(&one.into_iter().chain(other).collect())
    };
    Withheld {
        path: one.path,
        scopes: any(one.scopes, other.scopes),
        policies: any(one.policies, other.policies),
    }
}

/// The subsets of some requirements, the smaller ones first.
fn subsets(all: &[usize]) -> Vec<Vec<usize>> {
    let mut subsets: Vec<Vec<usize>> = vec![Vec::new()];
    for size in 1..=all.len() {
        let smaller: Vec<Vec<usize>> = subsets
            .iter()
            .filter(|set| set.len() + 1 == size)
            .cloned()
            .collect();
        for set in smaller {
            let last = set
                .last()
                .and_then(|last| all.iter().position(|one| one == last));
            for one in &all[last.map_or(0, |at| at + 1)..] {
                let mut set = set.clone();
                set.push(*one);
                subsets.push(set);
            }
        }
        if subsets.len() > TRIED {
            subsets.truncate(TRIED);
            subsets.push(all.to_vec());
            break;
        }
    }
    subsets.remove(0);
    subsets
}
