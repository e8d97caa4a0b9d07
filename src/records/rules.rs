//! Rules across the fields of a row that records of several mandates go by: what no single cell can
//! show to be wrong.

use entities::terms::PeriodKind;

use super::{cell::wrong_length, record_type::Row};

/// A listing stands in a document, and ends after it began.
pub(crate) fn listing(row: &mut Row<'_>) {
    if row.is_empty("document_symbol") {
        row.refuse(
            "document_symbol",
            "is empty; a listing stands in a document",
        );
    }
    not_before(row, "delisted_on", "listed_on");
}

/// Working figures are by month, released ones by year.
pub(crate) fn by_month(row: &mut Row<'_>) {
    keep_figures_by(row, PeriodKind::Month);
}

/// Working figures are by this kind of period; released ones are by year, and open.
pub(crate) fn keep_figures_by(row: &mut Row<'_>, working: PeriodKind) {
    let kind = if row.flag("is_published") {
        PeriodKind::Year
    } else {
        working
    };
    keep_by(row, kind);
    if row.flag("is_published") && row.text("classification") != Some("UNCLASSIFIED") {
        row.refuse(
            "classification",
            "a released figure is UNCLASSIFIED; mark it so, or set `is_published` to false",
        );
    }
    hold_back_released(row);
    if row.flag("is_published") && row.is_empty("document_symbol") {
        row.refuse(
            "document_symbol",
            "is empty; a released figure names the document that prints it",
        );
    }
}

/// What is not released has no day on which it is public.
fn hold_back_released(row: &mut Row<'_>) {
    if !row.flag("is_published") && !row.is_empty("public_on") {
        row.refuse(
            "public_on",
            "a working figure is not published; empty it, or set `is_published` to true",
        );
    }
}

/// A row is of a period of this kind.
pub(crate) fn keep_by(row: &mut Row<'_>, kind: PeriodKind) {
    if let Some(period) = row.period("period").filter(|period| period.kind != kind) {
        row.refuse("period", wrong_length(&period, &[kind]));
    }
}

/// A record that awaits verification must not be released.
pub(crate) fn no_pending_in_public(row: &mut Row<'_>) {
    if row.flag("is_published") && !row.is_empty("pending") {
        row.refuse(
            "pending",
            "a released figure never holds what awaits verification; empty it",
        );
    }
}

/// A day does not lie before another.
pub(crate) fn not_before(row: &mut Row<'_>, later: &'static str, earlier: &str) {
    if let (Some(first), Some(second)) = (row.date(earlier), row.date(later))
        && second < first
    {
        row.refuse(later, format!("{second} lies before `{earlier}`, {first}"));
    }
}

/// Parts that are all known make the total; parts that are known in part do not exceed it.
pub(crate) fn adds_up(row: &mut Row<'_>, parts: &[&str], total: &'static str) {
    let known: Vec<i64> = parts
        .iter()
        .filter_map(|part| row.number(part))
        .map(i64::from)
        .collect();
    let sum: i64 = known.iter().sum();
    let Some(stated) = row.number(total).map(i64::from) else {
        if !known.is_empty() {
            row.refuse(
                total,
                format!("is empty, but its parts are not; they add up to {sum}"),
            );
        }
        return;
    };
    let is_wrong = if known.len() == parts.len() {
        sum != stated
    } else {
        sum > stated
    };
    if is_wrong {
        row.refuse(
            total,
            format!("is {stated}, but {} add up to {sum}", parts.join(", ")),
        );
    }
}
