//! Figures: what is counted, what is kept apart, and what a gap looks like.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::sources::asking::{Caller, World, on_example};

const COUNT: &str = "{ value state unit }";

async fn all_blocks(world: &World, source: &str, block: &str) -> Vec<Value> {
    let all = world.all_situations().await;
    let all: Vec<_> = all.iter().map(String::as_str).collect();
    world.blocks(source, Caller::Strict, block, &all).await
}

async fn exact_blocks(world: &World, source: &str, block: &str) -> Vec<Value> {
    let all = world.all_situations().await;
    let all: Vec<_> = all.iter().map(String::as_str).collect();
    world.blocks(source, Caller::Exact, block, &all).await
}

fn list<'a>(blocks: &'a [Value], path: &'a str) -> impl Iterator<Item = &'a Value> {
    blocks
        .iter()
        .flat_map(move |block| block.pointer(path).unwrap().as_array().unwrap())
}

#[tokio::test]
async fn violations_are_counted_by_victims_or_by_incidents() {
    on_example(|world| async move {
        let block = format!(
            "caac {{ violations(periods: {{ from: \"2024-Q4\", to: \"2026-Q3\" }}) {{
              period {{ code kind }} violation provenance {{ revision }} pending {COUNT}
              verified {{ boys {COUNT} girls {COUNT} unknown {COUNT} total {COUNT} }}
              lateVerified {{ boys {COUNT} total {COUNT} }} }} }}"
        );
        let blocks = all_blocks(&world, "srsg_caac", &block).await;
        let mut seen = BTreeSet::new();
        for figure in list(&blocks, "/caac/violations") {
            let violation = figure["violation"].as_str().unwrap();
            let is_incident = [
                "ATTACK_ON_SCHOOL_OR_HOSPITAL",
                "DENIAL_OF_HUMANITARIAN_ACCESS",
            ]
            .contains(&violation);
            let unit = if is_incident { "INCIDENTS" } else { "VICTIMS" };
            assert_eq!(figure["period"]["kind"], json!("QUARTER"));
            for tally in [&figure["verified"], &figure["lateVerified"]] {
                assert_eq!(tally["total"]["unit"], json!(unit), "{violation}");
                if is_incident {
                    assert_eq!(tally["boys"]["state"], json!("NOT_COLLECTED"));
                }
            }
            for count in [&figure["verified"]["total"], &figure["pending"]] {
                assert_eq!(count["value"].is_null(), count["state"] != json!("EXACT"));
            }
            seen.insert(violation.to_owned());
        }
        assert_eq!(seen.len(), 6, "six are monitored");
        // Dense: eight quarters times six violations for each situation.
        assert!(
            blocks
                .iter()
                .all(|block| block["caac"]["violations"].as_array().unwrap().len() == 48)
        );
        let text = json!(blocks).to_string();
        assert!(
            text.contains("\"revision\":2"),
            "a correction is the revision that is told"
        );
        let listings = "caac { listings(includeDelisted: true) { triggers } }";
        let blocks = all_blocks(&world, "srsg_caac", listings).await;
        let triggers: BTreeSet<_> = list(&blocks, "/caac/listings")
            .flat_map(|one| one["triggers"].as_array().unwrap())
            .map(Value::to_string)
            .collect();
        assert!(!triggers.is_empty() && !triggers.contains("\"DENIAL_OF_HUMANITARIAN_ACCESS\""));
    })
    .await;
}

/// Verified, late and pending are three columns of the records, and three counts of the graph:
/// each sum over the graph is the sum over its own column, and none is the sum of two.
#[tokio::test]
async fn verified_late_and_pending_never_add_up() {
    use entities::violation_count::{Column, Entity};
    use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
    on_example(|world| async move {
        let block = format!(
            "caac {{ violations(periods: {{ from: \"2024-Q1\", to: \"2026-Q4\" }}, by: [VIOLATION, PARTY]) {{
              pending {COUNT} verified {{ total {COUNT} }} lateVerified {{ total {COUNT} }} }} }}"
        );
        let blocks = exact_blocks(&world, "srsg_caac", &block).await;
        let sum = |path: &str| -> i64 {
            list(&blocks, "/caac/violations").filter_map(|one| one.pointer(path)?.as_i64()).sum()
        };
        let rows = Entity::find()
            .filter(Column::IsCurrent.eq(true))
            .filter(Column::IsPublished.eq(false))
            .filter(Column::Classification.ne(entities::terms::Classification::StrictlyConfidential))
            .all(&world.database.read)
            .await
            .unwrap();
        let kept = |of: fn(&entities::violation_count::Model) -> Option<i32>| -> i64 {
            rows.iter().filter_map(of).map(i64::from).sum()
        };
        let (verified, late, pending) = (
            kept(|row| row.verified_total),
            kept(|row| row.late_total),
            kept(|row| row.pending),
        );
        assert!(verified > 0 && late > 0 && pending > 0);
        assert_eq!(sum("/verified/total/value"), verified);
        assert_eq!(sum("/lateVerified/total/value"), late);
        assert_eq!(sum("/pending/value"), pending);
    })
    .await;
}

#[tokio::test]
async fn no_month_is_made_up_where_verification_is_by_quarter() {
    on_example(|world| async move {
        let id = World::situation("arvenia-armed-conflict");
        let ask = async |from: &str, to: &str| {
            let block = format!(
                "caac {{ violations(periods: {{ from: \"{from}\", to: \"{to}\" }}) {{ period {{ code }} }} }}"
            );
            let blocks = world.blocks("srsg_caac", Caller::Confidential, &block, &[&id]).await;
            let figures = blocks[0]["caac"]["violations"].as_array().unwrap();
            figures.iter().map(|one| one["period"]["code"].as_str().unwrap().to_owned()).collect::<BTreeSet<_>>()
        };
        assert_eq!(ask("2026-04", "2026-06").await, BTreeSet::from(["2026-Q2".to_owned()]));
        assert_eq!(ask("2025", "2025").await.len(), 4);
    })
    .await;
}

/// The tables of the example's documents: by violation and sex, by violation and party, by form, by sex and age,
/// by status, by cause. Nothing crosses violations with parties and sex, or forms with sex.
#[tokio::test]
async fn published_figures_are_told_as_their_documents_print_them() {
    on_example(|world| async move {
        let tally = "verified { boys { state } girls { value state } total { value state } } \
                     provenance { documentSymbol documentTable }";
        let caac = format!(
            "caac {{ sexes: publishedViolations(years: {{ from: \"2025\", to: \"2025\" }}) {{ {tally} }}
              parties: publishedViolations(years: {{ from: \"2025\", to: \"2025\" }}, by: [PARTY, VIOLATION]) {{
                party {{ id }} {tally} }} }}"
        );
        let blocks = all_blocks(&world, "srsg_caac", &caac).await;
        let states = |path: &'static str, column: &'static str| -> BTreeSet<String> {
            list(&blocks, path).map(|one| one.pointer(column).unwrap().to_string()).collect()
        };
        assert_eq!(
            states("/caac/sexes", "/provenance/documentTable"),
            BTreeSet::from(["\"Table 1\"".to_owned()])
        );
        assert!(states("/caac/sexes", "/verified/girls/state").contains("\"EXACT\""));
        assert_eq!(
            states("/caac/parties", "/provenance/documentTable"),
            BTreeSet::from(["\"Table 2\"".to_owned()])
        );
        for column in ["/verified/girls/state", "/verified/boys/state"] {
            assert_eq!(
                states("/caac/parties", column),
                BTreeSet::from(["\"NOT_PUBLISHED\"".to_owned()])
            );
        }
        assert!(states("/caac/parties", "/verified/total/state").contains("\"EXACT\""));

        let svc = "svc { forms: publishedCrsv(years: { from: \"2025\", to: \"2025\" }, by: [FORM]) {
              form verified { women { state } total { state } } }
            all: publishedCrsv(years: { from: \"2025\", to: \"2025\" }) {
              form verified { women { state } total { state } } } }";
        let blocks = all_blocks(&world, "srsg_svc", svc).await;
        assert!(list(&blocks, "/svc/forms").all(|one| one["verified"]["women"]["state"] == "NOT_PUBLISHED"));
        assert!(list(&blocks, "/svc/forms").any(|one| one["verified"]["total"]["state"] == "EXACT"));
        assert!(list(&blocks, "/svc/all").any(|one| one["verified"]["women"]["state"] == "EXACT"));

        for (by, is_printed) in [
            ("[]", true),
            ("[AGE, SEX]", true),
            ("[CAUSE]", true),
            ("[SEX]", false),
            ("[SEX, CAUSE]", false),
            ("[SEX, AGE, STATUS, CAUSE]", false),
        ] {
            let block = format!(
                "ohchr {{ publishedCasualties(periods: {{ from: \"2025\", to: \"2025\" }}, by: {by}) {{
                  killed {{ value }} }} }}"
            );
            let blocks = all_blocks(&world, "ohchr", &block).await;
            let count = list(&blocks, "/ohchr/publishedCasualties").count();
            assert_eq!(count > 0, is_printed, "{by}: {count}");
        }
    })
    .await;
}

#[tokio::test]
async fn working_casualties_are_dense_and_a_gap_is_not_zero() {
    on_example(|world| async move {
        let block = format!(
            "ohchr {{ casualties(periods: {{ from: \"2025-11\", to: \"2026-10\" }}) {{
              period {{ code }} killed {COUNT} provenance {{ revision }} }} }}"
        );
        let blocks = all_blocks(&world, "ohchr", &block).await;
        let mut states = BTreeSet::new();
        for block in &blocks {
            let figures = block["ohchr"]["casualties"].as_array().unwrap();
            assert_eq!(figures.len(), 12);
            for figure in figures {
                let killed = &figure["killed"];
                assert_eq!(killed["unit"], json!("PERSONS_KILLED"));
                assert_eq!(killed["value"].is_null(), killed["state"] != json!("EXACT"));
                if figure["provenance"].is_null() {
                    assert_eq!(killed["state"], json!("NOT_COLLECTED"));
                }
                states.insert(killed["state"].as_str().unwrap().to_owned());
            }
        }
        assert!(states.contains("EXACT") && states.contains("NOT_COLLECTED"), "{states:?}");
        // Broken down and not, the figures are the same persons.
        let block = "ohchr { all: casualties(periods: { from: \"2026-01\", to: \"2026-01\" }) { killed { value } }
            by: casualties(periods: { from: \"2026-01\", to: \"2026-01\" }, by: [AGE, SEX]) {
              sex age status killed { value } } }";
        let id = World::situation("arvenia-armed-conflict");
        let blocks = world.blocks("ohchr", Caller::Confidential, block, &[&id]).await;
        let ohchr = &blocks[0]["ohchr"];
        let by = ohchr["by"].as_array().unwrap();
        assert_eq!(by.len(), 9);
        assert!(by.iter().all(|row| row["status"].is_null() && !row["sex"].is_null()));
        let sum: i64 = by.iter().filter_map(|row| row["killed"]["value"].as_i64()).sum();
        assert_eq!(ohchr["all"][0]["killed"]["value"].as_i64(), Some(sum));
    })
    .await;
}

#[tokio::test]
async fn every_block_is_there_and_says_what_kind_of_gap_it_has() {
    on_example(|world| async move {
        let query = "{ currentReviewCycle { items(first: 100) { nodes { situation { id } } } } }";
        let cycle = world.data("reviews", Caller::Confidential, query, json!({})).await;
        let items = list(std::slice::from_ref(&cycle), "/currentReviewCycle/items/nodes");
        let agenda: Vec<_> = items.map(|item| item["situation"]["id"].as_str().unwrap()).collect();
        let ids = world.all_situations().await;
        assert!(!agenda.is_empty() && agenda.len() < ids.len());
        for (source, field) in
            [("ohchr", "ohchr"), ("osapg", "osapg"), ("srsg_caac", "caac"), ("srsg_svc", "svc")]
        {
            let block = format!(
                "{field} {{ entity coverage caveats asOf inputStatus headline reportingGap {{ kind }} }}"
            );
            let blocks = all_blocks(&world, source, &block).await;
            for (block, id) in blocks.iter().zip(&ids) {
                let block = &block[field];
                assert_eq!(block["entity"].as_str().unwrap().to_lowercase(), source);
                let is_outside = block["coverage"] == json!("OUTSIDE_MANDATE");
                let is_asked = !is_outside && agenda.contains(&id.as_str());
                if source == "srsg_svc" {
                    let caveat = block["caveats"][0].as_str().unwrap();
                    assert!(caveat.contains("zero means that none was verified"), "{block:#}");
                }
                assert!(!is_outside || block["reportingGap"].is_null(), "{block:#}");
                assert_eq!(block["inputStatus"].is_string(), is_asked, "{id} {block:#}");
            }
        }
        let query = "{ situations(first: 100) { nodes { inputs { entity status coverage } } } }";
        let data = world.data("reviews", Caller::Confidential, query, json!({})).await;
        let text = data.to_string();
        assert!(text.contains("NIL_RETURN") && text.contains("NOT_RECEIVED"));
    })
    .await;
}

#[tokio::test]
async fn an_assessment_has_findings_and_no_score() {
    on_example(|world| async move {
        let block = "osapg { riskAssessment { id period { code } provenance { revision }
            findings { indicator { code factor { number } } presence } few: findings(factors: [1, 9]) {
              indicator { factor { number } } } }
            at: riskAssessment(period: \"2025-12\") { period { end } }
            riskAssessments(periods: { from: \"2025-01\", to: \"2026-10\" }) { period { start } } }";
        let blocks = all_blocks(&world, "osapg", block).await;
        let mut presences = BTreeSet::new();
        for block in &blocks {
            let osapg = &block["osapg"];
            if osapg["riskAssessment"].is_null() {
                continue;
            }
            for finding in osapg["riskAssessment"]["findings"].as_array().unwrap() {
                presences.insert(finding["presence"].to_string());
            }
            for finding in osapg["riskAssessment"]["few"].as_array().unwrap() {
                assert!([json!(1), json!(9)].contains(&finding["indicator"]["factor"]["number"]));
            }
            if let Some(end) = osapg.pointer("/at/period/end") {
                assert!(end.as_str().unwrap() <= "2025-12-31");
            }
            let starts: Vec<_> = osapg["riskAssessments"].as_array().unwrap().iter().map(|one| one["period"]["start"].to_string()).collect();
            assert!(starts.is_sorted());
        }
        assert!(presences.contains("\"NO_INFORMATION\"") && presences.contains("\"NOT_OBSERVED\""));
        let data = world.data("osapg", Caller::Anonymous, "{ riskFactors { number scope indicators { code factor { number } } } }", json!({})).await;
        assert_eq!(data["riskFactors"].as_array().unwrap().len(), 14);
    })
    .await;
}

/// Persons killed, victims of grave violations and of sexual violence may be the same persons.
#[test]
fn no_type_holds_figures_of_two_mandates() {
    for source in upfront::embedded::sources() {
        let holds = |name: &str| source.sdl().contains(&format!("type {name} "));
        let count = ["CasualtyCount", "ViolationCount", "CrsvCount"]
            .into_iter()
            .filter(|name| holds(name))
            .count();
        assert!(count <= 1, "{}", source.name());
    }
}

#[tokio::test]
async fn a_party_keeps_its_id_through_a_rename() {
    on_example(|world| async move {
        let block = "caac { listings(includeDelisted: true) { listedAs party { id } } }";
        let blocks = all_blocks(&world, "srsg_caac", block).await;
        let listings: Vec<_> = list(&blocks, "/caac/listings").collect();
        let representations: Vec<_> = listings
            .iter()
            .map(|one| json!({ "__typename": "Party", "id": one["party"]["id"] }))
            .collect();
        let parties = world
            .entities(
                "reviews",
                Caller::Confidential,
                "... on Party { id name formerNames splitFrom { id } }",
                json!(representations),
            )
            .await;
        let renamed = listings.iter().zip(&parties).filter(|(listing, party)| {
            let former = party["formerNames"].as_array().unwrap();
            former.contains(&listing["listedAs"]) && party["name"] != listing["listedAs"]
        });
        assert!(renamed.count() > 0, "no listing bears a former name");
    })
    .await;
}
