//! What an import did.

use std::fmt;

/// Counts of one type of record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Name of the type.
    pub record_type: &'static str,
    /// Records, or revisions of records, that were not there before.
    pub added: u64,
    /// Directory entries and steps of the review brought up to date.
    pub changed: u64,
    /// Records that were there already, just so.
    pub unchanged: u64,
    /// Records of the file that are above every field which could return them.
    pub untold: u64,
}

/// Counts of all types that had a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// One entry a file, in the order of the catalogue.
    pub counts: Vec<Counts>,
    /// Whether nothing was stored on purpose.
    pub is_dry_run: bool,
}

impl Report {
    /// Whether the database is unchanged.
    pub fn changes_nothing(&self) -> bool {
        self.counts
            .iter()
            .all(|counts| counts.added == 0 && counts.changed == 0)
    }

    /// Whether something was stored.
    pub fn is_stored(&self) -> bool {
        !self.is_dry_run && !self.changes_nothing()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self
            .counts
            .iter()
            .map(|counts| counts.record_type.len())
            .max();
        let width = width.unwrap_or(0).max("all records".len());
        let line = |name: &str, added: u64, changed: u64, unchanged: u64| {
            format!(
                "{name:width$}  {added:>7} added  {changed:>7} changed  {unchanged:>7} unchanged"
            )
        };
        let mut sums = (0, 0, 0);
        for counts in &self.counts {
            let Counts {
                record_type,
                added,
                changed,
                unchanged,
                untold: _,
            } = *counts;
            sums = (sums.0 + added, sums.1 + changed, sums.2 + unchanged);
            writeln!(
                formatter,
                "{}",
                line(record_type, added, changed, unchanged)
            )?;
        }
        writeln!(formatter, "{}", line("all records", sums.0, sums.1, sums.2))?;
        let (are, returns) = if self.is_dry_run {
            ("would be", "would return")
        } else {
            ("are", "returns")
        };
        for Counts {
            record_type,
            untold,
            ..
        } in self.counts.iter().filter(|counts| counts.untold > 0)
        {
            writeln!(
                formatter,
                "note: {untold} of {record_type} {are} stored, but no query {returns} them: their \
                 classification is higher than that of any field that could"
            )?;
        }
        formatter.write_str(match (self.is_dry_run, self.changes_nothing()) {
            (true, _) => "dry run: nothing was stored",
            (false, true) => "nothing new: the database is unchanged",
            (false, false) => "stored",
        })
    }
}
