//! Errors that are reported in great number.

use federation::execute::ALLOWANCE;

use crate::{alone, assert_linear, cost, ids, repeated, support::products};

#[test]
fn errors_of_entities_cost_what_they_and_the_entities_cost() {
    let _alone = alone();
    let run = |path: &'static str| {
        move |times: usize| {
            let entities = 500;
            let errors: Vec<String> = (0..times)
                .map(|at| {
                    let path = path.replace("%i", &(at % entities).to_string());
                    let path = path.replace("%e", &at.to_string());
                    format!(r#"{{"message":"m{at}"{path}}}"#)
                })
                .collect();
            let text = format!(
                "{},\"errors\":[{}]}}",
                String::from_utf8(repeated(
                    r#"{"data":{"_entities":["#,
                    r#"{"price":null,"stock":null}"#,
                    entities,
                    "]}"
                ))
                .unwrap(),
                errors.join(",")
            );
            let length = text.len() + 20_000;
            let answers = vec![("a", ids(entities)), ("b", text.into_bytes())];
            let took = cost(products(), answers, ALLOWANCE);
            let counted = took.errors.last().unwrap();
            assert!(counted.contains(" more errors."), "{counted}");
            (took, length)
        }
    };
    let sizes = [3_000, 12_000];
    assert_linear("by index", sizes, run(r#","path":["_entities",%i]"#));
    assert_linear(
        "in a field",
        sizes,
        run(r#","path":["_entities",%i,"price"]"#),
    );
    assert_linear("without a path", sizes, run(""));
    assert_linear("of the list", sizes, run(r#","path":["_entities"]"#));
    assert_linear(
        "without an index",
        sizes,
        run(r#","path":["_entities","price"]"#),
    );
    assert_linear(
        "of nobody",
        sizes,
        run(r#","path":["_entities",%e,"price"]"#),
    );
    let deep = r#","path":["_entities","price",%e]"#;
    assert_linear("each of its own", sizes, run(deep));
}

#[test]
fn errors_of_a_request_as_a_whole_add_to_its_entities() {
    let _alone = alone();
    let entities = 5_000;
    let work = |errors: usize| {
        let nulls = repeated(r#"{"data":{"_entities":["#, "null", entities, "]}");
        let text = repeated(r#","errors":["#, r#"{"message":"down"}"#, errors, "]}");
        let answers = vec![("a", ids(entities)), ("b", [nulls, text].concat())];
        cost(products(), answers, ALLOWANCE).work
    };
    let (one, many) = (work(1), work(500));
    assert!(
        many <= one + 64 * 500,
        "{one} steps for one, {many} for 500"
    );
}

#[test]
fn one_entity_of_many_objects_is_not_traced_without_end() {
    let _alone = alone();
    assert_linear("one entity", [2_000, 8_000], |times| {
        let root = repeated(
            r#"{"data":{"products":["#,
            r#"{"id":"1","name":"n"}"#,
            times,
            "]}}",
        );
        let errors: Vec<String> = (0..times)
            .map(|at| format!(r#"{{"message":"m{at}","path":["_entities",0,"price"]}}"#))
            .collect();
        let text = format!(
            r#"{{"data":{{"_entities":[null]}},"errors":[{}]}}"#,
            errors.join(",")
        );
        let length = root.len() + text.len();
        let answers = vec![("a", root), ("b", text.into_bytes())];
        (cost(products(), answers, ALLOWANCE), length)
    });
}

#[test]
fn errors_of_any_shape_take_no_more_than_their_text() {
    let _alone = alone();
    for (name, entry) in [
        ("empty", "{}".to_owned()),
        ("numbers", "7".to_owned()),
        (
            "nested",
            format!(r#"{{"path":[{}[]]}}"#, "[],".repeat(2_000)),
        ),
        (
            "long",
            format!(r#"{{"message":"{}"}}"#, "m".repeat(100_000)),
        ),
        (
            "extended",
            format!(
                r#"{{"message":"m","extensions":{{"x":[{}0]}}}}"#,
                "0,".repeat(2_000)
            ),
        ),
    ] {
        let times = (1 << 19) / (entry.len() + 1);
        assert_linear(name, [times / 4, times], |times| {
            let text = repeated(r#"{"errors":["#, &entry, times, "]}");
            let length = text.len();
            let answers = vec![("a", ids(50)), ("b", text)];
            (cost(products(), answers, ALLOWANCE), length)
        });
    }
}

#[test]
fn misfits_are_told_in_bounded_number() {
    let _alone = alone();
    assert_linear("misfits", [20_000, 80_000], |times| {
        let text = repeated(r#"{"data":{"products":["#, "7", times, "]}}");
        let length = text.len();
        let took = cost(products(), vec![("a", text)], ALLOWANCE);
        assert_eq!(took.errors.len(), 101);
        (took, length)
    });
    assert_linear("more entities than asked for", [20_000, 80_000], |times| {
        let text = repeated(r#"{"data":{"_entities":["#, "7", times, "]}}");
        let length = text.len();
        let answers = vec![("a", ids(2)), ("b", text)];
        (cost(products(), answers, ALLOWANCE), length)
    });
    assert_linear("left out", [20_000, 80_000], |times| {
        let text = repeated(r#"{"data":{"products":["#, "{}", times, "]}}");
        let length = text.len();
        (cost(products(), vec![("a", text)], ALLOWANCE), length)
    });
}
