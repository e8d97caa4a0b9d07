//! What a source reads of the embedded ones beside marked fields: values that only classified fields
//! lead to, and fields of records that not every caller may know of.

use std::{collections::BTreeSet, sync::LazyLock};

use federation::budget::Interrupt;
use upfront::registry::check::{Candidate, Composed, Member, check, compose_members};

use crate::support::LINK;

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
    }
}

/// The codes of what stands against a source with these types.
fn codes(types: &str) -> BTreeSet<&'static str> {
    codes_beside(&EMBEDDED, types)
}

fn codes_beside(others: &Composed, types: &str) -> BTreeSet<&'static str> {
    let findings = check(
        others,
        &Candidate {
            member: member("tents", "RELIEF", format!("{LINK}\n{types}\n")),
            default_level: None,
            allow_non_null: None,
            allow_breaking: None,
            consents: Vec::new(),
        },
        &Interrupt::default(),
    );
    findings
        .refusals
        .iter()
        .map(|each| each.code.as_str())
        .collect()
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
