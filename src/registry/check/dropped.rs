//! Finds what a version declares and the joint schema lacks, because another source's copy lacks
//! it: of input objects, of enums used for input only and of arguments, composition keeps what all
//! sources have.

use std::collections::HashSet;

use apollo_compiler::{ast::FieldDefinition, schema::ExtendedType};
use federation::{budget::Interrupt, supergraph::Supergraph};

use super::{Composed, Findings, Member, understood::Understood};
use crate::registry::{
    declarations::Declarations,
    rules::{Neighbour, Refusal, RefusalCode},
};

/// What a member of a joint schema declares that is not in it for that reason.
pub fn dropped_of(
    name: &str,
    members: &[Member],
    supergraph_sdl: &str,
    interrupt: &Interrupt,
) -> Vec<Refusal> {
    let mut findings = Findings::default();
    let composed = Composed {
        members: members.to_vec(),
        supergraph_sdl: None,
    };
    let own = members.iter().find(|member| member.name == name);
    let understood = own.and_then(|own| Understood::read(&composed, own, &mut findings, interrupt));
    if let (Some(own), Some(understood), Ok(supergraph)) =
        (own, understood, Supergraph::parse(supergraph_sdl))
    {
        let declarations = Declarations::of(&understood.own);
        let neighbours = &understood.neighbours;
        check_dropped(
            &declarations,
            &own.entity,
            neighbours,
            &supergraph,
            &mut findings,
        );
    }
    findings.refusals
}

pub(super) fn check_dropped(
    own: &Declarations,
    entity: &str,
    neighbours: &[Neighbour],
    supergraph: &Supergraph,
    findings: &mut Findings,
) {
    let refusals = findings.refusals.iter();
    let refused: HashSet<&str> = refusals
        .filter_map(|each| each.coordinate.as_deref())
        .collect();
    let lost = own.others.iter().filter_map(|coordinate| {
        let (parent, is_there) = find(own, supergraph, coordinate)?;
        if is_there || refused.contains(parent) {
            return None;
        }
        let without: Vec<_> = neighbours
            .iter()
            .filter(|each| each.entity != entity)
            .filter(|each| {
                each.declarations.declares(parent) && !each.declarations.declares(coordinate)
            })
            .collect();
        let first = without.first()?;
        let refusal = Refusal::new(
            RefusalCode::ChangesForeign,
            format!(
                "`{coordinate}` would be missing from the joint schema: `{}` of {} has `{parent}` \
                 without it, and composition keeps what all have.",
                first.name, first.entity
            ),
            format!(
                "Ask {} to add it first, or use a type or field of your own.",
                first.entity
            ),
        );
        let names = without.iter().map(|each| each.name.clone());
        Some(refusal.at(coordinate).because_of(names))
    });
    let lost = lost.collect();
    findings.add_refusals(lost);
}

/// What an argument, input field or enum value is part of, and whether the supergraph has it;
/// nothing for what is none of these, or whose parent the supergraph has not.
fn find<'a>(
    own: &Declarations,
    supergraph: &Supergraph,
    coordinate: &'a str,
) -> Option<(&'a str, bool)> {
    let (parent, name) = coordinate.split_once('.')?;
    let ty = supergraph.schema.types.get(parent)?;
    if let Some((field, argument)) = name.split_once('(') {
        let place = coordinate.split('(').next()?;
        if own.fields.get(place)?.is_external {
            return None;
        }
        let definition: &FieldDefinition = match ty {
            ExtendedType::Object(object) => object.fields.get(field)?,
            ExtendedType::Interface(interface) => interface.fields.get(field)?,
            _ => return None,
        };
        let argument = argument.trim_end_matches(":)");
        return Some((place, definition.argument_by_name(argument).is_some()));
    }
    match ty {
        ExtendedType::Enum(declared) => Some((parent, declared.values.contains_key(name))),
        ExtendedType::InputObject(input) => Some((parent, input.fields.contains_key(name))),
        _ => None,
    }
}
