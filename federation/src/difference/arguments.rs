//! Arguments of fields and of directives.

use apollo_compiler::{Node, ast::InputValueDefinition};

use super::{
    applied,
    change::{Change, Class},
    change_kind::ChangeKind,
    comparison::Comparison,
    compatibility,
    default_value::{self, DefaultValue},
    pairs::{self, Pair},
};

/// What takes the arguments, by its coordinate.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place<'a> {
    /// A field.
    Field(&'a str),
    /// A directive.
    Directive(&'a str),
}

impl<'a> Place<'a> {
    fn coordinate(self) -> &'a str {
        match self {
            Self::Field(coordinate) | Self::Directive(coordinate) => coordinate,
        }
    }

    fn kind(self, on_field: ChangeKind, on_directive: ChangeKind) -> ChangeKind {
        match self {
            Self::Field(_) => on_field,
            Self::Directive(_) => on_directive,
        }
    }
}

pub(super) fn compare(
    comparison: &mut Comparison<'_>,
    place: Place<'_>,
    old: &[Node<InputValueDefinition>],
    new: &[Node<InputValueDefinition>],
) {
    let pairs = pairs::by_name(
        old.iter().map(|argument| &**argument),
        new.iter().map(|argument| &**argument),
        |argument: &InputValueDefinition| &argument.name,
    );
    for pair in pairs {
        match pair {
            Pair::Removed(argument) => {
                let coordinate = format!("{}({}:)", place.coordinate(), argument.name);
                let message = format!("The argument `{coordinate}` was removed.");
                comparison.push(Change::new(
                    Class::Breaking,
                    place.kind(
                        ChangeKind::FieldArgumentRemoved,
                        ChangeKind::DirectiveArgumentRemoved,
                    ),
                    coordinate,
                    message,
                ));
            }
            Pair::Added(argument) => comparison.push(added(place, argument)),
            Pair::Kept(old, new) => compare_argument(comparison, place, old, new),
        }
    }
}

fn added(place: Place<'_>, argument: &InputValueDefinition) -> Change {
    let coordinate = format!("{}({}:)", place.coordinate(), argument.name);
    let kind = place.kind(
        ChangeKind::FieldArgumentAdded,
        ChangeKind::DirectiveArgumentAdded,
    );
    let (class, sort) = if argument.is_required() {
        (Class::Breaking, "required")
    } else if matches!(place, Place::Field(_)) {
        (Class::Dangerous, "optional")
    } else {
        (Class::Safe, "optional")
    };
    let message = format!(
        "The {sort} argument `{coordinate}` of type `{}` was added.",
        argument.ty
    );
    Change::new(class, kind, coordinate, message).affecting([place.coordinate()])
}

fn compare_argument(
    comparison: &mut Comparison<'_>,
    place: Place<'_>,
    old: &InputValueDefinition,
    new: &InputValueDefinition,
) {
    let coordinate = format!("{}({}:)", place.coordinate(), old.name);
    if old.ty != new.ty {
        let class = if compatibility::is_safe_for_input(&old.ty, &new.ty) {
            Class::Safe
        } else {
            Class::Breaking
        };
        let becomes_required = new.is_required() && !old.is_required();
        let felt_by = if becomes_required {
            place.coordinate()
        } else {
            &coordinate
        };
        comparison.push(
            Change::new(
                class,
                place.kind(
                    ChangeKind::FieldArgumentTypeChanged,
                    ChangeKind::DirectiveArgumentTypeChanged,
                ),
                coordinate.clone(),
                format!(
                    "The type of the argument `{coordinate}` changed from `{}` to `{}`.",
                    old.ty, new.ty
                ),
            )
            .affecting([felt_by]),
        );
    }
    compare_default(comparison, place, &coordinate, old, new);
    let texts = (old.description.as_deref(), new.description.as_deref());
    if let Some(change) = pairs::find_text_change(texts.0, texts.1) {
        comparison.push(Change::new(
            Class::Safe,
            place.kind(
                ChangeKind::FieldArgumentDescriptionChanged,
                ChangeKind::DirectiveArgumentDescriptionChanged,
            ),
            coordinate.clone(),
            format!(
                "The description of the argument `{coordinate}` was {}.",
                change.participle()
            ),
        ));
    }
    if matches!(place, Place::Field(_)) {
        applied::compare(
            comparison,
            &coordinate,
            applied::on_value(&old.directives),
            applied::on_value(&new.directives),
            false,
        );
    }
}

fn compare_default(
    comparison: &mut Comparison<'_>,
    place: Place<'_>,
    coordinate: &str,
    old: &InputValueDefinition,
    new: &InputValueDefinition,
) {
    let is_same = default_value::is_same(
        DefaultValue::of(comparison.old, old),
        DefaultValue::of(comparison.new, new),
    );
    if is_same {
        return;
    }
    // This affects operations that leave the argument out; without its default it may be required.
    let is_now_required = new.is_required() && !old.is_required() && old.ty == new.ty;
    let class = if is_now_required {
        Class::Breaking
    } else {
        Class::Dangerous
    };
    comparison.push(
        Change::new(
            class,
            place.kind(
                ChangeKind::FieldArgumentDefaultChanged,
                ChangeKind::DirectiveArgumentDefaultChanged,
            ),
            coordinate,
            default_value::message("argument", coordinate, old, new),
        )
        .affecting([place.coordinate()]),
    );
}
