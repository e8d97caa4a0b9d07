//! Random queries over the API schema: nested selections, with arguments of all kinds and ids of all records.

use std::fmt::Write;

use apollo_compiler::{
    Name, Schema,
    ast::{FieldDefinition, InputValueDefinition, Type},
    schema::ExtendedType,
    validation::Valid,
};

use crate::support::{
    api::{fields, implementers, is_leaf},
    random::Random,
};

/// How deep selections are.
const DEPTH: usize = 6;
/// How many fields a query has at most.
const FIELDS: usize = 24;

/// What random values are drawn from.
#[derive(Default)]
pub(super) struct Pool {
    /// Ids of records, those that are hidden as well.
    pub(super) ids: Vec<String>,
    /// Cursors of lists.
    pub(super) cursors: Vec<String>,
    /// Texts to look for.
    pub(super) texts: Vec<String>,
}

/// Makes queries.
pub(super) struct Queries {
    schema: Valid<Schema>,
    pub(super) pool: Pool,
    pub(super) random: Random,
    left: usize,
}

impl Queries {
    pub(super) fn new(sdl: &str, pool: Pool, seed: u64) -> Self {
        Self {
            schema: Schema::parse_and_validate(sdl, "schema.graphql").unwrap(),
            pool,
            random: Random::seeded(seed),
            left: 0,
        }
    }

    /// The next query.
    pub(super) fn next(&mut self) -> String {
        self.left = FIELDS;
        let root = Name::new("Query").unwrap();
        let selection = self.some_of(&root, DEPTH, 1);
        format!("{{ {selection} }}")
    }

    /// Random fields of a type; of an abstract one random fields of its objects.
    fn selection(&mut self, of: &Name, depth: usize) -> String {
        if self.schema.get_object(of).is_none() {
            let mut text = String::from("__typename ");
            for object in implementers(&self.schema, of) {
                if self.random.below(3) == 0 {
                    let inner = self.selection(&object, depth);
                    // Equal names in two objects would have to have one type.
                    write!(text, "... on {object} {{ {inner} }} ").unwrap();
                }
            }
            return text;
        }
        let wanted = 1 + self.random.below(4);
        self.some_of(of, depth, wanted)
    }

    /// So many fields of an object. Lists of the root are read one by one, so that two of them have their rows'
    /// fields read together or apart, as it happens: a query has one.
    fn some_of(&mut self, of: &Name, depth: usize, wanted: usize) -> String {
        let fields = fields(&self.schema, of);
        let mut text = String::from("__typename ");
        for _ in 0..wanted {
            let field = self.random.one_of(&fields).clone();
            let inner = field.ty.inner_named_type().clone();
            let is_leaf = is_leaf(&self.schema, &inner);
            if self.left == 0 || (!is_leaf && depth == 0) {
                continue;
            }
            self.left -= 1;
            let alias = self.left;
            let arguments = self.arguments(&field);
            write!(text, "f{alias}: {}{arguments} ", field.name).unwrap();
            if !is_leaf {
                let below = self.selection(&inner, depth - 1);
                write!(text, "{{ {below} }} ").unwrap();
            }
        }
        text
    }

    fn arguments(&mut self, field: &FieldDefinition) -> String {
        let mut given = Vec::new();
        for argument in &field.arguments {
            if argument.is_required() || self.random.below(5) < 2 {
                let value = self.argument(field, argument);
                given.push(format!("{}: {value}", argument.name));
            }
        }
        if given.is_empty() {
            String::new()
        } else {
            format!("({})", given.join(", "))
        }
    }

    fn argument(&mut self, field: &FieldDefinition, argument: &InputValueDefinition) -> String {
        match argument.name.as_str() {
            "first" => self.random.pick(&["1", "2", "3", "7", "100"]).to_owned(),
            "after" if !self.pool.cursors.is_empty() => {
                format!("\"{}\"", self.random.one_of(&self.pool.cursors))
            }
            _ => {
                let hint = format!("{}/{}", field.name, argument.name);
                self.value(&hint, &argument.ty)
            }
        }
    }

    fn value(&mut self, hint: &str, ty: &Type) -> String {
        match ty {
            Type::List(item) | Type::NonNullList(item) => {
                let count = 1 + self.random.below(2);
                let items: Vec<_> = (0..count).map(|_| self.value(hint, item)).collect();
                format!("[{}]", items.join(", "))
            }
            Type::Named(name) | Type::NonNullNamed(name) => self.named(hint, &name.clone()),
        }
    }

    fn named(&mut self, hint: &str, name: &Name) -> String {
        match (name.as_str(), self.schema.types.get(name).cloned()) {
            ("ID", _) => format!("\"{}\"", self.random.one_of(&self.pool.ids)),
            ("Boolean", _) => self.random.pick(&["true", "false"]).to_owned(),
            ("Int", _) => self.random.pick(&["1", "3", "20"]).to_owned(),
            ("String", _) => format!("\"{}\"", self.random.one_of(&self.pool.texts)),
            ("Date", _) => self
                .random
                .pick(&["\"2026-06-30\"", "\"2024-01-01\""])
                .to_owned(),
            ("EntityCode", _) => self
                .random
                .pick(&["\"OHCHR\"", "\"SRSG_CAAC\"", "\"UNOCC\""])
                .to_owned(),
            ("DateTime", _) => "\"2026-06-30T00:00:00Z\"".to_owned(),
            ("PeriodCode", _) => self.period(hint),
            (_, Some(ExtendedType::Enum(terms))) => {
                let terms: Vec<_> = terms.values.keys().cloned().collect();
                self.random.one_of(&terms).to_string()
            }
            (_, Some(ExtendedType::InputObject(input))) => {
                let fields = input.fields.values();
                let mut given = Vec::new();
                for field in fields {
                    if field.is_required() || self.random.below(2) == 0 {
                        let value = self.value(hint, &field.ty);
                        given.push(format!("{}: {value}", field.name));
                    }
                }
                format!("{{ {} }}", given.join(", "))
            }
            (other, _) => panic!("no value is known for `{other}`"),
        }
    }

    /// A period of a kind that the field is likely to take.
    fn period(&mut self, hint: &str) -> String {
        let codes: &[&str] = if hint.contains("years") {
            &["2024", "2025"]
        } else if hint.starts_with("violations") {
            &["2025-Q1", "2025-Q3", "2026-Q1", "2026-Q2"]
        } else {
            &["2025-06", "2026-01", "2026-05", "2026-06"]
        };
        format!("\"{}\"", self.random.pick(codes))
    }
}
