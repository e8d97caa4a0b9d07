//! Writings on the elements of another's schema, one by one.

use super::{CLOSED, HIGHEST, HINT, OPEN, World, find, has_arguments, is_object, part, stub};
use crate::{
    registry::foreign::draft::{Block, Draft, Line},
    support::random::Random,
};

/// A directive that may stand on an element of a kind; `argument` for an argument.
pub(super) fn mark(random: &mut Random, kind: &str) -> &'static str {
    const GUARDS: [&str; 6] = [
        CLOSED,
        HIGHEST,
        "@requiresScopes(scopes: [[\"partner:read\"]])",
        "@requiresScopes(scopes: [])",
        "@authenticated",
        "@policy(policies: [[\"partner\"]])",
    ];
    const ANYWHERE: [&str; 4] = [
        OPEN,
        "@tag(name: \"partner\")",
        "@tag(name: \"confidential\")",
        "@inaccessible",
    ];
    const DEPRECATED: &str = "@deprecated(reason: \"partner\")";
    const COST: &str = "@cost(weight: 99)";
    let fitting: &[&str] = match kind {
        "field" => &[
            DEPRECATED,
            COST,
            "@listSize(assumedSize: 99)",
            "@shareable",
            "@external",
        ],
        "value" => &[DEPRECATED],
        "argument" => &[DEPRECATED, COST],
        "type" => &[COST, "@shareable", "@external"],
        "scalar" => &[
            COST,
            "@specifiedBy(url: \"https://partner.example/scalar\")",
        ],
        "enum" => &[COST],
        "input" => &["@oneOf"],
        _ => &[],
    };
    let is_guarded = matches!(kind, "field" | "type" | "interface" | "scalar" | "enum");
    let mut all = [fitting, &ANYWHERE].concat();
    if is_guarded {
        all.extend(GUARDS);
    }
    random.pick(&all)
}

pub(super) fn mark_type(world: &World, random: &mut Random, draft: &mut Draft) {
    let theirs = find(world, random, |_| true);
    let mark = mark(random, theirs.kind);
    stub(world, draft, &theirs.name)
        .directives
        .push(mark.to_owned());
}

pub(super) fn mark_part(world: &World, random: &mut Random, draft: &mut Draft) {
    let kind = random.pick(&["field", "field", "field", "value", "argument"]);
    let mark = mark(random, kind);
    let fits = |block: &Block| match kind {
        "field" => matches!(block.kind, "type" | "interface"),
        "value" => block.kind == "enum",
        _ => block.kind == "input",
    };
    let is_hint = kind != "argument" && random.below(8) == 0;
    let mark = if is_hint {
        "@hint(text: \"partner\")"
    } else {
        mark
    };
    let Some(line) = part(world, random, draft, fits) else {
        return;
    };
    line.directives.push(mark.to_owned());
    if is_hint && !draft.more.iter().any(|more| more.contains("@hint")) {
        draft.more.push(HINT.to_owned());
        let imported = "@link(url: \"https://core.example/hint/v1.0\", import: [\"@hint\"])";
        draft.schema.push(imported.to_owned());
        if random.below(2) == 0 {
            draft
                .schema
                .push("@composeDirective(name: \"@hint\")".to_owned());
        }
    }
}

pub(super) fn mark_argument(world: &World, random: &mut Random, draft: &mut Draft) {
    let mark = mark(random, "argument");
    if let Some(line) = part(world, random, draft, has_arguments)
        && let Some(argument) = line.arguments.first_mut()
    {
        argument.directives.push(mark.to_owned());
    }
}

pub(super) fn describe(world: &World, random: &mut Random, draft: &mut Draft) {
    let text = Some("Partner's words.".to_owned());
    if random.below(3) == 0 {
        let theirs = find(world, random, |_| true);
        stub(world, draft, &theirs.name).description = text;
    } else if let Some(line) = part(world, random, draft, |_| true) {
        match line.arguments.first_mut() {
            Some(argument) if random.below(2) == 0 => argument.description = text,
            _ => line.description = text,
        }
    }
}

pub(super) fn retype(world: &World, random: &mut Random, draft: &mut Draft) {
    let other = random.pick(&["Int", "String", "Situation", "Bed", "[String]"]);
    let how = random.below(3);
    let Some(line) = part(world, random, draft, |block| block.kind != "enum") else {
        return;
    };
    let Some(ty) = &mut line.ty else {
        return;
    };
    *ty = match how {
        0 => ty.trim_end_matches('!').to_owned(),
        1 => format!("{}!", ty.trim_end_matches('!')),
        _ => other.to_owned(),
    };
}

pub(super) fn change_arguments(world: &World, random: &mut Random, draft: &mut Draft) {
    let how = random.below(6);
    let Some(line) = part(world, random, draft, |block| {
        is_object(block) || has_arguments(block)
    }) else {
        return;
    };
    let first = line.arguments.first_mut();
    match (how, first) {
        (0, Some(_)) => {
            line.arguments.remove(0);
        }
        (1, Some(argument)) => argument.default = None,
        (2, Some(argument)) => argument.default = Some("99".to_owned()),
        (3, Some(argument)) => {
            let ty = argument.ty.as_mut().unwrap();
            *ty = match ty.strip_suffix('!') {
                Some(nullable) => nullable.to_owned(),
                None => format!("{ty}!"),
            };
        }
        (4, _) => line.arguments.push(Line::new("partner", "Int!")),
        _ => line.arguments.push(Line::new("partner", "Int")),
    }
}

pub(super) fn add_part(world: &World, random: &mut Random, draft: &mut Draft) {
    let theirs = find(world, random, |block| {
        matches!(block.kind, "enum" | "input" | "interface")
    });
    let mut line = match theirs.kind {
        "enum" => Line {
            name: "PARTNER".to_owned(),
            ..Line::default()
        },
        _ => Line::new("partner", random.pick(&["Int", "Int!"])),
    };
    if theirs.kind == "interface" {
        line = line.with(OPEN);
    }
    if random.below(4) == 0 {
        line = line.with("@inaccessible");
    }
    stub(world, draft, &theirs.name).add(line);
}

pub(super) fn remove_part(world: &World, random: &mut Random, draft: &mut Draft) {
    let theirs = find(world, random, |block| {
        block.lines.len() > 1 && (block.kind != "type" || !block.is_entity())
    });
    let block = stub(world, draft, &theirs.name);
    if block.lines.len() > 1 {
        let at = random.below(block.lines.len());
        block.lines.shift_remove_index(at);
    }
}

pub(super) fn change_members(world: &World, random: &mut Random, draft: &mut Draft) {
    let theirs = find(world, random, |block| block.kind == "union");
    let block = stub(world, draft, &theirs.name);
    if random.below(2) == 0 {
        block.members.push("Bed".to_owned());
    } else if block.members.len() > 1 {
        block.members.remove(0);
    }
}
