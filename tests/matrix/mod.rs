//! Every field of the API schema × who asks × the grants that they hold: what is answered is what a table says
//! that is derived from the levels of fields and from the rows, never typed.

mod callers;
mod documents;
mod expected;
mod rows;

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::Path,
    sync::Arc,
    time::Instant,
};

use chrono::Duration;
use entities::{caac_listing, terms::Classification};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, sea_query::Expr};
use serde_json::{Value, json};
use upfront::{
    auth::{Clock, EXACT, SystemClock},
    database::Database,
};

use self::{
    callers::{Caller, ENTITIES, Grants, LEVELS, Ledger, REVIEW_ROLES},
    documents::{Document, Generator, Ids, Levels},
    expected::{Table, difference, ids, normal},
    rows::{Records, Told},
};
use crate::{
    joint::example::{on_example, serve},
    support::{
        app::{Answer, TestApp, send},
        random::Random,
    },
};

/// Figures of which one mandate's scope opens small counts.
const WORKING: [(&str, &str); 4] = [
    ("OhchrBlock.casualties", "ohchr:exact"),
    ("CaacBlock.violations", "caac:exact"),
    ("SvcBlock.crsv", "svc:exact"),
    ("SvcBlock.crsvByAdmin1", "svc:exact"),
];

/// Records of one type that are asked for by their ids, of each caller others.
const SAMPLE: usize = 25;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_field_is_told_to_whom_the_table_says() {
    on_example(|database| async move { Matrix::start(database).await.run().await }).await;
}

/// A field that no question reaches would be told untried.
#[test]
fn every_field_is_asked() {
    let levels = levels();
    let mut generator = generator("sit_0000000000000000", "cyc_0000000000000000");
    let documents = generator.documents();
    assert_eq!(
        generator.unknown,
        BTreeSet::new(),
        "give a value in `Generator::step`"
    );
    let asked: BTreeSet<_> = documents.iter().flat_map(Document::coordinates).collect();
    let all = generator.all_coordinates();
    assert_eq!(asked, all);
    // What is not asked here is reached from roots alone that are tried elsewhere.
    let others = generator.other_coordinates();
    for coordinate in levels.keys() {
        let is_known = all.contains(coordinate) || others.contains(coordinate);
        assert!(is_known, "{coordinate}");
    }
    for coordinate in &all {
        assert!(levels.contains_key(coordinate), "{coordinate} has no level");
    }
    assert!(all.len() > 250, "{}", all.len());
}

fn file(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema");
    fs::read_to_string(folder.join(name)).unwrap()
}

fn levels() -> Levels {
    let levels: BTreeMap<String, String> = serde_json::from_str(&file("levels.json")).unwrap();
    let parse = |name: &str| {
        let mut all = LEVELS.into_iter();
        all.find(|level| name_of(*level) == name).unwrap()
    };
    levels
        .iter()
        .map(|(field, level)| (field.clone(), parse(level)))
        .collect()
}

const fn name_of(level: Classification) -> &'static str {
    match level {
        Classification::Unclassified => "UNCLASSIFIED",
        Classification::Confidential => "CONFIDENTIAL",
        Classification::StrictlyConfidential => "STRICTLY_CONFIDENTIAL",
    }
}

fn generator(situation: &str, cycle: &str) -> Generator {
    let ids = Ids {
        situation: situation.to_owned(),
        cycle: cycle.to_owned(),
    };
    Generator::new(&file("api.graphql"), ids)
}

/// Gives rows of each kind each level, and holds some listings back.
async fn plant(database: &Database) {
    let mut statements = Vec::new();
    for (table, level, each) in [
        ("recommendations", "CONFIDENTIAL", 5),
        ("recommendations", "STRICTLY_CONFIDENTIAL", 7),
        ("field_presences", "CONFIDENTIAL", 5),
        ("field_presences", "STRICTLY_CONFIDENTIAL", 6),
        ("caac_listings", "CONFIDENTIAL", 5),
        ("caac_listings", "STRICTLY_CONFIDENTIAL", 6),
        ("crsv_listings", "CONFIDENTIAL", 4),
        ("crsv_listings", "STRICTLY_CONFIDENTIAL", 5),
        ("communications", "STRICTLY_CONFIDENTIAL", 7),
        ("risk_assessments", "STRICTLY_CONFIDENTIAL", 6),
        ("signals", "STRICTLY_CONFIDENTIAL", 4),
    ] {
        statements.push(format!(
            "UPDATE {table} SET classification = '{level}' WHERE id % {each} = 0"
        ));
    }
    for sql in statements {
        let done = database.write.execute_unprepared(&sql).await.unwrap();
        assert!(done.rows_affected() > 0, "{sql}");
    }
    let tomorrow = SystemClock.instant() + Duration::days(1);
    let done = caac_listing::Entity::update_many()
        .col_expr(caac_listing::Column::KnownFrom, Expr::value(tomorrow))
        .filter(caac_listing::Column::IsCurrent.eq(true))
        .filter(Expr::cust("id % 4 = 1"))
        .exec(&database.write);
    assert!(done.await.unwrap().rows_affected > 0);
}

/// One service on one database.
struct Matrix {
    database: Database,
    app: TestApp,
    records: Records,
    levels: Levels,
    places: BTreeMap<String, Vec<i64>>,
    documents: Vec<Document>,
    /// What is told to who is told everything, by document and by the mandate whose figures are exact.
    whole: BTreeMap<(usize, Option<&'static str>), Value>,
    tokens: BTreeMap<Caller, String>,
    told: BTreeMap<(Caller, Grants), Arc<(Told, usize)>>,
    random: Random,
    wrong: Vec<String>,
    asked: usize,
}

/// Who is told everything, held-back listings and what no entity has cleared included.
const ALL_KNOWING: Caller = Caller {
    entity: Some("SRSG_CAAC"),
    clearance: Classification::StrictlyConfidential,
    role: Some("review:clear"),
};

impl Matrix {
    async fn start(database: Database) -> Self {
        plant(&database).await;
        let records = Records::read(&database, SystemClock.instant()).await;
        let levels = levels();
        let latest = records
            .cycles
            .iter()
            .max_by_key(|cycle| cycle.frozen_at)
            .unwrap();
        let situation = records.situations.iter().find(|row| row.is_public).unwrap();
        let mut generator = generator(&situation.public_id, &latest.public_id);
        let mut documents = generator.documents();
        let classified = documents.iter().filter(|document| {
            document.level(&levels, Classification::StrictlyConfidential)
                > Classification::Unclassified
        });
        let open =
            classified.map(|document| document.without(&levels, Classification::Unclassified));
        let open: Vec<_> = open.filter(|document| !document.steps.is_empty()).collect();
        documents.extend(open);
        Self {
            app: serve(&database, &[]).await,
            places: records.places(),
            database,
            records,
            levels,
            documents,
            whole: BTreeMap::new(),
            tokens: BTreeMap::new(),
            told: BTreeMap::new(),
            random: Random::seeded(0x6d61_7472),
            wrong: Vec::new(),
            asked: 0,
        }
    }

    async fn run(mut self) {
        let began = Instant::now();
        self.ask_whole().await;
        self.without_grants().await;
        self.ledger().give(Grants::InForce).await;
        self.with_grants().await;
        let backend = self.database.write.get_database_backend();
        eprintln!(
            "{backend:?}: {} documents, {} questions, {:.0?}",
            self.documents.len(),
            self.asked,
            began.elapsed()
        );
        let few: Vec<_> = self.wrong.iter().take(20).collect();
        assert!(few.is_empty(), "{} wrong: {few:#?}", self.wrong.len());
    }

    fn ledger(&self) -> Ledger<'_> {
        Ledger {
            database: &self.database,
            records: &self.records,
            now: self.records.now,
        }
    }

    /// The answers to who is told everything: they tell of each record there is.
    async fn ask_whole(&mut self) {
        self.ledger().give_all_to("SRSG_CAAC").await;
        let grants = self.ledger().held_by(&ALL_KNOWING).await;
        let told = self.records.told(&ALL_KNOWING, &grants);
        let mut found = BTreeMap::new();
        for at in 0..self.documents.len() {
            let document = self.documents[at].clone();
            let asked = document.coordinates();
            let has_figures = |exact: &&str| {
                let working = WORKING.iter().filter(|(_, scope)| scope == exact);
                working.into_iter().any(|(field, _)| asked.contains(*field))
            };
            let exact = EXACT.into_iter().filter(has_figures).map(Some);
            for exact in [None].into_iter().chain(exact) {
                let roles = [
                    "clearance:strictly-confidential",
                    "review:clear",
                    "review:steer",
                ];
                let scopes: Vec<_> = roles.into_iter().chain(exact).collect();
                let token = self.app.token("SRSG_CAAC", &scopes);
                let (answer, body) = self.ask(&document.text(), Some(&token)).await;
                assert!(
                    body.get("errors").is_none(),
                    "{}: {}",
                    document.name,
                    answer.text
                );
                ids(&body["data"], &mut found);
                self.whole.insert((at, exact), body["data"].clone());
            }
        }
        let of_type = |name: &str| self.levels.contains_key(&format!("{name}.id"));
        assert!(found.values().all(|name| of_type(name)));
        for (id, (type_name, _)) in &told.nodes {
            // No list has all areas, and inputs are too many for one answer: `node` has them.
            let is_listed = !["Area", "EntityInput"].contains(type_name);
            if is_listed && !found.contains_key(id) {
                self.wrong
                    .push(format!("nobody is told of {type_name} {id}"));
            }
        }
        for (id, type_name) in &found {
            if told.nodes.get(id).map(|node| node.0) != Some(type_name) {
                self.wrong
                    .push(format!("{type_name} {id} should exist for nobody"));
            }
        }
    }

    async fn ask(&mut self, query: &str, token: Option<&str>) -> (Answer, Value) {
        self.asked += 1;
        let mut request = self.app.query(query);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let answer = send(request).await;
        assert_eq!(answer.status, 200, "{query}: {}", answer.text);
        let body = answer.json();
        (answer, body)
    }

    async fn ask_as(&mut self, caller: &Caller, query: &str) -> (Answer, Value) {
        let token = caller.entity.map(|entity| {
            let app = &self.app;
            let token = self.tokens.entry(*caller);
            token
                .or_insert_with(|| app.token(entity, &caller.scopes()))
                .clone()
        });
        self.ask(query, token.as_deref()).await
    }

    /// Those who ask one question: one of each clearance, of any entity and role; with `UPFRONT_TEST_MATRIX=full`
    /// so many that each entity and each role is among them too.
    fn chosen(&mut self) -> Vec<Caller> {
        let is_full = env::var_os("UPFRONT_TEST_MATRIX").is_some_and(|which| which == "full");
        let meets = |Caller {
                         entity,
                         clearance,
                         role,
                     }: &Caller| {
            let mut meets = vec![format!("{clearance:?}")];
            if is_full {
                meets.extend([format!("{entity:?}"), format!("{role:?}")]);
            }
            meets
        };
        let mut all = Caller::all();
        let mut unmet: BTreeSet<_> = all.iter().flat_map(meets).collect();
        let mut chosen = Vec::new();
        while !unmet.is_empty() {
            let caller = all.swap_remove(self.random.below(all.len()));
            let met = meets(&caller);
            if met.iter().any(|each| unmet.contains(each)) {
                unmet.retain(|each| !met.contains(each));
                chosen.push(caller);
            }
        }
        chosen
    }

    /// Grants that have ended or not begun are none, byte for byte.
    async fn without_grants(&mut self) {
        let mut questions = Vec::new();
        for at in 0..self.documents.len() {
            questions.extend(self.chosen().into_iter().map(|caller| (at, caller)));
        }
        let mut first: BTreeMap<(usize, Caller), String> = BTreeMap::new();
        for grants in Grants::WITHOUT {
            self.ledger().give(grants).await;
            for (index, (at, caller)) in questions.iter().enumerate() {
                // Each question before and after a grant in turn.
                if grants != Grants::None && (index % 2 == 0) == (grants == Grants::Ended) {
                    continue;
                }
                let text = self.question(*at, caller, grants).await;
                let before = first.entry((*at, *caller)).or_insert_with(|| text.clone());
                if *before != text {
                    self.wrong.push(format!(
                        "{grants:?} is not the same as none: {at} {caller:?}"
                    ));
                }
            }
            for caller in Self::askers_of_nodes() {
                self.nodes(&caller, grants).await;
            }
        }
    }

    async fn with_grants(&mut self) {
        for at in 0..self.documents.len() {
            for caller in self.chosen() {
                self.question(at, &caller, Grants::InForce).await;
            }
        }
        for (at, entity) in ENTITIES.into_iter().enumerate() {
            let clearance = LEVELS[1 + at % 2];
            let role = Some(REVIEW_ROLES[at % REVIEW_ROLES.len()]);
            let entity = Some(entity);
            self.nodes(
                &Caller {
                    entity,
                    clearance,
                    role,
                },
                Grants::InForce,
            )
            .await;
        }
    }

    fn askers_of_nodes() -> Vec<Caller> {
        let strict = |entity, role| Caller {
            entity: Some(entity),
            clearance: Classification::StrictlyConfidential,
            role: Some(role),
        };
        vec![
            Caller::ANONYMOUS,
            strict("UNHCR", "review:steer"),
            ALL_KNOWING,
        ]
    }

    /// What exists for a caller, and how many grants it holds.
    async fn told(&mut self, caller: &Caller, grants: Grants) -> Arc<(Told, usize)> {
        if let Some(known) = self.told.get(&(*caller, grants)) {
            return Arc::clone(known);
        }
        let held = self.ledger().held_by(caller).await;
        let told = Arc::new((self.records.told(caller, &held), held.len()));
        self.told.insert((*caller, grants), Arc::clone(&told));
        told
    }

    /// Asks a document and holds the answer against the table.
    async fn question(&mut self, at: usize, caller: &Caller, grants: Grants) -> String {
        let document = self.documents[at].clone();
        let (answer, body) = self.ask_as(caller, &document.text()).await;
        let known = self.told(caller, grants).await;
        let (told, held) = &*known;
        let mut wrong = self.around(&document, caller, told, (&answer, &body));
        let exact = caller.exact();
        let whole = self
            .whole
            .get(&(at, exact))
            .unwrap_or_else(|| &self.whole[&(at, None)]);
        let table = Table {
            records: &self.records,
            levels: &self.levels,
            places: &self.places,
            caller,
            told,
        };
        let expected = normal(&table.expected(whole), Some(whole));
        wrong.extend(difference(&expected, &normal(&body["data"], None), ""));
        if let Some(list) = body["data"].get("heldGrants").and_then(Value::as_array)
            && list.len() != *held
        {
            wrong.push(format!("{} grants of {held}", list.len()));
        }
        let name = &document.name;
        let wrong = wrong.into_iter();
        self.wrong
            .extend(wrong.map(|wrong| format!("{name}, {caller:?}, {grants:?}: {wrong}")));
        answer.text
    }

    /// What holds of each answer: no error, what is withheld, the label, and that all in it exists.
    fn around(
        &self,
        document: &Document,
        caller: &Caller,
        told: &Told,
        (answer, body): (&Answer, &Value),
    ) -> Vec<String> {
        let mut wrong = Vec::new();
        let errors = body
            .get("errors")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        // A cycle that does not exist for the caller is one that does not exist.
        let is_of_cycle = |error: &Value| {
            let path = error["path"].as_array();
            let is_of_changes = path.and_then(|path| path.last()) == Some(&json!("changes"));
            is_of_changes && !told.holds_any && error["extensions"]["code"] == "BAD_USER_INPUT"
        };
        let others = errors.filter(|error| !is_of_cycle(error) && !is_count_of_errors(error, told));
        wrong.extend(others.map(Value::to_string));
        let withheld = body.pointer("/extensions/upfront/withheld");
        let withheld = withheld.and_then(Value::as_array).into_iter().flatten();
        let withheld: BTreeSet<_> = withheld.map(path_of).collect();
        let expected = document.withheld(&self.levels, caller.clearance);
        if withheld != expected {
            let differ: Vec<_> = withheld.symmetric_difference(&expected).collect();
            wrong.push(format!("withheld: {differ:?}"));
        }
        let mut found = BTreeMap::new();
        ids(&body["data"], &mut found);
        let mut level = document.level(&self.levels, caller.clearance);
        for (id, type_name) in &found {
            match told.nodes.get(id) {
                Some((expected, of_row)) if expected == type_name => level = level.max(*of_row),
                _ => wrong.push(format!("{type_name} {id} does not exist for the caller")),
            }
        }
        let is_told = caller.clearance > Classification::Unclassified;
        let expected = if is_told { name_of(level) } else { "" };
        let label = body.pointer("/extensions/upfront/classification");
        let labels = [
            label.and_then(Value::as_str).unwrap_or_default(),
            answer.header("upfront-classification"),
        ];
        if labels != [expected; 2] {
            wrong.push(format!("labelled {labels:?}, not {expected}"));
        }
        wrong
    }

    /// Asks for records by their ids: exactly those are there that exist for the caller.
    async fn nodes(&mut self, caller: &Caller, grants: Grants) {
        let known = self.told(caller, grants).await;
        let told = &known.0;
        let all = self.records.ids_by_type();
        for (type_name, mut ids_of_type) in all {
            let mut some = Vec::new();
            while some.len() < SAMPLE && !ids_of_type.is_empty() {
                some.push(ids_of_type.swap_remove(self.random.below(ids_of_type.len())));
            }
            let document = Document::of_nodes(&some.iter().collect::<Vec<_>>());
            let (answer, body) = self.ask_as(caller, &document.text()).await;
            let mut wrong = self.around(&document, caller, told, (&answer, &body));
            for (at, id) in some.iter().enumerate() {
                let found = &body["data"][format!("n{}", at + 1)];
                let expected = if told.exists(id) {
                    json!({ "__typename": type_name, "id": id })
                } else {
                    Value::Null
                };
                wrong.extend(difference(&expected, found, id));
            }
            let wrong = wrong.into_iter();
            self.wrong
                .extend(wrong.map(|wrong| format!("node, {caller:?}, {grants:?}: {wrong}")));
        }
    }
}

/// What stands for more errors of the kind that who holds no grant gets.
fn is_count_of_errors(error: &Value, told: &Told) -> bool {
    let message = error["message"].as_str().unwrap_or_default();
    !told.holds_any && message.ends_with("more errors of this answer are not listed one by one.")
}

/// The path of a withheld field, as documents tell it.
fn path_of(withheld: &Value) -> String {
    let steps = withheld["path"].as_array().unwrap().iter();
    steps.fold(String::new(), |path, step| {
        format!("{path}/{}", step.as_str().unwrap_or("*"))
    })
}
