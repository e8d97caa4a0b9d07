//! The answers of one profile as what is told to whom: each is kept only where it says more than those below it.

use std::collections::BTreeMap;

use entities::terms::Classification;
use serde_json::{Map, Value, json};

use super::operation::Operation;
use crate::reviews::{PartScope, ReadPart, canonical};

/// Under which field of a situation the figures stand that a scope opens.
const BLOCKS: [(&str, &str); 3] = [
    ("ohchr:exact", "ohchr"),
    ("caac:exact", "caac"),
    ("svc:exact", "svc"),
];

/// The answers, from the lowest level on.
#[derive(Clone, Debug, Default)]
pub(super) struct Answers {
    pub(super) joint: Vec<(Classification, Value)>,
    /// Those with all scopes for exact figures.
    pub(super) exact: Vec<(Classification, Value)>,
}

/// Splits them.
pub(super) fn split(answers: Answers, operation: &Operation) -> Vec<ReadPart> {
    let mut parts = Vec::new();
    let mut told: Option<String> = None;
    let mut blocks: BTreeMap<(Classification, &str), String> = BTreeMap::new();
    for (level, answer) in answers.joint {
        let Some(situation) = answer.as_object() else {
            // It does not exist at this level.
            continue;
        };
        for (scope, block) in BLOCKS {
            blocks.insert((level, scope), block_of(situation, block));
        }
        let body = canonical(&joint(situation, operation));
        if told.as_ref() != Some(&body) {
            parts.push(part(level, "", body.clone()));
            told = Some(body);
        }
    }
    let mut stored: BTreeMap<&str, String> = BTreeMap::new();
    for (level, answer) in answers.exact {
        let Some(situation) = answer.as_object() else {
            continue;
        };
        for (scope, block) in BLOCKS {
            let body = block_of(situation, block);
            let lower = stored.get(scope).or_else(|| blocks.get(&(level, scope)));
            if lower != Some(&body) {
                parts.push(part(level, scope, body.clone()));
                stored.insert(scope, body);
            }
        }
    }
    parts
}

fn part(level: Classification, scope: &str, body: String) -> ReadPart {
    ReadPart {
        scope: PartScope {
            level,
            exact: scope.to_owned(),
        },
        body,
    }
}

/// What embedded sources answered, and beside it what registered ones did.
fn joint(situation: &Map<String, Value>, operation: &Operation) -> Value {
    let (registered, own): (Map<_, _>, Map<_, _>) = situation
        .iter()
        .map(|(name, value)| (name.clone(), value.clone()))
        .partition(|(name, _)| operation.registered.contains(name));
    json!({ "situation": own, "registered": registered })
}

fn block_of(situation: &Map<String, Value>, block: &str) -> String {
    canonical(&json!({ block: situation.get(block) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_kept_where_it_says_more() {
        let operation = Operation {
            document: String::new(),
            document_of_all: String::new(),
            variables: String::new(),
            registered: vec!["roads".to_owned()],
        };
        let answer = |caac: u32| json!({ "id": "sit_1", "roads": [1], "caac": { "total": caac }, "ohchr": null, "svc": null });
        let (low, high) = (
            Classification::Confidential,
            Classification::StrictlyConfidential,
        );
        let answers = Answers {
            joint: vec![
                (Classification::Unclassified, Value::Null),
                (low, answer(0)),
                (high, answer(0)),
            ],
            exact: vec![(low, answer(3)), (high, answer(3))],
        };
        let parts = split(answers, &operation);
        let told: Vec<_> = parts
            .iter()
            .map(|part| {
                (
                    part.scope.level,
                    part.scope.exact.as_str(),
                    part.body.as_str(),
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                (
                    low,
                    "",
                    r#"{"registered":{"roads":[1]},"situation":{"caac":{"total":0},"id":"sit_1","ohchr":null,"svc":null}}"#
                ),
                (low, "caac:exact", r#"{"caac":{"total":3}}"#),
            ]
        );
    }
}
