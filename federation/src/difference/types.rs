//! Types: added, removed, of another kind; and what both schemas have, part by part.

use apollo_compiler::{
    Name,
    schema::{ComponentName, ExtendedType},
};

use super::{
    applied,
    change::{Change, Class},
    change_kind::ChangeKind,
    comparison::Comparison,
    enums, fields, inputs,
    pairs::{self, Pair, TextChange},
};

pub(super) fn compare(comparison: &mut Comparison<'_>) {
    let (old, new) = (comparison.old, comparison.new);
    let is_own = |ty: &&ExtendedType| !ty.is_built_in();
    for pair in pairs::by_name(
        old.types.values().filter(is_own),
        new.types.values().filter(is_own),
        ExtendedType::name,
    ) {
        match pair {
            Pair::Removed(ty) => comparison.push(Change::new(
                Class::Breaking,
                ChangeKind::TypeRemoved,
                ty.name().as_str(),
                format!("The {} `{}` was removed.", kind_of(ty), ty.name()),
            )),
            Pair::Added(ty) => comparison.push(
                Change::new(
                    Class::Safe,
                    ChangeKind::TypeAdded,
                    ty.name().as_str(),
                    format!("The {} `{}` was added.", kind_of(ty), ty.name()),
                )
                .affecting([] as [&str; 0]),
            ),
            Pair::Kept(old, new) => compare_type(comparison, old, new),
        }
    }
}

fn compare_type(comparison: &mut Comparison<'_>, old: &ExtendedType, new: &ExtendedType) {
    use ExtendedType::{Enum, InputObject, Interface, Object, Scalar, Union};
    let name = old.name();
    match (old, new) {
        (Object(old), Object(new)) => {
            let interfaces = (&old.implements_interfaces, &new.implements_interfaces);
            compare_interfaces(comparison, name, interfaces.0.iter(), interfaces.1.iter());
            fields::compare(comparison, name, &old.fields, &new.fields);
        }
        (Interface(old), Interface(new)) => {
            let interfaces = (&old.implements_interfaces, &new.implements_interfaces);
            compare_interfaces(comparison, name, interfaces.0.iter(), interfaces.1.iter());
            fields::compare(comparison, name, &old.fields, &new.fields);
        }
        (Union(old), Union(new)) => {
            compare_members(comparison, name, old.members.iter(), new.members.iter());
        }
        (Enum(old), Enum(new)) => enums::compare(comparison, old, new),
        (InputObject(old), InputObject(new)) => inputs::compare(comparison, old, new),
        (Scalar(_), Scalar(_)) => {}
        _ => {
            comparison.push(Change::new(
                Class::Breaking,
                ChangeKind::TypeKindChanged,
                name.as_str(),
                format!(
                    "`{name}` changed from {} to {}.",
                    with_article(kind_of(old)),
                    with_article(kind_of(new))
                ),
            ));
            return;
        }
    }
    compare_description(comparison, old, new);
    let is_input = matches!(new, InputObject(_));
    applied::compare(
        comparison,
        name.as_str(),
        applied::on_type(old.directives()),
        applied::on_type(new.directives()),
        is_input,
    );
}

fn compare_description(comparison: &mut Comparison<'_>, old: &ExtendedType, new: &ExtendedType) {
    let texts = (
        old.description().map(|text| &**text),
        new.description().map(|text| &**text),
    );
    let Some(change) = pairs::find_text_change(texts.0, texts.1) else {
        return;
    };
    let kind = match change {
        TextChange::Added => ChangeKind::TypeDescriptionAdded,
        TextChange::Removed => ChangeKind::TypeDescriptionRemoved,
        TextChange::Changed => ChangeKind::TypeDescriptionChanged,
    };
    let name = old.name();
    comparison.push(Change::new(
        Class::Safe,
        kind,
        name.as_str(),
        format!("The description of `{name}` was {}.", change.participle()),
    ));
}

fn compare_interfaces<'a>(
    comparison: &mut Comparison<'_>,
    name: &Name,
    old: impl Iterator<Item = &'a ComponentName>,
    new: impl Iterator<Item = &'a ComponentName>,
) {
    for pair in pairs::by_name(old, new, |interface| &interface.name) {
        match pair {
            Pair::Removed(interface) => comparison.push(
                Change::new(
                    Class::Breaking,
                    ChangeKind::ObjectTypeInterfaceRemoved,
                    name.as_str(),
                    format!("`{name}` no longer implements the interface `{interface}`."),
                )
                .affecting([name.as_str(), interface.as_str()]),
            ),
            Pair::Added(interface) => comparison.push(
                Change::new(
                    Class::Dangerous,
                    ChangeKind::ObjectTypeInterfaceAdded,
                    name.as_str(),
                    format!("`{name}` now implements the interface `{interface}`."),
                )
                .affecting([interface.as_str()]),
            ),
            Pair::Kept(..) => {}
        }
    }
}

fn compare_members<'a>(
    comparison: &mut Comparison<'_>,
    name: &Name,
    old: impl Iterator<Item = &'a ComponentName>,
    new: impl Iterator<Item = &'a ComponentName>,
) {
    for pair in pairs::by_name(old, new, |member| &member.name) {
        match pair {
            Pair::Removed(member) => comparison.push(Change::new(
                Class::Breaking,
                ChangeKind::UnionMemberRemoved,
                name.as_str(),
                format!("The union `{name}` lost its member `{member}`."),
            )),
            Pair::Added(member) => comparison.push(Change::new(
                Class::Dangerous,
                ChangeKind::UnionMemberAdded,
                name.as_str(),
                format!("The union `{name}` gained the member `{member}`."),
            )),
            Pair::Kept(..) => {}
        }
    }
}

fn kind_of(ty: &ExtendedType) -> &'static str {
    match ty {
        ExtendedType::Scalar(_) => "scalar",
        ExtendedType::Object(_) => "object type",
        ExtendedType::Interface(_) => "interface",
        ExtendedType::Union(_) => "union",
        ExtendedType::Enum(_) => "enum",
        ExtendedType::InputObject(_) => "input object type",
    }
}

fn with_article(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {noun}")
}
