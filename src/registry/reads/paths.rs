//! The fields between the objects that set a context and those whose fields read it. A context
//! reveals which object is below which, so the fields on the path are read with it.

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
        let all = others.iter().map(|other| &*other.declarations).chain([own]);
        for (coordinate, field) in all.flat_map(|declarations| &declarations.fields) {
            let parent = paths.number(&field.parent);
            let target = paths.number(field.ty.inner_named_type().as_str());
            paths.edges.push(Edge {
                coordinate,
                parent,
                target,
            });
        }
        // A context can be set on a union that no field yields.
        let all = others.iter().map(|other| &*other.declarations).chain([own]);
        for union_ in all.flat_map(|declarations| declarations.unions.keys()) {
            paths.number(union_);
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

    /// How many fields one walk reads at most.
    pub(super) fn size(&self) -> usize {
        self.edges.len()
    }

    /// The fields on any path from an object of one of some types, which sets a context, to one of
    /// another, which reads it; each once. The value comes from the nearest object that sets it, so
    /// no path leads through a second one.
    pub(super) fn between<'s>(
        &self,
        setters: impl IntoIterator<Item = &'s str>,
        reader: &str,
    ) -> Vec<&'a str> {
        let Some(&reader) = self.types.get(reader) else {
            return Vec::new();
        };
        let setters = setters.into_iter().filter_map(|name| self.types.get(name));
        let setters: Vec<usize> = setters.copied().collect();
        let mut sets = vec![false; self.types.len()];
        for &object in setters.iter().flat_map(|setter| &self.objects[*setter]) {
            sets[object] = true;
        }
        let nowhere = vec![false; self.types.len()];
        let below = self.reach(&setters, &nowhere, &self.from, |edge| edge.target);
        let above = self.reach(&[reader], &sets, &self.to, |edge| edge.parent);
        let leads = |edge: &&Edge<'_>| below[edge.parent] && above[edge.target];
        let mut found: Vec<_> = self.edges.iter().filter(leads).collect();
        found.sort_by_key(|edge| edge.coordinate);
        found.dedup_by_key(|edge| edge.coordinate);
        found.into_iter().map(|edge| edge.coordinate).collect()
    }

    /// The types that some object met along edges is of, those at the start included; objects at which the
    /// walk ends are not counted, but at the start. It takes as many steps as there are edges and pairs of
    /// a type and its objects.
    fn reach(
        &self,
        start: &[usize],
        ends: &[bool],
        edges: &[Vec<usize>],
        end_of: impl Fn(&Edge<'_>) -> usize,
    ) -> Vec<bool> {
        let none = || vec![false; self.types.len()];
        let (mut opened, mut objects, mut met) = (none(), none(), none());
        let mut open: Vec<(usize, bool)> = start.iter().map(|name| (*name, true)).collect();
        while let Some((name, is_start)) = open.pop() {
            if std::mem::replace(&mut opened[name], true) {
                continue;
            }
            for &object in &self.objects[name] {
                let is_end = ends[object] && !is_start;
                if is_end || std::mem::replace(&mut objects[object], true) {
                    continue;
                }
                // Fields of an interface are also selected on its objects.
                for &kind in &self.kinds[object] {
                    if !std::mem::replace(&mut met[kind], true) {
                        let next = edges[kind].iter().map(|edge| end_of(&self.edges[*edge]));
                        open.extend(next.map(|name| (name, false)));
                    }
                }
            }
        }
        met
    }
}
