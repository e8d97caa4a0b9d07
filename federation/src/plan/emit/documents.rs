//! Emits the selection sets of documents, in the names of the subgraph's schema, and the programs
//! that read their answers into slots. In: selections of the graph. Out: their text, and one ingest
//! program. Invariant: the selections in one group have the same shape, and a response name leads
//! to one slot.

use apollo_compiler::collections::{IndexMap, IndexSet};
use apollo_compiler::{Name, ast::Type};

use super::keys::{Keys, lists, signature};
use crate::{
    budget::Budget,
    index::{Index, SubgraphId, TypeId, TypeSet},
    plan::fetch_graph::{
        asked::AskedField,
        dag::{Dag, Declared},
        ids::SelectionId,
    },
    query_plan::{
        Ingest, IngestEntry, IngestId, IngestInto, KeyLookup, Presence, RuntimeType, SlotId,
    },
};

pub(crate) struct Emitter<'e> {
    pub(crate) index: &'e Index,
    pub(crate) dag: &'e Dag,
    /// Counts steps; once it is exceeded, documents stay unfinished.
    pub(crate) budget: &'e Budget,
    pub(crate) subgraph: SubgraphId,
    pub(crate) ingests: &'e mut Vec<Ingest>,
    /// Client variables that the document uses.
    pub(crate) variables: IndexSet<Name>,
    /// Variables filled from contexts, with their types.
    pub(crate) filled: IndexMap<String, String>,
}

/// A field as it will be printed.
pub(crate) struct Print<'d> {
    selection: SelectionId,
    pub(crate) field: &'d AskedField,
    pub(crate) on: On,
    ty: Type,
    pub(crate) signature: String,
}

/// Where in a selection set a field is printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum On {
    /// On the declared type itself.
    Declared,
    /// In fragments on these types.
    Types(TypeSet),
    /// In a fragment on an interface object.
    Interface(TypeId),
}

pub(crate) type Texts = IndexMap<SelectionId, String>;

impl<'e> Emitter<'e> {
    /// Emits selections whose answers stand under one response name: one program, and a text for
    /// each.
    pub(crate) fn emit(&mut self, group: &[SelectionId]) -> (IngestId, Texts) {
        let dag = self.dag;
        let prints: Vec<Print<'e>> = group.iter().flat_map(|&id| self.prints(id)).collect();
        let shape = dag.askings[group[0].0].shape;
        let mut keys = Keys::new();
        for is_client in [true, false] {
            for print in &prints {
                if dag.shapes.is_client(shape, print.field.slot) == is_client {
                    keys.give(&dag.shapes, shape, print.field.slot, &print.signature);
                }
            }
        }
        // An ingest program refers to those of the objects below, so it is reserved first.
        let id = IngestId(u32::try_from(self.ingests.len()).unwrap_or(u32::MAX));
        let runtime_type = self.runtime_type(group);
        self.ingests.push(Ingest {
            shape,
            runtime_type: runtime_type.clone(),
            entries: Vec::new(),
            lookup: KeyLookup::default(),
        });
        if !self.budget.step(1 + prints.len() + group.len()) {
            return (id, Texts::default());
        }
        let (entries, below) = self.entries(&prints, (&keys, group), &runtime_type);
        self.ingests[id.0 as usize].entries = entries;
        let is_reported = matches!(runtime_type, RuntimeType::Reported(_));
        let mut by_selection: IndexMap<SelectionId, Vec<&Print<'_>>> = IndexMap::default();
        for print in &prints {
            by_selection.entry(print.selection).or_default().push(print);
        }
        let texts = group
            .iter()
            .map(|&id| {
                let own = by_selection.get(&id).map_or(&[][..], Vec::as_slice);
                (id, self.text(id, own, (&keys, &below), is_reported))
            })
            .collect();
        (id, texts)
    }

    fn entries(
        &mut self,
        prints: &[Print<'e>],
        (keys, group): (&Keys, &[SelectionId]),
        runtime_type: &RuntimeType,
    ) -> (Vec<IngestEntry>, IndexMap<String, Texts>) {
        let mut groups: IndexMap<String, (SlotId, u8, IndexSet<SelectionId>)> = IndexMap::default();
        let mut presences: IndexMap<String, Vec<(SelectionId, &On)>> = IndexMap::default();
        for print in prints {
            let Some(key) = keys.find(print.field.slot, &print.signature) else {
                continue;
            };
            let (_, _, below) = groups
                .entry(key.to_owned())
                .or_insert_with(|| (print.field.slot, lists(&print.ty), IndexSet::default()));
            below.extend(print.field.below.map(|(id, _)| id));
            let printed = presences.entry(key.to_owned()).or_default();
            printed.push((print.selection, &print.on));
        }
        let mut entries = Vec::with_capacity(groups.len() + 1);
        if matches!(runtime_type, RuntimeType::Reported(_)) {
            entries.push(IngestEntry {
                key: "__typename".into(),
                into: IngestInto::Typename,
                presence: Presence::Always,
            });
        }
        let mut texts = IndexMap::default();
        for (key, (slot, lists, below)) in groups {
            let into = if below.is_empty() {
                IngestInto::Leaf(slot)
            } else {
                let below: Vec<SelectionId> = below.into_iter().collect();
                let (ingest, below_texts) = self.emit(&below);
                texts.insert(key.clone(), below_texts);
                IngestInto::Object {
                    slot,
                    lists,
                    ingest,
                }
            };
            let printed = presences.get(&key).map(Vec::as_slice).unwrap_or_default();
            entries.push(IngestEntry {
                presence: self.presence(printed, group, runtime_type),
                key: key.into(),
                into,
            });
        }
        (entries, texts)
    }

    /// On which objects a response name is asked for, given where each selection prints it.
    fn presence(
        &self,
        printed: &[(SelectionId, &On)],
        group: &[SelectionId],
        runtime_type: &RuntimeType,
    ) -> Presence {
        let within = self.subgraph.0 as usize;
        let is_untyped = |id: TypeId| {
            let interface_object_in = &self.index.type_(id).interface_object_in;
            interface_object_in.contains(self.subgraph)
        };
        let is_whole = |on: &On| match (on, runtime_type) {
            (On::Declared, _) => true,
            (On::Interface(id), RuntimeType::Unknown) => is_untyped(*id),
            (On::Types(types), RuntimeType::Known(id)) => types.contains(*id),
            (On::Types(types), RuntimeType::Reported(possible)) => possible.is_subset(types),
            (On::Interface(_) | On::Types(_), _) => false,
        };
        self.budget.step(printed.len());
        let whole = printed.iter().filter(|(_, on)| is_whole(on));
        let whole: IndexSet<SelectionId> = whole.map(|(id, _)| *id).collect();
        if group.len() == whole.len() {
            return Presence::Always;
        }
        let types_of = |on: &On| match on {
            On::Types(types) => types.clone(),
            On::Interface(id) => self.index.type_(*id).possible_in[within].clone(),
            On::Declared => TypeSet::new(),
        };
        let types = printed.iter().map(|(_, on)| types_of(on));
        let types = types.fold(TypeSet::new(), |all, some| all.union(&some));
        if group.len() > 1 {
            return Presence::Sometimes(whole.is_empty().then_some(types));
        }
        Presence::On(types)
    }

    fn prints(&self, id: SelectionId) -> Vec<Print<'e>> {
        let dag = self.dag;
        let asking = &dag.askings[id.0];
        let is_sent = |field: &&AskedField| {
            field
                .below
                .is_none_or(|(below, _)| dag.askings[below.0].is_touched)
        };
        asking
            .fields
            .iter()
            .filter(is_sent)
            .flat_map(|field| self.prints_of(id, asking.declared, field))
            .collect()
    }

    fn prints_of(
        &self,
        selection: SelectionId,
        declared: Declared,
        field: &'e AskedField,
    ) -> Vec<Print<'e>> {
        let print = |on: On, ty: Type| Print {
            selection,
            field,
            on,
            signature: signature(&ty, field.below.is_some()),
            ty,
        };
        let of = |id: TypeId| Some(print(On::Declared, self.type_of(id, field)?));
        let declared = match declared {
            Declared::As(id) => Some(id),
            Declared::Entity => self.dag.askings[selection.0].typed_as,
        };
        if let Some(interface) = field.of_interface {
            let ty = self.type_of(interface, field);
            return ty
                .map(|ty| print(On::Interface(interface), ty))
                .into_iter()
                .collect();
        }
        let Some(id) = declared else {
            return self.prints_by_type(field.types.as_ref(), field, &print);
        };
        let facts = self.index.type_(id);
        let possible = &facts.possible_in[self.subgraph.0 as usize];
        let Some(types) = &field.types else {
            return of(id).into_iter().collect();
        };
        if self.index.is_object(id) {
            let print = types.contains(id).then(|| of(id)).flatten();
            return print.into_iter().collect();
        }
        let is_whole = possible.is_subset(types) && self.interface_has(id, field);
        if is_whole {
            return of(id).into_iter().collect();
        }
        self.prints_by_type(Some(&types.intersection(possible)), field, &print)
    }

    /// Whether the field can be asked of the interface itself, arguments included.
    fn interface_has(&self, id: TypeId, field: &AskedField) -> bool {
        let Some(found) = self.index.find_field(id, &field.name) else {
            return false;
        };
        let facts = self.index.field(found);
        let Some(field_in) = facts.find_in(self.subgraph) else {
            return false;
        };
        // An implementation may yield a narrower type than the interface says.
        let yields_same = field
            .below
            .is_none_or(|(_, arrival)| arrival.declared == field_in.named_type);
        yields_same
            && field
                .arguments
                .names()
                .iter()
                .all(|name| facts.arguments.contains(name))
    }

    fn prints_by_type(
        &self,
        types: Option<&TypeSet>,
        field: &'e AskedField,
        print: &impl Fn(On, Type) -> Print<'e>,
    ) -> Vec<Print<'e>> {
        let mut rest = types.cloned().unwrap_or_default();
        self.budget.step(rest.len());
        let mut prints = Vec::new();
        while let Some((interface, possible)) = self.find_interface(&rest, field) {
            rest = rest.difference(possible);
            let ty = self.type_of(interface, field);
            prints.extend(ty.map(|ty| print(On::Interface(interface), ty)));
        }
        let mut by_signature: IndexMap<String, (TypeSet, Type)> = IndexMap::default();
        for object in rest.iter() {
            let Some(ty) = self.type_of(object, field) else {
                continue;
            };
            by_signature
                .entry(signature(&ty, field.below.is_some()))
                .or_insert_with(|| (TypeSet::new(), ty))
                .0
                .insert(object);
        }
        let by_types = by_signature.into_values();
        prints.extend(by_types.map(|(types, ty)| print(On::Types(types), ty)));
        prints
    }

    /// An interface all of whose implementations in the subgraph are among some types, so that one
    /// fragment on it replaces theirs; the one with the most.
    fn find_interface(&self, types: &TypeSet, field: &AskedField) -> Option<(TypeId, &'e TypeSet)> {
        let first = types.iter().next()?;
        let within = self.subgraph.0 as usize;
        let interfaces = types.iter().flat_map(|id| &self.index.type_(id).interfaces);
        let mut seen: IndexSet<TypeId> = IndexSet::default();
        if types.len() < 2 || self.index.type_(first).interfaces.is_empty() {
            return None;
        }
        interfaces
            .copied()
            .filter(|&id| seen.insert(id))
            .map(|id| (id, &self.index.type_(id).possible_in[within]))
            .filter(|(id, possible)| {
                possible.len() > 1
                    && possible.is_subset(types)
                    && self.index.type_(*id).subgraphs.contains(self.subgraph)
                    && self.interface_has(*id, field)
            })
            .max_by_key(|(id, possible)| (possible.len(), std::cmp::Reverse(*id)))
    }

    fn type_of(&self, parent: TypeId, field: &AskedField) -> Option<Type> {
        let id = self.index.find_field(parent, &field.name)?;
        Some(self.index.field(id).find_in(self.subgraph)?.ty.clone())
    }

    fn runtime_type(&self, group: &[SelectionId]) -> RuntimeType {
        let mut possible = TypeSet::new();
        let mut known: IndexSet<TypeId> = IndexSet::default();
        let mut is_told = true;
        for &id in group {
            let asking = &self.dag.askings[id.0];
            let declared = match (asking.declared, asking.typed_as) {
                (Declared::As(id), _) | (Declared::Entity, Some(id)) => id,
                (Declared::Entity, None) => {
                    is_told = false;
                    continue;
                }
            };
            let facts = self.index.type_(declared);
            if facts.interface_object_in.contains(self.subgraph) {
                is_told = false;
                continue;
            }
            known.insert(declared);
            possible.extend(&facts.possible_in[self.subgraph.0 as usize]);
        }
        match known.first() {
            _ if !is_told => RuntimeType::Unknown,
            Some(&only) if known.len() == 1 && self.index.is_object(only) => {
                RuntimeType::Known(only)
            }
            _ => RuntimeType::Reported(possible),
        }
    }
}
