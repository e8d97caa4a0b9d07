//! What a source reads of the embedded ones beside marked fields: values that only classified fields
//! lead to, and fields of records that not every caller may know of.

use std::{collections::BTreeSet, sync::LazyLock};

use federation::budget::Interrupt;
use upfront::registry::{
    check::{Candidate, Composed, Member, check, compose_members},
    rules::Refusal,
};

use crate::registry::support::LINK;

static EMBEDDED: LazyLock<Composed> = LazyLock::new(|| {
    let sources = upfront::embedded::sources();
    let members: Vec<_> = sources
        .iter()
        .map(|source| member(source.name(), &source.name().to_uppercase(), source.sdl()))
        .collect();
    let (supergraph_sdl, diagnostics) = compose_members(&members, &Interrupt::default());
    assert!(supergraph_sdl.is_some(), "{diagnostics:?}");
    Composed {
        members,
        supergraph_sdl,
    }
});

fn member(name: &str, entity: &str, sdl: String) -> Member {
    Member {
        name: name.to_owned(),
        entity: entity.to_owned(),
        url: format!("https://{name}.example.org/graphql"),
        sdl,
        history: None,
    }
}

/// Types with the directives that they use, those of contexts only where there are some.
fn linked(types: &str) -> String {
    let link = if types.contains("@context") {
        LINK.replace("v2.5", "v2.9")
            .replace("\"@key\"", "\"@key\", \"@context\", \"@fromContext\"")
    } else {
        LINK.to_owned()
    };
    format!("{link}\n{types}\n")
}

/// The codes of what stands against a source with these types.
fn codes(types: &str) -> BTreeSet<&'static str> {
    codes_beside(&EMBEDDED, types)
}

fn codes_beside(others: &Composed, types: &str) -> BTreeSet<&'static str> {
    codes_of("RELIEF", others, types)
}

fn codes_of(entity: &str, others: &Composed, types: &str) -> BTreeSet<&'static str> {
    let refusals = refusals_of(entity, others, types);
    refusals.iter().map(|each| each.code.as_str()).collect()
}

fn refusals_of(entity: &str, others: &Composed, types: &str) -> Vec<Refusal> {
    let findings = check(
        others,
        &Candidate {
            member: member("tents", entity, linked(types)),
            default_level: None,
            allow_non_null: None,
            allow_breaking: None,
            consents: Vec::new(),
        },
        &Interrupt::default(),
    );
    findings.refusals
}

const WITHOUT_CONSENT: &str = "REQUIRES_WITHOUT_CONSENT";
const ABOVE_LEVEL: &str = "REQUIRES_ABOVE_LEVEL";

#[test]
fn a_value_is_as_sensitive_as_what_leads_to_it() {
    for types in [
        r#"type Count @key(fields: "value") { value: Int gloss: String @tag(name: "unclassified") }"#,
        r#"type ReportingGap @key(fields: "note") { note: String gloss: String @tag(name: "unclassified") }"#,
        r#"type Count @shareable { value: Int }
           type CasualtyCount @key(fields: "killed{value}") { killed: Count! @external gloss: String @tag(name: "unclassified") }"#,
        r#"type Count @key(fields: "unit") { unit: String! value: Int @external
             gloss: String @tag(name: "unclassified") @requires(fields: "value") }"#,
        r#"type PageInfo @key(fields: "startCursor endCursor") { startCursor: String endCursor: String
             gloss: String @tag(name: "unclassified") }"#,
    ] {
        let codes = codes(types);
        assert!(codes.contains(WITHOUT_CONSENT), "{types}: {codes:?}");
        assert!(codes.contains(ABOVE_LEVEL), "{types}: {codes:?}");
    }
}

#[test]
fn a_refusal_says_what_takes_consent() {
    let types = r#"type Situation @key(fields: "id") { id: ID! isPublic: Boolean! @external
        gloss: String @tag(name: "unclassified") @requires(fields: "isPublic") }"#;
    let refusals = refusals_of("RELIEF", &EMBEDDED, types);
    let mut consents = refusals
        .iter()
        .filter(|each| each.code.as_str() == WITHOUT_CONSENT);
    let refusal = consents.next().unwrap();
    let why = "not classified, since not every caller may know of the record that it is of:";
    assert!(refusal.message.contains(why), "{refusal:?}");
}

#[test]
fn a_record_that_is_hidden_from_some_tells_nothing_but_its_id() {
    for types in [
        r#"type Situation @key(fields: "id") { id: ID! isPublic: Boolean! @external
             gloss: String @tag(name: "unclassified") @requires(fields: "isPublic") }"#,
        r#"type Situation @key(fields: "id isPublic") { id: ID! isPublic: Boolean! @external
             gloss: String @tag(name: "unclassified") }"#,
        r#"type Party @key(fields: "id") { id: ID! name: String! @external
             gloss: String @tag(name: "unclassified") @requires(fields: "name") }"#,
    ] {
        let codes = codes(types);
        assert!(codes.contains(WITHOUT_CONSENT), "{types}: {codes:?}");
    }
}

#[test]
fn what_everyone_may_know_of_is_read_without_consent() {
    for types in [
        r#"type Situation @key(fields: "id") { id: ID! gloss: String @tag(name: "unclassified") }"#,
        r#"type Area @key(fields: "id") { id: ID! m49: String @external
             gloss: String @tag(name: "unclassified") @requires(fields: "m49") }"#,
    ] {
        assert_eq!(codes(types), BTreeSet::new(), "{types}");
    }
}

#[test]
fn a_key_of_a_third_source_makes_no_record_of_a_value() {
    let mut others = EMBEDDED.clone();
    let sdl = format!(
        "{LINK}\ntype Count @key(fields: \"unit\", resolvable: false) {{ unit: String! @shareable }}\n\
         type Query {{ camps: Count @tag(name: \"unclassified\") }}\n"
    );
    others.members.push(member("camps", "OTHER", sdl));
    let types = r#"type Count @key(fields: "value") { value: Int gloss: String @tag(name: "unclassified") }"#;
    let codes = codes_beside(&others, types);
    assert!(codes.contains(WITHOUT_CONSENT), "{codes:?}");
}

#[test]
fn a_key_that_a_third_source_names_gives_no_field_away() {
    let mut others = EMBEDDED.clone();
    let sdl = format!(
        "{LINK}\ntype Situation @key(fields: \"id isPublic\", resolvable: false) {{ id: ID! \
         isPublic: Boolean! @external }}\n\
         type Query {{ camps: Situation @tag(name: \"unclassified\") }}\n"
    );
    others.members.push(member("camps", "OTHER", sdl));
    let types = r#"type Situation @key(fields: "id") { id: ID! isPublic: Boolean! @external
        gloss: String @tag(name: "unclassified") @requires(fields: "isPublic") }"#;
    let codes = codes_beside(&others, types);
    assert!(codes.contains(WITHOUT_CONSENT), "{codes:?}");
}

#[test]
fn what_values_tell_of_records_is_not_read_from_them() {
    for types in [
        r#"type SituationEdge @key(fields: "cursor") { cursor: String! @external gloss: String @tag(name: "unclassified") }"#,
        r#"type ReportingGap @key(fields: "__typename") { gloss: String @tag(name: "unclassified") }"#,
        r#"type Situation @key(fields: "id") { id: ID! }
           type SituationConnection @key(fields: "nodes { id }") { nodes: [Situation!]! @external
             gloss: String @tag(name: "unclassified") }"#,
        r#"type SituationConnection @key(fields: "totalCount") { totalCount: Int @external
             gloss: String @tag(name: "unclassified") }"#,
    ] {
        let codes = codes(types);
        assert!(codes.contains(WITHOUT_CONSENT), "{types}: {codes:?}");
    }
}

#[test]
fn a_tag_of_ones_own_makes_no_record_public() {
    let mut others = EMBEDDED.clone();
    let sdl = format!(
        "{LINK}\ntype Situation @key(fields: \"id\") {{ id: ID! \
         camps: Int @tag(name: \"unclassified\") @tag(name: \"public\") }}\n"
    );
    others.members.push(member("camps", "OTHER", sdl));
    let types = r#"type Situation @key(fields: "id") { id: ID! isPublic: Boolean! @external
        gloss: String @tag(name: "unclassified") @requires(fields: "isPublic") }"#;
    let codes = codes_beside(&others, types);
    assert!(codes.contains(WITHOUT_CONSENT), "{codes:?}");
}

#[test]
fn a_value_in_a_key_of_its_owner_is_still_its_owners() {
    let mut others = EMBEDDED.clone();
    let closed = r#"@requiresScopes(scopes: [["clearance:strictly-confidential"]])"#;
    let sdl = format!(
        "{LINK}\ntype Situation @key(fields: \"id\") {{ id: ID! site: Site @tag(name: \"unclassified\") \
         hidden: Loc {closed} }}\n\
         type Site @key(fields: \"loc {{ code }}\") {{ loc: Loc @tag(name: \"unclassified\") \
         n: Int @tag(name: \"unclassified\") }}\n\
         type Loc {{ code: String @tag(name: \"unclassified\") }}\n"
    );
    others.members.push(member("camps", "OTHER", sdl));
    for types in [
        format!(
            "type Loc @key(fields: \"code\") {{ code: String @external gloss: String {closed} }}"
        ),
        format!("type Loc @key(fields: \"__typename\") {{ gloss: String {closed} }}"),
    ] {
        let codes = codes_beside(&others, &types);
        assert!(codes.contains(WITHOUT_CONSENT), "{types}: {codes:?}");
    }
}

#[test]
fn a_context_tells_what_its_object_was_reached_from() {
    let closed = r#"@requiresScopes(scopes: [["clearance:strictly-confidential"]])"#;
    let open = "@tag(name: \"unclassified\")";
    for types in [
        // Of a record above, by its key alone, and by a field of one's own.
        format!(
            r#"type Situation @key(fields: "id") @context(name: "s") {{ id: ID! }}
               type Party @key(fields: "id") {{ id: ID! gloss(a: ID @fromContext(field: "$s {{ id }}")): String {open} }}"#
        ),
        format!(
            r#"type Situation @key(fields: "id") @context(name: "s") {{ id: ID! own: ID {open} }}
               type Area @key(fields: "id") @context(name: "s") {{ id: ID! own: ID {open}
                 gloss(a: ID @fromContext(field: "$s {{ own }}")): String {open} }}"#
        ),
        // Of a type of one's own, from which another's fields lead on.
        format!(
            r#"type Query {{ rel: Rel {open} }}
               type Rel @context(name: "r") {{ rid: ID {open} s: Situation {open} }}
               type Situation @key(fields: "id") {{ id: ID! }}
               type Area @key(fields: "id") {{ id: ID! gloss(a: ID @fromContext(field: "$r {{ rid }}")): String {open} }}"#
        ),
    ] {
        let codes = codes(&types);
        assert!(codes.contains(WITHOUT_CONSENT), "{types}: {codes:?}");
        assert!(codes.contains(ABOVE_LEVEL), "{types}: {codes:?}");
        let high = types.replace(&format!("String {open}"), &format!("String {closed}"));
        assert!(!self::codes(&high).contains(ABOVE_LEVEL), "{high}");
    }
}

#[test]
fn a_context_between_ones_own_types_needs_no_consent() {
    let open = "@tag(name: \"unclassified\")";
    let types = format!(
        r#"type Situation @key(fields: "id") @context(name: "s") {{ id: ID! camps: [Camp] {open} }}
           type Camp @key(fields: "cid") {{ cid: ID! {open}
             name(of: ID @fromContext(field: "$s {{ id }}")): String {open} }}"#
    );
    assert_eq!(codes(&types), BTreeSet::new());
}

#[test]
fn pages_behind_interfaces_and_unions_are_those_of_hidden_records() {
    let of_interface = "interface Page { total: Int OPEN } \
         type CampPage implements Page { total: Int OPEN nodes: [Situation!] OPEN }";
    let of_union =
        "type Page { total: Int OPEN nodes: [Some!] OPEN } union Some = Situation | Party";
    for (pages, own) in [
        (of_interface, "interface Page { total: Int OPEN }"),
        (of_union, "type Page { total: Int @external }"),
    ] {
        let open = |text: &str| text.replace("OPEN", "@tag(name: \"unclassified\")");
        let mut others = EMBEDDED.clone();
        let sdl = format!(
            "{LINK}\ntype Situation @key(fields: \"id\") {{ id: ID! }} \
             type Party @key(fields: \"id\") {{ id: ID! }} \
             type Area @key(fields: \"id\") {{ id: ID! pages: Page OPEN }} {pages}\n"
        );
        others.members.push(member("camps", "OTHER", open(&sdl)));
        let types = format!(
            "type Area @key(fields: \"id\") {{ id: ID! pages: Page @external \
             gloss: String OPEN @requires(fields: \"pages {{ total }}\") }} {own}"
        );
        let codes = codes_beside(&others, &open(&types));
        assert!(codes.contains(WITHOUT_CONSENT), "{types}: {codes:?}");
    }
}

#[test]
fn a_mark_of_one_entity_opens_no_field_of_another() {
    let open = "@tag(name: \"unclassified\")";
    let mut others = EMBEDDED.clone();
    let sheds = format!(
        "{LINK}\ntype Query {{ sheds: [Shed] {open} }} type Shed implements Node @key(fields: \"id\") \
         {{ id: ID! {open} @tag(name: \"public\") size: Int {open} }} interface Node {{ id: ID! {open} }}\n"
    );
    let notes =
        format!("{LINK}\ntype Shed @key(fields: \"id\") {{ id: ID! note: String {open} }}\n");
    others.members.push(member("sheds", "OTHER", sheds));
    others.members.push(member("notes", "THIRD", notes));
    let reading = |field: &str, ty: &str| {
        format!(
            "type Shed @key(fields: \"id\") {{ id: ID! {field}: {ty} @external \
             gloss: String {open} @requires(fields: \"{field}\") }}"
        )
    };
    let theirs = codes_beside(&others, &reading("note", "String"));
    assert!(theirs.contains(WITHOUT_CONSENT), "{theirs:?}");
    let marked = codes_beside(&others, &reading("size", "Int"));
    assert!(!marked.contains(WITHOUT_CONSENT), "{marked:?}");
}

#[test]
fn a_key_of_ones_own_is_as_sensitive_as_what_comes_in() {
    let types = r#"
        type Situation @key(fields: "id status") @key(fields: "id rk", resolvable: false) {
          id: ID! status: SituationStatus @external rk: String @tag(name: "unclassified") }
        enum SituationStatus { EMERGING ONGOING EASING CLOSED }
        type Query { rels: [Situation] @tag(name: "unclassified") }"#;
    let codes = codes(types);
    assert!(codes.contains(ABOVE_LEVEL), "{codes:?}");
}

#[test]
fn contexts_that_multiply_are_refused_unread() {
    let open = "@tag(name: \"unclassified\")";
    let reader = |number| format!("f{number}(a: ID @fromContext(field: \"$s {{ i }}\")): ID OPEN");
    let readers: Vec<_> = (0..50).map(reader).collect();
    let setter = |number| {
        format!(
            "type S{number} @key(fields: \"i\") @context(name: \"s\") {{ i: ID! OPEN l: R OPEN }}"
        )
    };
    let setters: Vec<_> = (0..50).map(setter).collect();
    let types = format!(
        "type R {{ here: Int OPEN {} }} {}",
        readers.join(" "),
        setters.join(" ")
    );
    let types = types.replace("OPEN", open);
    assert_eq!(codes(&types), BTreeSet::from(["SDL_TOO_LARGE"]));
}

#[test]
fn a_list_of_hidden_records_is_read_with_consent_though_its_page_has_a_key() {
    let page = |fields: &str| {
        format!(
            r#"type Page @key(fields: "number") {{ number: Int! {fields} }}
               type Situation @key(fields: "id", resolvable: false) {{ id: ID! }}"#
        )
    };
    let open = r#"@tag(name: "unclassified")"#;
    let mut others = EMBEDDED.clone();
    let theirs = page(&format!("rows: [Situation] {open} first: Situation {open}"));
    let theirs = format!("{theirs} type Query {{ page: Page {open} }}");
    others
        .members
        .push(member("pages", "OTHER", linked(&theirs)));
    others.supergraph_sdl = compose_members(&others.members, &Interrupt::default()).0;
    assert!(others.supergraph_sdl.is_some());
    for (read, expected) in [("rows", vec![WITHOUT_CONSENT]), ("first", Vec::new())] {
        let ty = if read == "rows" {
            "[Situation]"
        } else {
            "Situation"
        };
        let own = page(&format!(
            r#"{read}: {ty} @external own: ID {open} @requires(fields: "{read} {{ id }}")"#
        ));
        let expected: BTreeSet<_> = expected.into_iter().collect();
        assert_eq!(codes_beside(&others, &own), expected, "{read}");
    }
}

#[test]
fn what_a_key_names_is_given_and_not_made() {
    // The embedded source that has both fields is of the same entity.
    let types = r#"type Situation @key(fields: "id status") {
          id: ID! status: SituationStatus @external }
        enum SituationStatus { EMERGING ONGOING EASING CLOSED }"#;
    assert_eq!(codes_of("REVIEWS", &EMBEDDED, types), BTreeSet::new());
}
