//! The rules of the review that are not queries.

use chrono::NaiveDate;
use entities::{
    entity_input, organisation_name, review_cycle, situation_state,
    terms::{ActionState, Language},
};

/// A name in a language, and in English where there is none.
pub(crate) fn name_in<'a>(
    language: Language,
    english: &'a str,
    [fr, es, ar, ru, zh]: [&'a Option<String>; 5],
) -> &'a str {
    let translated = match language {
        Language::En => return english,
        Language::Fr => fr,
        Language::Es => es,
        Language::Ar => ar,
        Language::Ru => ru,
        Language::Zh => zh,
    };
    translated.as_deref().unwrap_or(english)
}

/// Whether an action ought to be done by now: computed, never a state.
pub(crate) fn is_overdue(state: ActionState, due_on: NaiveDate, today: NaiveDate) -> bool {
    matches!(state, ActionState::Open | ActionState::InProgress) && due_on < today
}

/// The state in force: the last that has taken effect.
pub(crate) fn state_in_force(
    states: Vec<situation_state::Model>,
) -> Option<situation_state::Model> {
    states
        .into_iter()
        .max_by_key(|state| (state.effective_on, state.id))
}

/// The name a body bore on a day, in a language or in English.
pub(crate) fn name_on(
    names: &[organisation_name::Model],
    day: NaiveDate,
    language: Language,
) -> Option<&organisation_name::Model> {
    [language, Language::En].into_iter().find_map(|language| {
        let in_language = names.iter().filter(|name| name.language == language);
        let borne = in_language.clone().filter(|name| name.valid_from <= day);
        let earliest = in_language.min_by_key(|name| name.valid_from);
        borne.max_by_key(|name| name.valid_from).or(earliest)
    })
}

/// What counts as changed since a cycle: all that changed after its profiles were frozen, or,
/// where they were not, after its inputs were due.
pub(crate) fn cut_off(cycle: &review_cycle::Model) -> chrono::DateTime<chrono::Utc> {
    cycle.frozen_at.unwrap_or(cycle.inputs_due_at)
}

/// Inputs as a list shows them: by situation, then by entity.
pub(crate) fn in_order(mut inputs: Vec<entity_input::Model>) -> Vec<entity_input::Model> {
    inputs.sort_by(|left, right| {
        (left.situation_id, &left.entity).cmp(&(right.situation_id, &right.entity))
    });
    inputs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_open_action_past_its_day_is_overdue() {
        let day = |text: &str| text.parse().unwrap();
        let is_overdue = |state, due| is_overdue(state, day(due), day("2026-11-24"));
        assert!(is_overdue(ActionState::Open, "2026-11-23"));
        assert!(is_overdue(ActionState::InProgress, "2026-11-23"));
        assert!(!is_overdue(ActionState::Open, "2026-11-24"));
        assert!(!is_overdue(ActionState::Done, "2026-11-23"));
        assert!(!is_overdue(ActionState::Cancelled, "2026-11-23"));
    }

    #[test]
    fn a_body_bears_the_name_of_the_day() {
        let name = |from: &str, name: &str, language| organisation_name::Model {
            id: 0,
            record_key: String::new(),
            organisation_id: 1,
            valid_from: from.parse().unwrap(),
            language,
            name: name.to_owned(),
            abbreviation: String::new(),
        };
        let names = [
            name(
                "1992-03-01",
                "Department of Political Affairs",
                Language::En,
            ),
            name(
                "2019-01-01",
                "Department of Political and Peacebuilding Affairs",
                Language::En,
            ),
        ];
        let on = |day: &str, language| {
            name_on(&names, day.parse().unwrap(), language)
                .unwrap()
                .name
                .as_str()
        };
        assert_eq!(
            on("2018-12-31", Language::En),
            "Department of Political Affairs"
        );
        assert!(on("2019-01-01", Language::Fr).contains("Peacebuilding"));
    }
}
