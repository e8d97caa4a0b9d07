//! What is wrong with the files: each entry by file, line and field, all of them at once.

use std::fmt;

/// How many problems are listed one by one.
pub(super) const LISTED: usize = 100;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Name of the file.
    pub file: String,
    /// Line in the file, from 1; 0 for the whole file.
    pub line: u64,
    /// Column, if the problem is in one.
    pub field: Option<String>,
    /// What is wrong and how to correct it.
    pub reason: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.file)?;
        if self.line > 0 {
            write!(formatter, ", line {}", self.line)?;
        }
        if let Some(field) = &self.field {
            write!(formatter, ", {field}")?;
        }
        write!(formatter, ": {}", self.reason)
    }
}

/// All that is wrong; nothing was imported.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems {
    listed: Vec<Problem>,
    unlisted: usize,
}

impl Problems {
    /// The first problems, by file and line; [`Problems::count`] is how many there are in all.
    pub fn listed(&self) -> &[Problem] {
        &self.listed
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.listed.len() + self.unlisted
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.listed.is_empty()
    }

    pub(super) fn add(&mut self, file: &str, line: u64, field: Option<&str>, reason: String) {
        if self.listed.len() == LISTED {
            self.unlisted += 1;
            return;
        }
        self.listed.push(Problem {
            file: file.to_owned(),
            line,
            field: field.map(str::to_owned),
            reason,
        });
    }

    /// Counts problems beyond those that are listed.
    pub(super) fn add_unlisted(&mut self, count: usize) {
        self.unlisted += count;
    }

    pub(super) fn sort(&mut self) {
        self.listed
            .sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in &self.listed {
            writeln!(formatter, "{problem}")?;
        }
        let noun = if self.count() == 1 {
            "problem"
        } else {
            "problems"
        };
        write!(formatter, "{} {noun}", self.count())?;
        if self.unlisted > 0 {
            write!(formatter, ", the first {} shown", self.listed.len())?;
        }
        formatter.write_str("; nothing was imported")
    }
}
