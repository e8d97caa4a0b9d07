//! Translates documents into the server's names.

use apollo_compiler::ast::{Definition, Document, Field, InlineFragment, Selection, Type};

use super::{answer::Shape, names::Names};

/// The document in the server's names, and where its answer names types.
pub(super) fn translate(text: &str, names: &Names) -> Option<(String, Shape)> {
    let mut document = Document::parse(text, "fetch.graphql").ok()?;
    let mut shape = Shape::default();
    for definition in &mut document.definitions {
        let Definition::OperationDefinition(operation) = definition else {
            return None;
        };
        let operation = operation.make_mut();
        for variable in &mut operation.variables {
            rename_type(variable.make_mut().ty.make_mut(), names);
        }
        for selection in &mut operation.selection_set {
            root(selection, names, &mut shape)?;
        }
    }
    let minified = document.serialize().no_indent().to_string();
    Some((minified, shape))
}

/// A root field has another name at the server; its response name stays.
fn root(selection: &mut Selection, names: &Names, shape: &mut Shape) -> Option<()> {
    match selection {
        Selection::Field(node) => {
            let field = node.make_mut();
            if !field.name.starts_with("__") {
                let own = names.find_own_root_field(&field.name)?;
                let joint = std::mem::replace(&mut field.name, own);
                field.alias.get_or_insert(joint);
            }
            below(field, names, shape)
        }
        Selection::InlineFragment(node) => {
            let fragment = node.make_mut();
            condition(fragment, names)?;
            for selection in &mut fragment.selection_set {
                root(selection, names, shape)?;
            }
            Some(())
        }
        Selection::FragmentSpread(_) => None,
    }
}

fn nested(selections: &mut [Selection], names: &Names, shape: &mut Shape) -> Option<()> {
    for selection in selections {
        match selection {
            Selection::Field(node) => below(node.make_mut(), names, shape)?,
            Selection::InlineFragment(node) => {
                let fragment = node.make_mut();
                condition(fragment, names)?;
                nested(&mut fragment.selection_set, names, shape)?;
            }
            Selection::FragmentSpread(_) => return None,
        }
    }
    Some(())
}

fn below(field: &mut Field, names: &Names, shape: &mut Shape) -> Option<()> {
    let key = field.alias.as_ref().unwrap_or(&field.name).clone();
    if field.name == "__typename" {
        shape.typenames.insert(key.to_string());
        return Some(());
    }
    let mut inner = Shape::default();
    nested(&mut field.selection_set, names, &mut inner)?;
    if !inner.is_empty() {
        shape
            .fields
            .entry(key.to_string())
            .or_default()
            .extend(inner);
    }
    Some(())
}

fn condition(fragment: &mut InlineFragment, names: &Names) -> Option<()> {
    if let Some(condition) = &mut fragment.type_condition {
        *condition = names.find_own_type(condition)?;
    }
    Some(())
}

fn rename_type(ty: &mut Type, names: &Names) {
    match ty {
        Type::Named(name) | Type::NonNullNamed(name) => {
            if let Some(own) = names.find_own_type(name) {
                *name = own;
            }
        }
        Type::List(item) | Type::NonNullList(item) => rename_type(item, names),
    }
}
