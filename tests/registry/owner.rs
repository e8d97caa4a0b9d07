//! An owner changes and retires what is its own, whoever has come to depend on it; and nobody else's
//! source leaves for that.

use std::sync::Arc;

use upfront::{
    auth::Principal,
    registry::{
        level::Level,
        service::{PublishRequest, Registry},
    },
};

use crate::{
    registry::support::{
        BEDS, COTS, LINK, adding, because, expelled, principal, publish, registry, serves, written,
    },
    support::database::on_each_database,
};

const SHELTER: &str = "shelter: Int @tag(name: \"unclassified\")";
const READS_SHELTER: &str = "shelter: Int @external \
    tents: String @tag(name: \"unclassified\") @requires(fields: \"shelter\")";

/// A source with definitions of its own beside a field of `Situation`.
fn with(name: &str, field: &str, rest: &str) -> PublishRequest {
    let mut request = adding(name, field);
    request.sdl = Some(format!("{}\n{rest}", request.sdl.unwrap()));
    request
}

/// A source that has an enum as argument and result.
fn with_kinds(name: &str, values: &str) -> PublishRequest {
    let field = format!("{name}(kind: Kind): Kind @tag(name: \"unclassified\")");
    with(name, &field, &format!("enum Kind {{ {values} }}"))
}

/// A source that takes an input object.
fn with_input(name: &str, fields: &str) -> PublishRequest {
    let field = format!("{name}(where: In1): Int @tag(name: \"unclassified\")");
    with(name, &field, &format!("input In1 {{ {fields} }}"))
}

/// Without a reason it is refused, and both the refusal and `expelled` name who would leave; with one,
/// the check names them too, and the publication lets them leave.
async fn assert_published_with_a_reason(
    registry: &Arc<Registry>,
    by: &Principal,
    request: PublishRequest,
    leaving: &[(&str, &str)],
) {
    let names: Vec<_> = leaving.iter().map(|(source, _)| *source).collect();
    let refused = registry.publish(by, &request).await.unwrap();
    assert!(refused.published.is_none());
    let report = refused.checked.report;
    let [refusal] = report.refusals.as_slice() else {
        panic!("{report:?}");
    };
    assert_eq!(refusal.code, "BREAKING_WITHOUT_REASON");
    for (source, entity) in leaving {
        let whose = format!("`{source}` of {entity}");
        assert!(refusal.message.contains(&whose), "{refusal:?}");
    }
    assert!(refusal.help.contains("--allow-breaking REASON"));
    assert_eq!(expelled(&report), names);

    let request = because(request);
    let checked = registry.check(by, &request).await.unwrap();
    assert!(
        checked.report.refusals.is_empty(),
        "{:?}",
        checked.report.refusals
    );
    assert_eq!(expelled(&checked.report), names);
    let publication = publish(registry, by, &request).await;
    assert_eq!(expelled(&publication.checked.report), names);
    for source in names {
        let events = registry.store().events(source, 1).await.unwrap();
        assert_eq!(events[0].kind, "EXPELLED");
        let detail = events[0].detail.as_deref().unwrap();
        assert!(detail.contains(&format!("`{}`", request.name)), "{detail}");
    }
}

#[tokio::test]
async fn a_source_is_retired_though_others_require_its_field() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let (partner, other) = (principal("PARTNER"), principal("OTHER"));
        publish(&registry, &partner, &adding("shelter", SHELTER)).await;
        publish(&registry, &other, &adding("tents", READS_SHELTER)).await;
        publish(&registry, &principal("E0"), &adding("food", COTS)).await;

        let refused = registry.retire(&partner, "shelter", None).await.unwrap();
        assert!(!refused.is_done);
        let [refusal] = refused.report.refusals.as_slice() else {
            panic!("{:?}", refused.report);
        };
        assert_eq!(refusal.code, "BREAKING_WITHOUT_REASON");
        assert!(refusal.message.contains("`tents` of OTHER"), "{refusal:?}");
        assert_eq!(expelled(&refused.report), ["tents"]);

        let retired = registry.retire(&partner, "shelter", Some("moved")).await;
        let retired = retired.unwrap();
        assert!(retired.is_done, "{:?}", retired.report);
        assert_eq!(expelled(&retired.report), ["tents"]);
        assert!(!serves(&registry, "tents: String").await);
        assert!(serves(&registry, "cots: Int").await);
        let events = registry.store().events("tents", 1).await.unwrap();
        assert_eq!(events[0].kind, "EXPELLED");
        assert_eq!(
            events[0].detail.as_deref(),
            Some("it does not compose without `shelter`")
        );
    })
    .await;
}

#[tokio::test]
async fn a_field_is_removed_though_others_require_it() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let (partner, other) = (principal("PARTNER"), principal("OTHER"));
        publish(&registry, &partner, &adding("shelter", SHELTER)).await;
        publish(&registry, &other, &adding("tents", READS_SHELTER)).await;
        publish(&registry, &other, &adding("food", COTS)).await;
        let request = adding("shelter", BEDS);
        assert_published_with_a_reason(&registry, &partner, request, &[("tents", "OTHER")]).await;
        assert!(serves(&registry, "beds: Int").await && serves(&registry, "cots: Int").await);
    })
    .await;
}

#[tokio::test]
async fn a_value_is_added_to_an_enum_that_others_copied() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let (partner, other) = (principal("PARTNER"), principal("OTHER"));
        // Neither is the first version of its source.
        publish(&registry, &partner, &adding("shelter", BEDS)).await;
        publish(&registry, &other, &adding("tents", COTS)).await;
        let kinds = because(with_kinds("shelter", "A B"));
        publish(&registry, &partner, &kinds).await;
        let copy = format!("{COTS} tents(kind: Kind): Kind @tag(name: \"unclassified\")");
        let copy = with("tents", &copy, "enum Kind { A B }");
        publish(&registry, &other, &copy).await;
        // What leans on who has the copy is not held against the owner either.
        let third = "cots: Int @external \
            third: Int @requires(fields: \"cots\") @tag(name: \"unclassified\")";
        publish(&registry, &principal("E0"), &adding("third", third)).await;

        let more = with_kinds("shelter", "A B C");
        let leaving = [("tents", "OTHER"), ("third", "E0")];
        assert_published_with_a_reason(&registry, &partner, more, &leaving).await;
        assert!(serves(&registry, "C @join__enumValue").await);
        publish(&registry, &other, &with_kinds("tents", "A B C")).await;
    })
    .await;
}

#[tokio::test]
async fn what_a_copy_lacks_is_not_dropped_in_silence() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let (partner, other) = (principal("PARTNER"), principal("OTHER"));
        publish(&registry, &partner, &with_input("shelter", "a: Int")).await;
        publish(&registry, &other, &with_input("tents", "a: Int")).await;
        let more = with_input("shelter", "a: Int b: Int");
        assert_published_with_a_reason(&registry, &partner, more, &[("tents", "OTHER")]).await;
        assert!(serves(&registry, "b: Int").await);
    })
    .await;
}

#[tokio::test]
async fn an_argument_that_a_copy_lacks_is_not_dropped_in_silence() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let (partner, other) = (principal("PARTNER"), principal("OTHER"));
        let camp = |name: &str, arguments: &str| {
            let field = format!("{name}: Camp @tag(name: \"unclassified\")");
            let camp = format!("type Camp {{ size{arguments}: Int @shareable {OPEN} }}");
            with(name, &field, &camp)
        };
        publish(&registry, &partner, &camp("shelter", "(in: Int)")).await;
        publish(&registry, &other, &camp("tents", "(in: Int)")).await;
        let more = camp("shelter", "(in: Int of: Int)");
        assert_published_with_a_reason(&registry, &partner, more, &[("tents", "OTHER")]).await;
    })
    .await;
}

const OPEN: &str = "@tag(name: \"unclassified\")";

#[tokio::test]
async fn a_copied_type_is_closed_by_its_owner() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let (partner, other) = (principal("PARTNER"), principal("OTHER"));
        let camp = |name: &str, mark: &str| {
            let field = format!("{name}: Camp {mark}");
            let camp = format!("type Camp {{ size: Int @shareable {mark} }}");
            with(name, &field, &camp)
        };
        publish(&registry, &partner, &camp("shelter", OPEN)).await;
        publish(&registry, &other, &camp("tents", OPEN)).await;
        let closed = "@requiresScopes(scopes: [[\"clearance:confidential\"]])";
        let closed = camp("shelter", closed);
        assert_published_with_a_reason(&registry, &partner, closed, &[("tents", "OTHER")]).await;
    })
    .await;
}

#[tokio::test]
async fn a_copy_gives_no_leave_to_put_the_owner_out() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let (partner, other) = (principal("PARTNER"), principal("OTHER"));
        // The one who copies registered first, and had nothing of it then.
        publish(&registry, &other, &adding("tents", COTS)).await;
        publish(&registry, &partner, &with_kinds("shelter", "A B")).await;
        publish(&registry, &other, &because(with_kinds("tents", "A B"))).await;
        for values in ["A", "A B C"] {
            let request = because(with_kinds("tents", values));
            let refused = registry.publish(&other, &request).await.unwrap();
            assert!(refused.published.is_none(), "{values}");
            assert!(refused.checked.report.expelled.is_empty());
        }
        let retired = registry.retire(&other, "tents", Some("moved")).await;
        assert_eq!(expelled(&retired.unwrap().report), Vec::<String>::new());
        assert!(serves(&registry, "shelter(").await);
    })
    .await;
}

#[tokio::test]
async fn what_does_not_depend_on_a_source_does_not_leave_for_it() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let (partner, other) = (principal("PARTNER"), principal("OTHER"));
        publish(&registry, &partner, &with_kinds("shelter", "A B")).await;
        // It conflicts with what is another's, in ways that only composition sees.
        for (fields, rest) in [
            (BEDS, "enum Kind { A B C }"),
            (COTS, "type Kind { a: Int @tag(name: \"unclassified\") }"),
        ] {
            let field = format!("{fields} tents(kind: Kind): Int @tag(name: \"unclassified\")");
            let before = because(adding("tents", fields));
            publish(&registry, &other, &before).await;
            let request = because(with("tents", &field, rest));
            let refused = registry.publish(&other, &request).await.unwrap();
            assert!(refused.published.is_none());
            assert!(refused.checked.report.expelled.is_empty());
        }
        assert!(serves(&registry, "shelter(").await);
    })
    .await;
}

#[tokio::test]
async fn who_depends_on_a_dependent_does_not_leave_for_a_clash_of_its_own() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let (partner, other) = (principal("PARTNER"), principal("OTHER"));
        // `food` depends on `tents`, which depends on `shelter`.
        publish(&registry, &partner, &adding("shelter", SHELTER)).await;
        publish(&registry, &partner, &adding("tents", READS_SHELTER)).await;
        let food = "tents: String @external food(kind: Kind): Kind \
            @requires(fields: \"tents\") @tag(name: \"unclassified\")";
        let food = with("food", food, "enum Kind { A B C }");
        publish(&registry, &other, &food).await;
        // What `shelter` takes of `food` without a value gives it no leave to put `food` out.
        let copy = format!("{SHELTER} shelters(kind: Kind): Kind @tag(name: \"unclassified\")");
        let copy = because(with("shelter", &copy, "enum Kind { A B }"));
        let refused = registry.publish(&partner, &copy).await.unwrap();
        assert!(refused.published.is_none(), "{:#?}", refused.checked.report);
        assert!(refused.checked.report.expelled.is_empty());
        assert!(serves(&registry, "food(").await);
    })
    .await;
}

#[tokio::test]
async fn a_new_field_puts_nobody_out_whose_context_it_leads_on() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let (partner, other) = (principal("PARTNER"), principal("OTHER"));
        let link = LINK
            .replace("v2.5", "v2.8")
            .replace("\"@key\"", "\"@key\", \"@context\", \"@fromContext\"");
        let source = |name: &str, types: &str| {
            let mut request = adding(name, "");
            request.sdl = Some(format!("{link}\n{types}"));
            request
        };
        let camp = format!("@key(fields: \"id\") {{ id: ID! {OPEN}");
        let camps = format!(
            "type Camp {camp} of(name: String @fromContext(field: \"$yard {{ name }}\")): String \
             {OPEN} }} type Yard @key(fields: \"id\") @context(name: \"yard\") {{ id: ID! {OPEN} \
             name: String {OPEN} camps: [Camp] {OPEN} }} type Query {{ yards: [Yard] {OPEN} }}"
        );
        publish(&registry, &partner, &source("camps", &camps)).await;

        let closed = "@requiresScopes(scopes: [[\"clearance:confidential\"]])";
        let leading = |mark: &str| {
            let ty = format!(
                "type Yard @key(fields: \"id\") {{ id: ID! {OPEN} worst: Camp {mark} }} \
                 type Camp @key(fields: \"id\", resolvable: false) {{ id: ID! {OPEN} }}"
            );
            because(source("leading", &ty))
        };
        let refused = registry.publish(&other, &leading(closed)).await.unwrap();
        let report = refused.checked.report;
        assert!(refused.published.is_none() && report.expelled.is_empty());
        let [refusal] = report.refusals.as_slice() else {
            panic!("{report:?}");
        };
        assert_eq!(refusal.code, "BREAKS_FOREIGN");
        assert_eq!(refusal.coordinate.as_deref(), Some("Yard.worst"));
        assert!(
            refusal.message.contains("`camps` of PARTNER"),
            "{refusal:?}"
        );

        // Nor in two steps: the context was there first.
        publish(&registry, &other, &leading(OPEN)).await;
        let refused = registry.publish(&other, &leading(closed)).await.unwrap();
        assert!(refused.published.is_none() && refused.checked.report.expelled.is_empty());
        assert!(serves(&registry, "yards").await);

        // Where the field was there first, its owner may make it classified.
        let argument = "(name: String @fromContext(field: \"$yard { name }\"))";
        let without = because(source("camps", &camps.replace(argument, "")));
        publish(&registry, &partner, &without).await;
        publish(&registry, &partner, &because(source("camps", &camps))).await;
        let publication = publish(&registry, &other, &leading(closed)).await;
        assert_eq!(expelled(&publication.checked.report), ["camps"]);
    })
    .await;
}

#[tokio::test]
async fn a_new_type_of_hidden_records_puts_nobody_out_who_reads_its_interface() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let (partner, other) = (principal("PARTNER"), principal("OTHER"));
        let source = |name: &str, types: &str| {
            let mut request = adding(name, "");
            request.sdl = Some(format!("{LINK}\n{}", types.replace("OPEN", OPEN)));
            request
        };
        let theirs = "interface I { n: Int OPEN } type O implements I { n: Int OPEN } \
            type T @key(fields: \"id\") { id: ID! OPEN i: I OPEN } type Query { ts: T OPEN }";
        publish(&registry, &partner, &source("things", theirs)).await;
        let reader = "interface I { n: Int OPEN } type O implements I { n: Int @external } \
            type T @key(fields: \"id\") { id: ID! OPEN i: I @external \
            x: Int @requires(fields: \"i { ... on O { n } }\") OPEN }";
        publish(&registry, &principal("E0"), &source("reader", reader)).await;
        let new = "interface I { n: Int OPEN } interface Node { id: ID! OPEN } \
            type C implements I & Node @key(fields: \"id\") { id: ID! OPEN n: Int OPEN }";
        let new = because(source("new", new));
        let refused = registry.publish(&other, &new).await.unwrap();
        let report = refused.checked.report;
        assert!(refused.published.is_none() && report.expelled.is_empty());
        assert_eq!(report.refusals[0].code, "BREAKS_FOREIGN", "{report:?}");
        assert!(serves(&registry, "x: Int").await);
    })
    .await;
}

#[tokio::test]
async fn a_context_on_types_of_another_keeps_their_owner_from_nothing() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let (partner, other) = (principal("PARTNER"), principal("OTHER"));
        let forest = |parent: &str| {
            because(written(
                "forests",
                &format!(
                    "type Query {{ forests: [Forest] OPEN }} \
                     type Forest @key(fields: \"id\") {{ id: ID! OPEN wood: Wood OPEN }} \
                     type Wood @key(fields: \"id\") {{ id: ID! OPEN n: Int OPEN {parent} }}"
                ),
            ))
        };
        publish(&registry, &partner, &forest("")).await;
        let reader = "type Forest @key(fields: \"id\") @context(name: \"c\") { id: ID! OPEN word: String OPEN } \
            type Wood @key(fields: \"id\") { id: ID! OPEN \
            w(a: String @fromContext(field: \"$c { word }\")): String OPEN }";
        publish(&registry, &other, &because(written("reader", reader))).await;
        let publication = publish(&registry, &partner, &forest("parent: Wood CLOSED")).await;
        assert_eq!(expelled(&publication.checked.report), ["reader"]);
    })
    .await;
}

#[tokio::test]
async fn what_is_newer_than_a_reader_puts_it_out_in_no_number_of_steps() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let (partner, other) = (principal("PARTNER"), principal("OTHER"));
        let theirs = "interface I { f: Int OPEN } type O implements I { f: Int OPEN } \
            type T @key(fields: \"id\") { id: ID! OPEN i: I OPEN } type Query { ts: T OPEN }";
        publish(&registry, &partner, &because(written("things", theirs))).await;
        let reader = "interface I { f: Int OPEN } type O implements I { f: Int @external } \
            type T @key(fields: \"id\") { id: ID! OPEN i: I @external \
            x: Int @requires(fields: \"i { f }\") OPEN }";
        publish(&registry, &partner, &because(written("reader", reader))).await;
        let evil = |public: &str| {
            let types = format!(
                "interface Node {{ id: ID! OPEN }} interface I {{ f: Int OPEN }} \
                 type Evil implements I & Node @key(fields: \"id\") {{ id: ID! OPEN {public} f: Int OPEN }}"
            );
            because(written("evil", &types))
        };
        let public = "@tag(name: \"public\")";
        publish(&registry, &other, &evil(public)).await;
        let refused = registry.publish(&other, &evil("")).await.unwrap();
        let report = refused.checked.report;
        assert!(refused.published.is_none() && report.expelled.is_empty());
        assert_eq!(report.refusals[0].code, "BREAKS_FOREIGN", "{report:?}");
        assert!(serves(&registry, "x: Int").await);
    })
    .await;
}

#[tokio::test]
async fn a_name_that_is_nearly_anothers_is_no_fault_of_what_is_served() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let (partner, other) = (principal("PARTNER"), principal("OTHER"));
        let house = |level: &str| {
            let types = format!("type Warehouse @key(fields: \"id\") {{ id: ID! OPEN n: Int {level} }}");
            because(written("stock", &types))
        };
        publish(&registry, &partner, &house("OPEN")).await;
        let near = "type Warehousee @key(fields: \"id\") { id: ID! OPEN } type Query { near: Warehousee OPEN }";
        publish(&registry, &other, &because(written("near", near))).await;
        publish(&registry, &partner, &house("CLOSED")).await;
    })
    .await;
}

#[tokio::test]
async fn of_those_who_cannot_stay_together_the_one_leaves_that_leans_on_what_is_gone() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let (partner, victim) = (principal("PARTNER"), principal("OTHER"));
        // `lift` leads to the key of `hut`. The newest source leads to the type, and names nothing of
        // theirs.
        let thing = |keys: &str, fields: &str| format!("type Thing {keys} {{ {fields} }}");
        let by_id = "@key(fields: \"id\")";
        let source = |name: &str, definitions: &[String]| {
            let mut request = adding(name, "");
            request.sdl = Some(format!("{LINK}\n{}", definitions.join("\n")));
            request.default_level = Some(Level::Unclassified);
            request
        };
        let both = format!("{by_id} @key(fields: \"code\")");
        let base = thing(by_id, "id: ID! name: String");
        publish(&registry, &victim, &source("base", &[base])).await;
        let lift = source("lift", &[thing(&both, "id: ID! code: ID!")]);
        publish(&registry, &partner, &lift).await;
        let hut = thing("@key(fields: \"code\")", "code: ID! rooms: Int");
        publish(&registry, &principal("E0"), &source("hut", &[hut])).await;
        let way = [
            thing(by_id, "id: ID! size: Int"),
            "type Query { thing: Thing }".to_owned(),
        ];
        publish(&registry, &victim, &source("way", &way)).await;

        let retired = registry.retire(&partner, "lift", Some("moved")).await;
        let retired = retired.unwrap();
        assert!(retired.is_done, "{:?}", retired.report);
        assert_eq!(expelled(&retired.report), ["hut"]);
        assert!(serves(&registry, "thing: Thing").await);
    })
    .await;
}

/// Both name one scalar, which does not make the one source a copy of the other.
#[tokio::test]
async fn a_name_in_common_lets_no_one_redefine_what_is_anothers() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let (partner, other) = (principal("PARTNER"), principal("OTHER"));
        let mine = "scalar JSON type Query { pa: JSON OPEN }";
        publish(&registry, &partner, &written("pa", mine)).await;
        let vault = "scalar JSON type Query { vault: Vault OPEN } \
            type Vault { size: Int OPEN secret: Int CLOSED extra: JSON OPEN } \
            enum Unit { CM M } type Box { unit: Unit @shareable OPEN }";
        publish(&registry, &other, &written("pv", vault)).await;
        for taken in [
            "type Vault { size: String OPEN secret: Int OPEN }",
            "type Vault { extra: String OPEN }",
            "type Vault { size: Int OPEN }",
            "type Box { unit: [Unit] @shareable OPEN } enum Unit { CM M }",
            "type Vault { near(unit: Unit): Int OPEN } enum Unit { CM }",
        ] {
            let types =
                format!("scalar JSON type Query {{ pa: JSON OPEN pv: Vault OPEN }} {taken}");
            let types = if taken.contains("Vault") {
                types
            } else {
                types.replace("pv: Vault", "pv: Box")
            };
            let request = because(written("pa", &types));
            let refused = registry.publish(&partner, &request).await.unwrap();
            let report = refused.checked.report;
            let is_refused = refused.published.is_none() && report.expelled.is_empty();
            assert!(is_refused, "{taken}: {report:?}");
        }
    })
    .await;
}
