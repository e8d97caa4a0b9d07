//! Which scopes and policies would open what is withheld, fields behind a withheld key included.

use apollo_compiler::collections::{IndexMap, IndexSet};

use super::{access::Access, search::Path, withhold::unreachable};
use crate::{
    authorize::{Satisfied, authorize, minimal, tell as tell_needed},
    budget::Budget,
    index::Index,
    operation::NormalizedOperation,
    response::Withheld,
};

/// Sets of requirements tried out; with more that are not met, only the smallest and all together.
const TRIED: usize = 64;

/// The part of the steps of a planning, one in so many, that may go into finding ways. What it tells
/// must not cost the answer.
const SHARE: u64 = 4;

/// Says of what is withheld the smallest sets of requirements that would open a way to it: the
/// operation is asked again for callers who meet more. What is closed, though it may be seen, is
/// added. Where no way is found, what the field itself asks for is reported.
pub(super) fn tell(
    index: &Index,
    access: Access<'_>,
    asked: &NormalizedOperation,
    closed: &[Path],
    withheld: &mut Vec<Withheld>,
    budget: &Budget,
) {
    let own = withheld.iter().map(|one| &one.path);
    let paths: IndexSet<Path> = own.chain(closed).cloned().collect();
    let ways = find(index, access, asked, (&paths, withheld.len()), budget);
    let requirements = access.requirements;
    let visible = requirements.visible(index);
    let known = withheld.iter().enumerate();
    let known: IndexMap<Path, usize> = known.map(|(at, one)| (one.path.clone(), at)).collect();
    budget.step(known.len());
    for path in paths {
        let ways = ways.get(&path).map_or(&[][..], Vec::as_slice);
        // A way that hidden fields ask for is not reported: its names may give them away.
        let told = ways
            .iter()
            .filter(|way| way.iter().all(|one| visible.contains(one)));
        let told = told.map(|way| {
            let way = way.iter().filter_map(|number| requirements.get(*number));
            tell_needed(path.clone(), &way.collect::<Vec<_>>())
        });
        let told = told.reduce(either);
        let one = known.get(&path).and_then(|at| withheld.get_mut(*at));
        match (one, told) {
            (Some(one), Some(told)) => *one = told,
            (Some(_), None) => {}
            (None, told) => withheld.push(told.unwrap_or_else(|| tell_needed(path, &[]))),
        }
    }
}

/// By path, the smallest sets of requirements that open a way. Of the first so many paths it is known
/// already what their fields ask for.
fn find(
    index: &Index,
    access: Access<'_>,
    asked: &NormalizedOperation,
    (paths, known): (&IndexSet<Path>, usize),
    budget: &Budget,
) -> IndexMap<Path, Vec<Vec<usize>>> {
    let share = budget.share_work(SHARE);
    let mut ways: IndexMap<Path, Vec<Vec<usize>>> = IndexMap::default();
    let lacking = access.satisfied.lacking(access.relevant);
    let names: usize = paths.iter().map(Vec::len).sum();
    let (sets, is_cut) = subsets(&lacking);
    for set in sets {
        let is_open = |path: &Path| {
            let mut known = ways.get(path).into_iter().flatten();
            known.any(|way: &Vec<usize>| way.iter().all(|one| set.contains(one)))
        };
        if !share.step(1 + names) {
            break;
        }
        if paths.iter().all(&is_open) {
            continue;
        }
        let satisfied = access.satisfied.and(&set);
        let closed = closed_to(index, access, asked, &satisfied, &share);
        if !share.step(closed.len()) {
            // What was found since the share was used up means nothing.
            break;
        }
        let is_closed =
            |path: &Path| (0..=path.len()).any(|length| closed.contains(&path[..length]));
        // All together says less than what a field asks for itself.
        let is_last_resort = is_cut && set.len() == lacking.len();
        let opened: Vec<&Path> = (paths.iter().enumerate())
            .filter(|(at, _)| !(is_last_resort && *at < known))
            .map(|(_, path)| path)
            .filter(|path| !is_open(path) && !is_closed(path))
            .collect();
        for path in opened {
            ways.entry(path.clone()).or_default().push(set.clone());
        }
    }
    ways
}

/// The paths that a caller who meets some requirements may not see, or cannot have.
fn closed_to(
    index: &Index,
    access: Access<'_>,
    asked: &NormalizedOperation,
    satisfied: &Satisfied,
    budget: &Budget,
) -> IndexSet<Path> {
    budget.step(asked.selection_set.size());
    let (authorized, withheld) = authorize(index, access.requirements, satisfied, asked.clone());
    let closed = unreachable(index, access.labels, &authorized, budget);
    let closed = closed.map_or_else(Vec::new, |(_, closed)| closed);
    let withheld = withheld.into_iter().map(|one| one.path);
    withheld.chain(closed).collect()
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

/// The subsets of some requirements, the smaller ones first, and whether some are left out.
fn subsets(all: &[usize]) -> (Vec<Vec<usize>>, bool) {
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
            subsets.remove(0);
            return (subsets, true);
        }
    }
    subsets.remove(0);
    (subsets, false)
}
