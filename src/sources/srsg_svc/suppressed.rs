//! Which cells figures on conflict-related sexual violence are suppressed by: each month is a table of forms and
//! of sex with age; each quarter is one of divisions.

use entities::{crsv_admin1_count, crsv_count};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::terms::CrsvForm;
use crate::{
    records::printed::CRSV,
    sources::suppressed::{Part, Publication, SuppressedFigures, Version},
    vocabulary::{CLEARED, PeriodKind},
};

/// National figures by month.
pub(super) const NATIONAL: SuppressedFigures = SuppressedFigures {
    name: CRSV.name,
    table: "crsv_counts",
    has_published: true,
    threshold: |thresholds| thresholds.sexual_violence,
    by: PeriodKind::Month,
    versions: |connection, situation, year| {
        use crsv_count::{Column, Entity};
        Box::pin(async move {
            let rows = Entity::find()
                .filter(Column::SituationId.eq(situation))
                .filter(Column::PeriodStart.gte(year.start()))
                .filter(Column::PeriodEnd.lte(year.end()))
                .all(connection)
                .await?;
            Ok(rows.iter().map(national).collect())
        })
    },
    standing: |_| Vec::new(),
    printed_by,
};

/// Figures of divisions by quarter.
pub(super) const DIVISIONS: SuppressedFigures = SuppressedFigures {
    name: "svc-crsv-admin1",
    table: "crsv_admin1_counts",
    has_published: false,
    threshold: |thresholds| thresholds.sexual_violence,
    by: PeriodKind::Quarter,
    versions: |connection, situation, year| {
        use crsv_admin1_count::{Column, Entity};
        Box::pin(async move {
            let rows = Entity::find()
                .filter(Column::SituationId.eq(situation))
                .filter(Column::PeriodStart.gte(year.start()))
                .filter(Column::PeriodEnd.lte(year.end()))
                .all(connection)
                .await?;
            Ok(rows.iter().map(division).collect())
        })
    },
    standing: |rows| elsewhere(rows).into_iter().collect(),
    // No document prints divisions.
    printed_by: |_| Vec::new(),
};

/// The cell of a column for a form; for all of them where there is none.
pub(super) fn cell(form: Option<CrsvForm>, column: &str) -> String {
    form.map_or_else(
        || format!("*/{column}"),
        |form| format!("{form:?}/{column}"),
    )
}

/// The cell of a division.
pub(super) fn division_cell(area: i64) -> String {
    area.to_string()
}

fn national(row: &crsv_count::Model) -> Version {
    let form: CrsvForm = row.form.into();
    let mut parts = Vec::new();
    if CLEARED.contains(&row.classification) {
        let told = || vec![format!("={form:?}"), "=*".to_owned()];
        let columns = [
            ("women", row.women),
            ("girls", row.girls),
            ("men", row.men),
            ("boys", row.boys),
            ("unknown", row.unknown),
        ];
        let mut rest = row.total;
        for (column, value) in columns {
            rest = rest.map(|rest| rest.saturating_sub(value.unwrap_or(0)).max(0));
            parts.push(Part {
                name: column.to_owned(),
                value,
                cells: vec![cell(Some(form), column), cell(None, column)],
                told: if value.is_some() { told() } else { Vec::new() },
            });
        }
        // Where all are counted they make the total, and everybody knows it.
        let is_whole = columns.iter().all(|(_, value)| value.is_some());
        parts.extend((!is_whole).then(|| Part {
            name: "rest".to_owned(),
            value: rest,
            cells: Vec::new(),
            told: told(),
        }));
    }
    Version {
        row: row.id,
        record: row.record_key.clone(),
        revision: row.revision,
        known_from: row.known_from,
        period: row.period.clone(),
        published: Publication::of(row.is_published, row.document_symbol.as_ref()),
        parts,
    }
}

/// What a table is broken down by that prints the annual figure of a cell.
fn printed_by(cell: &str) -> Vec<&'static str> {
    let (form, by_person) = match cell.strip_prefix('=') {
        Some(form) => (form, false),
        None => (cell.split('/').next().unwrap_or_default(), true),
    };
    let mut by = Vec::new();
    by.extend((form != "*").then_some("FORM"));
    by.extend(by_person.then_some(["SEX", "AGE"]).into_iter().flatten());
    by
}

/// The sum over divisions counts as told: national figures of the quarter's months add up to about it.
fn division(row: &crsv_admin1_count::Model) -> Version {
    Version {
        row: row.id,
        record: row.record_key.clone(),
        revision: row.revision,
        known_from: row.known_from,
        period: row.period.clone(),
        published: None,
        parts: vec![Part {
            name: "verified".to_owned(),
            value: row.verified,
            cells: vec![division_cell(row.area_id)],
            told: if row.verified.is_some() {
                vec!["=*".to_owned()]
            } else {
                Vec::new()
            },
        }],
    }
}

/// What is in no division: one that stands alone need not be all of its quarter.
fn elsewhere(rows: &[&Version]) -> Option<Part> {
    (rows.len() == 1).then(|| Part {
        name: "elsewhere".to_owned(),
        value: Some(0),
        cells: Vec::new(),
        told: vec!["=*".to_owned()],
    })
}
