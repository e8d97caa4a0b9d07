//! Checks what `@fromContext` selects: one value of the argument's type, on each type that sets the
//! context.

use apollo_compiler::{
    Name,
    ast::{Selection, Type},
    schema::ExtendedType,
};

use super::rule::ContextRule;
use crate::{
    diagnostic::Code,
    subgraph::{directives::is_interface_object, field_set},
};

/// A selection that is checked.
pub(super) struct SelectionRule<'r, 'a> {
    pub(super) rule: &'r mut ContextRule<'a>,
    pub(super) context: &'a str,
    pub(super) selection: &'a str,
}

impl SelectionRule<'_, '_> {
    /// Checks the selection on each type that sets the context.
    pub(super) fn check(&mut self, setters: &[&Name]) {
        if let Err(reason) = self.find_fault(setters) {
            let message = format!(
                "`{}` cannot be taken from context `{}`: {reason}.",
                self.rule.coordinate, self.context
            );
            let help = "Select one field, or for each type that sets the context one inline fragment with one field.";
            self.rule
                .report(Code::ContextInvalidSelection, message, help);
        }
    }

    fn find_fault(&self, setters: &[&Name]) -> Result<(), String> {
        let selections = field_set::parse(self.selection)?;
        match selections.as_slice() {
            [Selection::Field(_)] => {
                for setter in setters {
                    self.check_type(&self.value_type(setter, &selections)?)?;
                }
                Ok(())
            }
            _ => self.check_fragments(setters, &selections),
        }
    }

    fn check_fragments(&self, setters: &[&Name], selections: &[Selection]) -> Result<(), String> {
        let mut conditions = Vec::new();
        for selection in selections {
            let Selection::InlineFragment(fragment) = selection else {
                return Err("more than one field is selected".to_owned());
            };
            let Some(condition) = &fragment.type_condition else {
                return Err("an inline fragment has no type condition".to_owned());
            };
            let ty = self.rule.subgraph.schema.types.get(condition);
            if !ty.is_some_and(ExtendedType::is_object) {
                return Err(format!(
                    "`{condition}` is not an object type of this subgraph"
                ));
            }
            if conditions.contains(&condition) {
                return Err(format!("there are two fragments on `{condition}`"));
            }
            conditions.push(condition);
            no_directives(&fragment.directives)?;
            // Other subgraphs may have further types, for which there is no value.
            let value = self.value_type(condition, &fragment.selection_set)?;
            self.check_type(&value.nullable())?;
        }
        for setter in setters {
            let possible = self.rule.subgraph.possible_types(setter);
            if !conditions
                .iter()
                .any(|condition| possible.contains(condition))
            {
                return Err(format!("no fragment is for `{setter}`, which sets it"));
            }
        }
        let is_used = |condition: &Name| {
            setters.iter().any(|setter| {
                self.rule
                    .subgraph
                    .possible_types(setter)
                    .contains(condition)
            })
        };
        match conditions.iter().find(|condition| !is_used(condition)) {
            Some(condition) => Err(format!("nothing that sets it is ever a `{condition}`")),
            None => Ok(()),
        }
    }

    // The type of the one value selected, lists around it included.
    fn value_type(&self, parent: &Name, selections: &[Selection]) -> Result<Type, String> {
        let schema = &self.rule.subgraph.schema;
        if schema
            .get_object(parent)
            .is_some_and(|object| is_interface_object(&object.directives))
        {
            return Err(format!("`{parent}` is an interface object"));
        }
        let [Selection::Field(field)] = selections else {
            return Err(format!("not exactly one field of `{parent}` is selected"));
        };
        if field.alias.is_some() {
            return Err(format!("`{}` has an alias", field.name));
        }
        no_directives(&field.directives)?;
        let Some((_, definition)) = field_set::find_field(schema, parent, &field.name) else {
            return Err(format!("`{parent}` has no field `{}`", field.name));
        };
        let below = definition.ty.inner_named_type();
        let is_leaf = schema.types.get(below).is_some_and(ExtendedType::is_leaf);
        match (is_leaf, field.selection_set.is_empty()) {
            (true, true) => Ok(definition.ty.clone()),
            (false, false) => {
                let inner = self.value_type(below, &field.selection_set)?;
                Ok(wrap(&definition.ty, inner))
            }
            (true, false) => Err(format!("`{parent}.{}` has no fields", field.name)),
            (false, true) => Err(format!("`{parent}.{}` needs a selection", field.name)),
        }
    }

    fn check_type(&self, value: &Type) -> Result<(), String> {
        let expected = &self.rule.argument.ty;
        if fits(value, expected) {
            return Ok(());
        }
        Err(format!("the value is of type `{value}`, not `{expected}`"))
    }
}

fn no_directives(directives: &apollo_compiler::ast::DirectiveList) -> Result<(), String> {
    match directives.0.first() {
        Some(directive) => Err(format!(
            "`@{}` cannot stand in the selection",
            directive.name
        )),
        None => Ok(()),
    }
}

// A list above a value makes it a list, and a nullable field above it makes it nullable.
fn wrap(outer: &Type, inner: Type) -> Type {
    match outer {
        Type::Named(_) => inner.nullable(),
        Type::NonNullNamed(_) => inner,
        Type::List(item) => Type::List(Box::new(wrap(item, inner))),
        Type::NonNullList(item) => Type::NonNullList(Box::new(wrap(item, inner))),
    }
}

// https://spec.graphql.org/draft/#IsValidImplementationFieldType(), for leaves.
fn fits(value: &Type, expected: &Type) -> bool {
    match (value, expected) {
        (Type::NonNullNamed(a), Type::NonNullNamed(b) | Type::Named(b))
        | (Type::Named(a), Type::Named(b)) => a == b,
        (Type::NonNullList(a), Type::NonNullList(b) | Type::List(b))
        | (Type::List(a), Type::List(b)) => fits(a, b),
        _ => false,
    }
}
