//! Emits the programs that write slots into the client's answer. In: the client's selection sets
//! and the shapes. Out: a projection for each, by runtime type. Invariant: names and order are the
//! operation's, and a withheld field stays in it and reads no slot.

use std::sync::Arc;

use apollo_compiler::ast::Type;
use apollo_compiler::collections::IndexMap;

use crate::{
    budget::Budget,
    index::{Answered, Index, Selected, Selection, SelectionSet, TypeId, TypeSet},
    plan::fetch_graph::shape::Shapes,
    query_plan::{
        LeafKind, OutputType, Projection, ProjectionField, ProjectionId, ProjectionVariant,
        ShapeId, SlotId, ValueSource,
    },
};

/// The slot of a field, and how the objects in it are written where it holds objects.
type Below = (SlotId, Option<ProjectionId>);

pub(crate) struct Projecting<'p> {
    pub(crate) index: &'p Index,
    pub(crate) budget: &'p Budget,
    pub(crate) shapes: &'p mut Shapes,
    /// Types whose objects the caller may not see.
    pub(crate) withheld_types: &'p TypeSet,
    pub(crate) projections: Vec<Projection>,
}

impl Projecting<'_> {
    /// Adds the projection of a selection set, and before the end those of all below it.
    pub(crate) fn project(&mut self, set: &SelectionSet, shape: ShapeId) -> ProjectionId {
        let id = ProjectionId(u32::try_from(self.projections.len()).unwrap_or(u32::MAX));
        self.projections.push(Projection {
            variants: Vec::new(),
        });
        if !self.budget.step(1 + set.selections.len()) {
            return id;
        }
        let below: Vec<Option<Below>> = set
            .selections
            .iter()
            .map(|selection| self.below(selection, shape))
            .collect();
        let declared = self.index.type_(set.declared);
        let visible = declared.possible.intersection(self.index.visible());
        let answered = set.answered(self.budget);
        // Objects that select the same fields of the same types are written alike.
        let mut alike: IndexMap<Vec<(usize, Option<&Type>)>, TypeSet> = IndexMap::default();
        for (object, fields) in answered.by_type(&visible) {
            let fields = (fields.into_iter())
                .map(|at| (at, self.type_of(object, set.declared, &set.selections[at])))
                .collect();
            alike.entry(fields).or_default().insert(object);
        }
        let is_of_any = !self.depends_on_type(set, &visible, &answered);
        let is_one = alike.len() == 1 && is_of_any;
        let mut variants: Vec<ProjectionVariant> = Vec::new();
        for (fields, types) in &alike {
            variants.push(ProjectionVariant {
                types: (!is_one).then(|| types.clone()),
                fields: (fields.iter())
                    .map(|&(at, ty)| self.field(set, at, (ty, below[at])))
                    .collect(),
            });
        }
        if is_of_any && !is_one {
            // An object of unknown type is written by the declared type.
            let first = alike.keys().next();
            let all = first.map_or_else(
                || (0..set.selections.len()).collect(),
                |fields| fields.iter().map(|(at, _)| *at).collect::<Vec<_>>(),
            );
            let of_anything = all.into_iter().map(|at| {
                let ty = self.type_of(set.declared, set.declared, &set.selections[at]);
                self.field(set, at, (ty, below[at]))
            });
            variants.push(ProjectionVariant {
                types: None,
                fields: of_anything.collect(),
            });
        }
        self.projections[id.0 as usize].variants = variants;
        id
    }

    /// Whether an object of unknown type cannot be written: some types are hidden from this caller,
    /// or the selection differs by type.
    fn depends_on_type(
        &self,
        set: &SelectionSet,
        visible: &TypeSet,
        answered: &Answered<'_>,
    ) -> bool {
        let possible = &self.index.type_(set.declared).possible;
        possible != visible
            || answered.differs_by_type(visible)
            || !self.index.is_object(set.declared)
                && (possible.intersects(self.withheld_types)
                    || !set.selections.iter().all(|selection| selection.is_abstract))
    }

    fn below(&mut self, selection: &Selection, shape: ShapeId) -> Option<Below> {
        let field = selection.field().filter(|_| !selection.is_withheld)?;
        let (slot, child) = self.shapes.find_or_add(
            shape,
            Some(&selection.response_name),
            (&field.name, &field.arguments),
            field.selection_set.is_some(),
        );
        let projection = match (&field.selection_set, child) {
            (Some(set), Some(child)) => Some(self.project(set, child)),
            _ => None,
        };
        Some((slot, projection))
    }

    fn type_of(&self, object: TypeId, declared: TypeId, selection: &Selection) -> Option<&Type> {
        let name = &selection.field()?.name;
        let id = self
            .index
            .find_field(object, name)
            .or_else(|| self.index.find_field(declared, name))?;
        Some(&self.index.field(id).ty)
    }

    fn field(
        &self,
        set: &SelectionSet,
        at: usize,
        (ty, below): (Option<&Type>, Option<Below>),
    ) -> ProjectionField {
        let selection = &set.selections[at];
        let response_name = selection.response_name.as_str();
        let source = match (&selection.selected, below) {
            _ if selection.is_withheld => ValueSource::Withheld,
            (Selected::Typename, _) if self.index.is_object(set.declared) => {
                let name = &self.index.type_(set.declared).name;
                ValueSource::Constant(format!("\"{name}\"").into_bytes().into())
            }
            (Selected::Typename, _) => ValueSource::Typename,
            (Selected::Introspection, _) => ValueSource::Introspection,
            (Selected::Field(_), Some((slot, _))) => ValueSource::Slot(slot),
            (Selected::Field(_), None) => ValueSource::Withheld,
        };
        let output = match ty {
            Some(ty) => self.output(ty, below.and_then(|(_, projection)| projection)),
            None => OutputType::Leaf {
                non_null: selection.response_name != "__type"
                    && !matches!(selection.selected, Selected::Introspection),
                kind: LeafKind::String,
                values: None,
            },
        };
        ProjectionField {
            response_name: response_name.into(),
            key: format!("\"{response_name}\":").into_bytes().into(),
            source,
            output,
        }
    }

    fn output(&self, ty: &Type, projection: Option<ProjectionId>) -> OutputType {
        let non_null = ty.is_non_null();
        match ty {
            Type::List(item) | Type::NonNullList(item) => OutputType::List {
                non_null,
                item: Box::new(self.output(item, projection)),
            },
            Type::Named(name) | Type::NonNullNamed(name) => {
                let id = self.index.find_type(name);
                match (id, projection) {
                    (Some(id), Some(projection)) if self.index.type_(id).is_composite() => {
                        OutputType::Object {
                            non_null,
                            type_name: Arc::from(name.as_str()),
                            projection,
                        }
                    }
                    (Some(id), _) => OutputType::Leaf {
                        non_null,
                        kind: LeafKind::of(self.index, id),
                        values: self.index.type_(id).values.clone(),
                    },
                    (None, _) => OutputType::Leaf {
                        non_null,
                        kind: LeafKind::Any,
                        values: None,
                    },
                }
            }
        }
    }
}
