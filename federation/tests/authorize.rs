//! What grants leave of an operation, and that callers share a plan only where the same is left.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::fmt::Write as _;

use federation::{
    authorize::{AuthorizedOperation, Requirements, authorize},
    compose::compose,
    grants::Grants,
    index::{Index, Selected, SelectionSet},
    operation::{Booleans, Document, Limits, normalize},
    response::Withheld,
    subgraph::SubgraphInput,
    supergraph::Supergraph,
};

const OPEN: &str = r#"
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.6",
        import: ["@key", "@shareable", "@requiresScopes", "@authenticated", "@policy"])
    type Query {
        area: Area
        secretAgent: Agent
        any: [Thing]
        either: [Either]
        me: String @authenticated
        rule: Int @policy(policies: [["p", "q"], ["r"]])
    }
    interface Thing { id: ID! }
    type Area implements Thing @key(fields: "id") {
        id: ID!
        name: String
        status: String @requiresScopes(scopes: [["c"]])
        code: Code
        coded: Coded
    }
    type Agent @requiresScopes(scopes: [["c"], ["s"]]) { id: ID! name: String @requiresScopes(scopes: [["s"]]) }
    type Report { id: ID! text: String }
    union Either = Report | Agent
    scalar Code @requiresScopes(scopes: [["c"]])
    enum Coded @authenticated { A B }
"#;

const KEYED: &str = r#"
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.6",
        import: ["@key", "@external", "@requires", "@requiresScopes"])
    type Area @key(fields: "id") {
        id: ID!
        status: String @external
        label: String @requires(fields: "status") @requiresScopes(scopes: [["c"]])
        public: Int
    }
"#;

struct Graph {
    supergraph: Supergraph,
    index: Index,
    requirements: Requirements,
}

fn graph() -> Graph {
    graph_of(&[("open", OPEN), ("keyed", KEYED)])
}

fn graph_of(subgraphs: &[(&str, &str)]) -> Graph {
    let inputs = subgraphs.iter().map(|(name, sdl)| SubgraphInput {
        name: (*name).into(),
        url: String::new(),
        sdl: (*sdl).into(),
    });
    let (composed, diagnostics) = compose(&inputs.collect::<Vec<_>>());
    let composed = composed.unwrap_or_else(|| panic!("{diagnostics:?}"));
    let supergraph = Supergraph::parse(&composed.supergraph_sdl).unwrap();
    let index = Index::new(&supergraph).unwrap();
    Graph {
        requirements: Requirements::new(&index),
        supergraph,
        index,
    }
}

fn grants(scopes: &[&str]) -> Grants {
    Grants {
        authenticated: !scopes.is_empty(),
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        ..Grants::default()
    }
}

impl Graph {
    fn document(&self, text: &str) -> Document {
        let schema = &self.supergraph.api_schema;
        Document::parse(schema, text, &Limits::default()).unwrap_or_else(|it| panic!("{it:?}"))
    }

    fn authorize(&self, text: &str, grants: &Grants) -> (AuthorizedOperation, Vec<Withheld>) {
        let document = self.document(text);
        let operation = document.operation(None).unwrap();
        let executable = document.executable();
        let relevant = self
            .requirements
            .relevant(&self.index, executable, operation);
        let satisfied = self.requirements.satisfied(&relevant, grants);
        let booleans = Booleans::default();
        let normalized = normalize(&self.index, executable, operation, &booleans).unwrap();
        authorize(&self.index, &self.requirements, &satisfied, normalized)
    }

    /// What is left, one line, and what is withheld.
    fn left(&self, text: &str, scopes: &[&str]) -> (String, Vec<String>) {
        let (authorized, withheld) = self.authorize(text, &grants(scopes));
        let mut out = String::new();
        self.show(&authorized.operation().selection_set, &mut out);
        let withheld = withheld
            .iter()
            .map(|one| format!("{}: {:?}{:?}", one.path.join("."), one.scopes, one.policies));
        (out, withheld.collect())
    }

    fn show(&self, set: &SelectionSet, out: &mut String) {
        out.push('{');
        for (at, selection) in set.selections.iter().enumerate() {
            let space = if at > 0 { " " } else { "" };
            let mark = if selection.is_withheld { "-" } else { "" };
            write!(out, "{space}{mark}{}", selection.response_name).unwrap();
            if !selection.is_abstract {
                let types = selection
                    .types
                    .iter()
                    .map(|id| self.index.type_(id).name.as_str());
                write!(out, "[{}]", types.collect::<Vec<_>>().join(" ")).unwrap();
            }
            if let Selected::Field(field) = &selection.selected
                && let Some(set) = &field.selection_set
            {
                self.show(set, out);
            }
        }
        out.push('}');
    }
}

#[test]
fn a_field_is_withheld_once_with_what_it_needs() {
    let graph = graph();
    let query = "{ area { name status state: status } }";
    assert_eq!(
        graph.left(query, &["c"]),
        ("{area{name status state}}".into(), vec![])
    );
    assert_eq!(
        graph.left(query, &["s"]),
        (
            "{area{name -status -state}}".into(),
            vec![
                "area.status: [[\"c\"]][]".into(),
                "area.state: [[\"c\"]][]".into()
            ]
        )
    );
}

#[test]
fn the_type_of_a_field_counts() {
    let graph = graph();
    assert_eq!(
        graph.left("{ area { id code coded } secretAgent { id name } }", &[]),
        (
            "{area{id -code -coded} -secretAgent{}}".into(),
            vec![
                "area.code: [[\"c\"]][]".into(),
                "area.coded: [][]".into(),
                "secretAgent: [[\"c\"], [\"s\"]][]".into(),
            ]
        )
    );
    assert_eq!(
        graph.left("{ secretAgent { id name } }", &["c"]),
        (
            "{secretAgent{id -name}}".into(),
            vec!["secretAgent.name: [[\"s\"]][]".into()]
        )
    );
}

#[test]
fn objects_of_a_withheld_type_are_null_and_nothing_is_asked_of_them() {
    let graph = graph();
    let query = "{ either { __typename ... on Report { text } ... on Agent { id } } }";
    assert_eq!(
        graph.left(query, &[]),
        (
            "{either{__typename[Report] text[Report]}}".into(),
            vec!["either: [[\"c\"], [\"s\"]][]".into()]
        )
    );
    let (authorized, _) = graph.authorize(query, &grants(&[]));
    let agent = graph.index.find_type("Agent").unwrap();
    assert_eq!(
        authorized.withheld_types().iter().collect::<Vec<_>>(),
        [agent]
    );
}

#[test]
fn policies_and_being_known_count() {
    let graph = graph();
    let nobody = graph.left("{ me rule }", &[]);
    assert_eq!(
        nobody,
        (
            "{-me -rule}".into(),
            vec![
                "me: [][]".into(),
                "rule: [][[\"p\", \"q\"], [\"r\"]]".into()
            ]
        )
    );
    let held = Grants {
        policies: ["r".to_owned()].into(),
        ..grants(&["x"])
    };
    assert!(graph.authorize("{ me rule }", &held).1.is_empty());
    let all = Grants {
        unrestricted: true,
        ..Grants::default()
    };
    let everything = "{ me rule area { status code } secretAgent { name } }";
    assert!(graph.authorize(everything, &all).1.is_empty());
}

#[test]
fn the_policies_of_an_operation_are_those_of_what_it_may_read() {
    const RULED: &str = r#"
        extend schema @link(url: "https://specs.apollo.dev/federation/v2.6", import: ["@key", "@policy"])
        type Query { area: Area either: Either }
        type Area @key(fields: "id") {
            id: ID!
            status: String @policy(policies: [["p", "q"], ["r"]])
            seen: String @policy(policies: [["s"]])
        }
        union Either = Area | Agent
        type Agent @policy(policies: [["agent"]]) { name: String }
    "#;
    const READER: &str = r#"
        extend schema @link(url: "https://specs.apollo.dev/federation/v2.6",
            import: ["@key", "@external", "@requires", "@policy"])
        type Area @key(fields: "id") {
            id: ID!
            status: String @external
            label: String @requires(fields: "status") @policy(policies: [["p", "q"], ["r"]])
        }
    "#;
    let policies = |subgraphs: &[(&str, &str)], text: &str| -> String {
        let graph = graph_of(subgraphs);
        let document = graph.document(text);
        let operation = document.operation(None).unwrap();
        let executable = document.executable();
        let relevant = graph
            .requirements
            .relevant(&graph.index, executable, operation);
        let policies = graph.requirements.policies(&relevant);
        policies.into_iter().collect::<Vec<_>>().join(" ")
    };
    let alone = |text: &str| policies(&[("ruled", RULED)], text);
    assert_eq!(alone("{ area { id } }"), "");
    assert_eq!(alone("{ area { seen } }"), "s");
    assert_eq!(
        alone("{ area { ...A } } fragment A on Area { status seen }"),
        "p q r s"
    );
    assert_eq!(alone("{ either { __typename } }"), "agent");
    // What `@requires` reads may be read for any operation.
    let both = |text: &str| policies(&[("ruled", RULED), ("reader", READER)], text);
    assert_eq!(both("{ area { id } }"), "p q r");
    assert_eq!(both("{ area { seen } }"), "p q r s");
}

#[test]
fn hidden_selections_may_not_read_it_either() {
    let graph = graph();
    let area = graph.index.find_type("Area").unwrap();
    let status = graph.index.find_field(area, "status").unwrap();
    let id = graph.index.find_field(area, "id").unwrap();
    let query = "{ area { public } }";
    let (without, _) = graph.authorize(query, &grants(&[]));
    assert!(without.forbidden().contains(status) && !without.forbidden().contains(id));
    let (with, _) = graph.authorize(query, &grants(&["c"]));
    assert!(!with.forbidden().contains(status));
}

#[test]
fn plans_are_shared_exactly_where_the_same_requirements_are_met() {
    let graph = graph();
    let document = graph.document("{ area { name } any { id } }");
    let operation = document.operation(None).unwrap();
    let executable = document.executable();
    let relevant = graph
        .requirements
        .relevant(&graph.index, executable, operation);
    let satisfied = |scopes: &[&str]| graph.requirements.satisfied(&relevant, &grants(scopes));
    assert_eq!(
        satisfied(&["x"]),
        satisfied(&["y", "s"]),
        "no field of it asks for these"
    );
    assert_ne!(
        satisfied(&["x"]),
        satisfied(&["c"]),
        "a hidden selection may ask for `status`"
    );
}
