//! The fields between the objects that set a context and those whose fields read it. What arrives
//! tells which object is below which, so the way there is read along with the context.

use std::collections::HashMap;

use super::kinship::Kinship;
use crate::registry::{declarations::Declarations, rules::Neighbour};

/// The fields of all sources together, as edges between types.
pub(super) struct Paths<'a> {
    types: HashMap<&'a str, usize>,
    /// For each type those that its objects can be of, itself included.
    objects: Vec<Vec<usize>>,
    /// For each type those whose objects it is one of: itself, its interfaces and unions.
    kinds: Vec<Vec<usize>>,
    edges: Vec<Edge<'a>>,
    /// For each type the edges that start from it.
    from: Vec<Vec<usize>>,
    /// For each type the edges that yield it.
    to: Vec<Vec<usize>>,
}

struct Edge<'a> {
    coordinate: &'a str,
    parent: usize,
    target: usize,
}

impl<'a> Paths<'a> {
    /// Reads what the other sources and the source itself declare.
    pub(super) fn new(
        others: &[&'a Neighbour],
        own: &'a Declarations,
        kinship: &'a Kinship,
    ) -> Self {
        let mut paths = Self {
            types: HashMap::new(),
            objects: Vec::new(),
            kinds: Vec::new(),
            edges: Vec::new(),
            from: Vec::new(),
            to: Vec::new(),
        };
        let all = others.iter().map(|other| &other.declarations).chain([own]);
        for (coordinate, field) in all.flat_map(|declarations| &declarations.fields) {
            let parent = paths.number(&field.parent);
            let target = paths.number(field.ty.inner_named_type().as_str());
            paths.edges.push(Edge {
                coordinate,
                parent,
                target,
            });
        }
        let names: Vec<&str> = paths.types.keys().copied().collect();
        for name in names {
            let number = paths.number(name);
            for object in kinship.objects_of(name) {
                let object = paths.number(object);
                paths.objects[number].push(object);
                paths.kinds[object].push(number);
            }
        }
        for (number, edge) in paths.edges.iter().enumerate() {
            paths.from[edge.parent].push(number);
            paths.to[edge.target].push(number);
        }
        paths
    }

    fn number(&mut self, name: &'a str) -> usize {
        let next = self.types.len();
        let number = *self.types.entry(name).or_insert(next);
        if number == next && self.objects.len() == next {
            for lists in [
                &mut self.objects,
                &mut self.kinds,
                &mut self.from,
                &mut self.to,
            ] {
                lists.push(Vec::new());
            }
        }
        number
    }

    /// The fields on any path from an object of one of some types to one of another, each once.
    pub(super) fn between<'s>(
        &self,
        setters: impl IntoIterator<Item = &'s str>,
        reader: &str,
    ) -> Vec<&'a str> {
        let Some(reader) = self.types.get(reader) else {
            return Vec::new();
        };
        let setters = setters.into_iter().filter_map(|name| self.types.get(name));
        let below = self.reach(setters.copied(), &self.from, |edge| edge.target);
        let above = self.reach([*reader], &self.to, |edge| edge.parent);
        let leads = |edge: &&Edge<'_>| below[edge.parent] && above[edge.target];
        let mut found: Vec<_> = self.edges.iter().filter(leads).collect();
        found.sort_by_key(|edge| edge.coordinate);
        found.dedup_by_key(|edge| edge.coordinate);
        found.into_iter().map(|edge| edge.coordinate).collect()
    }

    /// Which types can be met on the way along edges, those at the start included: each of which some
    /// object is met. It takes as many steps as there are edges and pairs of a type and its objects.
    fn reach(
        &self,
        start: impl IntoIterator<Item = usize>,
        edges: &[Vec<usize>],
        end: impl Fn(&Edge<'_>) -> usize,
    ) -> Vec<bool> {
        let none = || vec![false; self.types.len()];
        // Types whose objects were taken up, objects, and types that one of them is of.
        let (mut opened, mut objects, mut met) = (none(), none(), none());
        let mut open: Vec<usize> = start.into_iter().collect();
        while let Some(name) = open.pop() {
            if std::mem::replace(&mut opened[name], true) {
                continue;
            }
            for &object in &self.objects[name] {
                if std::mem::replace(&mut objects[object], true) {
                    continue;
                }
                // Fields of an interface are asked of its objects, too.
                for &kind in &self.kinds[object] {
                    if !std::mem::replace(&mut met[kind], true) {
                        open.extend(edges[kind].iter().map(|edge| end(&self.edges[*edge])));
                    }
                }
            }
        }
        met
    }
}
