//! The shape of a crate, read from its sources: headers, sizes, the direction of its modules.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot read the sources has failed"
)]

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Who may import whom. A module not named may import no other.
pub(crate) type Arrows = &'static [(&'static str, &'static [&'static str])];

const MOST_LINES: usize = 450;

/// Every source file below `root`, by its path from there.
pub(crate) fn sources(root: &Path) -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    walk(root, &mut files);
    files.sort();
    assert!(files.len() > 10, "the sources are found");
    files
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            (path.strip_prefix(root).unwrap().to_path_buf(), text)
        })
        .collect()
}

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

/// Fails where a module imports another that no arrow leads to.
pub(crate) fn assert_arrows(sources: &[(PathBuf, String)], arrows: Arrows) {
    let mut wrong = Vec::new();
    for (path, text) in sources {
        let module = module_of(path);
        if module == "lib" || module == "main" {
            continue;
        }
        let Some((_, allowed)) = arrows.iter().find(|(name, _)| *name == module) else {
            wrong.push(format!("{}: no arrows are stated for it", path.display()));
            continue;
        };
        for name in imported(text) {
            let is_module = arrows.iter().any(|(module, _)| *module == name);
            if is_module && name != module && !allowed.contains(&name.as_str()) {
                wrong.push(format!("{}: {module} imports {name}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Fails where a file does not open with `//!`.
pub(crate) fn assert_headers(sources: &[(PathBuf, String)]) {
    let silent: Vec<_> = sources
        .iter()
        .filter(|(_, text)| !text.starts_with("//! "))
        .map(|(path, _)| path.display().to_string())
        .collect();
    assert!(silent.is_empty(), "without a //! header: {silent:?}");
}

/// Fails where a file is too long to be one thing.
pub(crate) fn assert_small(sources: &[(PathBuf, String)]) {
    let long: Vec<_> = sources
        .iter()
        .filter(|(_, text)| text.lines().count() > MOST_LINES)
        .map(|(path, text)| format!("{}: {}", path.display(), text.lines().count()))
        .collect();
    assert!(long.is_empty(), "over {MOST_LINES} lines: {long:?}");
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
    let mut names = Vec::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            Some(list) => names.extend(items(list).iter().map(|item| first_name(item))),
            None => names.push(first_name(rest)),
        }
    }
    names.sort();
    names.dedup();
    names
}

fn first_name(text: &str) -> String {
    let is_name = |letter: &char| letter.is_alphanumeric() || *letter == '_';
    text.trim().chars().take_while(is_name).collect()
}

fn items(list: &str) -> Vec<String> {
    let mut depth = 0_u32;
    let mut items = vec![String::new()];
    for letter in list.chars() {
        match letter {
            '}' if depth == 0 => break,
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                items.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(last) = items.last_mut() {
            last.push(letter);
        }
    }
    items
}
