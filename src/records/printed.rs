//! Which figures are published, and what a table that prints them can break them down by.

/// A type of record that holds published figures.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PrintedFigures {
    /// Name of the type of record.
    pub(crate) name: &'static str,
    /// What its rows can be broken down by.
    pub(crate) rows: &'static [&'static str],
    /// What the numbers of a row can be broken down by: all of these or none.
    pub(crate) columns: &'static [&'static str],
    /// What is never added up, so that each table is broken down by it.
    pub(crate) always: &'static [&'static str],
}

/// Grave violations against children.
pub(crate) const VIOLATIONS: PrintedFigures = PrintedFigures {
    name: "caac-violations",
    rows: &["VIOLATION", "PARTY"],
    columns: &["SEX"],
    always: &["VIOLATION"],
};

/// Conflict-related sexual violence.
pub(crate) const CRSV: PrintedFigures = PrintedFigures {
    name: "svc-crsv",
    rows: &["FORM"],
    columns: &["SEX", "AGE"],
    always: &[],
};

/// Persons killed.
pub(crate) const CASUALTIES: PrintedFigures = PrintedFigures {
    name: "ohchr-casualties",
    rows: &["SEX", "AGE", "STATUS", "CAUSE"],
    columns: &[],
    always: &[],
};

/// All of them.
pub(crate) const ALL: [PrintedFigures; 3] = [VIOLATIONS, CRSV, CASUALTIES];

impl PrintedFigures {
    /// What a table of these figures can be broken down by.
    pub(crate) fn dimensions(self) -> impl Iterator<Item = &'static str> {
        self.rows.iter().chain(self.columns).copied()
    }

    /// What is wrong with a table that is broken down by these.
    pub(crate) fn fault(self, by: &[String]) -> Option<String> {
        let Self {
            name,
            columns,
            always,
            ..
        } = self;
        let has = |dimension: &str| by.iter().any(|one| one == dimension);
        if let Some(foreign) = by
            .iter()
            .find(|one| !self.dimensions().any(|own| own == *one))
        {
            let own: Vec<_> = self.dimensions().collect();
            return Some(format!(
                "{foreign} breaks no {name} down; those are broken down by {}",
                own.join(", ")
            ));
        }
        if let Some(missing) = always.iter().find(|one| !has(one)) {
            return Some(format!("lacks {missing}, over which {name} do not add up"));
        }
        if columns.iter().any(|one| has(one)) && !columns.iter().all(|one| has(one)) {
            return Some(format!(
                "holds some of {} and not all: {name} are broken down by all of them or none",
                columns.join(", ")
            ));
        }
        None
    }
}
