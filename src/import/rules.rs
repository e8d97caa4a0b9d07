//! Rules across the fields of a row: what no single cell can show to be wrong.

use entities::terms::PeriodKind;

use super::{cell::wrong_length, row::Row};

/// An area's codes have their forms.
pub(super) fn area(row: &mut Row<'_>) {
    let is_m49 = |code: &str| code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_digit());
    let is_iso3 = |code: &str| code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase());
    if !row.text("m49").is_none_or(is_m49) {
        row.refuse("m49", "is no M49 code; those are three digits, such as 004 (a spreadsheet drops zeros: make the cell text)");
    }
    if !row.text("iso3").is_none_or(is_iso3) {
        row.refuse(
            "iso3",
            "is no alpha-3 code; those are three capital letters",
        );
    }
}

/// A split has a day only if there was one.
pub(super) fn party(row: &mut Row<'_>) {
    if row.is_empty("split_from") && !row.is_empty("split_on") {
        row.refuse(
            "split_on",
            "stands without the party it split from; fill `split_from`",
        );
    }
}

/// A gap is a gap only within the mandate, and its details need its kind.
pub(super) fn entity_block(row: &mut Row<'_>) {
    let is_outside = row.text("coverage") == Some("OUTSIDE_MANDATE");
    if is_outside && !row.is_empty("gap_kind") {
        row.refuse(
            "gap_kind",
            "a mandate without a mechanism here has no gap; empty it, or change `coverage`",
        );
    }
    if row.is_empty("gap_kind") {
        for detail in ["gap_since", "gap_note"] {
            if !row.is_empty(detail) {
                row.refuse(detail, "stands without the kind of gap; fill `gap_kind`");
            }
        }
    }
}

/// Regional meetings are by quarter and have a region, all others are by month and have none.
pub(super) fn review_cycle(row: &mut Row<'_>) {
    let is_regional = row.text("kind") == Some("QUARTERLY_REGIONAL");
    let kind = if is_regional {
        PeriodKind::Quarter
    } else {
        PeriodKind::Month
    };
    keep_by(row, kind);
    match (is_regional, row.is_empty("region")) {
        (true, true) => row.refuse("region", "is empty; a regional meeting has a region"),
        (false, false) => row.refuse("region", "only a regional meeting has a region; empty it"),
        _ => {}
    }
}

/// What was submitted has a day, and what was not has none.
pub(super) fn entity_input(row: &mut Row<'_>) {
    let status = row.text("status").unwrap_or_default().to_owned();
    let is_in = matches!(status.as_str(), "NIL_RETURN" | "SUBMITTED" | "CLEARED");
    if is_in && row.is_empty("submitted_at") {
        row.refuse(
            "submitted_at",
            format!("is empty; an input that is {status} was submitted"),
        );
    }
    if status == "CLEARED" && row.is_empty("cleared_at") {
        row.refuse("cleared_at", "is empty; say when the input was cleared");
    }
    if status == "NOT_RECEIVED" && !row.is_empty("submitted_at") {
        row.refuse(
            "submitted_at",
            "an input that was not received was not submitted; empty it",
        );
    }
    let is_outside = row.text("coverage") == Some("OUTSIDE_MANDATE");
    if is_outside && status != "NOT_RECEIVED" {
        row.refuse(
            "status",
            "an entity without a mechanism here hands nothing in: NOT_RECEIVED",
        );
    }
}

/// Days of a letter come in their order; it is confidential until it is public.
pub(super) fn communication(row: &mut Row<'_>) {
    for later in ["public_on", "reply_received_on"] {
        not_before(row, later, "sent_on");
    }
    let is_unclassified = row.text("classification") == Some("UNCLASSIFIED");
    if is_unclassified && row.is_empty("public_on") {
        row.refuse(
            "classification",
            "is UNCLASSIFIED, but no day is known from which the letter is public; fill \
             `public_on`, or mark it CONFIDENTIAL",
        );
    }
}

/// A listing stands in a document, and ends after it began.
pub(super) fn listing(row: &mut Row<'_>) {
    if row.is_empty("document_symbol") {
        row.refuse(
            "document_symbol",
            "is empty; a listing stands in a document",
        );
    }
    not_before(row, "delisted_on", "listed_on");
}

/// Working figures are by month, released ones by year.
pub(super) fn by_month(row: &mut Row<'_>) {
    keep_figures_by(row, PeriodKind::Month);
}

/// Violations are verified by quarter; victims add up, incidents have no sex.
pub(super) fn violations(row: &mut Row<'_>) {
    keep_figures_by(row, PeriodKind::Quarter);
    no_pending_in_public(row);
    let is_by_victims = !matches!(
        row.text("violation"),
        Some("ATTACK_ON_SCHOOL_OR_HOSPITAL" | "DENIAL_OF_HUMANITARIAN_ACCESS")
    );
    let tallies = [
        (
            ["verified_boys", "verified_girls", "verified_unknown"],
            "verified_total",
        ),
        (["late_boys", "late_girls", "late_unknown"], "late_total"),
    ];
    for (parts, total) in tallies {
        if is_by_victims {
            adds_up(row, &parts, total);
            continue;
        }
        for part in parts {
            if !row.is_empty(part) {
                row.refuse(
                    part,
                    "this violation is counted by incidents, which have no sex; empty it",
                );
            }
        }
    }
}

/// Figures on sexual violence are by month and add up.
pub(super) fn crsv(row: &mut Row<'_>) {
    keep_figures_by(row, PeriodKind::Month);
    no_pending_in_public(row);
    adds_up(row, &["women", "girls", "men", "boys", "unknown"], "total");
}

fn keep_figures_by(row: &mut Row<'_>, working: PeriodKind) {
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
}

fn keep_by(row: &mut Row<'_>, kind: PeriodKind) {
    if let Some(period) = row.period("period").filter(|period| period.kind != kind) {
        row.refuse("period", wrong_length(&period, &[kind]));
    }
}

fn no_pending_in_public(row: &mut Row<'_>) {
    if row.flag("is_published") && !row.is_empty("pending") {
        row.refuse(
            "pending",
            "a released figure never holds what awaits verification; empty it",
        );
    }
}

fn not_before(row: &mut Row<'_>, later: &'static str, earlier: &str) {
    if let (Some(first), Some(second)) = (row.date(earlier), row.date(later))
        && second < first
    {
        row.refuse(later, format!("{second} lies before `{earlier}`, {first}"));
    }
}

/// Parts that are all known make the total; parts that are known in part do not exceed it.
fn adds_up(row: &mut Row<'_>, parts: &[&str], total: &'static str) {
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
