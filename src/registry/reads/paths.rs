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
    /// For each type the edges that yield it, or a type that its objects are of.
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
        let setters = setters.into_iter().filter_map(|name| self.types.get(name));
        let below = self.below(setters.copied());
        let above = self.types.get(reader).map(|reader| self.above(*reader));
        let above = above.unwrap_or_else(|| vec![false; self.types.len()]);
        let any = |types: &[usize], seen: &[bool]| types.iter().any(|each| seen[*each]);
        let leads = |edge: &&Edge<'_>| {
            any(&self.objects[edge.parent], &below) && any(&self.objects[edge.target], &above)
        };
        let mut found: Vec<_> = self.edges.iter().filter(leads).collect();
        found.sort_by_key(|edge| edge.coordinate);
        found.dedup_by_key(|edge| edge.coordinate);
        found.into_iter().map(|edge| edge.coordinate).collect()
    }

    /// Which types can be met below others, those included.
    fn below(&self, from: impl Iterator<Item = usize>) -> Vec<bool> {
        let mut seen = vec![false; self.types.len()];
        let mut open: Vec<usize> = from.flat_map(|each| &self.objects[each]).copied().collect();
        while let Some(each) = open.pop() {
            if std::mem::replace(&mut seen[each], true) {
                continue;
            }
            // Fields of an interface are asked of its objects, too.
            let edges = self.kinds[each].iter().flat_map(|kind| &self.from[*kind]);
            open.extend(edges.flat_map(|edge| &self.objects[self.edges[*edge].target]));
        }
        seen
    }

    /// Which types one can be met below, it included.
    fn above(&self, reader: usize) -> Vec<bool> {
        let mut seen = vec![false; self.types.len()];
        let mut open = self.objects[reader].clone();
        while let Some(each) = open.pop() {
            if std::mem::replace(&mut seen[each], true) {
                continue;
            }
            let edges = self.kinds[each].iter().flat_map(|kind| &self.to[*kind]);
            open.extend(edges.flat_map(|edge| &self.objects[self.edges[*edge].parent]));
        }
        seen
    }
}
