//! Finds which scopes and policies would open what is withheld, fields that only a withheld key
//! leads to included. In: the operation as asked, and the withheld paths. Out: for each path the
//! smallest sets of requirements that open it. Invariant: it uses a bounded part of the planning
//! steps.

use apollo_compiler::collections::{IndexMap, IndexSet};

use super::{access::Access, search::Path, withhold::unreachable};
use crate::{
    authorize::{Satisfied, authorize, minimal, tell as tell_needed},
    budget::Budget,
    index::Index,
    operation::NormalizedOperation,
    response::Withheld,
};

/// Most sets of requirements that are tried; if there are more, the smallest and all together.
const TRIED: usize = 64;

/// The steps for this search are one part in so many of those of planning, so that the report
/// cannot prevent the answer.
const SHARE: u64 = 4;

/// Adds to what is withheld the smallest sets of requirements that would open it: the operation is
/// authorised again as if the caller met more. Fields that may be seen but are unreachable
/// (`closed`) are added. Where no set is found, the field's own requirements are reported.
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
        // A set with requirements of hidden fields only is not reported: its names could reveal
        // them.
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

/// By path, the smallest sets of requirements that open it. For the first `known` paths the
/// requirements of their own fields are known already.
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
            // What was found after the steps were used up must not be used.
            break;
        }
        let is_closed =
            |path: &Path| (0..=path.len()).any(|length| closed.contains(&path[..length]));
        // All requirements together tell less than the field's own.
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

/// The paths that a caller who meets some requirements may not see, or that are unreachable.
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

/// The report that either of two sets suffices.
fn either(one: Withheld, other: Withheld) -> Withheld {
    let any = |one: Vec<Vec<String>>, other: Vec<Vec<String>>| {
        // If one needs no scopes or policies, the other is not needed.
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
