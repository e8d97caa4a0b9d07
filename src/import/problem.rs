//! What is wrong with the files: each entry by file, line and field, all of them at once.

use std::fmt;

/// How many problems are told one by one.
pub(super) const TOLD: usize = 100;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Name of the file.
    pub file: String,
    /// Line in the file, from 1; 0 where the whole file is meant.
    pub line: u64,
    /// Column, where one is meant.
    pub field: Option<String>,
    /// What is wrong and how to mend it.
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
    told: Vec<Problem>,
    untold: usize,
}

impl Problems {
    /// The first problems, by file and line; [`Problems::count`] tells how many there are in all.
    pub fn told(&self) -> &[Problem] {
        &self.told
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.told.len() + self.untold
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.told.is_empty()
    }

    pub(super) fn add(&mut self, file: &str, line: u64, field: Option<&str>, reason: String) {
        if self.told.len() == TOLD {
            self.untold += 1;
            return;
        }
        self.told.push(Problem {
            file: file.to_owned(),
            line,
            field: field.map(str::to_owned),
            reason,
        });
    }

    /// Counts problems that are not told one by one.
    pub(super) fn add_untold(&mut self, count: usize) {
        self.untold += count;
    }

    pub(super) fn sort(&mut self) {
        self.told
            .sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in &self.told {
            writeln!(formatter, "{problem}")?;
        }
        let noun = if self.count() == 1 {
            "problem"
        } else {
            "problems"
        };
        write!(formatter, "{} {noun}", self.count())?;
        if self.untold > 0 {
            write!(formatter, ", the first {} shown", self.told.len())?;
        }
        formatter.write_str("; nothing was imported")
    }
}
