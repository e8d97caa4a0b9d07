//! What a source comes to read of others: the fields that its keys, its `@requires` and its
//! contexts make the gateway hand to it.
//!
//! The gateway sends a source nothing but representations and context values. A representation
//! holds the fields of a key that the source resolves entities by, and what the field asked for
//! requires. Whether the source declares these fields `@external` or resolves them as well makes
//! no difference: the gateway takes them from whoever has them.

use apollo_compiler::Name;
use federation::subgraph::{
    Subgraph,
    directives::{contexts, from_context, keys, requires},
    field_set,
};
use indexmap::{IndexMap, IndexSet};

use super::{
    declarations::{Declarations, Marks},
    level::Level,
    rules::Neighbour,
};

/// Through what a source reads.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Way {
    /// A key it resolves entities of a type by.
    Key {
        /// The type.
        type_name: String,
        /// The key.
        fields: String,
    },
    /// The `@requires` of a field, or a context that an argument of it reads.
    Field(String),
}

impl Way {
    /// Where it stands, as a schema coordinate.
    pub fn coordinate(&self) -> &str {
        match self {
            Self::Key { type_name, .. } => type_name,
            Self::Field(coordinate) => coordinate,
        }
    }
}

impl std::fmt::Display for Way {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Key { type_name, fields } => {
                write!(formatter, "The key `{fields}` of `{type_name}`")
            }
            Self::Field(coordinate) => write!(formatter, "`{coordinate}`"),
        }
    }
}

/// A source that holds a field, and the entity that answers for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Name of the source.
    pub source: String,
    /// Code of the entity.
    pub entity: String,
}

/// A field that not every caller may see, and that a source reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// Through what.
    pub way: Way,
    /// The field.
    pub coordinate: String,
    /// Its level; `UNCLASSIFIED` where other scopes than a clearance keep it from callers.
    pub level: Level,
    /// Other entities' sources that hold it: each of these entities has to consent.
    pub holders: Vec<Holder>,
}

/// What a source reads that not every caller may see, in the order of its SDL. `others` are the
/// other sources of the joint schema; one of the source's own name among them is passed over.
pub fn reads(
    own: &Subgraph,
    declarations: &Declarations,
    entity: &str,
    others: &[Neighbour],
) -> Vec<Read> {
    let others: Vec<_> = others.iter().filter(|each| each.name != own.name).collect();
    let kinship = Kinship::new(&others, declarations);
    let mut values = IndexMap::new();
    let mut found = Vec::new();
    for (way, coordinates) in ways(own) {
        let mut all = IndexSet::new();
        for (type_name, field) in coordinates {
            kinship.expand(&type_name, &field, &mut all);
        }
        for coordinate in all {
            let marks = marks_by_all(&others, (&kinship, &mut values), &coordinate);
            if !marks.is_classified() {
                continue;
            }
            let holders = others.iter().filter(|other| other.entity != entity);
            let holders = holders.filter(|other| is_holder(&other.declarations, &coordinate));
            found.push(Read {
                way: way.clone(),
                level: marks.level.unwrap_or(Level::Unclassified),
                holders: holders
                    .map(|other| Holder {
                        source: other.name.clone(),
                        entity: other.entity.clone(),
                    })
                    .collect(),
                coordinate,
            });
        }
    }
    found
}

/// Who may see a field, as all other sources together mark it: what one marks of a type holds for
/// the fields that another adds to it or yields it by, as one of the types that its objects can be
/// of: the type's name is handed over along with them.
///
/// `values` remembers the marks of the types that were yielded so far: many fields may yield a large one.
fn marks_by_all(
    others: &[&Neighbour],
    (kinship, values): (&Kinship, &mut IndexMap<String, Marks>),
    coordinate: &str,
) -> Marks {
    let mut marks = Marks::default();
    for other in others {
        marks = marks.and(&other.declarations.marks_of(coordinate));
        let Some(field) = other.declarations.fields.get(coordinate) else {
            continue;
        };
        let yielded = field.ty.inner_named_type().as_str();
        if !values.contains_key(yielded) {
            let found = marks_of_values(others, kinship, yielded);
            values.insert(yielded.to_owned(), found);
        }
        marks = marks.and(&values[yielded]);
    }
    marks
}

/// Who may see values of a type, of whichever of the types that its objects can be.
fn marks_of_values(others: &[&Neighbour], kinship: &Kinship, yielded: &str) -> Marks {
    let objects = kinship.objects_of(yielded);
    let each = objects.flat_map(|name| others.iter().map(move |other| (name, other)));
    each.fold(Marks::default(), |marks, (name, other)| {
        marks.and(&other.declarations.marks_of_type(name))
    })
}

/// Whether a source has a field's values and a say in who reads them: it marks the field, or brings
/// it. A field of an interface has no values beside those of the objects.
fn is_holder(declarations: &Declarations, coordinate: &str) -> bool {
    let Some(field) = declarations.fields.get(coordinate) else {
        return false;
    };
    let parent = declarations.types.get(&field.parent);
    let is_interface = parent.is_some_and(|facts| facts.is_interface);
    declarations.declares(coordinate)
        && (declarations.marks_of(coordinate).is_classified()
            || (field.is_contribution() && !is_interface))
}

/// A field as the source's own field sets name it: its type by its name in the joint schema.
type Named = IndexSet<(String, Name)>;

/// Each way the source reads by, with the fields it names.
fn ways(own: &Subgraph) -> IndexMap<Way, Named> {
    let mut ways: IndexMap<Way, Named> = IndexMap::new();
    for ty in own.schema.types.values() {
        let type_name = own.merged_type_name(ty.name());
        for key in keys(ty.directives()).filter(|key| key.resolvable) {
            let way = Way::Key {
                type_name: type_name.to_owned(),
                fields: key.fields.to_owned(),
            };
            collect(own, ty.name(), key.fields, ways.entry(way).or_default());
        }
        for field in own.fields(ty) {
            let mut read = Named::new();
            if let Some(needed) = requires(&field.directives) {
                collect(own, ty.name(), needed.fields, &mut read);
            }
            for argument in &field.arguments {
                let text = from_context(&argument.directives);
                if let Some((context, selection)) = text.and_then(field_set::split_context) {
                    collect_in_context(own, context, selection, &mut read);
                }
            }
            if !read.is_empty() {
                let coordinate = format!("{type_name}.{}", field.name);
                let way = ways.entry(Way::Field(coordinate)).or_default();
                way.extend(read);
            }
        }
    }
    ways
}

fn collect(own: &Subgraph, type_name: &Name, text: &str, into: &mut Named) {
    let Ok(selections) = field_set::parse(text) else {
        return;
    };
    field_set::visit_fields(&own.schema, type_name, &selections, &mut |(
        parent,
        field,
    )| {
        let parent = own.merged_type_name(parent).to_owned();
        into.insert((parent, field.name.clone()));
    });
}

fn collect_in_context(own: &Subgraph, context: &str, selection: &str, into: &mut Named) {
    let types = own.schema.types.values();
    for ty in types.filter(|ty| contexts(ty.directives()).any(|name| name == context)) {
        collect(own, ty.name(), selection, into);
    }
}

/// Which types implement what, in all sources together.
struct Kinship {
    implementers: IndexMap<String, IndexSet<String>>,
    unions: IndexMap<String, IndexSet<String>>,
    interface_objects: IndexMap<String, IndexSet<String>>,
}

impl Kinship {
    fn new(others: &[&Neighbour], own: &Declarations) -> Self {
        let all = || others.iter().map(|each| &each.declarations).chain([own]);
        let stand_ins: IndexSet<&str> = all()
            .flat_map(|declarations| &declarations.types)
            .filter(|(_, facts)| facts.is_interface_object)
            .map(|(name, _)| name.as_str())
            .collect();
        let mut kinship = Self {
            implementers: IndexMap::new(),
            unions: IndexMap::new(),
            interface_objects: IndexMap::new(),
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
        kinship
    }

    /// A type, and the types that its objects can be of.
    fn objects_of<'k>(&'k self, name: &'k str) -> impl Iterator<Item = &'k str> {
        let objects = [&self.implementers, &self.unions];
        let objects = objects.into_iter().filter_map(move |known| known.get(name));
        [name]
            .into_iter()
            .chain(objects.flatten().map(String::as_str))
    }

    /// A field of an interface is one of all its implementations; a field of an object can be one
    /// that a source adds to an interface of the object.
    fn expand(&self, type_name: &str, field: &str, into: &mut IndexSet<String>) {
        let implementers = self.implementers.get(type_name).into_iter().flatten();
        for name in [type_name]
            .into_iter()
            .chain(implementers.map(String::as_str))
        {
            into.insert(format!("{name}.{field}"));
            let above = self.interface_objects.get(name).into_iter().flatten();
            into.extend(above.map(|interface| format!("{interface}.{field}")));
        }
    }
}
