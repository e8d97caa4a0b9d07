//! Operations before planning: hostile documents cost bounded time, and every refusal says what,
//! where and how to correct it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write as _;

use apollo_compiler::{Schema, response::JsonMap, validation::Valid};
use federation::{
    error::{Origin, ResponseError},
    operation::{Document, Limits, coerce_variables},
    request::read_variables,
};
use serde_json::{Value, json};

const SDL: &str = "
    directive @oneOf on INPUT_OBJECT
    type Query { a(x: Int, filter: Filter): A  as: [A] b: Int }
    type Mutation { c: Int }
    type Subscription { s: Int }
    type A { a: A b: Int c(kind: Kind): String }
    enum Kind { ONE TWO }
    input Filter { kinds: [Kind!] from: Int! within: Filter by: By share: Float note: String! = \"n\" }
    input By @oneOf { name: String id: ID }
";

fn schema() -> Valid<Schema> {
    Schema::parse_and_validate(SDL, "api.graphql").unwrap()
}

fn refused(text: &str) -> Vec<ResponseError> {
    Document::parse(&schema(), text, &Limits::default()).unwrap_err()
}

fn code(errors: &[ResponseError]) -> &'static str {
    match errors[0].origin {
        Origin::Request(code) => code,
        _ => "not of the request",
    }
}

#[test]
fn variables_inside_literals_are_of_the_type_that_is_expected_there() {
    let schema = schema();
    for (declared, used) in [
        // Not null is expected.
        ("$kind: Kind", "kinds: [$kind]"),
        ("$kind: Kind = null", "kinds: [$kind]"),
        ("$from: Int", "within: {from: $from}"),
        // A value is expected, not a list, and the other way round.
        ("$kinds: [Kind!]", "kinds: [$kinds]"),
        ("$kind: Kind!", "kinds: $kind"),
        ("$note: [String!]!", "note: $note"),
        ("$by: [By]", "by: $by"),
        ("$kinds: [Kind]", "kinds: $kinds"),
    ] {
        let wrong = format!(
            "query({declared}) {{ ...F }} fragment F on Query {{ a(filter: {{from: 1, {used}}}) {{ b }} }}"
        );
        let wrong = wrong.replace("from: 1, from", "from");
        let errors = refused(&wrong);
        assert_eq!(code(&errors), "GRAPHQL_VALIDATION_FAILED", "{wrong}");
        assert_eq!(errors.len(), 1, "{wrong}: {errors:?}");
        assert_eq!(errors[0].locations.len(), 1, "{wrong}");
        assert!(errors[0].message.contains("is expected here"), "{errors:?}");
    }
    for right in [
        "query($kind: Kind!) { a(filter: {from: 1, kinds: [$kind, ONE]}) { b } }",
        "query($kind: Kind = ONE) { a(filter: {from: 1, kinds: [$kind]}) { b } }",
        "query($kinds: [Kind!]!) { a(filter: {from: 1, kinds: $kinds}) { b } }",
        "query($note: String) { a(filter: {from: 1, note: $note}) { b } }",
        "query($share: Float) { a(filter: {from: 1, within: {from: 2, share: $share}}) { b } }",
    ] {
        let parsed = Document::parse(&schema, right, &Limits::default());
        assert!(parsed.is_ok(), "{right}: {parsed:?}");
    }
}

#[test]
fn literals_hold_exactly_one_field_of_one_of() {
    let schema = schema();
    for wrong in [
        "{ a(filter: {from: 1, by: {}}) { b } }",
        "{ a(filter: {from: 1, by: {name: \"x\", id: 1}}) { b } }",
        "{ a(filter: {from: 1, by: {name: null}}) { b } }",
        "{ a(filter: {from: 1, within: {from: 2, by: {name: \"x\", id: null}}}) { b } }",
        "query($name: String) { a(filter: {from: 1, by: {name: $name}}) { b } }",
        "query($by: By = {name: \"x\", id: 1}) { a(filter: {from: 1, by: $by}) { b } }",
        "{ ...F } fragment F on Query { a(filter: {from: 1, by: {}}) { b } }",
    ] {
        let errors = refused(wrong);
        assert_eq!(code(&errors), "GRAPHQL_VALIDATION_FAILED", "{wrong}");
        assert_eq!(errors.len(), 1, "{wrong}: {errors:?}");
        assert!(
            errors[0]
                .message
                .starts_with("`By` takes exactly one field"),
            "{errors:?}"
        );
        assert_eq!(errors[0].locations.len(), 1, "{errors:?}");
    }
    for right in [
        "{ a(filter: {from: 1, by: {name: \"x\"}}) { b } }",
        "query($name: String!) { a(filter: {from: 1, by: {name: $name}}) { b } }",
        "query($by: By) { a(filter: {from: 1, by: $by}) { b } }",
        "{ a(filter: {from: 1, by: null}) { b } }",
    ] {
        let document = Document::parse(&schema, right, &Limits::default());
        assert!(document.is_ok(), "{right}");
    }
}

#[test]
fn a_field_of_an_input_object_is_given_once() {
    for wrong in [
        "{ a(where: { x: 1, x: 2 }) }",
        "{ a(where: { y: { x: 1, x: 1 } }) }",
        "{ a(where: [{ x: 1, x: 1 }]) }",
        "query Q($w: W = { x: 1, x: 1 }) { a }",
        "{ a ...F } fragment F on Query { b @skip(if: { x: 1, x: 1 }) }",
    ] {
        let errors = refused(wrong);
        assert_eq!(code(&errors), "GRAPHQL_VALIDATION_FAILED", "{wrong}");
        assert_eq!(
            errors[0].message,
            "The field `x` is given twice in one object."
        );
        assert_eq!(errors[0].locations.len(), 1, "{wrong}");
    }
}

#[test]
fn errors_have_codes_and_places() {
    let errors = refused("{ a {");
    assert_eq!(code(&errors), "GRAPHQL_PARSE_FAILED");
    let errors = refused("{\n  a { b nope } }");
    assert_eq!(code(&errors), "GRAPHQL_VALIDATION_FAILED");
    assert_eq!(
        (errors[0].locations[0].line, errors[0].locations[0].column),
        (2, 9)
    );
    assert_eq!(
        errors[0].message,
        "Cannot query field \"nope\" on type \"A\"."
    );
    assert_eq!(code(&refused("")), "GRAPHQL_PARSE_FAILED");
    assert_eq!(
        code(&refused("type X { a: Int }")),
        "GRAPHQL_VALIDATION_FAILED"
    );
}

#[test]
fn a_text_that_ends_too_early_is_told_once() {
    let errors = refused("{ a { b");
    assert_eq!(errors.len(), 1, "{errors:?}");
}

#[test]
fn what_the_parser_expected_is_told_as_it_is_written() {
    for (text, message) in [
        (
            "",
            "The document is empty: it needs an operation, such as `{ __typename }`.",
        ),
        ("{ a(x: 1 { b } }", "syntax error: expected \")\", got {"),
        (
            "{ a { b",
            "syntax error: expected \"}\", got the end of the document",
        ),
    ] {
        let errors = refused(text);
        assert_eq!(code(&errors), "GRAPHQL_PARSE_FAILED");
        let is_told = errors.iter().any(|error| error.message == message);
        assert!(is_told, "{text}: {errors:?}");
    }
}

#[test]
fn where_no_name_is_close_all_are_told() {
    for (text, end) in [
        (
            "{ a { c(kind: NOTHING_LIKE_IT) } }",
            "It is one of ONE, TWO.",
        ),
        (
            "{ a(filter: { from: 1, zzzzzzzz: 2 }) { b } }",
            "It has kinds, from, within, by, share, note.",
        ),
    ] {
        let errors = refused(text);
        assert!(errors[0].message.ends_with(end), "{text}: {errors:?}");
    }
    let values: Vec<_> = (0..30).map(|at| format!("VALUE_{at}")).collect();
    let values = values.join(" ");
    let schema = format!("type Query {{ a(k: K): Int }} enum K {{ {values} }}");
    let schema = Schema::parse_and_validate(schema, "s").unwrap();
    let errors =
        Document::parse(&schema, "{ a(k: NOTHING_LIKE_IT) }", &Limits::default()).unwrap_err();
    let end = "VALUE_18, VALUE_19, ….";
    assert!(errors[0].message.ends_with(end), "{errors:?}");
    let told = coerce(
        "$f: Filter!, $k: Kind, $x: Int",
        json!({"f": {"from": 1, "zzzzzzzz": 2}}),
    )
    .unwrap_err();
    assert_eq!(
        told,
        [
            "Variable `$f`: `Filter` has no field \"zzzzzzzz\"; it has kinds, from, within, by, \
             share, note."
        ]
    );
}

#[test]
fn names_that_may_be_meant_are_told() {
    let schema = "type Query { area(code: String, where: Where): Area } type Area { title: String kind: Kind } \
        enum Kind { STATE REGION } input Where { status: String }";
    let schema = Schema::parse_and_validate(schema, "s").unwrap();
    for (text, close) in [
        ("{ aera { title } }", "area"),
        ("{ area { titel } }", "title"),
        ("{ area(cod: \"x\") { title } }", "code"),
        ("{ area(where: { satus: \"x\" }) { title } }", "status"),
        ("{ area { ... on Aera { title } } }", "Area"),
        ("query($a: Strng) { area(code: $a) { title } }", "String"),
        ("{ area { title @skp(if: true) } }", "@skip"),
    ] {
        let errors = Document::parse(&schema, text, &Limits::default()).unwrap_err();
        let question = format!("Did you mean \"{close}\"?");
        assert!(errors[0].message.ends_with(&question), "{text}: {errors:?}");
    }
    let errors = Document::parse(&schema, "{ nothingLikeIt }", &Limits::default()).unwrap_err();
    assert!(!errors[0].message.contains("Did you"), "{errors:?}");
}

#[test]
fn hostile_documents_are_refused_early() {
    let aliases = (0..10_000).fold(String::from("{"), |mut text, at| {
        write!(text, "a{at}:b ").unwrap();
        text
    }) + "}";
    let nested = |levels: usize| format!("{}b{}", "{a".repeat(levels), "}".repeat(levels));
    let deep = format!("{{{}b{}", "a{".repeat(60), "}".repeat(61));
    let tokens = format!("{{{}}}", "b ".repeat(500_000 / 2));
    let mut multiplied = String::from("query { a { ...f0 } }");
    for at in 0..100 {
        let next = at + 1;
        write!(
            multiplied,
            " fragment f{at} on A {{ ...f{next} a {{ b }} ...f{next} }}"
        )
        .unwrap();
    }
    multiplied.push_str(" fragment f100 on A { b }");
    let chain = (0..200).fold(String::from("{ a { ...f0 } }"), |mut text, at| {
        write!(text, "fragment f{at} on A{{...f{}}}", at + 1).unwrap();
        text
    });
    let values = format!(
        "{{ a(x: {}{}) {{ b }} }}",
        "[".repeat(5000),
        "]".repeat(5000)
    );
    let roots = format!("{{{}}}", "b ".repeat(300));
    for (text, expected) in [
        (&*aliases, "MAX_TOKENS_LIMIT"),
        (&aliases[..6000], "GRAPHQL_PARSE_FAILED"),
        (&*nested(500), "MAX_DEPTH_LIMIT"),
        (&deep, "MAX_DEPTH_LIMIT"),
        (&tokens, "MAX_TOKENS_LIMIT"),
        (&" ".repeat(1 << 20), "MAX_DOCUMENT_BYTES_LIMIT"),
        (&multiplied, "MAX_SELECTIONS_LIMIT"),
        (&chain, "MAX_DEPTH_LIMIT"),
        (&values, "MAX_DEPTH_LIMIT"),
        (&roots, "MAX_ROOT_FIELDS_LIMIT"),
        (
            "{ a { ...f } } fragment f on A { ...g } fragment g on A { a { ...f } }",
            "GRAPHQL_VALIDATION_FAILED",
        ),
        (
            "{ a { ...f } } fragment f on A { ...f }",
            "GRAPHQL_VALIDATION_FAILED",
        ),
    ] {
        assert_eq!(code(&refused(text)), expected, "{text:.60}");
    }
    let many = (0..501).fold(String::from("{ a {"), |mut text, at| {
        write!(text, "a{at}:b ").unwrap();
        text
    }) + "}}";
    assert_eq!(code(&refused(&many)), "MAX_ALIASES_LIMIT");
    assert_eq!(
        refused(&many)[0].message,
        "The document has 501 aliases once its fragments are inlined; at most 500 are allowed. \
         Ask for less in one operation."
    );
}

#[test]
fn operations_are_chosen_by_name() {
    let parse = |text: &str| Document::parse(&schema(), text, &Limits::default()).unwrap();
    let two = parse("query One { b } query Two { b } mutation Three { c }");
    assert_eq!(
        two.operation(Some("Two")).unwrap().name.as_deref(),
        Some("Two")
    );
    let message = |document: &Document, name| document.operation(name).unwrap_err().message;
    assert_eq!(
        message(&two, None),
        "The document holds several operations; say with \
        `operationName` which one to run: `One`, `Two`, `Three`."
    );
    assert_eq!(
        message(&two, Some("Four")),
        "The document has no operation named `Four`; it has \
        `One`, `Two`, `Three`."
    );
    let one = parse("{ b }");
    assert!(one.operation(None).is_ok());
    assert!(one.operation(Some("One")).is_err());
    let mutation = two.operation(Some("Three")).unwrap();
    assert!(Document::check_kind(mutation, true).is_ok());
    assert_eq!(
        Document::check_kind(mutation, false).unwrap_err().origin,
        Origin::Request("MUTATION_BY_GET")
    );
}

#[test]
fn a_selection_of_unknown_fields_alone_is_told_once() {
    let selects = |errors: &[ResponseError]| {
        let of = |error: &&ResponseError| error.message.contains("selection of subfields");
        errors.iter().filter(of).count()
    };
    for text in [
        "{ a { unknown } }",
        "{ a { unknown }\n\n}",
        "{ a(x: 1) @skip(if: true) { one two { three } } }",
    ] {
        let errors = refused(text);
        assert_eq!(code(&errors), "GRAPHQL_VALIDATION_FAILED");
        assert_eq!(selects(&errors), 0, "{text}: {errors:?}");
    }
    for text in [
        "{ a }",
        "{ a(filter: {from: 1}) }",
        "{ a @skip(if: true) x: a { b } }",
    ] {
        assert_eq!(selects(&refused(text)), 1, "{text}");
    }
}

#[test]
fn what_comes_in_parts_is_refused() {
    let parsed = Document::parse(&schema(), "subscription { s }", &Limits::default()).unwrap();
    let refusal = Document::check_kind(parsed.operation(None).unwrap(), true).unwrap_err();
    assert_eq!(
        refusal.origin,
        Origin::Request("SUBSCRIPTION_NOT_SUPPORTED")
    );
    let queries_only = "type Query { a: Int }";
    let queries_only = Schema::parse_and_validate(queries_only, "api.graphql").unwrap();
    let text = "query Q { a }\nsubscription S { b }";
    let errors = Document::parse(&queries_only, text, &Limits::default()).unwrap_err();
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert_eq!(code(&errors), "SUBSCRIPTION_NOT_SUPPORTED");
    assert_eq!(
        (errors[0].locations[0].line, errors[0].locations[0].column),
        (2, 1)
    );
    for text in ["{ a { ... @defer { b } } }", "{ as @stream { b } }"] {
        assert_eq!(code(&refused(text)), "GRAPHQL_VALIDATION_FAILED", "{text}");
    }
}

fn coerce(declared: &str, values: Value) -> Result<Value, Vec<String>> {
    let text =
        format!("query({declared}) {{ a(filter: $f) {{ c(kind: $k) }} x: a(x: $x) {{ b }} }}");
    let document = Document::parse(&schema(), &text, &Limits::default()).unwrap();
    let operation = document.operation(None).unwrap();
    let values: JsonMap = serde_json::from_value(values).unwrap();
    coerce_variables(&schema(), &document, operation, &values)
        .map(|coerced| serde_json::to_value(coerced).unwrap())
        .map_err(|errors| errors.into_iter().map(|error| error.message).collect())
}

#[test]
fn variables_are_coerced() {
    let all = "$f: Filter, $k: Kind = TWO, $x: Int";
    assert_eq!(coerce(all, json!({"unknown": 1})), Ok(json!({"k": "TWO"})));
    assert_eq!(
        coerce(all, json!({"x": null, "k": "ONE"})),
        Ok(json!({"x": null, "k": "ONE"}))
    );
    assert_eq!(
        coerce(
            all,
            json!({"f": {"kinds": "ONE", "from": 3, "by": {"id": 7}}, "k": "ONE"})
        ),
        Ok(json!({"f": {"kinds": ["ONE"], "from": 3, "by": {"id": 7}}, "k": "ONE"}))
    );
    let whole = coerce(all, json!({"x": 1.0, "k": "ONE"})).unwrap();
    assert_eq!(whole["x"].to_string(), "1");
}

#[test]
fn a_float_is_what_a_double_holds() {
    let text = "query($f: Filter) { a(filter: $f) { b } }";
    let document = Document::parse(&schema(), text, &Limits::default()).unwrap();
    let operation = document.operation(None).unwrap();
    let coerced = |share: &str| {
        let values = read_variables(&format!(r#"{{"f":{{"from":1,"share":{share}}}}}"#)).unwrap();
        coerce_variables(&schema(), &document, operation, &values)
    };
    assert!(coerced("1e308").is_ok());
    for literal in ["1e400", "-1e400", &"9".repeat(400)] {
        for (text, place) in [
            (
                format!("{{\n a(filter: {{from: 1, share: {literal}}}) {{ b }} }}"),
                (2, 29),
            ),
            (
                format!(
                    "query($s: Float = {literal}) {{ a(filter: {{from: 1, share: $s}}) {{ b }} }}"
                ),
                (1, 19),
            ),
        ] {
            let errors = refused(&text);
            assert_eq!(code(&errors), "GRAPHQL_VALIDATION_FAILED");
            let shown: String = literal.chars().take(60).collect();
            let message = &errors[0].message;
            assert!(
                message.starts_with(&format!("Float cannot represent {shown}")),
                "{message}"
            );
            assert!(message.ends_with("up to about 1.8e308."), "{message}");
            let told = errors[0].locations[0];
            assert_eq!((told.line, told.column), place);
        }
    }
    let errors = coerced("-1e400").unwrap_err();
    assert_eq!(
        errors[0].message,
        "Variable `$f.share`: -1e400 was given, and `Float` needs a number that a double holds."
    );
}

#[test]
fn null_decides_nothing() {
    let text = "query($b: Boolean = true, $c: Int) { a(x: $c) { b @include(if: $b) } ...F } \
                fragment F on Query { b @skip(if: $b) }";
    let document = Document::parse(&schema(), text, &Limits::default()).unwrap();
    let operation = document.operation(None).unwrap();
    let coerced = |values: Value| {
        let values: JsonMap = serde_json::from_value(values).unwrap();
        coerce_variables(&schema(), &document, operation, &values)
    };
    let errors = coerced(json!({"b": null})).unwrap_err();
    assert_eq!(
        errors[0].message,
        "Variable `$b`: null was given, and `@skip` and `@include` need true or false."
    );
    assert_eq!(coerced(json!({})).unwrap().get("b"), Some(&true.into()));
    let text = "query($b: Boolean = null) { a { b @include(if: $b) } }";
    let null = Document::parse(&schema(), text, &Limits::default()).unwrap();
    let operation = null.operation(None).unwrap();
    let given = |values: Value| {
        let values: JsonMap = serde_json::from_value(values).unwrap();
        coerce_variables(&schema(), &null, operation, &values)
    };
    assert!(given(json!({})).is_err());
    assert!(given(json!({"b": false})).is_ok());
    assert!(coerced(json!({"c": null})).is_ok());
}

#[test]
fn every_misfit_variable_is_told_with_the_way_to_it() {
    let all = "$f: Filter!, $k: Kind, $x: Int!";
    assert_eq!(
        coerce(
            all,
            json!({
                "f": {"kinds": ["ONE", "THREE", null], "within": {"fro": 1}, "by": {}, "note": 7},
                "k": 5, "x": 2_147_483_648_i64,
            })
        ),
        Err(vec![
            "Variable `$f.by`: `By` takes exactly one field, and not null.".into(),
            "Variable `$f.kinds[1]`: \"THREE\" was given, and `Kind` is one of ONE, TWO.".into(),
            "Variable `$f.kinds[2]`: null was given, and `Kind!` cannot be null.".into(),
            "Variable `$f.note`: 7 was given, and `String` needs a string.".into(),
            "Variable `$f.within`: `Filter` has no field \"fro\" (did you mean \"from\"?).".into(),
            "Variable `$f.within`: the field `from` of `Filter` needs a value.".into(),
            "Variable `$f`: the field `from` of `Filter` needs a value.".into(),
            "Variable `$k`: 5 was given, and `Kind` is one of ONE, TWO.".into(),
            "Variable `$x`: 2147483648 was given, and `Int` needs a whole number of 32 bits."
                .into(),
        ])
    );
    assert_eq!(
        coerce(all, json!({"f": null})),
        Err(vec![
            "Variable `$f`: null was given, and `Filter!` cannot be null.".into(),
            "Variable `$x`: no value was given, and `Int!` needs one.".into(),
        ])
    );
    let nested = (0..200).fold(
        json!({"from": 1}),
        |inner, _| json!({"from": 1, "within": inner}),
    );
    let errors = coerce(all, json!({"f": nested, "x": 1})).unwrap_err();
    assert!(
        errors[0].ends_with("the value is nested more than 64 levels deep."),
        "{errors:?}"
    );
}
