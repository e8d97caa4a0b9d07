//! The profile that a benchmark was built with.

#![expect(clippy::print_stdout, reason = "a benchmark says what it measured")]

/// Prints the folder below the target directory that this program is in, which has the profile's
/// name: `release` for `cargo bench`, `dist` for `cargo bench --profile dist`.
pub(crate) fn print_name() {
    let program = std::env::current_exe().unwrap_or_default();
    let folder = program.ancestors().nth(2).and_then(|path| path.file_name());
    let name = folder.map_or("unknown".into(), |name| name.to_string_lossy());
    println!("profile: {name}");
}
