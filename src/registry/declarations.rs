//! What one subgraph declares: its types and fields under their names in the supergraph, with the
//! facts that the rules of the registry need.

use apollo_compiler::{
    Name,
    ast::{FieldDefinition, OperationType, Type},
    schema::ExtendedType,
};
use federation::subgraph::{
    Subgraph,
    directives::{
        Applied, is_authenticated, is_external, is_inaccessible, is_interface_object, keys,
        override_, policy, requires_scopes, tags,
    },
    field_set,
};
use indexmap::{IndexMap, IndexSet};

use super::{
    coordinate::{field_in, type_in},
    level::{CONFIDENTIAL_TAG, Level, PUBLIC_TAG},
    written::{Element, written},
};

/// Types and fields of one subgraph, by coordinate.
#[derive(Clone, Debug, Default)]
pub struct Declarations {
    /// Object types and interfaces.
    pub types: IndexMap<String, TypeFacts>,
    /// Their fields, by `Type.field`.
    pub fields: IndexMap<String, FieldFacts>,
    /// Scalars and enums that are marked.
    pub leaves: IndexMap<String, Marks>,
    /// The members of unions.
    pub unions: IndexMap<String, IndexSet<String>>,
    /// What is written on each element that reaches the joint schema.
    pub written: IndexMap<String, Element>,
    /// Everything else that has a coordinate: arguments, input fields, enum values, types of all
    /// kinds, and directives that reach the joint schema.
    pub others: IndexSet<String>,
    /// Types of records of which each exists for everyone.
    pub public_records: IndexSet<String>,
    /// Fields whose level is marked by a tag that only embedded sources may set, by `Type.field`.
    pub held_by_rows: IndexSet<String>,
    /// How many fields it defines of a type, and brings to it, by type.
    counts: IndexMap<String, FieldCounts>,
}

/// How many fields of a type a subgraph has.
#[derive(Clone, Copy, Debug, Default)]
struct FieldCounts {
    /// Those it defines, in keys or not.
    declared: usize,
    /// Those it brings, rather than naming another's.
    brought: usize,
}

/// Who may see an element, as its own directives say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// Its level, if it marks one.
    pub level: Option<Level>,
    /// Whether a directive keeps it from some callers.
    pub is_guarded: bool,
}

impl Marks {
    fn of(directives: &impl Applied) -> Self {
        Self {
            level: Level::marked(directives),
            is_guarded: is_kept_from_some(&guards(directives)),
        }
    }

    /// Whether there are callers who may not see it.
    pub fn is_classified(&self) -> bool {
        self.is_guarded || self.level > Some(Level::Unclassified)
    }

    /// Both marks at once.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        Self {
            level: self.level.max(other.level),
            is_guarded: self.is_guarded || other.is_guarded,
        }
    }
}

/// What is to be known of a type.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact that holds whatever the others are"
)]
pub struct TypeFacts {
    /// Which operation it serves.
    pub root: Option<OperationType>,
    /// Whether it has a key here.
    pub has_key: bool,
    /// The field sets of its keys, as they are written.
    pub keys: Vec<String>,
    /// Whether it is an interface.
    pub is_interface: bool,
    /// Whether it is an `@interfaceObject`.
    pub is_interface_object: bool,
    /// What it implements.
    pub interfaces: IndexSet<String>,
    /// Whether it only refers to a keyed type of another source: it has keys, none of them
    /// resolvable here, and no field that is not in a key.
    pub is_reference: bool,
    /// Its level, if it marks one.
    pub level: Option<Level>,
    /// Directives on it that keep it from callers: `@requiresScopes`, `@inaccessible`, …
    pub guards: Vec<&'static str>,
}

/// What is to be known of a field.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is stated by a directive"
)]
#[derive(Clone, Debug)]
pub struct FieldFacts {
    /// The type it is of.
    pub parent: String,
    /// Its own type, under the name that it has in the joint schema.
    pub ty: Type,
    /// Whether other sources may answer it as well.
    pub is_shareable: bool,
    /// Whether it is `@external`, so that others resolve it.
    pub is_external: bool,
    /// Whether it is part of a key.
    pub is_key: bool,
    /// Whether it is external and provided here below some field.
    pub is_provided: bool,
    /// Its level: its own mark and its type's, the higher one.
    pub level: Option<Level>,
    /// Directives on it that keep it from callers.
    pub guards: Vec<&'static str>,
    /// The source that `@override` names.
    pub override_from: Option<String>,
}

impl FieldFacts {
    /// Whether the subgraph brings the field, rather than naming another's.
    pub fn is_contribution(&self) -> bool {
        !self.is_external && !self.is_key
    }

    /// Whether the subgraph may be asked for the field.
    pub fn is_answered(&self) -> bool {
        self.is_contribution() || (self.is_external && self.is_provided)
    }
}

impl Declarations {
    /// Reads the declarations of a subgraph.
    pub fn of(subgraph: &Subgraph) -> Self {
        let mut declarations = Self {
            written: written(subgraph),
            ..Self::default()
        };
        let composed = declarations
            .written
            .keys()
            .filter(|each| each.starts_with('@'));
        declarations.others.extend(composed.cloned());
        let key_fields = key_fields(subgraph);
        for ty in subgraph
            .schema
            .types
            .values()
            .filter(|ty| !ty.is_built_in())
        {
            let name = subgraph.merged_type_name(ty.name()).to_owned();
            declarations.others.insert(name.clone());
            match ty {
                ExtendedType::Object(_) | ExtendedType::Interface(_) => {
                    declarations.add_type(subgraph, &name, ty);
                    for field in subgraph.fields(ty) {
                        declarations.add_field(&name, ty, field);
                        let coordinate = format!("{name}.{}", field.name);
                        if let Some(facts) = declarations.fields.get_mut(&coordinate) {
                            facts.is_key =
                                key_fields.contains(&(ty.name().clone(), field.name.clone()));
                            facts.is_provided = subgraph.is_provided(ty.name(), &field.name);
                            facts.is_shareable = subgraph.is_shareable(ty.name(), &field.name);
                            facts.ty = subgraph.merged_type(&field.ty);
                        }
                    }
                }
                ExtendedType::Enum(declared) => {
                    declarations.add_leaf(&name, ty);
                    let values = declared.values.keys();
                    declarations
                        .others
                        .extend(values.map(|value| format!("{name}.{value}")));
                }
                ExtendedType::InputObject(input) => {
                    let fields = input.fields.keys();
                    declarations
                        .others
                        .extend(fields.map(|field| format!("{name}.{field}")));
                }
                ExtendedType::Scalar(_) => declarations.add_leaf(&name, ty),
                ExtendedType::Union(union) => {
                    let members = union.members.iter();
                    let members = members.map(|one| subgraph.merged_type_name(one).to_owned());
                    declarations.unions.insert(name.clone(), members.collect());
                }
            }
        }
        declarations.raise_interface_levels(subgraph);
        declarations.count_fields();
        declarations.find_references();
        declarations
    }

    /// A field of an interface is as sensitive as it is on the most sensitive implementation.
    fn raise_interface_levels(&mut self, subgraph: &Subgraph) {
        for ty in subgraph.schema.types.values() {
            let ExtendedType::Interface(interface) = ty else {
                continue;
            };
            for field in interface.fields.keys() {
                let levels = subgraph.implementers(&interface.name).iter();
                let highest = levels
                    .filter_map(|object| self.fields.get(&format!("{object}.{field}"))?.level)
                    .max();
                let coordinate = format!("{}.{field}", interface.name);
                if let Some(facts) = self.fields.get_mut(&coordinate) {
                    facts.level = facts.level.max(highest);
                }
            }
        }
    }

    fn count_fields(&mut self) {
        for field in self.fields.values() {
            let counts = self.counts.entry(field.parent.clone()).or_default();
            counts.declared += usize::from(!field.is_external);
            counts.brought += usize::from(field.is_contribution());
        }
    }

    fn find_references(&mut self) {
        for (name, facts) in &mut self.types {
            let brought = self.counts.get(name).map_or(0, |counts| counts.brought);
            facts.is_reference &= brought == 0;
        }
    }

    fn add_leaf(&mut self, name: &str, ty: &ExtendedType) {
        let marks = Marks::of(ty.directives());
        if marks != Marks::default() {
            self.leaves.insert(name.to_owned(), marks);
        }
    }

    fn add_type(&mut self, subgraph: &Subgraph, name: &str, ty: &ExtendedType) {
        let interfaces = match ty {
            ExtendedType::Object(object) => Some(&object.implements_interfaces),
            ExtendedType::Interface(interface) => Some(&interface.implements_interfaces),
            _ => None,
        };
        let interfaces = interfaces.into_iter().flatten();
        let has_key = keys(ty.directives()).next().is_some();
        let facts = TypeFacts {
            root: subgraph.find_root_operation(ty.name()),
            has_key,
            keys: keys(ty.directives())
                .map(|key| key.fields.to_owned())
                .collect(),
            is_interface: ty.is_interface(),
            is_interface_object: is_interface_object(ty.directives()),
            interfaces: interfaces.map(|each| each.name.to_string()).collect(),
            is_reference: has_key && keys(ty.directives()).all(|key| !key.resolvable),
            level: Level::marked(ty.directives()),
            guards: guards(ty.directives()),
        };
        self.types.insert(name.to_owned(), facts);
    }

    fn add_field(&mut self, parent: &str, ty: &ExtendedType, field: &FieldDefinition) {
        let coordinate = format!("{parent}.{}", field.name);
        let arguments = field.arguments.iter();
        self.others
            .extend(arguments.map(|argument| format!("{coordinate}({}:)", argument.name)));
        if field.name == "id" && tags(&field.directives).any(|tag| tag == PUBLIC_TAG) {
            self.public_records.insert(parent.to_owned());
        }
        let mut tags = tags(&field.directives).chain(tags(ty.directives()));
        if tags.any(|tag| tag == CONFIDENTIAL_TAG) {
            self.held_by_rows.insert(coordinate.clone());
        }
        let facts = FieldFacts {
            parent: parent.to_owned(),
            ty: field.ty.clone(),
            is_shareable: false,
            is_external: is_external(&field.directives),
            is_key: false,
            is_provided: false,
            level: Level::marked(&field.directives).max(Level::marked(ty.directives())),
            guards: guards(&field.directives),
            override_from: override_(&field.directives).map(|each| each.from.to_owned()),
        };
        self.fields.insert(coordinate, facts);
    }

    /// Whether it defines the element at a coordinate, and does not merely name another's field.
    pub fn declares(&self, coordinate: &str) -> bool {
        match self.fields.get(coordinate) {
            Some(field) => !field.is_external,
            None => self.others.contains(coordinate),
        }
    }

    /// Whether it defines the element at a coordinate, beyond a reference to another's entity.
    pub fn owns(&self, coordinate: &str) -> bool {
        let is_reference = self
            .types
            .get(type_in(coordinate))
            .is_some_and(|facts| facts.is_reference);
        let is_external = self
            .fields
            .get(field_in(coordinate))
            .is_some_and(|field| field.is_external);
        !is_reference && !is_external && self.declares(coordinate)
    }

    /// Who may see a field, as this subgraph marks it: its own marks, those of its type and those of
    /// the values it yields.
    pub fn marks_of(&self, coordinate: &str) -> Marks {
        let Some(field) = self.fields.get(coordinate) else {
            let parent = coordinate.split('.').next().unwrap_or_default();
            return self.marks_of_type(parent);
        };
        let own = Marks {
            level: field.level,
            is_guarded: is_kept_from_some(&field.guards),
        };
        let parent = self.marks_of_type(&field.parent);
        let yielded = self.leaves.get(field.ty.inner_named_type().as_str());
        own.and(&parent).and(&yielded.cloned().unwrap_or_default())
    }

    /// Who may see values of a type, as this subgraph marks it itself.
    pub fn marks_of_type(&self, name: &str) -> Marks {
        let of_objects = self.types.get(name).map(|facts| Marks {
            level: facts.level,
            is_guarded: is_kept_from_some(&facts.guards),
        });
        let marks = of_objects.or_else(|| self.leaves.get(name).cloned());
        marks.unwrap_or_default()
    }

    /// The same elements, with the marks of a later version added on those for which a condition
    /// holds.
    #[must_use]
    pub fn marked_as(&self, later: &Self, counts: impl Fn(&str) -> bool) -> Self {
        let mut marked = self.clone();
        for (name, facts) in &mut marked.types {
            if let Some(later) = later.types.get(name).filter(|_| counts(name)) {
                facts.level = facts.level.max(later.level);
                facts.guards.extend(&later.guards);
                // That it is a record is said by what it implements.
                facts.interfaces.extend(later.interfaces.iter().cloned());
            }
        }
        for (coordinate, field) in &mut marked.fields {
            if let Some(later) = later.fields.get(coordinate).filter(|_| counts(coordinate)) {
                field.level = field.level.max(later.level);
                field.guards.extend(&later.guards);
            }
        }
        for (name, marks) in &later.leaves {
            if self.declares(name) && counts(name) {
                let own = marked.leaves.entry(name.clone()).or_default();
                *own = own.and(marks);
            }
        }
        let is_public = |name: &String| later.public_records.contains(name) || !counts(name);
        marked.public_records.retain(is_public);
        marked
    }

    /// Whether it defines fields of a type, in keys or not.
    pub fn declares_fields_of(&self, type_name: &str) -> bool {
        let counts = self.counts.get(type_name);
        counts.is_some_and(|counts| counts.declared > 0)
    }

    /// How many fields it brings to a type, rather than naming another's.
    pub fn contributions_to(&self, type_name: &str) -> usize {
        self.counts
            .get(type_name)
            .map_or(0, |counts| counts.brought)
    }
}

/// `@inaccessible` keeps an element from every client, and says nothing of its level.
fn is_kept_from_some(guards: &[&'static str]) -> bool {
    guards.iter().any(|guard| *guard != "@inaccessible")
}

fn guards(directives: &impl Applied) -> Vec<&'static str> {
    let mut guards = Vec::new();
    if requires_scopes(directives).is_some() {
        guards.push("@requiresScopes");
    }
    if is_authenticated(directives) {
        guards.push("@authenticated");
    }
    if policy(directives).is_some() {
        guards.push("@policy");
    }
    if is_inaccessible(directives) {
        guards.push("@inaccessible");
    }
    guards
}

/// Fields in the keys of any type, by their names in the subgraph.
fn key_fields(subgraph: &Subgraph) -> IndexSet<(Name, Name)> {
    let mut found = IndexSet::new();
    for ty in subgraph.schema.types.values() {
        for key in keys(ty.directives()) {
            let Ok(selections) = field_set::parse(key.fields) else {
                continue;
            };
            field_set::visit_fields(
                &subgraph.schema,
                ty.name(),
                &selections,
                &mut |(parent, field)| {
                    found.insert((parent.clone(), field.name.clone()));
                },
            );
        }
    }
    found
}
