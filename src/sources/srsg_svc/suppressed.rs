//! Which cells figures on conflict-related sexual violence are suppressed by: each month is a table of forms and
//! of sex with age; each quarter is one of divisions.

use entities::{crsv_admin1_count, crsv_count};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::terms::CrsvForm;
use crate::{
    records::printed::CRSV,
    sources::suppressed::{Part, SuppressedFigures, Version},
    vocabulary::CLEARED,
};

/// National figures by month.
pub(super) const NATIONAL: SuppressedFigures = SuppressedFigures {
    name: CRSV.name,
    table: "crsv_counts",
    has_published: true,
    threshold: |thresholds| thresholds.sexual_violence,
    versions: |transaction, situation, period| {
        use crsv_count::{Column, Entity};
        Box::pin(async move {
            let rows = Entity::find()
                .filter(Column::SituationId.eq(situation))
                .filter(Column::Period.eq(period))
                .filter(Column::IsPublished.eq(false))
                .all(transaction)
                .await?;
            Ok(rows.iter().map(national).collect())
        })
    },
    standing: |_| Vec::new(),
};

/// Figures of divisions by quarter.
pub(super) const DIVISIONS: SuppressedFigures = SuppressedFigures {
    name: "svc-crsv-admin1",
    table: "crsv_admin1_counts",
    has_published: false,
    threshold: |thresholds| thresholds.sexual_violence,
    versions: |transaction, situation, period| {
        use crsv_admin1_count::{Column, Entity};
        Box::pin(async move {
            let rows = Entity::find()
                .filter(Column::SituationId.eq(situation))
                .filter(Column::Period.eq(period))
                .all(transaction)
                .await?;
            Ok(rows.iter().map(division).collect())
        })
    },
    standing: |_| Vec::new(),
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
        parts,
    }
}

/// The sum over divisions counts as told: national figures of the quarter's months add up to about it.
fn division(row: &crsv_admin1_count::Model) -> Version {
    Version {
        row: row.id,
        record: row.record_key.clone(),
        revision: row.revision,
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
