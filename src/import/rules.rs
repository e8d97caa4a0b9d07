//! Rules across the fields of the review's rows: what no single cell can show to be wrong.

use entities::terms::PeriodKind;

use crate::records::{Row, printed, rules::keep_by};

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
    let is_in = matches!(
        status.as_str(),
        "NIL_RETURN" | "NO_CHANGE" | "SUBMITTED" | "CLEARED"
    );
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

/// A grant opens one thing, for a time that ends. A later revision may end it before it begins.
pub(super) fn need_to_know_grant(row: &mut Row<'_>) {
    if !row.text("issuer").is_none_or(|issuer| issuer.contains(':')) {
        row.refuse(
            "issuer",
            "is no issuer; write it as `iss` in its tokens, such as https://id.example, or upfront:local for tokens of \
             the local key",
        );
    }
    let given = ["situation", "area", "cycle"];
    match given.iter().filter(|name| !row.is_empty(name)).count() {
        0 => row.refuse(
            "situation",
            "is empty, and so are `area` and `cycle`; fill the one that the grant opens",
        ),
        1 => {}
        _ => row.refuse(
            "situation",
            "and `area` and `cycle` are not for one grant; fill one of them, and write a grant for each",
        ),
    }
    if let (Some(from), Some(until)) = (row.instant("valid_from"), row.instant("valid_until"))
        && until <= from
        && row.number("revision") == Some(1)
    {
        row.refuse(
            "valid_until",
            format!(
                "is not after `valid_from`, {}",
                from.format("%Y-%m-%dT%H:%M:%SZ")
            ),
        );
    }
}

/// A table breaks its figures down by what those have.
pub(super) fn published_table(row: &mut Row<'_>) {
    let name = row.text("figures");
    let Some(figures) = printed::ALL.into_iter().find(|one| Some(one.name) == name) else {
        return;
    };
    if let Some(fault) = figures.fault(row.list("printed_by")) {
        row.refuse("printed_by", fault);
    }
}
