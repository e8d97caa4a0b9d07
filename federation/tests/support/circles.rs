//! Circles between the files of a crate: files that import each other, be it by way of others.
//!
//! Sources in, circles out. A file imports what its `use` lines and its paths (`crate::`, `self::`,
//! `super::`, or the name of a module below it) name; a name that a `pub use` passes on is its
//! defining file's. The `pub use` line itself imports nothing, comments, texts and the tests at the
//! end of a file neither.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

/// The path of a module or an item from the root of the crate.
type Names<'s> = Vec<&'s str>;

/// Fails where files import each other.
pub(crate) fn assert_no_circles(sources: &[(PathBuf, String)]) {
    let graph = Graph::read(sources);
    let found: Vec<String> = graph
        .circles()
        .iter()
        .map(|circle| graph.describe(circle))
        .collect();
    assert!(
        found.is_empty(),
        "{} circles:\n{}",
        found.len(),
        found.join("\n")
    );
}

/// Files, and which others each imports.
struct Graph<'s> {
    files: Vec<&'s Path>,
    imports: Vec<BTreeSet<usize>>,
}

impl<'s> Graph<'s> {
    fn read(sources: &'s [(PathBuf, String)]) -> Self {
        let mut names = FileNames::default();
        let mut files = Vec::new();
        for (path, _) in sources {
            names.modules.insert(module_of(path), files.len());
            files.push(path.as_path());
        }
        let read = |(path, text): &'s (PathBuf, String)| (module_of(path), Mentions::of(text));
        let texts: Vec<_> = sources.iter().map(read).collect();
        for (module, mentions) in &texts {
            for (path, name) in &mentions.passed_on {
                if let Some(path) = names.absolute(module, path) {
                    let key = module.iter().copied().chain([*name]).collect();
                    names.passed_on.insert(key, path);
                }
            }
        }
        let imports = texts.iter().enumerate().map(|(own, (module, mentions))| {
            let paths = mentions.used.iter();
            paths
                .filter_map(|path| names.file_of(names.absolute(module, path)?))
                .filter(|file| *file != own)
                .collect()
        });
        Self {
            imports: imports.collect(),
            files,
        }
    }

    /// Sets of files of which each is reached from each other.
    fn circles(&self) -> BTreeSet<BTreeSet<usize>> {
        let reached: Vec<_> = (0..self.files.len()).map(|file| self.reach(file)).collect();
        let circle = |file: usize| -> BTreeSet<usize> {
            let there = reached[file].iter().copied();
            there
                .filter(|other| reached[*other].contains(&file))
                .collect()
        };
        let circles = (0..self.files.len()).map(circle);
        circles.filter(|circle| !circle.is_empty()).collect()
    }

    fn reach(&self, from: usize) -> BTreeSet<usize> {
        let mut reached = BTreeSet::new();
        let mut next = vec![from];
        while let Some(file) = next.pop() {
            for &imported in &self.imports[file] {
                if reached.insert(imported) {
                    next.push(imported);
                }
            }
        }
        reached
    }

    fn describe(&self, circle: &BTreeSet<usize>) -> String {
        let names = |files: &BTreeSet<usize>| {
            let names = files.iter().map(|file| self.files[*file].display());
            names.map(|name| name.to_string()).collect::<Vec<_>>()
        };
        let lines = circle.iter().map(|&file| {
            let within = &self.imports[file] & circle;
            let file = self.files[file].display();
            format!("  {file} -> {}", names(&within).join(", "))
        });
        let lines: Vec<_> = lines.collect();
        format!("{} files:\n{}", circle.len(), lines.join("\n"))
    }
}

/// Where modules and items are.
#[derive(Default)]
struct FileNames<'s> {
    modules: BTreeMap<Names<'s>, usize>,
    /// What `pub use` lines make of paths.
    passed_on: BTreeMap<Names<'s>, Names<'s>>,
}

impl<'s> FileNames<'s> {
    /// A path as it stands in a module, from the root; nothing for one of another crate.
    fn absolute(&self, module: &[&'s str], path: &[&'s str]) -> Option<Names<'s>> {
        let mut base = module.to_vec();
        let rest = match path.split_first()? {
            (&"crate", rest) => {
                base.clear();
                rest
            }
            (&"self", rest) => rest,
            (&"super", _) => {
                let up = path.iter().take_while(|name| **name == "super").count();
                base.truncate(base.len().checked_sub(up)?);
                &path[up..]
            }
            (name, _) => {
                let child: Names<'s> = module.iter().copied().chain([*name]).collect();
                self.modules.contains_key(&child).then_some(path)?
            }
        };
        base.extend(rest);
        Some(base)
    }

    /// The file that defines what a path names.
    fn file_of(&self, mut path: Names<'s>) -> Option<usize> {
        // A name is passed on a few times at most; a circle of `pub use` lines does not compile.
        loop {
            let is_module = |len: &usize| self.modules.contains_key(&path[..*len]);
            let module = (0..=path.len()).rev().find(is_module)?;
            let item = path
                .get(..=module)
                .and_then(|item| self.passed_on.get(item));
            let Some(defined) = item else {
                return self.modules.get(&path[..module]).copied();
            };
            path = defined.iter().chain(&path[module + 1..]).copied().collect();
        }
    }
}

fn module_of(path: &Path) -> Names<'_> {
    let names = path.iter().filter_map(|name| name.to_str());
    let mut names: Names<'_> = names.map(|name| name.trim_end_matches(".rs")).collect();
    names.pop_if(|last| matches!(*last, "mod" | "lib" | "main"));
    names
}

/// The paths in a text.
#[derive(Default)]
struct Mentions<'s> {
    /// In its code and its `use` lines.
    used: Vec<Names<'s>>,
    /// In its `pub use` lines, each with the name it goes by here.
    passed_on: Vec<(Names<'s>, &'s str)>,
}

impl<'s> Mentions<'s> {
    fn of(text: &'s str) -> Self {
        let tokens = tokens(text);
        let tests = ["#", "[", "cfg", "(", "test", ")", "]", "mod"];
        let end = tokens.windows(tests.len()).position(|some| some == tests);
        let mut rest = &tokens[..end.unwrap_or(tokens.len())];
        let mut mentions = Self::default();
        let mut is_pub = false;
        while let Some((token, after)) = rest.split_first() {
            rest = after;
            if *token == "pub" {
                // `pub(in a::b)` says who may see it.
                if let [scope_open, ..] = rest
                    && *scope_open == "("
                {
                    let close = rest.iter().position(|token| *token == ")");
                    rest = &rest[close.map_or(rest.len(), |close| close + 1)..];
                }
                is_pub = true;
                continue;
            }
            if *token == "use" && rest.first() != Some(&"<") {
                let mut found = Vec::new();
                tree(&mut rest, &[], &mut found);
                if is_pub {
                    mentions.passed_on.extend(found);
                } else {
                    mentions
                        .used
                        .extend(found.into_iter().map(|(path, _)| path));
                }
            } else if is_name(token) {
                let mut path = vec![*token];
                while let [colons, name, ..] = rest
                    && *colons == "::"
                    && is_name(name)
                {
                    path.push(name);
                    rest = &rest[2..];
                }
                if path.len() > 1 {
                    mentions.used.push(path);
                }
            } else if *token == "::" && rest.first().is_some_and(|name| is_name(name)) {
                // The rest of a path that began elsewhere: `Vec::<u8>::new`.
                rest = &rest[1..];
            }
            is_pub = false;
        }
        mentions
    }
}

/// The paths of a `use` line, each with the name it goes by; `{…}` gives several.
fn tree<'s>(rest: &mut &[&'s str], before: &[&'s str], into: &mut Vec<(Names<'s>, &'s str)>) {
    let mut path = before.to_vec();
    let (mut is_named, mut name) = (false, None);
    while let Some((token, after)) = rest.split_first() {
        match *token {
            "," | "}" | ";" => break,
            "{" => {
                *rest = after;
                loop {
                    tree(rest, &path, into);
                    let Some((token, after)) = rest.split_first() else {
                        return;
                    };
                    *rest = after;
                    if *token != "," {
                        return;
                    }
                }
            }
            "as" => name = after.first().copied(),
            "self" if !before.is_empty() => is_named = true,
            word if name.is_none() && word != "::" => {
                is_named = true;
                path.push(word);
            }
            _ => {}
        }
        *rest = after;
    }
    // Behind the last comma stands nothing.
    if let Some(last) = path.last().copied()
        && is_named
    {
        into.push((path, name.unwrap_or(last)));
    }
}

fn is_name(token: &str) -> bool {
    token.starts_with(|letter: char| letter.is_alphabetic() || letter == '_')
}

/// Words, `::` and single characters, without comments and texts.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
        let taken = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if let Some(len) = text_len(rest) {
            len
        } else if first.is_whitespace() {
            first.len_utf8()
        } else {
            let len = if is_word(first) {
                rest.find(|letter| !is_word(letter)).unwrap_or(rest.len())
            } else if rest.starts_with("::") {
                2
            } else {
                first.len_utf8()
            };
            tokens.push(&rest[..len]);
            len
        };
        rest = &rest[taken..];
    }
    tokens
}

/// How long the literal text or character is that stands at the front; nothing if none does.
fn text_len(code: &str) -> Option<usize> {
    if let Some(raw) = code
        .strip_prefix("r")
        .filter(|raw| raw.starts_with(['"', '#']))
    {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        let end = format!("\"{}", "#".repeat(hashes));
        let body = raw[hashes..].strip_prefix('"')?;
        return Some(1 + hashes + 1 + body.find(&end)? + end.len());
    }
    let quote = code
        .chars()
        .next()
        .filter(|quote| matches!(quote, '"' | '\''))?;
    let mut letters = code.char_indices().skip(1);
    let mut is_first = true;
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => {
                letters.next();
            }
            _ if letter == quote => return Some(at + 1),
            // What is no character is a lifetime: `'a`.
            _ if quote == '\'' && !is_first => return None,
            _ => {}
        }
        is_first = false;
    }
    None
}

mod tests {
    use super::{Graph, assert_no_circles};
    use std::path::PathBuf;

    fn files(files: &[(&str, &str)]) -> Vec<(PathBuf, String)> {
        let file = |(path, text): &(&str, &str)| (PathBuf::from(path), (*text).to_owned());
        files.iter().map(file).collect()
    }

    fn circles(of: &[(&str, &str)]) -> Vec<Vec<usize>> {
        let sources = files(of);
        let circles = Graph::read(&sources).circles().into_iter();
        circles.map(|circle| circle.into_iter().collect()).collect()
    }

    #[test]
    fn two_files_that_import_each_other_are_found() {
        let found = circles(&[
            ("lib.rs", "mod a; mod b; mod c;"),
            ("a.rs", "use crate::{b::{self, B}, c};"),
            ("b.rs", "struct B(super::a::A);"),
            ("c.rs", "pub(in crate::a) struct C;"),
        ]);
        assert_eq!(found, [[1, 2]]);
    }

    #[test]
    fn a_folder_whose_parts_import_the_file_that_calls_them_is_found() {
        let found = circles(&[
            ("lib.rs", "mod a; pub use a::run;"),
            ("a/mod.rs", "mod b; struct A; fn run() { b::run(&A); }"),
            ("a/b.rs", "use super::A;"),
        ]);
        assert_eq!(found, [[1, 2]]);
    }

    #[test]
    fn a_name_that_is_passed_on_is_its_files() {
        let found = circles(&[
            ("lib.rs", "mod a; pub use a::A as Other;"),
            (
                "a/mod.rs",
                "mod b; mod c; pub(crate) use c::{A,}; use b::B;",
            ),
            ("a/b.rs", "use {super::A, crate::Other};"),
            ("a/c.rs", "pub struct A;"),
        ]);
        assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    fn what_is_not_code_imports_nothing() {
        let found = circles(&[
            ("lib.rs", "mod a; mod b;"),
            ("a.rs", "use crate::b::B;"),
            (
                "b.rs",
                "// crate::a\nfn f<'a>() { g('\"', \"crate::a::A\", r#\"\"crate::a\"#); }
                #[cfg(test)] mod tests { use crate::a::A; }",
            ),
        ]);
        assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    #[should_panic(expected = "a.rs -> b.rs")]
    fn a_circle_is_told_file_by_file() {
        assert_no_circles(&files(&[
            ("a.rs", "use crate::b;"),
            ("b.rs", "use crate::a;"),
        ]));
    }
}
