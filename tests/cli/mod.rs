//! The command line from outside.

mod compose;
mod import;
mod plan;
mod records;
mod serve;
mod settings;
mod source;
mod telemetry;
mod token;

use std::{path::Path, process::Command};

/// What a command came to.
struct Outcome {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

/// Runs `upfront` in a directory, without settings from the environment.
fn upfront(directory: &Path, arguments: &[&str]) -> Outcome {
    upfront_with(directory, arguments, &[])
}

fn upfront_with(directory: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Outcome {
    let output = Command::new(env!("CARGO_BIN_EXE_upfront"))
        .args(arguments)
        .current_dir(directory)
        .env_clear()
        .envs(environment.iter().copied())
        .output()
        .unwrap();
    Outcome {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}
