//! Which cells casualties of a month are suppressed by: a table of sex and age, one of status, one of cause. No
//! two of the three are crossed: any counts of them with the same total can occur together, so that one table
//! tells nothing about a cell of another. What is crossed more finely is suppressed whole.

use entities::{
    casualty::{Column, Entity, Model},
    terms,
};
use sea_orm::{ColumnTrait, EntityTrait, Iterable, QueryFilter};

use super::group::Group;
use crate::{
    records::printed::CASUALTIES,
    sources::suppressed::{Part, Publication, SuppressedFigures, Version},
    vocabulary::{CLEARED, PeriodKind},
};

/// Casualties by month.
pub(super) const FIGURES: SuppressedFigures = SuppressedFigures {
    name: CASUALTIES.name,
    table: "casualties",
    has_published: true,
    threshold: |thresholds| thresholds.other,
    by: PeriodKind::Month,
    versions: |connection, situation, year| {
        Box::pin(async move {
            let rows = Entity::find()
                .filter(Column::SituationId.eq(situation))
                .filter(Column::PeriodStart.gte(year.start()))
                .filter(Column::PeriodEnd.lte(year.end()))
                .all(connection)
                .await?;
            Ok(rows.iter().map(version).collect())
        })
    },
    standing,
    printed_by,
};

/// The cell of a group; none where it is crossed more finely than any table. That of all groups is told.
pub(super) fn cell(group: Group) -> Option<String> {
    match group {
        Group {
            sex,
            age,
            status: None,
            cause: None,
        } => Some(format!("sex and age/{sex:?}/{age:?}")),
        Group {
            sex: None,
            age: None,
            status: Some(status),
            cause: None,
        } => Some(format!("status/{status:?}")),
        Group {
            sex: None,
            age: None,
            status: None,
            cause: Some(cause),
        } => Some(format!("cause/{cause:?}")),
        _ => None,
    }
}

/// What a table is broken down by that prints the annual figure of a cell.
fn printed_by(cell: &str) -> Vec<&'static str> {
    let mut parts = cell.split('/');
    match (parts.next(), parts.next(), parts.next()) {
        (Some("sex and age"), sex, age) => [(sex, "SEX"), (age, "AGE")]
            .into_iter()
            .filter(|(value, _)| *value != Some("None"))
            .map(|(_, dimension)| dimension)
            .collect(),
        (Some("status"), ..) => vec!["STATUS"],
        (Some("cause"), ..) => vec!["CAUSE"],
        _ => Vec::new(),
    }
}

/// A count by its groups: it is part of a table of each kind.
fn parts(name: &str, group: Group, value: Option<i32>) -> Vec<Part> {
    let all = Group::default();
    let person = Group {
        sex: group.sex,
        age: group.age,
        ..all
    };
    let tables = [
        vec![
            person,
            Group {
                age: None,
                ..person
            },
            Group {
                sex: None,
                ..person
            },
        ],
        vec![Group {
            status: group.status,
            ..all
        }],
        vec![Group {
            cause: group.cause,
            ..all
        }],
    ];
    let parts = tables.into_iter().enumerate();
    parts
        .map(|(table, groups)| Part {
            name: format!("{name}/{table}"),
            value,
            cells: groups
                .into_iter()
                .filter(|group| *group != all)
                .filter_map(cell)
                .collect(),
            told: vec![format!("={table}")],
        })
        .collect()
}

fn version(row: &Model) -> Version {
    let group = Group {
        sex: Some(row.sex.into()),
        age: Some(row.age.into()),
        status: Some(row.status.into()),
        cause: Some(row.cause.into()),
    };
    let is_read = CLEARED.contains(&row.classification);
    Version {
        row: row.id,
        record: row.record_key.clone(),
        revision: row.revision,
        known_from: row.known_from,
        period: row.period.clone(),
        published: Publication::of(row.is_published, row.document_symbol.as_ref()),
        parts: if is_read {
            parts("killed", group, row.killed)
        } else {
            Vec::new()
        },
    }
}

/// Every group, so that one without a row looks like one with it.
fn standing(rows: &[&Version]) -> Vec<Part> {
    if rows.is_empty() {
        return Vec::new();
    }
    let mut all = Vec::new();
    let none = Group::default();
    for sex in terms::Sex::iter() {
        for age in terms::AgeGroup::iter() {
            let (sex, age) = (Some(sex.into()), Some(age.into()));
            all.extend(
                parts("none", Group { sex, age, ..none }, Some(0))
                    .into_iter()
                    .take(1),
            );
        }
    }
    for status in terms::VictimStatus::iter() {
        let status = Some(status.into());
        all.extend(
            parts("none", Group { status, ..none }, Some(0))
                .into_iter()
                .skip(1)
                .take(1),
        );
    }
    for cause in terms::CasualtyCause::iter() {
        let cause = Some(cause.into());
        all.extend(
            parts("none", Group { cause, ..none }, Some(0))
                .into_iter()
                .skip(2),
        );
    }
    // Each has a name of its own: equal ones would be one count.
    for (place, part) in all.iter_mut().enumerate() {
        part.name = format!("none/{place}");
    }
    all
}
