//! What the elements of a supergraph weigh, read once.
//!
//! A supergraph and its index in, [`Weights`] out, by the index's numbers. Invariant: fields of which the
//! same is said share one [`FieldWeights`], so that the objects of an interface mostly count as one.

use std::sync::Arc;

use apollo_compiler::{
    Name, Node,
    ast::{Directive, FieldDefinition, InputValueDefinition, Type, Value},
    schema::ExtendedType,
};
use indexmap::{IndexMap, IndexSet};

use super::{
    Amount,
    directives::{ListSize, Names},
};
use crate::{
    index::{FieldId, Index, TypeId, TypeKind, TypeSet},
    supergraph::Supergraph,
};

/// What the elements of a supergraph weigh.
#[derive(Debug)]
pub struct Weights {
    types: Vec<Amount>,
    /// The object types of each weight, the heaviest first.
    by_weight: IndexMap<Amount, TypeSet>,
    fields: Vec<usize>,
    distinct: IndexSet<FieldWeights>,
    inputs: IndexMap<Name, IndexMap<Name, InputWeight>>,
}

/// What a field weighs, and what that depends on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FieldWeights {
    /// To resolve it once, without its arguments.
    pub call: Amount,
    /// One value of it, where it is a leaf; what an object weighs depends on its type.
    pub leaf: Amount,
    /// How many lists it has in each other.
    pub lists: u32,
    /// Its arguments.
    pub arguments: Vec<InputWeight>,
    /// What is said of its size.
    pub list_size: Option<Arc<ListSize>>,
}

/// What an argument or a field of an input object weighs.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct InputWeight {
    /// Its name.
    pub name: Name,
    /// A value of it, without the fields in it.
    pub weight: Amount,
    /// Its type.
    pub ty: Type,
    /// Its default value.
    pub default: Option<Node<Value>>,
}

struct Reader<'s> {
    supergraph: &'s Supergraph,
    index: &'s Index,
    names: Names,
}

impl Weights {
    /// Reads them.
    pub fn new(supergraph: &Supergraph, index: &Index) -> Self {
        let reader = Reader {
            supergraph,
            index,
            names: Names::of(supergraph),
        };
        let types: Vec<Amount> = index
            .types()
            .map(|(_, facts)| reader.type_(&facts.name))
            .collect();
        let mut by_weight: IndexMap<Amount, TypeSet> = IndexMap::new();
        for ((id, _), weight) in index.types().zip(&types) {
            if index.is_object(id) {
                by_weight.entry(*weight).or_default().insert(id);
            }
        }
        by_weight.sort_by(|one, _, other, _| other.cmp(one));
        let mut distinct = IndexSet::new();
        let fields = index.fields().map(|(id, _)| {
            let weights = reader.field(id, &types);
            distinct.insert_full(weights).0
        });
        Self {
            fields: fields.collect(),
            inputs: reader.inputs(),
            distinct,
            by_weight,
            types,
        }
    }

    /// What an instance of a type weighs.
    pub fn type_(&self, id: TypeId) -> Amount {
        self.types.get(id.0 as usize).copied().unwrap_or_default()
    }

    /// What the heaviest of some object types weighs.
    pub(super) fn heaviest(&self, types: &TypeSet) -> Option<Amount> {
        let mut weights = self.by_weight.iter();
        let found = weights.find(|(_, of_weight)| of_weight.intersects(types));
        found.map(|(weight, _)| *weight)
    }

    /// What a field weighs.
    pub fn field(&self, id: FieldId) -> Option<&FieldWeights> {
        self.distinct(self.number(id)?)
    }

    /// The number of what a field weighs: fields that weigh the same share it.
    pub(super) fn number(&self, id: FieldId) -> Option<usize> {
        self.fields.get(id.0 as usize).copied()
    }

    /// What the fields of a number weigh.
    pub(super) fn distinct(&self, number: usize) -> Option<&FieldWeights> {
        self.distinct.get_index(number)
    }

    /// What the fields of an input object weigh.
    pub fn input(&self, name: &str) -> Option<&IndexMap<Name, InputWeight>> {
        self.inputs.get(name)
    }
}

impl FieldWeights {
    /// One of its arguments.
    pub fn argument(&self, name: &str) -> Option<&InputWeight> {
        self.arguments.iter().find(|argument| argument.name == name)
    }
}

impl Reader<'_> {
    fn find(&self, name: &str) -> Option<&ExtendedType> {
        self.supergraph.schema.types.get(name)
    }

    /// What `@cost` says of a type.
    fn marked_type(&self, name: &str) -> Option<Amount> {
        if self.names.is_empty() {
            return None;
        }
        let directives = self.find(name)?.directives();
        (self.names).weight(directives.iter().map(|directive| &***directive))
    }

    fn type_(&self, name: &str) -> Amount {
        self.marked_type(name)
            .unwrap_or_else(|| match self.find(name) {
                Some(
                    ExtendedType::Object(_) | ExtendedType::Interface(_) | ExtendedType::Union(_),
                ) => Amount::ONE,
                _ => Amount::ZERO,
            })
    }

    fn field(&self, id: FieldId, types: &[Amount]) -> FieldWeights {
        let facts = self.index.field(id);
        let definition = self.definition(facts.parent, &facts.name);
        // What is said of an interface's field holds for the objects that say nothing themselves.
        let interfaces = self.index.type_(facts.parent).interfaces.iter().copied();
        let inherited = interfaces.filter_map(|on| Some((on, self.definition(on, &facts.name)?)));
        let own = definition.map(|definition| (facts.parent, definition));
        let all: Vec<_> = own.into_iter().chain(inherited).collect();
        let call = all
            .iter()
            .find_map(|(_, definition)| self.names.weight(applied(&definition.directives)));
        let list_size = all.iter().find_map(|(on, definition)| {
            let coordinate = || format!("{}.{}", self.index.type_(*on).name, facts.name);
            self.names
                .list_size(applied(&definition.directives), coordinate)
        });
        let is_leaf = matches!(
            self.index.type_(facts.named_type).kind,
            TypeKind::Scalar | TypeKind::Enum
        );
        let named_type = types.get(facts.named_type.0 as usize).copied();
        let arguments = definition.map_or(&[][..], |definition| &definition.arguments);
        FieldWeights {
            call: call.unwrap_or_default(),
            leaf: named_type.filter(|_| is_leaf).unwrap_or_default(),
            lists: lists(&facts.ty),
            arguments: arguments.iter().map(|one| self.input(one)).collect(),
            list_size: list_size.map(Arc::new),
        }
    }

    fn definition(&self, parent: TypeId, name: &str) -> Option<&FieldDefinition> {
        match self.find(&self.index.type_(parent).name)? {
            ExtendedType::Object(object) => Some(object.fields.get(name)?),
            ExtendedType::Interface(interface) => Some(interface.fields.get(name)?),
            _ => None,
        }
    }

    fn input(&self, input: &InputValueDefinition) -> InputWeight {
        let named_type = input.ty.inner_named_type();
        let marked = self.names.weight(applied(&input.directives));
        let marked = marked.or_else(|| self.marked_type(named_type));
        let is_object = matches!(self.find(named_type), Some(ExtendedType::InputObject(_)));
        let usual = if is_object { Amount::ONE } else { Amount::ZERO };
        InputWeight {
            name: input.name.clone(),
            weight: marked.unwrap_or(usual),
            ty: Type::clone(&input.ty),
            default: input.default_value.clone(),
        }
    }

    fn inputs(&self) -> IndexMap<Name, IndexMap<Name, InputWeight>> {
        let types = self.supergraph.schema.types.iter();
        let inputs = types.filter_map(|(name, definition)| {
            let fields = definition.as_input_object()?.fields.iter();
            let fields = fields.map(|(name, field)| (name.clone(), self.input(field)));
            Some((name.clone(), fields.collect()))
        });
        inputs.collect()
    }
}

fn applied(directives: &apollo_compiler::ast::DirectiveList) -> impl Iterator<Item = &Directive> {
    directives.iter().map(|directive| &**directive)
}

fn lists(ty: &Type) -> u32 {
    if ty.is_list() {
        1 + lists(ty.item_type())
    } else {
        0
    }
}
