//! What a source may write on what is another's, each at random.

mod elements;
mod reading;

use indexmap::IndexMap;

use elements::{
    add_part, change_arguments, change_members, describe, mark, mark_argument, mark_part,
    mark_type, remove_part, retype,
};
use reading::{
    interface_object, key_of_theirs, override_theirs, provide, read_context, reference_with_more,
    require, require_deeper,
};

use super::draft::{Block, Draft, Line, Style};
use crate::support::random::Random;

pub(super) const OPEN: &str = "@tag(name: \"unclassified\")";
pub(super) const CLOSED: &str = "@requiresScopes(scopes: [[\"clearance:confidential\"]])";
pub(super) const HIGHEST: &str = "@requiresScopes(scopes: [[\"clearance:strictly-confidential\"]])";

/// A directive of others, as they define it.
const HINT: &str =
    "directive @hint(text: String) repeatable on FIELD_DEFINITION | OBJECT | ENUM_VALUE | SCALAR";

/// The types of others, bare.
pub(super) type World = IndexMap<String, Block>;

type Writing = fn(&World, &mut Random, &mut Draft);

/// All kinds of writings, by name.
pub(super) const WRITINGS: &[(&str, Writing)] = &[
    ("mark a type", mark_type),
    ("mark a part", mark_part),
    ("mark an argument", mark_argument),
    ("describe", describe),
    ("give another type", retype),
    ("change arguments", change_arguments),
    ("add a part", add_part),
    ("remove a part", remove_part),
    ("change members", change_members),
    ("implement theirs", implement_theirs),
    ("make theirs implement", make_theirs_implement),
    ("override", override_theirs),
    ("a key of theirs", key_of_theirs),
    ("a reference with more", reference_with_more),
    ("require", require),
    ("require in an argument's reach", require_deeper),
    ("context", read_context),
    ("interface object", interface_object),
    ("provide", provide),
    ("compose a directive", compose_directive),
    ("mark the schema", mark_schema),
    ("rename a root", rename_root),
    ("extend", extend),
    ("another style", another_style),
    ("add a field", add_field),
    ("share", share),
    ("share all", share_all),
    ("another kind", another_kind),
    ("refer", refer),
];

/// A source that adds what is its own.
pub(super) fn plain(world: &World, random: &mut Random) -> Draft {
    let mut draft = Draft::default();
    let mut bed = Block::new("type", "Bed");
    bed.directives.push("@key(fields: \"id\")".to_owned());
    bed.add(Line::new("id", "ID!").with(OPEN));
    bed.add(Line::new("size", "Int").with(random.pick(&[OPEN, CLOSED, HIGHEST])));
    draft.block(bed);
    if random.below(2) == 0 {
        let name = random.pick(&["Situation", "Mission", "Letter", "Area", "Folder"]);
        let ty = random.pick(&["Int", "[Bed!]", "Bed"]);
        let level = random.pick(&[OPEN, CLOSED]);
        stub(world, &mut draft, name).add(Line::new("beds", ty).with(level));
    }
    if random.below(2) == 0 {
        let query = draft.block(Block::new("type", "Query"));
        query.add(Line::new("beds", "[Bed!]").with(OPEN));
    }
    draft
}

/// Adds what is referred to and not there.
pub(super) fn close(world: &World, draft: &mut Draft) {
    loop {
        let mut wanted = Vec::new();
        for block in draft.blocks.values() {
            wanted.extend(block.implements.iter().chain(&block.members).cloned());
            for line in block.lines.values() {
                let arguments = line.arguments.iter();
                let types = arguments
                    .filter_map(|each| each.ty.as_ref())
                    .chain(&line.ty);
                wanted.extend(types.map(|ty| ty.replace(['[', ']', '!'], "")));
            }
        }
        wanted.retain(|name| world.contains_key(name) && !draft.blocks.contains_key(name));
        if wanted.is_empty() {
            return;
        }
        for name in wanted {
            let block = stub(world, draft, &name);
            if block.is_entity() {
                block.directives = vec!["@key(fields: \"id\", resolvable: false)".to_owned()];
            }
        }
    }
}

/// Another's type as one names it that adds nothing: an entity with its key, anything else whole.
fn stub<'a>(world: &World, draft: &'a mut Draft, name: &str) -> &'a mut Block {
    let theirs = &world[name];
    let mut block = theirs.clone();
    if theirs.kind == "type" {
        block.implements.clear();
        if theirs.is_entity() {
            block.lines.retain(|name, _| name == "id");
            block.directives = vec!["@key(fields: \"id\")".to_owned()];
        } else if is_root(name) {
            block.lines.clear();
            block.is_extension = true;
        } else {
            block.directives = vec!["@shareable".to_owned(), OPEN.to_owned()];
        }
    } else {
        block.directives.clear();
    }
    draft.block(block)
}

fn is_root(name: &str) -> bool {
    matches!(name, "Query" | "Mutation")
}

fn find<'a>(world: &'a World, random: &mut Random, fits: impl Fn(&Block) -> bool) -> &'a Block {
    let all: Vec<_> = world.values().filter(|block| fits(block)).collect();
    random.pick(&all)
}

fn is_object(block: &Block) -> bool {
    block.kind == "type"
}

fn is_entity(block: &Block) -> bool {
    is_object(block) && block.is_entity()
}

fn has_arguments(block: &Block) -> bool {
    block.lines.values().any(|line| !line.arguments.is_empty())
}

/// A part of another's type in the draft, there if need be: copied in one of the ways to name it.
fn part<'a>(
    world: &World,
    random: &mut Random,
    draft: &'a mut Draft,
    fits: impl Fn(&Block) -> bool,
) -> Option<&'a mut Line> {
    let theirs = find(world, random, |block| {
        fits(block) && !block.lines.is_empty()
    });
    let names: Vec<_> = theirs.lines.keys().collect();
    let name = random.pick(&names);
    let mut line = theirs.lines[name].clone();
    if theirs.kind == "type" {
        let how = [
            "@shareable",
            "@external",
            "",
            "@shareable @tag(name: \"unclassified\")",
        ];
        line.directives.push(random.pick(&how).to_owned());
    }
    let block = stub(world, draft, &theirs.name);
    (block.kind == theirs.kind).then(|| block.add(line))
}

/// A type of one's own that implements an interface of others, its fields marked in one way.
fn implement_theirs(world: &World, random: &mut Random, draft: &mut Draft) {
    let theirs = find(world, random, |block| block.kind == "interface");
    let interface = stub(world, draft, &theirs.name).clone();
    let mut own = Block::new("type", &format!("Own{}", theirs.name));
    own.implements.push(theirs.name.clone());
    if random.below(3) == 0 {
        own.directives.push(mark(random, "type").to_owned());
    }
    for line in interface.lines.values() {
        let mut line = line.clone();
        line.directives.clear();
        let mark = match random.below(4) {
            0 => mark(random, "field"),
            _ => OPEN,
        };
        own.add(line.with(mark));
    }
    draft.block(own);
}

fn make_theirs_implement(world: &World, random: &mut Random, draft: &mut Draft) {
    let theirs = find(world, random, is_object);
    let interface = if random.below(2) == 0 {
        let interface = draft.block(Block::new("interface", "OwnInterface"));
        interface.add(Line::new("id", "ID!").with(OPEN));
        interface.clone()
    } else {
        let interface = find(world, random, |block| block.kind == "interface");
        stub(world, draft, &interface.name).clone()
    };
    let how = random.pick(&["@external", "@shareable", OPEN]);
    let block = stub(world, draft, &theirs.name);
    block.implements.push(interface.name);
    for line in interface.lines.into_values() {
        block.add(line.with(how));
    }
}

fn compose_directive(_: &World, random: &mut Random, draft: &mut Draft) {
    let name = random.pick(&["@hint", "@hint", "@own"]);
    let version = random.pick(&["v1.0", "v1.1", "v2.0"]);
    let (spec, definition) = match name {
        "@own" => (
            "https://partner.example/own",
            "directive @own on OBJECT | FIELD_DEFINITION",
        ),
        _ => (
            "https://core.example/hint",
            random.pick(&[
                HINT,
                "directive @hint(text: String, more: Int) repeatable on FIELD_DEFINITION | \
                 OBJECT | ENUM_VALUE | SCALAR | INTERFACE",
                "\"Partner's.\" directive @hint(text: String) on FIELD_DEFINITION | OBJECT",
            ]),
        ),
    };
    draft.schema.push(format!(
        "@link(url: \"{spec}/{version}\", import: [\"{name}\"])"
    ));
    draft
        .schema
        .push(format!("@composeDirective(name: \"{name}\")"));
    draft.more.push(definition.to_owned());
}

fn mark_schema(_: &World, random: &mut Random, draft: &mut Draft) {
    let mark = match random.below(2) {
        0 => {
            draft
                .more
                .push("\"Partner's.\" schema { query: Query }".to_owned());
            let query = draft.block(Block::new("type", "Query"));
            query.add(Line::new("beds", "[Bed!]").with(OPEN));
            return;
        }
        _ => "@tag(name: \"partner\")",
    };
    draft.schema.push(mark.to_owned());
}

/// Roots under other names, which may be those of others' types.
fn rename_root(world: &World, random: &mut Random, draft: &mut Draft) {
    let name = random.pick(&["Root", "Situation", "Mutation", "Shelf", "Subscription"]);
    let operation = random.pick(&["query", "query", "mutation", "subscription"]);
    let mut lines: Vec<_> = world["Query"].lines.values().collect();
    lines.extend(world["Mutation"].lines.values());
    let line = random.pick(&lines).clone();
    let root = draft.block(Block::new("type", name));
    let how = ["@shareable", "@external", "", OPEN];
    root.add(line.with(random.pick(&how)));
    root.add(Line::new("ownBeds", "[Bed!]").with("@requiresScopes(scopes: [[\"partner:write\"]])"));
    draft.roots.push((operation, name.to_owned()));
    if operation != "query" && draft.blocks.contains_key("Query") {
        draft.roots.push(("query", "Query".to_owned()));
    }
}

fn extend(world: &World, random: &mut Random, draft: &mut Draft) {
    let theirs = find(world, random, |_| true);
    stub(world, draft, &theirs.name);
    for block in draft.blocks.values_mut() {
        block.is_extension |= world.contains_key(&block.name) && random.below(2) == 0;
    }
}

fn another_style(_: &World, random: &mut Random, draft: &mut Draft) {
    draft.style = random.pick(&[Style::Old, Style::Old, Style::Early, Style::Renamed]);
    if draft.style == Style::Old && random.below(2) == 0 {
        for block in draft.blocks.values_mut() {
            if block.is_entity() && block.name != "Bed" {
                block.is_extension = true;
                if let Some(id) = block.lines.get_mut("id") {
                    id.directives.push("@external".to_owned());
                }
            }
        }
    }
}

fn add_field(world: &World, random: &mut Random, draft: &mut Draft) {
    let theirs = find(world, random, is_object);
    let ty = random.pick(&["Int", "Int!", "Bed", "Situation", "[Piece]", "Record"]);
    let mark = random.pick(&[
        OPEN,
        CLOSED,
        HIGHEST,
        "@requiresScopes(scopes: [[\"partner:write\"]])",
    ]);
    stub(world, draft, &theirs.name).add(Line::new("added", ty).with(mark));
}

fn share(world: &World, random: &mut Random, draft: &mut Draft) {
    part(world, random, draft, |block| {
        is_object(block) || block.kind == "interface"
    });
}

/// Another's type as a whole, with and without its keys.
fn share_all(world: &World, random: &mut Random, draft: &mut Draft) {
    let theirs = find(world, random, is_object);
    let mut block = theirs.clone();
    if random.below(2) == 0 {
        block.implements.clear();
    }
    match random.below(4) {
        0 => block.directives.clear(),
        1 => block.directives = vec!["@key(fields: \"id\")".to_owned()],
        2 => {
            let fields: Vec<_> = block.lines.keys().collect();
            let key = format!("@key(fields: \"{}\")", random.pick(&fields));
            block.directives = vec![key];
        }
        _ => {}
    }
    block.directives.push("@shareable".to_owned());
    if random.below(2) == 0 {
        block.directives.push(OPEN.to_owned());
    }
    draft.blocks.insert(block.name.clone(), block);
}

fn another_kind(world: &World, random: &mut Random, draft: &mut Draft) {
    let theirs = find(world, random, |block| !is_root(&block.name));
    let kind = random.pick(&["type", "interface", "scalar", "enum", "input"]);
    let mut block = Block::new(kind, &theirs.name);
    match kind {
        "scalar" => {}
        "enum" => {
            block.add(Line {
                name: "PARTNER".to_owned(),
                ..Line::default()
            });
        }
        "input" => {
            block.add(Line::new("partner", "Int"));
        }
        _ => {
            block.add(Line::new("id", "ID!").with(OPEN));
        }
    }
    draft.blocks.insert(block.name.clone(), block);
}

/// A field of one's own that takes and yields what is another's.
fn refer(world: &World, random: &mut Random, draft: &mut Draft) {
    let taken = find(world, random, |block| {
        matches!(block.kind, "input" | "enum" | "scalar")
    });
    let yielded = find(world, random, |block| {
        block.kind != "input" && !is_root(&block.name)
    });
    let mut line = Line::new("referred", &yielded.name).with(random.pick(&[OPEN, CLOSED]));
    let required = random.pick(&["", "!"]);
    line.arguments
        .push(Line::new("by", &format!("{}{required}", taken.name)));
    draft.block(Block::new("type", "Bed")).add(line);
}
