//! Documents made from the API schema: each type's fields, and those of what they lead to, at the shortest way
//! from the root.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    fmt::Write,
};

use apollo_compiler::{
    Name, Schema, ast::FieldDefinition, schema::ExtendedType, validation::Valid,
};
use entities::terms::Classification;

use crate::support::api;

/// Roots with scopes of their own, which tests/joint/recorded.rs, tests/registration and tests/sealing ask.
pub(super) const OTHER_ROOTS: [&str; 8] = [
    "accessLog",
    "auditTrail",
    "embeddedSources",
    "fieldConsents",
    "recordSeals",
    "source",
    "sources",
    "supergraphs",
];

/// A field that is asked.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// The type that the object has to be of, where it may be of another.
    on: Option<Name>,
    pub(super) key: String,
    call: String,
    pub(super) coordinate: String,
    is_object: bool,
    pub(super) below: Vec<Step>,
}

/// A document and what it asks.
#[derive(Clone, Debug)]
pub(super) struct Document {
    pub(super) name: String,
    pub(super) steps: Vec<Step>,
}

/// How a field is asked: on the way to others, with its defaults, or broken down further.
#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    Path,
    Plain,
    Crossed,
}

/// The level of each field.
pub(super) type Levels = BTreeMap<String, Classification>;

/// Ids that arguments take.
pub(super) struct Ids {
    pub(super) situation: String,
    pub(super) cycle: String,
}

pub(super) struct Generator {
    schema: Valid<Schema>,
    ids: Ids,
    paths: BTreeMap<Name, Vec<Step>>,
    /// Fields of which it is not known what to give.
    pub(super) unknown: BTreeSet<String>,
}

impl Document {
    pub(super) fn text(&self) -> String {
        let mut text = String::from("{ ");
        write_steps(&mut text, &self.steps);
        text.push('}');
        text
    }

    pub(super) fn coordinates(&self) -> BTreeSet<String> {
        fn of(steps: &[Step], found: &mut BTreeSet<String>) {
            for step in steps {
                found.insert(step.coordinate.clone());
                of(&step.below, found);
            }
        }
        let mut found = BTreeSet::new();
        of(&self.steps, &mut found);
        found
    }

    /// The paths of the fields that are above a level and have none above it that is.
    pub(super) fn withheld(&self, levels: &Levels, clearance: Classification) -> BTreeSet<String> {
        fn of(
            steps: &[Step],
            (levels, clearance): (&Levels, Classification),
            path: &str,
            found: &mut BTreeSet<String>,
        ) {
            for step in steps {
                let path = format!("{path}/{}", step.key);
                if levels[&step.coordinate] > clearance {
                    found.insert(path);
                } else {
                    of(&step.below, (levels, clearance), &path, found);
                }
            }
        }
        let mut found = BTreeSet::new();
        of(&self.steps, (levels, clearance), "", &mut found);
        found
    }

    /// The highest level of what it asks that is not above a clearance.
    pub(super) fn level(&self, levels: &Levels, clearance: Classification) -> Classification {
        let open = self.without(levels, clearance);
        let asked = open.coordinates();
        let highest = asked.iter().map(|coordinate| levels[coordinate]).max();
        highest.unwrap_or(Classification::Unclassified)
    }

    /// The same without what is above a level.
    pub(super) fn without(&self, levels: &Levels, most: Classification) -> Self {
        fn kept(steps: &[Step], levels: &Levels, most: Classification) -> Vec<Step> {
            let open = steps.iter().filter(|step| levels[&step.coordinate] <= most);
            let open = open.map(|step| Step {
                below: kept(&step.below, levels, most),
                ..step.clone()
            });
            open.collect()
        }
        Self {
            name: format!("{} up to {most:?}", self.name),
            steps: kept(&self.steps, levels, most),
        }
    }

    /// Ids by `node`.
    pub(super) fn of_nodes(ids: &[&String]) -> Self {
        let mut at = 0;
        let step = |id: &&String| {
            at += 1;
            Step {
                on: None,
                key: format!("n{at}"),
                call: format!("node(id: \"{id}\")"),
                coordinate: "Query.node".to_owned(),
                is_object: true,
                below: vec![Step {
                    on: None,
                    key: "id".to_owned(),
                    call: "id".to_owned(),
                    coordinate: "Node.id".to_owned(),
                    is_object: false,
                    below: Vec::new(),
                }],
            }
        };
        Self {
            name: "node".to_owned(),
            steps: ids.iter().map(step).collect(),
        }
    }
}

fn write_steps(text: &mut String, steps: &[Step]) {
    text.push_str("__typename ");
    for step in steps {
        if let Some(on) = &step.on {
            write!(text, "... on {on} {{ ").unwrap();
        }
        let name = step.call.split('(').next().unwrap();
        if name != step.key {
            write!(text, "{}: ", step.key).unwrap();
        }
        write!(text, "{} ", step.call).unwrap();
        if step.is_object {
            text.push_str("{ ");
            write_steps(text, &step.below);
            text.push_str("} ");
        }
        if step.on.is_some() {
            text.push_str("} ");
        }
    }
}

impl Generator {
    pub(super) fn new(sdl: &str, ids: Ids) -> Self {
        let mut generator = Self {
            schema: Schema::parse_and_validate(sdl, "api.graphql").unwrap(),
            ids,
            paths: BTreeMap::new(),
            unknown: BTreeSet::new(),
        };
        generator.find_paths();
        generator
    }

    /// Every field of what can be reached from the roots that are tried here.
    pub(super) fn all_coordinates(&self) -> BTreeSet<String> {
        self.reached(vec![Name::new("Query").unwrap()])
    }

    /// Every field of what can be reached from the other roots.
    pub(super) fn other_coordinates(&self) -> BTreeSet<String> {
        let query = self.schema.get_object("Query").unwrap();
        let roots = OTHER_ROOTS.map(|root| query.fields[root].ty.inner_named_type().clone());
        let mut found = self.reached(roots.into());
        found.extend(self.reached(vec![Name::new("Mutation").unwrap()]));
        found.extend(OTHER_ROOTS.map(|root| format!("Query.{root}")));
        found
    }

    fn reached(&self, mut waiting: Vec<Name>) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut seen = BTreeSet::new();
        while let Some(at) = waiting.pop() {
            if !seen.insert(at.clone()) {
                continue;
            }
            waiting.extend(api::implementers(&self.schema, &at));
            for field in self.fields(&at) {
                found.insert(format!("{at}.{}", field.name));
                waiting.push(field.ty.inner_named_type().clone());
            }
            let interfaces = self.schema.get_object(&at).into_iter();
            waiting.extend(interfaces.flat_map(|object| {
                let interfaces = object.implements_interfaces.iter();
                interfaces.map(|one| one.name.clone())
            }));
        }
        found
    }

    fn find_paths(&mut self) {
        let root = Name::new("Query").unwrap();
        self.paths.insert(root.clone(), Vec::new());
        let mut waiting = VecDeque::from([root]);
        while let Some(at) = waiting.pop_front() {
            for field in self.fields(&at) {
                let inner = field.ty.inner_named_type().clone();
                // An id leads to one record, a list to all.
                let is_by_id = field.name == "currentReviewCycle"
                    || field.arguments.iter().any(|one| one.name == "id");
                if is_by_id
                    || self.schema.get_object(&inner).is_none()
                    || self.paths.contains_key(&inner)
                {
                    continue;
                }
                let Some(step) = self.step(&at, &field, How::Path) else {
                    continue;
                };
                let mut path = self.paths[&at].clone();
                path.push(step);
                self.paths.insert(inner.clone(), path);
                waiting.push_back(inner);
            }
        }
    }

    /// One document for each object, and one for each interface.
    pub(super) fn documents(&mut self) -> Vec<Document> {
        let types: Vec<_> = self
            .paths
            .keys()
            .filter(|name| !self.is_value(name))
            .cloned()
            .collect();
        let mut documents: Vec<_> = types.iter().map(|name| self.of_type(name)).collect();
        documents.push(self.of_interfaces());
        documents
    }

    fn of_type(&mut self, name: &Name) -> Document {
        let mut steps = self.selection(name, 2);
        let path = self.paths[name].clone();
        for (at, step) in path.iter().enumerate().rev() {
            let owner = Name::new(step.coordinate.split('.').next().unwrap()).unwrap();
            let mut step = step.clone();
            step.below = steps;
            steps = vec![step];
            if at > 0 && self.is_node(&owner) {
                let field = self
                    .fields(&owner)
                    .into_iter()
                    .find(|field| field.name == "id");
                steps.insert(0, self.step(&owner, &field.unwrap(), How::Plain).unwrap());
            }
        }
        Document {
            name: name.to_string(),
            steps,
        }
    }

    /// Everything that has an interface, by the id of a block.
    fn of_interfaces(&mut self) -> Document {
        let root = Name::new("Query").unwrap();
        let node = self
            .fields(&root)
            .into_iter()
            .find(|field| field.name == "node")
            .unwrap();
        let interfaces = self
            .schema
            .types
            .iter()
            .filter(|(_, found)| found.is_interface());
        let interfaces: Vec<_> = interfaces.map(|(name, _)| name.clone()).collect();
        let mut below = Vec::new();
        for name in interfaces {
            for mut step in self.selection(&name, 1) {
                step.on = Some(name.clone());
                below.push(step);
            }
        }
        let mut steps = Vec::new();
        for (_, type_name, prefix) in super::rows::BLOCKS {
            let mut step = self.step(&root, &node, How::Plain).unwrap();
            let id = format!("{prefix}{}", &self.ids.situation[3..]);
            step.call = step.call.replace(&self.ids.situation, &id);
            step.key = format!("as{type_name}");
            step.below.clone_from(&below);
            steps.push(step);
        }
        Document {
            name: "interfaces".to_owned(),
            steps,
        }
    }

    /// The fields of a type, and so far below them.
    fn selection(&mut self, name: &Name, depth: usize) -> Vec<Step> {
        let mut steps = Vec::new();
        for field in self.fields(name) {
            let inner = field.ty.inner_named_type().clone();
            let is_leaf = api::is_leaf(&self.schema, &inner);
            // Further below: what says which object it is, and values in full.
            let is_asked = depth > 1
                || (depth == 1 && (is_leaf || !self.is_node(name) || self.is_value(&inner)))
                || (is_leaf && field.name == "id")
                || ((is_leaf || self.is_value(&inner)) && self.is_value(name))
                || (["node", "nodes"].contains(&field.name.as_str()) && !is_leaf);
            if !is_asked {
                continue;
            }
            for how in [How::Plain, How::Crossed] {
                let is_crossed = how == How::Crossed;
                let has_choice = field.arguments.iter().any(|one| one.name == "by");
                if is_crossed && !has_choice {
                    continue;
                }
                let Some(mut step) = self.step(name, &field, how) else {
                    continue;
                };
                if is_crossed && depth < 2 {
                    continue;
                }
                if !is_leaf {
                    let is_value = self.is_value(&inner);
                    let less = if is_value {
                        depth
                    } else {
                        depth.saturating_sub(1)
                    };
                    step.below = self.selection(&inner, less);
                }
                steps.push(step);
            }
        }
        steps
    }

    fn step(&mut self, object: &Name, field: &FieldDefinition, how: How) -> Option<Step> {
        let (is_crossed, is_path) = (how == How::Crossed, how == How::Path);
        let mut given = Vec::new();
        for argument in &field.arguments {
            let inner = argument.ty.inner_named_type();
            let value = match (argument.name.as_str(), inner.as_str()) {
                ("by", _) if is_crossed => self.crossed(inner),
                // Of the cycles all at once, or some with much below.
                ("first", _) if field.name == "reviewCycles" && is_path => Some("6".to_owned()),
                ("first", _) => Some("100".to_owned()),
                ("includeDelisted", _) => Some("true".to_owned()),
                _ if !argument.is_required() => None,
                ("id", _) if field.name == "reviewCycle" => Some(format!("\"{}\"", self.ids.cycle)),
                ("id", _) => Some(format!("\"{}\"", self.ids.situation)),
                ("since", "ID") => Some(format!("\"{}\"", self.ids.cycle)),
                ("on", "Date") => Some("\"2026-11-01\"".to_owned()),
                (_, "PeriodRange") => Some(periods(&field.name)),
                _ => None,
            };
            match value {
                Some(value) => given.push(format!("{}: {value}", argument.name)),
                None if argument.is_required() => {
                    self.unknown.insert(format!("{object}.{}", field.name));
                    return None;
                }
                None => {}
            }
        }
        let arguments = (!given.is_empty()).then(|| format!("({})", given.join(", ")));
        let name = &field.name;
        Some(Step {
            on: None,
            key: if is_crossed {
                format!("{name}Crossed")
            } else {
                name.to_string()
            },
            call: format!("{name}{}", arguments.unwrap_or_default()),
            coordinate: format!("{object}.{name}"),
            is_object: !api::is_leaf(&self.schema, field.ty.inner_named_type()),
            below: Vec::new(),
        })
    }

    /// Two dimensions at most: what is crossed more finely is told to nobody.
    fn crossed(&self, terms: &Name) -> Option<String> {
        let Some(ExtendedType::Enum(terms)) = self.schema.types.get(terms) else {
            return None;
        };
        let terms: Vec<_> = terms.values.keys().take(2).map(Name::as_str).collect();
        Some(format!("[{}]", terms.join(", ")))
    }

    fn fields(&self, name: &Name) -> Vec<FieldDefinition> {
        let fields = api::fields(&self.schema, name).into_iter();
        let is_other = |field: &FieldDefinition| {
            name == "Query" && OTHER_ROOTS.iter().any(|root| field.name == *root)
        };
        fields.filter(|field| !is_other(field)).collect()
    }

    fn is_node(&self, name: &Name) -> bool {
        api::implementers(&self.schema, &Name::new("Node").unwrap()).contains(name)
    }

    /// Whether an object leads to no record, and not to itself.
    fn is_value(&self, name: &Name) -> bool {
        fn walk(of: &Generator, at: &Name, above: &mut Vec<Name>) -> bool {
            if api::is_leaf(&of.schema, at) {
                return true;
            }
            if above.contains(at) || of.is_node(at) || of.schema.get_object(at).is_none() {
                return false;
            }
            above.push(at.clone());
            let fields = of.fields(at);
            let is_value = fields
                .iter()
                .all(|field| walk(of, field.ty.inner_named_type(), above));
            above.pop();
            is_value
        }
        walk(self, name, &mut Vec::new())
    }
}

fn periods(field: &str) -> String {
    let (from, to) = match field {
        "casualties" | "crsv" => ("2026-02", "2026-02"),
        name if name.starts_with("published") => ("2024", "2025"),
        "violations" | "crsvByAdmin1" => ("2026-Q2", "2026-Q2"),
        _ => ("2022-Q1", "2026-Q4"),
    };
    format!("{{ from: \"{from}\", to: \"{to}\" }}")
}
