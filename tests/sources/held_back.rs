//! Listings and released figures that are held back until a day: nobody but the clearing officers of their entity
//! is told before.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use upfront::{
    auth::{Clock, Principal, SystemClock},
    import::{self, Files, Mode},
};

use super::known_at::everything_on;
use crate::{
    sources::asking::{Caller, World, on_example},
    support::scratch::Scratch,
};

const SITUATION: &str = "arvenia-armed-conflict";

const LISTINGS: &str = "\
situation,party,listed_as,annex,section,triggers,listed_on,delisted_on,public_on,action_plan_status,source,as_of,revision,revised_at,document_symbol,classification
#event+situation+code,#actor+code,#actor+name+listed,#meta+annex,#meta+section,#cause+triggers,#date+listed,#date+delisted,#date+public+embargo,#status+plan,#meta+source+code,#date+as_of,#meta+revision,#date+revised,#meta+document+symbol,#meta+classification
";
const FIGURES: &str = "\
situation,period,is_published,public_on,violation,party,verified_total,comparable_with_previous,source,as_of,revision,revised_at,document_symbol,classification
#event+situation+code,#date+period,#status+published,#date+public+embargo,#cause+violation,#actor+code,#affected+verified+total,#indicator+comparable,#meta+source+code,#date+as_of,#meta+revision,#date+revised,#meta+document+symbol,#meta+classification
";
const TABLES: &str = "\
code,figures,document_symbol,document_table,printed_by,revision,revised_at
#meta+table+code,#meta+figures,#meta+document+symbol,#meta+document+table,#meta+dimensions,#meta+revision,#date+revised
";

/// A delisting of a party, and the listing of another.
fn listings(revision: u32, delisted_on: &str, public_on: &str) -> String {
    format!(
        "{LISTINGS}{SITUATION},xaa-group-1,Free Front of Arvenia,II,B,KILLING_OR_MAIMING,2019-06-20,{delisted_on},\
         {public_on},NONE,SRSG_CAAC,2026-11-01T09:00:00Z,{revision},2026-11-01T10:00:00Z,EXAMPLE/CAAC/2099/1,UNCLASSIFIED\n"
    )
}

fn officer(entity: &str, scopes: &[&str]) -> Principal {
    Principal {
        entity: Some(entity.to_owned()),
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        ..Principal::default()
    }
}

const CLEARING: &[&str] = &["clearance:confidential", "review:clear"];

async fn import(world: &World, files: &[(&str, String)]) {
    let scratch = Scratch::new();
    for (name, text) in files {
        scratch.write(&format!("{name}.csv"), text);
    }
    let files = Files::from_directory(scratch.path()).unwrap();
    import::run(&world.database, &files, Mode::Store)
        .await
        .unwrap();
}

fn as_officer(world: &World, principal: Principal, now: DateTime<Utc>) -> World {
    World {
        officer: Some((principal, now)),
        ..world.clone()
    }
}

const BLOCK: &str =
    "caac { listings(includeDelisted: true) { id listedAs listedOn delisted: delistedOn publicOn }
    publishedViolations(years: { from: \"2025\", to: \"2025\" }, by: [VIOLATION]) {
        provenance { documentSymbol } verified { total { value } } } }";

/// What a caller is told, with the levels of the records.
async fn told(world: &World) -> Value {
    let id = World::situation(SITUATION);
    let query = format!(
        "query ($r: [_Any!]!) {{ _entities(representations: $r) {{ ... on Situation {{ {BLOCK} }} }} }}"
    );
    let variables = json!({ "r": [{ "__typename": "Situation", "id": id }] });
    let answer = world
        .answer("srsg_caac", Caller::Strict, &query, variables)
        .await;
    assert!(answer.get("errors").is_none(), "{answer:#}");
    answer
}

fn listing(answer: &Value) -> &Value {
    let listings = answer["data"]["_entities"][0]["caac"]["listings"].as_array();
    let mut fitting = listings.unwrap().iter().filter(|listing| {
        listing["listedAs"] == "Free Front of Arvenia" && listing["listedOn"] == "2019-06-20"
    });
    let one = fitting.next().expect("the listing stands");
    assert!(fitting.next().is_none(), "once: {answer:#}");
    one
}

fn has_figures(answer: &Value) -> bool {
    let figures = answer["data"]["_entities"][0]["caac"]["publishedViolations"].as_array();
    figures
        .unwrap()
        .iter()
        .any(|figure| figure["provenance"]["documentSymbol"] == "EXAMPLE/CAAC/2099/2")
}

#[tokio::test]
async fn what_is_held_back_exists_for_clearing_officers_of_its_entity() {
    on_example(|world| async move {
        let now = SystemClock.instant();
        let situations = world.all_situations().await;
        let (before, everything) = (told(&world).await, everything_on(&world, &situations).await);
        assert!(listing(&before)["delisted"].is_null());
        let figure = format!(
            "{FIGURES}{SITUATION},2025,true,2099-06-01,ABDUCTION,,7,true,SRSG_CAAC,2026-11-01T09:00:00Z,2,\
             2026-11-01T10:00:00Z,EXAMPLE/CAAC/2099/2,UNCLASSIFIED\n"
        );
        let table = format!(
            "{TABLES}held-back,caac-violations,EXAMPLE/CAAC/2099/2,Table 1,VIOLATION,1,2026-11-01T10:00:00Z\n"
        );
        import(
            &world,
            &[
                ("caac-listings", listings(2, "2026-10-01", "2099-06-01")),
                ("caac-violations", figure),
                ("published-tables", table),
            ],
        )
        .await;

        let ((answer, others), statements) = world
            .statements(async { (told(&world).await, everything_on(&world, &situations).await) })
            .await;
        assert_eq!(answer, before);
        assert_eq!(others, everything);
        assert!(statements > 0);
        for (entity, scopes) in [
            ("SRSG_SVC", CLEARING),
            ("SRSG_CAAC", &CLEARING[..1]),
            ("SRSG_CAAC", &CLEARING[1..]),
        ] {
            let answer = told(&as_officer(&world, officer(entity, scopes), now)).await;
            assert!(listing(&answer)["delisted"].is_null(), "{answer:#}");
            assert!(!has_figures(&answer), "{answer:#}");
        }
        let clearing = as_officer(&world, officer("SRSG_CAAC", CLEARING), now);
        let answer = told(&clearing).await;
        assert_eq!(listing(&answer)["delisted"], "2026-10-01");
        assert_eq!(listing(&answer)["publicOn"], "2099-06-01");
        assert!(has_figures(&answer), "{answer:#}");
        let levels = &answer["extensions"]["recordLevels"]["SRSG_CAAC"];
        let id = listing(&answer)["id"].as_str().unwrap();
        assert_eq!(levels[id], "CONFIDENTIAL", "{answer:#}");
        assert_eq!(levels[""], "CONFIDENTIAL", "figures have no id");

        // On its day it is everybody's, and no longer classified.
        let day = "2099-06-01T00:00:00Z".parse().unwrap();
        let answer = told(&as_officer(&world, Principal::default(), day)).await;
        assert_eq!(listing(&answer)["delisted"], "2026-10-01");
        assert!(has_figures(&answer) && answer.get("extensions").is_none(), "{answer:#}");
        let eve = day - chrono::Duration::seconds(1);
        let answer = told(&as_officer(&world, Principal::default(), eve)).await;
        assert!(listing(&answer)["delisted"].is_null(), "{answer:#}");
        assert!(!has_figures(&answer), "{answer:#}");
    })
    .await;
}

#[tokio::test]
async fn a_later_revision_may_be_public_sooner() {
    on_example(|world| async move {
        import(
            &world,
            &[("caac-listings", listings(2, "2026-10-01", "2099-06-01"))],
        )
        .await;
        import(&world, &[("caac-listings", listings(3, "2026-10-02", ""))]).await;
        for at in [
            SystemClock.instant(),
            "2099-07-01T00:00:00Z".parse().unwrap(),
        ] {
            let answer = told(&as_officer(&world, Principal::default(), at)).await;
            assert_eq!(listing(&answer)["delisted"], "2026-10-02", "{at}");
        }
        // One whose day has passed is public at once.
        import(
            &world,
            &[("caac-listings", listings(4, "2026-10-03", "2026-10-05"))],
        )
        .await;
        let answer = told(&world).await;
        assert_eq!(listing(&answer)["delisted"], "2026-10-03");
    })
    .await;
}

#[tokio::test]
async fn a_later_revision_can_be_held_back_longer() {
    on_example(|world| async move {
        import(
            &world,
            &[("caac-listings", listings(2, "2026-10-01", "2099-06-01"))],
        )
        .await;
        import(
            &world,
            &[("caac-listings", listings(3, "2026-10-02", "2099-09-01"))],
        )
        .await;
        for (at, delisted) in [
            ("2099-05-31T23:59:59Z", Value::Null),
            ("2099-06-01T00:00:00Z", Value::Null),
            ("2099-08-31T23:59:59Z", Value::Null),
            ("2099-09-01T00:00:00Z", json!("2026-10-02")),
        ] {
            let at = at.parse().unwrap();
            let answer = told(&as_officer(&world, Principal::default(), at)).await;
            assert_eq!(listing(&answer)["delisted"], delisted, "{at}");
        }
    })
    .await;
}
