//! What callers get for what cannot be answered: a sentence that helps.

use serde_json::{Value, json};

use crate::sources::asking::{Caller, World, on_example};

async fn refused(world: &World, source: &str, query: &str, variables: Value, sentence: &str) {
    let (message, code) = world.error(source, query, variables).await;
    assert!(message.contains(sentence), "{query}: {message}");
    assert!(
        !message.contains("parsing") && !message.contains("Failed to parse"),
        "{message}"
    );
    assert_eq!(code, "BAD_USER_INPUT", "{query}: {message}");
}

/// The same of a block on a situation.
async fn refused_below(world: &World, source: &str, block: &str, sentence: &str) {
    let id = World::situation("arvenia-armed-conflict");
    let query = format!(
        "query ($r: [_Any!]!) {{ _entities(representations: $r) {{ ... on Situation {{ {block} }} }} }}"
    );
    let variables = json!({ "r": [{ "__typename": "Situation", "id": id }] });
    refused(world, source, &query, variables, sentence).await;
}

#[tokio::test]
async fn a_list_that_no_statement_takes_is_refused() {
    on_example(|world| async move {
        let query = "query ($areas: [ID!]) { situations(filter: { areas: $areas }) { totalCount } }";
        let areas = vec!["are_0000000000000000"; 40_000];
        let sentence = "`areas` has 40000 elements: give at most 100";
        refused(&world, "reviews", query, json!({ "areas": areas }), sentence).await;
        let query = "query ($r: [_Any!]!, $themes: [String!]) { _entities(representations: $r) {
            ... on Situation { ohchr { recommendations(filter: { themes: $themes }) { totalCount } } } } }";
        let id = World::situation("arvenia-armed-conflict");
        let variables = json!({
            "r": [{ "__typename": "Situation", "id": id }],
            "themes": vec!["housing"; 2000],
        });
        let sentence = "`themes` has 2000 elements: give at most 100";
        refused(&world, "ohchr", query, variables, sentence).await;
    })
    .await;
}

#[tokio::test]
async fn an_entity_that_is_no_mandate_is_refused() {
    on_example(|world| async move {
        for (code, sentence) in [
            ("SVC", "`SVC` is no mandate of the joint schema; did you mean `SRSG_SVC`?"),
            ("ohchr", "`ohchr` is no mandate of the joint schema; did you mean `OHCHR`?"),
            (
                "NOBODY",
                "`NOBODY` is no mandate of the joint schema; the mandates are `OHCHR`, `OSAPG`, `SRSG_CAAC`, `SRSG_SVC`",
            ),
        ] {
            let query = "query ($codes: [EntityCode!]) { currentReviewCycle { items(filter: { inputMissingFrom: $codes }) { totalCount } } }";
            let variables = json!({ "codes": ["OHCHR", code] });
            let answer = world.answer("reviews", Caller::Confidential, query, variables).await;
            let error = &answer["errors"][0];
            assert_eq!(error["message"], sentence);
            assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT");
        }
    })
    .await;
}

#[tokio::test]
async fn bad_arguments_get_a_sentence_that_helps() {
    on_example(|world| async move {
        let none = || json!({});
        for (query, sentence) in [
            ("{ situations(filter: { text: \"a\\u0000b\" }) { totalCount } }", "holds the character U+0000"),
            ("{ situations(first: 0) { totalCount } }", "ask for 1 to 100 rows"),
            ("{ situations(first: 101) { totalCount } }", "ask for 1 to 100 rows"),
            ("{ situations(after: \"x\") { totalCount } }", "is not a cursor of situations by TITLE"),
            ("{ situation(id: \"arvenia\") { id } }", "such an id begins with `sit_`"),
            ("{ situation(id: \"are_0123\") { id } }", "is not the id of a Situation"),
            ("{ node(id: \"\") { id } }", "is not an id"),
            ("{ situations(filter: { areas: [\"XAA\"] }) { totalCount } }", "`XAA` is not the id of an Area"),
            (
                "{ reviewCycles(filter: { periods: { from: \"2026-01\", to: \"2026-Q4\" } }) { totalCount } }",
                "mixes granularities",
            ),
            (
                "{ situations(first: 1) { nodes { changes(since: \"cyc_0123\") { at } } } }",
                "no review cycle has the id `cyc_0123`",
            ),
        ] {
            refused(&world, "reviews", query, none(), sentence).await;
        }
        for (source, block, sentence) in [
            ("ohchr", "ohchr { signals(first: 500) { totalCount } }", "ask for 1 to 100 rows"),
            (
                "ohchr",
                "ohchr { casualties(periods: { from: \"2026-13\", to: \"2026-13\" }) { period { code } } }",
                "`2026-13` is not a period",
            ),
            (
                "ohchr",
                "ohchr { casualties(periods: { from: \"2010\", to: \"2026\" }) { period { code } } }",
                "longer than 10 years",
            ),
            (
                "ohchr",
                "ohchr { casualties(periods: { from: \"2017\", to: \"2026\" }, by: [SEX, AGE, CAUSE, STATUS]) { period { code } } }",
                "leave a dimension out of `by`",
            ),
            (
                "srsg_caac",
                "caac { violations(periods: { from: \"2026\", to: \"2026\" }, by: [PARTY]) { period { code } } }",
                "`by` lacks VIOLATION",
            ),
            (
                "srsg_caac",
                "caac { violations(periods: { from: \"2026-Q2\", to: \"2026-Q1\" }) { period { code } } }",
                "runs backwards",
            ),
        ] {
            refused_below(&world, source, block, sentence).await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_range_that_ends_within_a_period_of_the_figures_is_refused() {
    on_example(|world| async move {
        for (source, block, sentence) in [
            (
                "srsg_caac",
                "caac { violations(periods: { from: \"2026-01\", to: \"2026-02\" }) { period { code } } }",
                "`2026-02` ends within a quarter, and these figures are by quarter: write `2026-Q1` at both ends",
            ),
            (
                "srsg_caac",
                "caac { violations(periods: { from: \"2026-02\", to: \"2026-06\" }) { period { code } } }",
                "`2026-02` begins within a quarter",
            ),
            (
                "srsg_caac",
                "caac { publishedViolations(years: { from: \"2025-Q1\", to: \"2025-Q2\" }) { period { code } } }",
                "write `2025` at both ends",
            ),
            (
                "ohchr",
                "ohchr { publishedCasualties(periods: { from: \"2024-01\", to: \"2025-10\" }) { period { code } } }",
                "`2025-10` ends within a year, and these figures are by year: write `2024` to `2025`",
            ),
            (
                "srsg_svc",
                "svc { publishedCrsv(years: { from: \"2025-Q2\", to: \"2025-Q4\" }) { period { code } } }",
                "`2025-Q2` begins within a year",
            ),
        ] {
            refused_below(&world, source, block, sentence).await;
        }
    })
    .await;
}

#[tokio::test]
async fn an_operation_that_multiplies_its_rows_is_bounded() {
    on_example(|world| async move {
        let nested = (0..12).fold("number".to_owned(), |below, _| {
            format!("indicators {{ code factor {{ {below} }} }}")
        });
        let query = format!("{{ riskFactors {{ {nested} }} }}");
        let answer = world
            .answer("osapg", Caller::Anonymous, &query, json!({}))
            .await;
        let errors = answer["errors"].as_array().unwrap();
        assert!((1..=100).contains(&errors.len()), "{} errors", errors.len());
        for error in errors {
            let message = error["message"].as_str().unwrap();
            assert!(message.contains("more than 100000 rows"), "{message}");
            assert_eq!(error["extensions"]["code"], json!("BAD_USER_INPUT"));
        }
    })
    .await;
}

/// The gateway bounds the depth of operations; within its bound a source answers and does not
/// exhaust its stack.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deep_operation_is_answered_or_refused() {
    on_example(|world| async move {
        let deep = |levels: usize| {
            let nested = (0..levels).fold("id".to_owned(), |below, _| {
                format!("inputs {{ id situation {{ ... on Situation {{ {below} }} }} }}")
            });
            format!("{{ situations(first: 1) {{ nodes {{ {nested} }} }} }}")
        };
        let ask = async |levels: usize| {
            world
                .answer("reviews", Caller::Confidential, &deep(levels), json!({}))
                .await
        };
        for levels in [1, 5] {
            assert!(ask(levels).await.get("errors").is_none(), "{levels} levels");
        }
        let many = ask(20).await;
        assert!(
            many["errors"][0]["message"]
                .as_str()
                .unwrap()
                .contains("more than 100000 rows")
        );
        for levels in [80, 1000] {
            let refused = ask(levels).await;
            assert_eq!(refused["data"], Value::Null);
            assert_eq!(refused["errors"].as_array().unwrap().len(), 1);
        }
    })
    .await;
}
