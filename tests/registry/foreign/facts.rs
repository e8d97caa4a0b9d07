//! What a supergraph says of each of its elements, by coordinate, and who answers its fields.

use apollo_compiler::{
    Node, Schema,
    ast::{Directive, FieldDefinition, InputValueDefinition, Value},
    schema::ExtendedType,
};
use federation::{subgraph::field_set, supergraph::Supergraph};
use indexmap::{IndexMap, IndexSet};

/// What is said of each element.
pub(super) type Facts = IndexMap<String, String>;

/// Directives and types of the machinery, told by their first letters.
const MACHINERY: [&str; 10] = [
    "join__",
    "link",
    "core",
    "tag",
    "inaccessible",
    "authenticated",
    "requiresScopes",
    "policy",
    "cost",
    "listSize",
];

/// A field as a field set names it.
pub(super) type Coordinates = IndexSet<(String, String)>;

/// A supergraph, looked at without the help of the registry.
pub(super) struct View<'a> {
    supergraph: &'a Supergraph,
}

fn is_join(directive: &Directive) -> bool {
    directive.name.starts_with("join__")
}

fn text(directive: &Directive) -> String {
    let mut arguments: Vec<_> = directive.arguments.iter().collect();
    arguments.sort_by_key(|argument| argument.name.clone());
    let arguments: Vec<_> = arguments
        .iter()
        .map(|each| format!("{}: {}", each.name, each.value.serialize().no_indent()))
        .collect();
    format!("@{}({})", directive.name, arguments.join(", "))
}

fn said<'d>(directives: impl Iterator<Item = &'d Node<Directive>>) -> String {
    // A context bears the name of the subgraph that reads it.
    let others = ["context", "link"];
    let directives =
        directives.filter(|each| !is_join(each) && !others.contains(&each.name.as_str()));
    let mut all: Vec<_> = directives.map(|each| text(each)).collect();
    all.sort();
    all.join(" ")
}

fn described(description: Option<&Node<str>>) -> String {
    description.map_or_else(String::new, |text| format!("{:?} ", text.to_string()))
}

fn input(input: &InputValueDefinition) -> String {
    let default = input.default_value.as_ref();
    let default = default.map(|value| value.serialize().no_indent().to_string());
    format!(
        "{}{}: {} = {default:?} {}",
        described(input.description.as_ref()),
        input.name,
        input.ty,
        said(input.directives.iter())
    )
}

fn names<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let mut names: Vec<_> = names.filter(|name| !name.starts_with("join__")).collect();
    names.sort_unstable();
    names.join(" ")
}

/// What a schema says of each of its elements, but for the fields that object types have.
pub(super) fn facts(schema: &Schema) -> Facts {
    let mut facts = Facts::new();
    let definition = &schema.schema_definition;
    // A first subscription brings a root of its own; those that are there stay what they are.
    for (root, name) in definition.iter_root_operations() {
        facts.insert(format!("schema {root}"), name.to_string());
    }
    let schema_directives = definition.directives.iter().map(|each| &each.node);
    let whole = format!(
        "{}{}",
        described(definition.description.as_ref()),
        said(schema_directives)
    );
    facts.insert("schema".to_owned(), whole);
    let is_own = |name: &str| {
        !MACHINERY
            .iter()
            .any(|machinery| name.starts_with(machinery))
    };
    for definition in schema.directive_definitions.values() {
        if is_own(&definition.name) {
            let text = definition.serialize().no_indent().to_string();
            facts.insert(format!("@{}", definition.name), text);
        }
    }
    for (name, ty) in &schema.types {
        if ty.is_built_in() || !is_own(name) {
            continue;
        }
        add_type(&mut facts, name, ty);
    }
    facts
}

fn add_type(facts: &mut Facts, name: &str, ty: &ExtendedType) {
    let directives = said(ty.directives().iter().map(|each| &each.node));
    let parts = match ty {
        ExtendedType::Scalar(_) => "scalar".to_owned(),
        ExtendedType::Object(object) => {
            add_fields(facts, name, object.fields.values().map(|each| &***each));
            let interfaces = object.implements_interfaces.iter();
            format!("type {}", names(interfaces.map(|each| each.as_str())))
        }
        ExtendedType::Interface(interface) => {
            add_fields(facts, name, interface.fields.values().map(|each| &***each));
            let above = interface.implements_interfaces.iter();
            format!("interface {}", names(above.map(|each| each.as_str())))
        }
        ExtendedType::Union(union) => {
            let members = union.members.iter();
            format!("union {}", names(members.map(|each| each.as_str())))
        }
        ExtendedType::Enum(declared) => {
            for (value, definition) in &declared.values {
                let text = format!(
                    "{}{}",
                    described(definition.description.as_ref()),
                    said(definition.directives.iter())
                );
                facts.insert(format!("{name}.{value}"), text);
            }
            format!(
                "enum {}",
                names(declared.values.keys().map(apollo_compiler::Name::as_str))
            )
        }
        ExtendedType::InputObject(object) => {
            for (field, definition) in &object.fields {
                facts.insert(format!("{name}.{field}"), input(definition));
            }
            format!(
                "input {}",
                names(object.fields.keys().map(apollo_compiler::Name::as_str))
            )
        }
    };
    let description = described(ty.description());
    facts.insert(
        name.to_owned(),
        format!("{description}{parts} {directives}"),
    );
}

fn add_fields<'f>(
    facts: &mut Facts,
    parent: &str,
    fields: impl Iterator<Item = &'f FieldDefinition>,
) {
    for field in fields {
        let mut arguments: Vec<_> = field.arguments.iter().map(|each| input(each)).collect();
        arguments.sort();
        let text = format!(
            "{}({}): {} {}",
            described(field.description.as_ref()),
            arguments.join(", "),
            field.ty,
            said(field.directives.iter())
        );
        facts.insert(format!("{parent}.{}", field.name), text);
    }
}

fn argument<'d>(directive: &'d Directive, name: &str) -> Option<&'d Node<Value>> {
    directive.specified_argument_by_name(name)
}

fn string<'d>(directive: &'d Directive, name: &str) -> Option<&'d str> {
    argument(directive, name)?.as_str()
}

fn graph_of(directive: &Directive) -> Option<&str> {
    Some(argument(directive, "graph")?.as_enum()?.as_str())
}

impl<'a> View<'a> {
    pub(super) fn new(supergraph: &'a Supergraph) -> Self {
        Self { supergraph }
    }

    /// The value of the enum of subgraphs that stands for a subgraph.
    fn graph(&self, name: &str) -> Option<&str> {
        let mut subgraphs = self.supergraph.subgraphs.iter();
        let found = subgraphs.find(|subgraph| subgraph.name == name)?;
        Some(found.graph.as_str())
    }

    fn types(&self) -> impl Iterator<Item = &'a ExtendedType> + use<'a> {
        let types = self.supergraph.schema.types.values();
        types.filter(|ty| !ty.is_built_in() && !ty.name().starts_with("join__"))
    }

    fn fields(ty: &'a ExtendedType) -> Vec<&'a FieldDefinition> {
        match ty {
            ExtendedType::Object(object) => object.fields.values().map(|each| &***each).collect(),
            ExtendedType::Interface(interface) => {
                interface.fields.values().map(|each| &***each).collect()
            }
            _ => Vec::new(),
        }
    }

    fn join_types(ty: &'a ExtendedType) -> impl Iterator<Item = &'a Directive> {
        let directives = ty.directives().iter().map(|each| &*each.node);
        directives.filter(|each| each.name == "join__type")
    }

    /// Who answers each field and how, but for one subgraph.
    pub(super) fn answers_without(&self, name: &str) -> Facts {
        let graph = self.graph(name);
        let mut all = Facts::new();
        for ty in self.types() {
            let of_type: IndexSet<_> = Self::join_types(ty)
                .filter(|each| graph.is_none() || graph_of(each) != graph)
                .map(text)
                .collect();
            all.insert(ty.name().to_string(), format!("{of_type:?}"));
            for field in Self::fields(ty) {
                let mut joined: IndexSet<_> = Self::join_fields(ty, field)
                    .into_iter()
                    .filter(|(by, _)| graph.is_none() || by.as_deref() != graph)
                    .map(|(_, text)| text)
                    .collect();
                joined.sort();
                all.insert(
                    format!("{}.{}", ty.name(), field.name),
                    format!("{joined:?}"),
                );
            }
        }
        all
    }

    /// Which subgraph has to do with a field, and what; each that has the type where nothing else
    /// is said.
    fn join_fields(
        ty: &'a ExtendedType,
        field: &'a FieldDefinition,
    ) -> Vec<(Option<String>, String)> {
        let joined: Vec<_> = field
            .directives
            .get_all("join__field")
            .map(|each| (graph_of(each).map(str::to_owned), text(each)))
            .collect();
        if !joined.is_empty() {
            // The type is said where that of the joint schema differs.
            let ty = format!(", type: \"{}\")", field.ty);
            let same = |text: String| text.replace(&ty, ")");
            return joined
                .into_iter()
                .map(|(by, text)| (by, same(text)))
                .collect();
        }
        Self::join_types(ty)
            .filter_map(|each| argument(each, "graph")?.as_enum())
            .map(|graph| {
                (
                    Some(graph.to_string()),
                    format!("@join__field(graph: {graph})"),
                )
            })
            .collect()
    }

    /// Fields that a subgraph may be asked for.
    pub(super) fn answered_by(&self, name: &str) -> IndexSet<String> {
        let Some(graph) = self.graph(name) else {
            return IndexSet::new();
        };
        let mut found = IndexSet::new();
        for ty in self.types().filter(|ty| !ty.is_interface()) {
            for field in Self::fields(ty) {
                let answers = Self::join_fields(ty, field).iter().any(|(by, text)| {
                    by.as_deref() == Some(graph) && !text.contains("external: true")
                });
                if answers {
                    found.insert(format!("{}.{}", ty.name(), field.name));
                }
            }
        }
        // What it answers of an interface as an object it answers of all that implement it.
        for ty in self.types().filter(|ty| ty.is_interface()) {
            let stands_in = Self::join_types(ty).any(|each| {
                graph_of(each) == Some(graph)
                    && argument(each, "isInterfaceObject").and_then(|each| each.to_bool())
                        == Some(true)
            });
            for field in Self::fields(ty).into_iter().filter(|_| stands_in) {
                let answers = Self::join_fields(ty, field).iter().any(|(by, text)| {
                    by.as_deref() == Some(graph) && !text.contains("external: true")
                });
                if answers {
                    found.insert(format!("{}.{}", ty.name(), field.name));
                    for object in self.implementers(ty.name()) {
                        found.insert(format!("{object}.{}", field.name));
                    }
                }
            }
        }
        // What it provides.
        for ty in self.types() {
            for field in Self::fields(ty) {
                for each in field.directives.get_all("join__field") {
                    if graph_of(each) == Some(graph)
                        && let Some(provides) = string(each, "provides")
                    {
                        let below = field.ty.inner_named_type();
                        let mut all = Coordinates::new();
                        self.collect(below, provides, &mut all);
                        found.extend(all.iter().map(|(ty, field)| format!("{ty}.{field}")));
                    }
                }
            }
        }
        found
    }

    fn implementers(&self, interface: &str) -> Vec<String> {
        let types = self.types();
        let implements = |ty: &&ExtendedType| match ty {
            ExtendedType::Object(object) => object
                .implements_interfaces
                .iter()
                .any(|each| each.as_str() == interface),
            _ => false,
        };
        types
            .filter(implements)
            .map(|ty| ty.name().to_string())
            .collect()
    }

    /// Fields in the keys that a subgraph, or any, names for a type.
    pub(super) fn keys_of(&self, name: Option<&str>, only_resolvable: bool) -> Coordinates {
        let graph = name.and_then(|name| self.graph(name));
        let mut found = Coordinates::new();
        for ty in self.types() {
            for each in Self::join_types(ty) {
                let is_meant = name.is_none() || graph_of(each) == graph;
                let resolvable = argument(each, "resolvable").and_then(|each| each.to_bool());
                if is_meant
                    && (!only_resolvable || resolvable != Some(false))
                    && let Some(key) = string(each, "key")
                {
                    self.collect(ty.name(), key, &mut found);
                }
            }
        }
        found
    }

    /// Fields that a subgraph requires or reads from a context.
    pub(super) fn required_by(&self, name: &str) -> Coordinates {
        let graph = self.graph(name);
        let mut found = Coordinates::new();
        for ty in self.types() {
            for field in Self::fields(ty) {
                for each in field.directives.get_all("join__field") {
                    if graph_of(each) != graph {
                        continue;
                    }
                    if let Some(requires) = string(each, "requires") {
                        self.collect(ty.name(), requires, &mut found);
                    }
                    let contexts =
                        argument(each, "contextArguments").and_then(|each| each.as_list());
                    for context in contexts.into_iter().flatten() {
                        self.collect_context(context, &mut found);
                    }
                }
            }
        }
        found
    }

    fn collect_context(&self, context: &Value, found: &mut Coordinates) {
        let value = |key: &str| {
            let object = context.as_object()?;
            let (_, value) = object.iter().find(|(name, _)| name == key)?;
            value.as_str()
        };
        let (Some(name), Some(selection)) = (value("context"), value("selection")) else {
            return;
        };
        for ty in self.types() {
            let directives = ty.directives().iter();
            let mut contexts = directives.filter(|each| each.name == "context");
            if contexts.any(|each| string(each, "name") == Some(name)) {
                self.collect(ty.name(), selection, found);
            }
        }
    }

    /// The fields of a field set; of an interface also those of the objects behind it.
    fn collect(&self, type_name: &str, fields: &str, found: &mut Coordinates) {
        let Ok(selections) = field_set::parse(fields) else {
            return;
        };
        let Ok(type_name) = apollo_compiler::Name::new(type_name) else {
            return;
        };
        let mut all = Vec::new();
        let schema = &self.supergraph.schema;
        field_set::visit_fields(schema, &type_name, &selections, &mut |(parent, field)| {
            all.push((parent.to_string(), field.name.to_string()));
        });
        for (parent, field) in all {
            for object in self.implementers(&parent) {
                found.insert((object, field.clone()));
            }
            found.insert((parent, field));
        }
    }

    /// Fields that some callers may not see, by their own marks, those of their type and those of
    /// what they yield.
    pub(super) fn classified(&self) -> Coordinates {
        const GUARDS: [&str; 3] = ["authenticated", "policy", "requiresScopes"];
        let is_guarded = |name: &str| {
            let ty = self.supergraph.schema.types.get(name);
            ty.is_some_and(|ty| GUARDS.iter().any(|guard| ty.directives().has(guard)))
        };
        let mut found = Coordinates::new();
        for ty in self.types() {
            for field in Self::fields(ty) {
                if GUARDS.iter().any(|guard| field.directives.has(guard))
                    || is_guarded(ty.name())
                    || is_guarded(field.ty.inner_named_type())
                {
                    found.insert((ty.name().to_string(), field.name.to_string()));
                }
            }
        }
        found
    }

    /// Types that have a key, and those of the roots.
    pub(super) fn entities(&self) -> IndexSet<String> {
        let keyed = self
            .types()
            .filter(|ty| Self::join_types(ty).any(|each| argument(each, "key").is_some()));
        let roots = self
            .supergraph
            .schema
            .schema_definition
            .iter_root_operations();
        let roots = roots.map(|(_, name)| name.to_string());
        keyed.map(|ty| ty.name().to_string()).chain(roots).collect()
    }
}
