//! The parts of a table that no figure links: each is decided on its own.

use super::table::{Figure, Reduced};

/// A part of a table.
pub(super) struct Part {
    /// Its groups and figures, counted anew.
    pub(super) reduced: Reduced,
    /// Which figure of the whole each of its figures is.
    pub(super) figures: Vec<usize>,
}

/// Splits a table. Figures over no counts at all are in no part.
pub(super) fn parts(whole: &Reduced) -> Vec<Part> {
    let part_of = labels(whole);
    let count = part_of.iter().max().map_or(0, |last| last + 1);
    let mut parts: Vec<Part> = (0..count).map(|_| Part::empty()).collect();
    let mut place = Vec::with_capacity(part_of.len());
    for (group, &part) in part_of.iter().enumerate() {
        let reduced = &mut parts[part].reduced;
        place.push(reduced.values.len());
        reduced.values.push(whole.values[group]);
        reduced.blocks.push(whole.blocks[group]);
    }
    for (index, figure) in whole.figures.iter().enumerate() {
        let Some(&first) = figure.groups.first() else {
            continue;
        };
        let part = &mut parts[part_of[first]];
        part.figures.push(index);
        part.reduced.figures.push(Figure {
            groups: figure.groups.iter().map(|&group| place[group]).collect(),
            ..*figure
        });
    }
    parts
}

impl Part {
    fn empty() -> Self {
        Self {
            reduced: Reduced::empty(),
            figures: Vec::new(),
        }
    }
}

/// The number of the part of each group, from 0 on without gaps.
fn labels(whole: &Reduced) -> Vec<usize> {
    let mut parent: Vec<usize> = (0..whole.values.len()).collect();
    for figure in &whole.figures {
        for pair in figure.groups.windows(2) {
            let (one, other) = (root(&mut parent, pair[0]), root(&mut parent, pair[1]));
            parent[one.max(other)] = one.min(other);
        }
    }
    let mut number = vec![None; parent.len()];
    let mut next = 0;
    (0..parent.len())
        .map(|group| {
            let root = root(&mut parent, group);
            *number[root].get_or_insert_with(|| {
                next += 1;
                next - 1
            })
        })
        .collect()
}

fn root(parent: &mut [usize], mut group: usize) -> usize {
    while parent[group] != group {
        parent[group] = parent[parent[group]];
        group = parent[group];
    }
    group
}
