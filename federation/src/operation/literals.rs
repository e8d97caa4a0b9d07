//! Checks what `apollo-compiler` does not check of the literals in a document: `@oneOf` input
//! objects, of which exactly one field must be given, and variables inside lists and input objects.
//! In: a validated document. Out: errors for the client.
//!
//! <https://spec.graphql.org/September2025/#sec-OneOf-Input-Objects>,
//! <https://spec.graphql.org/September2025/#sec-All-Variable-Usages-Are-Allowed>

use apollo_compiler::collections::IndexSet;
use apollo_compiler::{
    ExecutableDocument, Name, Node, Schema,
    ast::{Argument, DirectiveList, InputValueDefinition, Type, Value},
    executable::{Operation, Selection, SelectionSet, VariableDefinition},
    schema::{ExtendedType, InputObjectType},
    validation::Valid,
};

use super::errors::{MAX_ERRORS, locate};
use crate::error::{ResponseError, code};

/// Checks every literal of a document.
pub(super) fn check(
    schema: &Valid<Schema>,
    document: &Valid<ExecutableDocument>,
) -> Result<(), Vec<ResponseError>> {
    let mut errors = Vec::new();
    // Several operations may share a fragment: a literal in it is wrong once.
    let mut told = IndexSet::default();
    for operation in document.operations.iter() {
        let mut literals = Literals {
            schema,
            document,
            operation,
            seen: IndexSet::default(),
            told: &mut told,
            errors: &mut errors,
        };
        literals.operation();
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(errors)
    }
}

fn is_one(input: &InputObjectType) -> bool {
    input.directives.has("oneOf")
}

struct Literals<'d> {
    schema: &'d Schema,
    document: &'d ExecutableDocument,
    operation: &'d Operation,
    /// Fragments read for this operation.
    seen: IndexSet<&'d Name>,
    told: &'d mut IndexSet<String>,
    errors: &'d mut Vec<ResponseError>,
}

impl<'d> Literals<'d> {
    fn operation(&mut self) {
        let operation = self.operation;
        self.directives(&operation.directives);
        for variable in &operation.variables {
            self.directives(&variable.directives);
            if let Some(default) = &variable.default_value {
                self.value(Place::new(&variable.ty), default);
            }
        }
        self.selections(&operation.selection_set);
    }

    fn selections(&mut self, set: &'d SelectionSet) {
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => {
                    self.directives(&field.directives);
                    self.arguments(&field.definition.arguments, &field.arguments);
                    self.selections(&field.selection_set);
                }
                Selection::InlineFragment(fragment) => {
                    self.directives(&fragment.directives);
                    self.selections(&fragment.selection_set);
                }
                Selection::FragmentSpread(spread) => {
                    self.directives(&spread.directives);
                    let fragment = self.document.fragments.get(&spread.fragment_name);
                    if let Some(fragment) = fragment
                        && self.seen.insert(&spread.fragment_name)
                    {
                        self.directives(&fragment.directives);
                        self.selections(&fragment.selection_set);
                    }
                }
            }
        }
    }

    fn directives(&mut self, directives: &'d DirectiveList) {
        for directive in directives {
            if let Some(definition) = self.schema.directive_definitions.get(&directive.name) {
                self.arguments(&definition.arguments, &directive.arguments);
            }
        }
    }

    fn arguments(&mut self, defined: &[Node<InputValueDefinition>], given: &[Node<Argument>]) {
        for argument in given {
            let definition = defined.iter().find(|one| one.name == argument.name);
            // A variable that is a whole argument is checked by validation.
            if let Some(definition) = definition
                && !matches!(*argument.value, Value::Variable(_))
            {
                self.value(Place::of(definition), &argument.value);
            }
        }
    }

    fn value(&mut self, place: Place<'_>, value: &Node<Value>) {
        match &**value {
            Value::List(items) => {
                let item_type = match place.ty {
                    Type::List(item) | Type::NonNullList(item) => item,
                    Type::Named(_) | Type::NonNullNamed(_) => return,
                };
                for item in items {
                    self.value(Place::new(item_type), item);
                }
            }
            Value::Object(fields) => {
                let name = place.ty.inner_named_type();
                let Some(ExtendedType::InputObject(input)) = self.schema.types.get(name) else {
                    return;
                };
                if is_one(input) {
                    self.check_one(input, value, fields);
                }
                for (name, value) in fields {
                    if let Some(field) = input.fields.get(name) {
                        self.value(Place::of(field), value);
                    }
                }
            }
            Value::Variable(name) => self.check_variable(place, name, value),
            _ => {}
        }
    }

    fn check_variable(&mut self, place: Place<'_>, name: &Name, value: &Node<Value>) {
        let Some(declared) = self.declared(name) else {
            return;
        };
        if !place.takes(declared) {
            let message = format!(
                "`${name}` is of type `{}`, and a value of type `{}` is expected here.",
                declared.ty, place.ty
            );
            self.tell(message, value);
        }
    }

    fn check_one(
        &mut self,
        input: &InputObjectType,
        value: &Node<Value>,
        fields: &[(Name, Node<Value>)],
    ) {
        let name = &input.name;
        let message = match fields {
            [(_, only)] => match &**only {
                Value::Null => format!("`{name}` takes exactly one field, and not null."),
                Value::Variable(variable) if !self.is_non_null(variable) => format!(
                    "`{name}` takes exactly one field, and not null: declare `${variable}` with \
                     a type that is not null."
                ),
                _ => return,
            },
            _ => format!(
                "`{name}` takes exactly one field, and {} are given.",
                fields.len()
            ),
        };
        self.tell(message, value);
    }

    fn tell(&mut self, message: String, value: &Node<Value>) {
        let location = value.location();
        let is_new = self.told.insert(format!("{location:?} {message}"));
        if is_new && self.errors.len() < MAX_ERRORS {
            let error = ResponseError::request(code::VALIDATION_FAILED, message);
            let located = locate(error, location, &self.document.sources);
            self.errors.push(located);
        }
    }

    fn is_non_null(&self, variable: &Name) -> bool {
        let declared = self.declared(variable);
        declared.is_some_and(|declared| declared.ty.is_non_null())
    }

    fn declared(&self, variable: &Name) -> Option<&'d VariableDefinition> {
        let mut variables = self.operation.variables.iter();
        variables
            .find(|one| one.name == *variable)
            .map(|one| &**one)
    }
}

/// The place of a value.
#[derive(Clone, Copy)]
struct Place<'a> {
    ty: &'a Type,
    has_default: bool,
}

impl<'a> Place<'a> {
    fn new(ty: &'a Type) -> Self {
        Self {
            ty,
            has_default: false,
        }
    }

    fn of(definition: &'a InputValueDefinition) -> Self {
        Self {
            ty: &definition.ty,
            has_default: definition.default_value.is_some(),
        }
    }

    /// Whether a variable may be used there (`IsVariableUsageAllowed`).
    fn takes(self, variable: &VariableDefinition) -> bool {
        let default = variable.default_value.as_ref();
        let has_default = default.is_some_and(|value| !value.is_null());
        let is_filled = self.has_default || has_default;
        if self.ty.is_non_null() && !variable.ty.is_non_null() && is_filled {
            variable.ty.is_assignable_to(&self.ty.clone().nullable())
        } else {
            variable.ty.is_assignable_to(self.ty)
        }
    }
}
