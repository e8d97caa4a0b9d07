//! Which types implement what, in all sources together.

use std::rc::Rc;

use indexmap::{IndexMap, IndexSet};

use crate::registry::{declarations::Declarations, rules::Neighbour};

/// Which types implement what, in all sources together.
pub(super) struct Kinship {
    implementers: IndexMap<String, IndexSet<String>>,
    unions: IndexMap<String, IndexSet<String>>,
    interface_objects: IndexMap<String, IndexSet<String>>,
    /// The interfaces and unions that objects of a type are of.
    kinds: IndexMap<String, IndexSet<String>>,
}

impl Kinship {
    pub(super) fn new(others: &[&Neighbour], own: &Declarations) -> Self {
        let all = || others.iter().map(|each| &*each.declarations).chain([own]);
        let stand_ins: IndexSet<&str> = all()
            .flat_map(|declarations| &declarations.types)
            .filter(|(_, facts)| facts.is_interface_object)
            .map(|(name, _)| name.as_str())
            .collect();
        let mut kinship = Self {
            implementers: IndexMap::new(),
            unions: IndexMap::new(),
            interface_objects: IndexMap::new(),
            kinds: IndexMap::new(),
        };
        for (name, facts) in all().flat_map(|declarations| &declarations.types) {
            for interface in &facts.interfaces {
                let implementers = kinship.implementers.entry(interface.clone());
                implementers.or_default().insert(name.clone());
                if stand_ins.contains(interface.as_str()) {
                    let above = kinship.interface_objects.entry(name.clone());
                    above.or_default().insert(interface.clone());
                }
            }
        }
        for (name, members) in all().flat_map(|declarations| &declarations.unions) {
            let known = kinship.unions.entry(name.clone()).or_default();
            known.extend(members.iter().cloned());
        }
        for (kind, objects) in kinship.implementers.iter().chain(&kinship.unions) {
            for object in objects {
                let kinds = kinship.kinds.entry(object.clone()).or_default();
                kinds.insert(kind.clone());
            }
        }
        kinship
    }

    /// A type, and the interfaces and unions that its objects are of.
    pub(super) fn kinds_of<'k>(&'k self, name: &'k str) -> impl Iterator<Item = &'k str> {
        let kinds = self.kinds.get(name).into_iter().flatten();
        [name].into_iter().chain(kinds.map(String::as_str))
    }

    /// A type, and the types that its objects can be of.
    pub(super) fn objects_of<'k>(&'k self, name: &'k str) -> impl Iterator<Item = &'k str> {
        let objects = [&self.implementers, &self.unions];
        let objects = objects.into_iter().filter_map(move |known| known.get(name));
        [name]
            .into_iter()
            .chain(objects.flatten().map(String::as_str))
    }

    /// A field of an interface is one of all its implementations; a field of an object can be one
    /// that a source adds to an interface of the object. Each is added with what was named. The result
    /// says how many were looked at.
    pub(super) fn expand(
        &self,
        type_name: &str,
        field: &str,
        into: &mut IndexMap<String, Rc<[String]>>,
        named: &Rc<[String]>,
    ) -> usize {
        let implementers = self.implementers.get(type_name).into_iter().flatten();
        let mut looked_at = 0;
        let mut add = |coordinate| {
            into.entry(coordinate).or_insert_with(|| Rc::clone(named));
        };
        for name in [type_name]
            .into_iter()
            .chain(implementers.map(String::as_str))
        {
            add(format!("{name}.{field}"));
            looked_at += 1;
            for interface in self.interface_objects.get(name).into_iter().flatten() {
                add(format!("{interface}.{field}"));
                looked_at += 1;
            }
        }
        looked_at
    }
}
