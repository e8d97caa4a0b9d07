//! Writings that read, take over or answer what is another's.

use super::{CLOSED, HIGHEST, OPEN, World, find, is_entity, is_object, is_root, mark, part, stub};
use crate::{
    registry::foreign::draft::{Block, Draft, Line},
    support::random::Random,
};

pub(super) fn override_theirs(world: &World, random: &mut Random, draft: &mut Draft) {
    let from = random.pick(&["core", "office", "archive", "nobody", "partner"]);
    let label = random.pick(&["", ", label: \"percent(10)\""]);
    if let Some(line) = part(world, random, draft, is_object) {
        line.directives = vec![
            format!("@override(from: \"{from}\"{label})"),
            OPEN.to_owned(),
        ];
    }
}

pub(super) fn way_to_name(random: &mut Random) -> &'static str {
    random.pick(&[
        "@external",
        "@external",
        "@external",
        "@shareable",
        "",
        CLOSED,
        OPEN,
    ])
}

/// A selection of a field of an entity, down to a leaf, with what it takes in the draft.
pub(super) fn selection(
    world: &World,
    random: &mut Random,
    draft: &mut Draft,
    name: &str,
) -> String {
    let theirs = &world[name];
    let fields: Vec<_> = theirs.lines.values().collect();
    let mut line = random.pick(&fields).clone();
    line.directives.push(way_to_name(random).to_owned());
    let target = line.ty.as_ref().unwrap().replace(['[', ']', '!'], "");
    let (field, argument) = (line.name.clone(), random.below(4) == 0);
    let given = match line.arguments.first() {
        Some(argument_of) if argument => {
            let value = argument_of.default.clone().unwrap_or("null".to_owned());
            format!("({}: {value})", argument_of.name)
        }
        _ => String::new(),
    };
    let block = stub(world, draft, name);
    if block.kind == theirs.kind {
        block.add(line);
    }
    match world.get(&target).map(|block| block.kind) {
        Some("type" | "interface") => {
            let below = match random.below(3) {
                0 => "id".to_owned(),
                _ => selection(world, random, draft, &target),
            };
            format!("{field}{given} {{ {below} }}")
        }
        Some("union") => {
            let below = selection(world, random, draft, "Letter");
            format!("{field}{given} {{ ... on Letter {{ {below} }} }}")
        }
        _ => format!("{field}{given}"),
    }
}

pub(super) fn key_of_theirs(world: &World, random: &mut Random, draft: &mut Draft) {
    let theirs = find(world, random, |block| {
        is_object(block) && !is_root(&block.name)
    });
    let selected = selection(world, random, draft, &theirs.name);
    let block = stub(world, draft, &theirs.name);
    let id = random.pick(&["id ", ""]);
    let resolvable = random.pick(&["", "", ", resolvable: false"]);
    let key = format!("@key(fields: \"{id}{selected}\"{resolvable})");
    if random.below(3) == 0 {
        block.directives.clear();
    }
    block.directives.push(key);
    block.add(Line::new("made", "Int").with(random.pick(&[OPEN, CLOSED, HIGHEST])));
}

/// A reference to another's entity that brings more of it than its key.
pub(super) fn reference_with_more(world: &World, random: &mut Random, draft: &mut Draft) {
    let theirs = find(world, random, is_entity);
    let selected = selection(world, random, draft, &theirs.name);
    let block = stub(world, draft, &theirs.name);
    block.directives = vec![
        "@key(fields: \"id\", resolvable: false)".to_owned(),
        format!("@key(fields: \"{selected}\", resolvable: false)"),
    ];
    let bed = draft.block(Block::new("type", "Bed"));
    bed.add(Line::new("theirs", &theirs.name).with(OPEN));
}

pub(super) fn require(world: &World, random: &mut Random, draft: &mut Draft) {
    let theirs = find(world, random, |block| {
        is_entity(block) || block.name == "Record"
    });
    let selected = selection(world, random, draft, &theirs.name);
    let requires = format!("@requires(fields: \"{selected}\")");
    let level = random.pick(&[OPEN, CLOSED, HIGHEST]);
    let block = stub(world, draft, &theirs.name);
    block.add(Line::new("made", "Int").with(&requires).with(level));
}

/// A requirement that leads through a field of one's own.
pub(super) fn require_deeper(world: &World, random: &mut Random, draft: &mut Draft) {
    let from = find(world, random, is_entity);
    let to = find(world, random, is_entity);
    let selected = selection(world, random, draft, &to.name);
    let bed = draft.block(Block::new("type", "Bed"));
    bed.add(Line::new("theirs", &to.name).with(OPEN));
    let block = stub(world, draft, &from.name);
    let way = random.pick(&["", "@external"]);
    block.add(Line::new("bed", "Bed").with(OPEN).with(way));
    let requires = format!("@requires(fields: \"bed {{ theirs {{ {selected} }} }}\")");
    block.add(Line::new("made", "Int").with(&requires).with(HIGHEST));
}

pub(super) fn read_context(world: &World, random: &mut Random, draft: &mut Draft) {
    let theirs = find(world, random, is_entity);
    let fields = theirs.lines.values().filter(|line| {
        let ty = line.ty.as_deref().unwrap_or_default();
        matches!(ty.trim_end_matches('!'), "String" | "Int" | "ID" | "Grade")
    });
    let fields: Vec<_> = fields.collect();
    let line = random.pick(&fields).clone();
    let ty = line
        .ty
        .as_deref()
        .unwrap_or_default()
        .trim_end_matches('!')
        .to_owned();
    let selected = line.name.clone();
    let block = stub(world, draft, &theirs.name);
    block.add(line.with(random.pick(&["@external", "@external", "@shareable"])));
    block
        .directives
        .push("@context(name: \"around\")".to_owned());
    block.add(Line::new("near", "Bed").with(OPEN));
    let mut seen = Line::new("seen", "Int").with(random.pick(&[OPEN, CLOSED, HIGHEST]));
    let argument = Line::new("of", &ty);
    let read = format!("@fromContext(field: \"$around {{ {selected} }}\")");
    seen.arguments.push(argument.with(&read));
    draft.block(Block::new("type", "Bed")).add(seen);
}

pub(super) fn interface_object(world: &World, random: &mut Random, draft: &mut Draft) {
    let names = ["Letter", "Report", "Record", "Situation"];
    let from = &world[random.pick(&names)];
    let mut block = Block::new("type", random.pick(&["Record", "Record", "Titled"]));
    block.directives = vec![
        "@interfaceObject".to_owned(),
        "@key(fields: \"id\")".to_owned(),
    ];
    if random.below(4) == 0 {
        block.directives.push(mark(random, "type").to_owned());
    }
    block.add(Line::new("id", "ID!"));
    if random.below(4) == 0 {
        block.add(Line::new("pages", "Int").with("@shareable").with(OPEN));
    }
    let fields: Vec<_> = from.lines.values().collect();
    for _ in 0..random.below(3) {
        let line = random.pick(&fields).clone();
        block.add(line.with(random.pick(&["@shareable", "@external", OPEN])));
    }
    block.add(Line::new("remark", "String").with(random.pick(&[OPEN, CLOSED])));
    draft.block(block);
}

pub(super) fn provide(world: &World, random: &mut Random, draft: &mut Draft) {
    let theirs = find(world, random, |block| {
        is_entity(block) || matches!(block.kind, "interface" | "union")
    });
    let selected = if theirs.kind == "union" {
        let below = selection(world, random, draft, "Letter");
        format!("... on Letter {{ {below} }}")
    } else {
        selection(world, random, draft, &theirs.name)
    };
    stub(world, draft, &theirs.name);
    let provides = format!("@provides(fields: \"{selected}\")");
    let bed = draft.block(Block::new("type", "Bed"));
    bed.add(Line::new("theirs", &theirs.name).with(&provides).with(OPEN));
}
