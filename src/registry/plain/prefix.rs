//! Renames a plain server's SDL to its names in the joint schema.

use apollo_compiler::{
    Name, Node,
    ast::{
        Definition, Directive, DirectiveList, Document, EnumValueDefinition, FieldDefinition,
        InputValueDefinition, NamedType, Type,
    },
};
use federation::invalid::describe;
use indexmap::IndexSet;

use super::{NamedMutation, PrefixError, roots::reduce, unreachable::drop_unreachable};
use crate::gateway::Names;

/// The head of a subgraph that marks its levels and shares nothing.
const LINK: &str = "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.5\", \
                    import: [\"@requiresScopes\", \"@tag\"])\n\n";

/// The SDL of a subgraph over a plain server, with the mutations that are named. Root fields become
/// nullable: a server that fails must not take the whole answer with it.
pub fn prefixed(
    sdl: &str,
    prefix: &str,
    mutations: &[NamedMutation],
) -> Result<String, PrefixError> {
    let is_prefix = Name::new(prefix).is_ok()
        && prefix.starts_with(|first: char| first.is_ascii_lowercase())
        && !prefix.ends_with('_');
    if !is_prefix {
        let prefix: String = prefix.chars().take(64).collect();
        return Err(PrefixError::Prefix(prefix.escape_debug().to_string()));
    }
    let mut document = Document::parse(sdl, "source.graphql").map_err(|errors| {
        PrefixError::Schema(format!(
            "the schema cannot be read: {}",
            describe(&errors.errors)
        ))
    })?;
    let names = Names::of(&document, prefix);
    document.definitions.retain(|definition| {
        !matches!(
            definition,
            Definition::SchemaDefinition(_)
                | Definition::SchemaExtension(_)
                | Definition::DirectiveDefinition(_)
        )
    });
    reduce(&mut document, &names, mutations)?;
    drop_unreachable(&mut document, &names);
    for definition in &mut document.definitions {
        rename(definition, &names).ok_or_else(|| {
            let what = "the schema extends types, or has names that take no prefix; give it whole, \
                        without `extend`";
            PrefixError::Schema(what.to_owned())
        })?;
    }
    Ok(format!("{LINK}{document}"))
}

/// The mutations that a subgraph over a plain server has, by the server's names.
pub fn mutations_of(sdl: &str, prefix: &str) -> Vec<NamedMutation> {
    let Ok(document) = Document::parse(sdl, "source.graphql") else {
        return Vec::new();
    };
    let names = Names::under(prefix);
    let root = document
        .definitions
        .iter()
        .find_map(|definition| match definition {
            Definition::ObjectTypeDefinition(ty) if ty.name == "Mutation" => Some(ty),
            _ => None,
        });
    let fields = root.into_iter().flat_map(|root| &root.fields);
    let mutations = fields.filter_map(|field| {
        let own = names.find_own_root_field(&field.name)?;
        Some(NamedMutation {
            name: own.to_string(),
            scope: field.directives.get("requiresScopes").and_then(first_scope),
        })
    });
    mutations.collect()
}

/// The scope that [`prefixed`] wrote.
fn first_scope(directive: &Node<Directive>) -> Option<String> {
    let alternatives = directive.specified_argument_by_name("scopes")?.as_list()?;
    let all = alternatives.first()?.as_list()?;
    all.first()?.as_str().map(str::to_owned)
}

fn rename(definition: &mut Definition, names: &Names) -> Option<()> {
    match definition {
        Definition::ScalarTypeDefinition(node) => {
            let ty = node.make_mut();
            keep_known(&mut ty.directives);
            ty.name = names.find_joint_type(&ty.name)?;
        }
        Definition::ObjectTypeDefinition(node) => {
            let ty = node.make_mut();
            keep_known(&mut ty.directives);
            if names.find_operation(&ty.name).is_some() {
                for field in &mut ty.fields {
                    let field = field.make_mut();
                    field.name = names.find_joint_root_field(&field.name)?;
                    field.ty = field.ty.clone().nullable();
                }
            }
            rename_all(&mut ty.implements_interfaces, names)?;
            rename_fields(&mut ty.fields, names)?;
            ty.name = names.find_joint_type(&ty.name)?;
        }
        Definition::InterfaceTypeDefinition(node) => {
            let ty = node.make_mut();
            keep_known(&mut ty.directives);
            rename_all(&mut ty.implements_interfaces, names)?;
            rename_fields(&mut ty.fields, names)?;
            ty.name = names.find_joint_type(&ty.name)?;
        }
        Definition::UnionTypeDefinition(node) => {
            let ty = node.make_mut();
            keep_known(&mut ty.directives);
            rename_all(&mut ty.members, names)?;
            ty.name = names.find_joint_type(&ty.name)?;
        }
        Definition::EnumTypeDefinition(node) => {
            let ty = node.make_mut();
            keep_known(&mut ty.directives);
            keep_valid(&mut ty.values);
            for value in &mut ty.values {
                keep_known(&mut value.make_mut().directives);
            }
            ty.name = names.find_joint_type(&ty.name)?;
        }
        Definition::InputObjectTypeDefinition(node) => {
            let ty = node.make_mut();
            keep_known(&mut ty.directives);
            rename_inputs(&mut ty.fields, names)?;
            ty.name = names.find_joint_type(&ty.name)?;
        }
        _ => return None,
    }
    Some(())
}

/// Some servers return a value of an enum twice, which no SDL may.
fn keep_valid(values: &mut Vec<Node<EnumValueDefinition>>) {
    let mut seen = IndexSet::new();
    values.retain(|value| seen.insert(value.value.clone()));
}

/// Directives that mean the same in every schema, or mark levels. Definitions of others are gone.
fn keep_known(directives: &mut DirectiveList) {
    const KNOWN: [&str; 5] = [
        "deprecated",
        "oneOf",
        "requiresScopes",
        "specifiedBy",
        "tag",
    ];
    directives
        .0
        .retain(|directive| KNOWN.contains(&directive.name.as_str()));
}

fn rename_all(list: &mut [NamedType], names: &Names) -> Option<()> {
    for name in list {
        *name = names.find_joint_type(name)?;
    }
    Some(())
}

fn rename_fields(fields: &mut [Node<FieldDefinition>], names: &Names) -> Option<()> {
    for field in fields {
        let field = field.make_mut();
        keep_known(&mut field.directives);
        rename_type(&mut field.ty, names)?;
        rename_inputs(&mut field.arguments, names)?;
    }
    Some(())
}

fn rename_inputs(inputs: &mut [Node<InputValueDefinition>], names: &Names) -> Option<()> {
    for input in inputs {
        let input = input.make_mut();
        keep_known(&mut input.directives);
        rename_type(input.ty.make_mut(), names)?;
    }
    Some(())
}

fn rename_type(ty: &mut Type, names: &Names) -> Option<()> {
    match ty {
        Type::Named(name) | Type::NonNullNamed(name) => *name = names.find_joint_type(name)?,
        Type::List(item) | Type::NonNullList(item) => rename_type(item, names)?,
    }
    Some(())
}
