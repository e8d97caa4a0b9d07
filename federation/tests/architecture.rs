//! The engine's shape, held by a test: headers, sizes, the direction of its modules.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Who may import whom. A module not named here may import nothing of the crate.
const ARROWS: &[(&str, &[&str])] = &[
    ("diagnostic", &[]),
    ("error", &[]),
    ("grants", &[]),
    ("request", &[]),
    ("response", &["error"]),
    ("subgraph", &["diagnostic"]),
    ("supergraph", &["diagnostic", "subgraph"]),
    ("index", &["supergraph", "subgraph", "diagnostic"]),
    (
        "compose",
        &["diagnostic", "subgraph", "supergraph", "index"],
    ),
    ("difference", &["supergraph"]),
    ("operation", &["error", "request", "supergraph", "index"]),
    (
        "authorize",
        &[
            "grants",
            "error",
            "response",
            "index",
            "supergraph",
            "operation",
        ],
    ),
    (
        "plan",
        &[
            "error",
            "response",
            "grants",
            "index",
            "supergraph",
            "operation",
            "authorize",
        ],
    ),
    (
        "execute",
        &[
            "error",
            "request",
            "response",
            "index",
            "supergraph",
            "operation",
            "plan",
        ],
    ),
    (
        "gateway",
        &[
            "error",
            "request",
            "response",
            "grants",
            "supergraph",
            "index",
            "operation",
            "authorize",
            "plan",
            "execute",
        ],
    ),
];

const MOST_LINES: usize = 500;

fn sources() -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, into: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, into);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                into.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    walk(&root, &mut files);
    files.sort();
    assert!(files.len() > 10, "the engine's sources are found");
    files
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            (path.strip_prefix(&root).unwrap().to_path_buf(), text)
        })
        .collect()
}

fn module_of(path: &Path) -> String {
    let first = path
        .components()
        .next()
        .unwrap()
        .as_os_str()
        .to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// First names after `crate::`, in `use` lines and in paths; a list in braces gives several.
fn imported(text: &str) -> Vec<String> {
    let is_name = |letter: char| letter.is_alphanumeric() || letter == '_';
    let mut names = Vec::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        let Some(list) = rest.strip_prefix('{') else {
            names.push(rest.chars().take_while(|letter| is_name(*letter)).collect());
            continue;
        };
        let mut depth = 0_u32;
        let mut item = String::new();
        for letter in list.chars() {
            match letter {
                '}' if depth == 0 => break,
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    names.push(
                        item.trim()
                            .chars()
                            .take_while(|letter| is_name(*letter))
                            .collect(),
                    );
                    item.clear();
                    continue;
                }
                _ => {}
            }
            item.push(letter);
        }
        names.push(
            item.trim()
                .chars()
                .take_while(|letter| is_name(*letter))
                .collect(),
        );
    }
    names.sort();
    names.dedup();
    names
}

#[test]
fn modules_import_only_where_an_arrow_leads() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let module = module_of(&path);
        if module == "lib" {
            continue;
        }
        let allowed = ARROWS
            .iter()
            .find(|(name, _)| *name == module)
            .map_or(&[][..], |(_, allowed)| allowed);
        for name in imported(&text) {
            let is_module = ARROWS.iter().any(|(module, _)| *module == name);
            if is_module && name != module && !allowed.contains(&name.as_str()) {
                wrong.push(format!("{}: {module} imports {name}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_says_what_it_is() {
    let silent: Vec<_> = sources()
        .into_iter()
        .filter(|(_, text)| !text.starts_with("//! "))
        .map(|(path, _)| path.display().to_string())
        .collect();
    assert!(silent.is_empty(), "without a //! header: {silent:?}");
}

#[test]
fn files_stay_small() {
    let long: Vec<_> = sources()
        .into_iter()
        .filter(|(_, text)| text.lines().count() > MOST_LINES)
        .map(|(path, text)| format!("{}: {}", path.display(), text.lines().count()))
        .collect();
    assert!(long.is_empty(), "over {MOST_LINES} lines: {long:?}");
}

#[test]
fn the_engine_reaches_for_nothing_outside() {
    let doors = [
        "std::net",
        "std::fs",
        "std::env",
        "std::thread",
        "time::Instant",
        "SystemTime",
    ];
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        for door in doors {
            if text.contains(door) {
                wrong.push(format!("{}: {door}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_engine_knows_no_word_of_the_domain() {
    let words = [
        "ohchr",
        "osapg",
        "mandate",
        "situation",
        "classified",
        "clearance",
    ];
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let lower = text.to_lowercase();
        for word in words {
            if lower
                .split(|letter: char| !letter.is_alphanumeric())
                .any(|token| token == word)
            {
                wrong.push(format!("{}: {word}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
