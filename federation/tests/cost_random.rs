//! Random operations: what the program counts is what a count counts that walks the document as GraphQL
//! executes it, one runtime type after the other.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking and says how much it tested"
)]

#[expect(dead_code, reason = "other tests use the rest")]
#[path = "random/rng.rs"]
mod rng;

use std::fmt::Write as _;

use apollo_compiler::{
    ExecutableDocument, Name, Node, Schema,
    ast::{Argument, DirectiveList, FieldDefinition, InputValueDefinition, Type, Value},
    collections::IndexMap,
    executable::{Field, Selection, SelectionSet},
    response::{JsonMap, JsonValue},
    schema::ExtendedType,
};
use federation::{
    budget::{Allowance, Budget, Interrupt},
    compose::compose,
    cost::{CostOptions, Weights, compile},
    index::Index,
    operation::{Booleans, Document, Limits, boolean_variables, coerce_variables, normalize},
    subgraph::SubgraphInput,
    supergraph::Supergraph,
};
use rng::Rng;
use serde_json::{Value as Json, json};

const SDL: &str = r#"
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@cost", "@listSize"])
    type Query {
        one: A
        many(first: Int, last: Int = 3): [A] @listSize(slicingArguments: ["first", "last"], requireOneSlicingArgument: false)
        any: Any
        node(f: F @cost(weight: 3), all: [F!]): Node
        nodes: [Node!] @listSize(assumedSize: 2)
        page(first: Int): Page @listSize(slicingArguments: ["first"], sizedFields: ["items"])
    }
    type Mutation { set(f: F): A @cost(weight: 5)  page: Page }
    interface Node {
        id: ID!
        next(f: F): Node
        list(first: Int): [Node] @listSize(slicingArguments: ["first"])
        page(first: Int): Page
    }
    type A implements Node @cost(weight: 2) {
        id: ID!
        next(f: F): Node @cost(weight: 4)
        list(first: Int): [Node]
        page(first: Int): Page @listSize(slicingArguments: ["first"], sizedFields: ["more", "table"])
    }
    type B implements Node {
        id: ID!
        next(f: F): Node
        list(first: Int): [Node] @listSize(assumedSize: 4)
        page(first: Int): Page @listSize(assumedSize: 6, sizedFields: ["items"])
        b: Weight
    }
    type C implements Node @cost(weight: 0) {
        id: ID!
        next(f: F @cost(weight: -3)): Node @cost(weight: 1)
        list(first: Int): [Node]
        page(first: Int): Page
    }
    union Any = A | C
    scalar Weight @cost(weight: 3)
    type Page { items: [Node]  more: [A]  table: [[Any!]]  page: Page }
    input F { x: Int @cost(weight: 2)  f: F  all: [F!] @cost(weight: -2)  y: Int = 3 @cost(weight: 9) }
"#;

const USUAL: i64 = 10;

// The generator.

/// A field: what it takes and yields.
type Takes = (&'static str, &'static str, &'static str);

/// Types with their fields.
const FIELDS: &[(&str, &[Takes])] = &[
    (
        "Query",
        &[
            ("one", "", "A"),
            ("many", "first last", "A"),
            ("any", "", "Any"),
            ("node", "f all", "Node"),
            ("nodes", "", "Node"),
            ("page", "first", "Page"),
        ],
    ),
    ("Mutation", &[("set", "f", "A"), ("page", "", "Page")]),
    ("Node", NODE),
    ("A", NODE),
    ("B", NODE),
    ("C", NODE),
    ("Any", &[]),
    (
        "Page",
        &[
            ("items", "", "Node"),
            ("more", "", "A"),
            ("table", "", "Any"),
            ("page", "", "Page"),
        ],
    ),
];

const NODE: &[Takes] = &[
    ("id", "", ""),
    ("next", "f", "Node"),
    ("list", "first", "Node"),
    ("page", "first", "Page"),
];

const OVERLAPS: &[(&str, &[&str])] = &[
    ("Query", &["Query"]),
    ("Mutation", &["Mutation"]),
    ("Node", &["Node", "A", "B", "C", "Any"]),
    ("A", &["A", "Node", "Any"]),
    ("B", &["B", "Node"]),
    ("C", &["C", "Node", "Any"]),
    ("Any", &["A", "C", "Node", "Any"]),
    ("Page", &["Page"]),
];

struct Generator<'r> {
    rng: &'r mut Rng,
    /// Arguments seen: equal ones have one alias.
    arguments: Vec<String>,
    fragments: Vec<(&'static str, String)>,
}

fn lookup<T: Copy>(table: &[(&'static str, T)], name: &str) -> T {
    table.iter().find(|(known, _)| *known == name).unwrap().1
}

impl Generator<'_> {
    fn set(&mut self, on: &'static str, depth: usize) -> String {
        let mut text = String::from("{ __typename ");
        for _ in 0..=self.rng.below(3) {
            let condition =
                *self
                    .rng
                    .pick(&["", "", "", " @skip(if: $yes)", " @include(if: $yes)"]);
            if depth < 5 && self.rng.percent(25) {
                let to = *self.rng.pick(lookup(OVERLAPS, on));
                let set = self.set(to, depth + 1);
                write!(text, "... on {to}{condition} {set} ").unwrap();
                continue;
            }
            let spreads: Vec<_> = (0..self.fragments.len())
                .filter(|at| lookup(OVERLAPS, on).contains(&self.fragments[*at].0))
                .collect();
            if !spreads.is_empty() && self.rng.percent(20) {
                let at = *self.rng.pick(&spreads);
                write!(text, "...F{at}{condition} ").unwrap();
                continue;
            }
            self.field(on, depth, condition, &mut text);
        }
        text.push('}');
        text
    }

    fn field(&mut self, on: &'static str, depth: usize, condition: &str, text: &mut String) {
        let mut fields = lookup(FIELDS, on).to_vec();
        fields.retain(|(_, _, yields)| depth < 5 || yields.is_empty());
        if fields.is_empty() {
            return;
        }
        let (name, takes, yields) = *self.rng.pick(&fields);
        let mut arguments = String::new();
        for argument in takes.split_whitespace() {
            if self.rng.percent(60) {
                let value = *self.rng.pick(match argument {
                    "f" => &[
                        "$f",
                        "null",
                        "{x: 1, f: {all: [$f, {x: $n}]}}",
                        "{}",
                        "{all: {x: null}}",
                    ],
                    "all" => &["$all", "[$f, {x: 2}]", "{y: 1}", "[]", "null"],
                    _ => &["$n", "$m", "2", "7", "null", "-4", "0"],
                });
                write!(arguments, "{argument}: {value} ").unwrap();
            }
        }
        let known = self.arguments.iter().position(|known| *known == arguments);
        let alias = known.unwrap_or_else(|| {
            self.arguments.push(arguments.clone());
            self.arguments.len() - 1
        });
        if !arguments.is_empty() {
            arguments = format!("({arguments})");
        }
        write!(text, "{name}{alias}: {name}{arguments}{condition} ").unwrap();
        if !yields.is_empty() {
            text.push_str(&self.set(yields, depth + 1));
        }
    }
}

fn generate(rng: &mut Rng) -> (String, Json) {
    let mut generator = Generator {
        rng,
        arguments: Vec::new(),
        fragments: Vec::new(),
    };
    for _ in 0..generator.rng.below(4) {
        let on = *generator.rng.pick(&["Node", "A", "Any", "Page", "C"]);
        let set = generator.set(on, 3);
        generator.fragments.push((on, set));
    }
    let (kind, root) = *generator.rng.pick(&[
        ("query", "Query"),
        ("query", "Query"),
        ("mutation", "Mutation"),
    ]);
    let set = generator.set(root, 0);
    let mut used: Vec<usize> = Vec::new();
    let mut work = vec![set.clone()];
    while let Some(text) = work.pop() {
        for (at, (_, fragment)) in generator.fragments.iter().enumerate() {
            if text.contains(&format!("...F{at}")) && !used.contains(&at) {
                used.push(at);
                work.push(fragment.clone());
            }
        }
    }
    let mut text = set;
    for at in used {
        let (on, set) = &generator.fragments[at];
        write!(text, "\nfragment F{at} on {on} {set}").unwrap();
    }
    let types = [
        ("n", "Int"),
        ("m", "Int = 6"),
        ("f", "F = {x: 3}"),
        ("all", "[F!]"),
        ("yes", "Boolean!"),
    ];
    let types = types.iter().filter(|(name, _)| {
        let names = text.split('$').skip(1);
        names.into_iter().any(|rest| {
            let end = rest.find(|letter: char| !letter.is_alphanumeric());
            rest[..end.unwrap_or(rest.len())] == **name
        })
    });
    let declared: Vec<_> = types.map(|(name, ty)| format!("${name}: {ty}")).collect();
    let declared = if declared.is_empty() {
        String::new()
    } else {
        format!("({})", declared.join(", "))
    };
    let rng = generator.rng;
    let mut variables = json!({"yes": rng.percent(50)});
    for name in ["n", "m"] {
        if rng.percent(70) {
            variables[name] = rng
                .pick(&[json!(null), json!(-1), json!(0), json!(5)])
                .clone();
        }
    }
    if rng.percent(60) {
        let f = [
            json!({"x": 1, "f": {"f": {}}}),
            json!({"all": [{}, {"y": 2}]}),
            json!({}),
        ];
        variables["f"] = rng.pick(&f).clone();
    }
    if rng.percent(60) {
        let all = [
            json!([{}, {"x": null}]),
            json!([]),
            json!({"x": 2}),
            json!(null),
        ];
        variables["all"] = rng.pick(&all).clone();
    }
    (format!("{kind} Q{declared} {text}"), variables)
}

// The reference.

struct Reference<'d> {
    schema: &'d Schema,
    document: &'d ExecutableDocument,
    variables: &'d JsonMap,
}

/// A size for fields below.
type Down = (String, i64);

impl<'d> Reference<'d> {
    fn weight(directives: &DirectiveList) -> Option<i64> {
        let weight = directives
            .get("cost")?
            .specified_argument_by_name("weight")?;
        weight.to_i32().map(i64::from)
    }

    fn type_weight(&self, name: &str) -> i64 {
        let definition = &self.schema.types[name];
        let marked = definition.directives().get("cost").map(|directive| {
            let weight = directive.specified_argument_by_name("weight").unwrap();
            i64::from(weight.to_i32().unwrap())
        });
        marked.unwrap_or(match definition {
            ExtendedType::Scalar(_) | ExtendedType::Enum(_) => 0,
            _ => 1,
        })
    }

    /// The cost of an object, the objects of all types that it may have considered.
    fn object(&self, declared: &str, sets: &[&'d SelectionSet], down: &[Down]) -> i64 {
        let types = ["Query", "Mutation", "A", "B", "C", "Page"].into_iter();
        let possible = types.filter(|name| self.is_a(name, declared));
        let costs = possible.map(|name| self.type_weight(name) + self.fields(name, sets, down));
        costs.max().unwrap()
    }

    fn is_a(&self, object: &str, name: &str) -> bool {
        object == name || self.schema.is_subtype(name, object)
    }

    fn fields(&self, object: &str, sets: &[&'d SelectionSet], down: &[Down]) -> i64 {
        let mut fields: IndexMap<Name, Vec<&'d Field>> = IndexMap::default();
        for set in sets {
            self.collect(object, set, &mut fields);
        }
        fields
            .values()
            .map(|fields| self.field(object, fields, down))
            .sum()
    }

    fn collect(
        &self,
        object: &str,
        set: &'d SelectionSet,
        fields: &mut IndexMap<Name, Vec<&'d Field>>,
    ) {
        for selection in &set.selections {
            if !self.is_included(selection.directives()) {
                continue;
            }
            match selection {
                Selection::Field(field) => {
                    let known = fields.entry(field.response_key().clone()).or_default();
                    known.push(field);
                }
                Selection::InlineFragment(inline) => {
                    let condition = inline.type_condition.as_ref();
                    if condition.is_none_or(|on| self.is_a(object, on)) {
                        self.collect(object, &inline.selection_set, fields);
                    }
                }
                Selection::FragmentSpread(spread) => {
                    let fragment = &self.document.fragments[&spread.fragment_name];
                    if self.is_a(object, fragment.type_condition()) {
                        self.collect(object, &fragment.selection_set, fields);
                    }
                }
            }
        }
    }

    fn is_included(&self, directives: &DirectiveList) -> bool {
        let holds = |name: &str| {
            let value = directives.get(name)?.specified_argument_by_name("if")?;
            let name = value.as_variable()?;
            self.variables.get(name.as_str())?.as_bool()
        };
        holds("skip") != Some(true) && holds("include") != Some(false)
    }

    fn field(&self, object: &str, fields: &[&'d Field], down: &[Down]) -> i64 {
        let first = fields[0];
        if first.name.starts_with("__") {
            return 0;
        }
        let definition = self.schema.type_field(object, &first.name).unwrap();
        let mut call = Self::weight(&definition.directives).unwrap_or(0);
        for argument in &first.arguments {
            let input = definition.argument_by_name(&argument.name).unwrap();
            call += self.literal(input, &input.ty, &argument.value);
        }
        let (own, sized) = self.size(object, definition, &first.arguments);
        let below: Vec<Down> = match own {
            Some(size) => sized.iter().map(|name| (name.clone(), size)).collect(),
            None => Vec::new(),
        };
        let handed = down.iter().find(|(name, _)| *name == *first.name);
        let own = own.filter(|_| sized.is_empty());
        let mut said = handed.map(|(_, size)| *size).or(own);
        let mut count = 1;
        let mut ty = &definition.ty;
        while ty.is_list() {
            count *= said.take().unwrap_or(USUAL);
            ty = ty.item_type();
        }
        let sets: Vec<_> = fields.iter().map(|field| &field.selection_set).collect();
        let named = ty.inner_named_type();
        let each = if first.selection_set.selections.is_empty() {
            self.type_weight(named)
        } else {
            self.object(named, &sets, &below)
        };
        call.max(0) + count * each.max(0)
    }

    /// What is said of the size of a field, and of which fields below.
    fn size(
        &self,
        object: &str,
        definition: &FieldDefinition,
        arguments: &[Node<Argument>],
    ) -> (Option<i64>, Vec<String>) {
        let inherited = || {
            let interface = self.schema.type_field("Node", &definition.name).ok()?;
            self.is_a(object, "Node")
                .then(|| interface.directives.get("listSize"))?
        };
        let Some(directive) = definition.directives.get("listSize").or_else(inherited) else {
            return (None, Vec::new());
        };
        let texts = |name: &str| -> Vec<String> {
            let list = directive.specified_argument_by_name(name);
            let items = list.and_then(|list| list.as_list()).unwrap_or_default();
            items
                .iter()
                .map(|item| item.as_str().unwrap().to_owned())
                .collect()
        };
        let assumed = directive.specified_argument_by_name("assumedSize");
        let otherwise = assumed
            .and_then(|value| value.to_i32())
            .map_or(USUAL, i64::from);
        let slices = texts("slicingArguments");
        let slices = slices.iter().filter_map(|name| {
            let given = arguments.iter().find(|argument| argument.name == **name);
            let default = definition
                .argument_by_name(name)
                .unwrap()
                .default_value
                .as_ref();
            match given.map(|argument| &*argument.value) {
                Some(Value::Variable(variable)) => match self.variables.get(variable.as_str()) {
                    Some(value) => value.as_i64(),
                    None => default?.to_i32().map(i64::from),
                },
                Some(value) => value.to_i32().map(i64::from),
                None => default?.to_i32().map(i64::from),
            }
        });
        let slices = slices.map(|size| if size < 0 { otherwise } else { size });
        (
            Some(slices.max().unwrap_or(otherwise)),
            texts("sizedFields"),
        )
    }

    fn literal(&self, input: &InputValueDefinition, ty: &Type, value: &Value) -> i64 {
        match value {
            Value::Variable(name) => match self.variables.get(name.as_str()) {
                Some(value) => self.value(input, ty, value),
                None => 0,
            },
            Value::Null => 0,
            Value::List(items) if ty.is_list() => {
                let items = items.iter();
                items
                    .map(|item| self.literal(input, ty.item_type(), item))
                    .sum()
            }
            value if ty.is_list() => self.literal(input, ty.item_type(), value),
            Value::Object(fields) => {
                let fields = fields.iter().map(|(name, value)| {
                    let field = self.input_field(ty, name);
                    self.literal(field, &field.ty, value)
                });
                self.input_weight(input) + fields.sum::<i64>()
            }
            _ => self.input_weight(input),
        }
    }

    fn value(&self, input: &InputValueDefinition, ty: &Type, value: &JsonValue) -> i64 {
        match value {
            JsonValue::Null => 0,
            JsonValue::Array(items) => {
                let items = items.iter();
                items
                    .map(|item| self.value(input, ty.item_type(), item))
                    .sum()
            }
            JsonValue::Object(fields) => {
                let fields = fields.iter().map(|(name, value)| {
                    let field = self.input_field(ty, name.as_str());
                    self.value(field, &field.ty, value)
                });
                self.input_weight(input) + fields.sum::<i64>()
            }
            _ => self.input_weight(input),
        }
    }

    fn input_field(&self, ty: &Type, name: &str) -> &InputValueDefinition {
        let object = self.schema.get_input_object(ty.inner_named_type()).unwrap();
        &object.fields[name]
    }

    fn input_weight(&self, input: &InputValueDefinition) -> i64 {
        let marked = Self::weight(&input.directives);
        let is_object = self
            .schema
            .get_input_object(input.ty.inner_named_type())
            .is_some();
        marked.unwrap_or(i64::from(is_object))
    }
}

#[test]
fn programs_count_what_a_naive_count_counts() {
    let (composed, diagnostics) = compose(&[SubgraphInput {
        name: "a".into(),
        url: String::new(),
        sdl: SDL.into(),
    }]);
    assert!(!diagnostics.has_errors(), "{diagnostics:?}");
    let supergraph = Supergraph::parse(&composed.unwrap().supergraph_sdl).unwrap();
    let index = Index::new(&supergraph).unwrap();
    let weights = Weights::new(&supergraph, &index);
    let limits = Limits {
        aliases: 5_000,
        ..Limits::default()
    };
    let mut rng = Rng::new(7);
    let (mut tested, mut different) = (0, std::collections::BTreeSet::new());
    for _ in 0..2_000 {
        let (query, variables) = generate(&mut rng);
        let variables = serde_json::from_value(variables).unwrap();
        let schema = &supergraph.api_schema;
        let document = Document::parse(schema, &query, &limits);
        let document = document.unwrap_or_else(|errors| panic!("{query}\n{errors:?}"));
        let executable = document.executable();
        let operation = executable.operations.get(None).unwrap();
        let variables = coerce_variables(schema, &document, operation, &variables).unwrap();
        let booleans = Booleans::new(&boolean_variables(executable, operation), &variables);
        let normalized = normalize(&index, executable, operation, &booleans).unwrap();
        let budget = Budget::new(Allowance::of_work(10_000_000), Interrupt::default());
        let program = compile(&index, &weights, operation, &normalized, &budget);
        let options = CostOptions::default();
        let estimate = program.estimate(&weights, &variables, &options);
        let reference = Reference {
            schema: &supergraph.schema,
            document: executable,
            variables: &variables,
        };
        let root = [&operation.selection_set];
        let fields = reference.fields(operation.object_type(), &root, &[]);
        let expected = fields + if operation.is_mutation() { 10 } else { 0 };
        let expected = u64::try_from(expected).unwrap();
        assert_eq!(estimate.cost, expected, "{query}\n{variables:?}");
        tested += 1;
        different.insert(expected);
    }
    println!("{tested} operations of {} costs", different.len());
    assert!(different.len() > 400, "{} costs", different.len());
}
