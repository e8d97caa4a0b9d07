//! Logs, metrics and traces hold no secret, token, variable or classified text: such texts are planted
//! wherever there is a place for them, the service is asked all there is to ask, faults included, and
//! whatever it has written is searched.

mod marks;
mod planting;
mod questions;
mod requests;
mod scene;
mod source;
mod written;

use std::{collections::BTreeSet, fmt::Write};

use sea_orm::ConnectionTrait;
use serde_json::Value;
use upfront::database::Database;

use self::{
    marks::columns_in,
    planting::Columns,
    questions::{Ids, Questions},
    requests::Asker,
    scene::Scene,
};
use crate::{joint::example::example, support::records::on_example};

/// Columns whose planted values some caller was given; fewer would ask too little.
const LEAST_COLUMNS: usize = 75;
/// Types that are asked by themselves.
const LEAST_TYPES: usize = 60;

/// The tables whose loss is felt by every source that has rows.
const LOST: [&str; 4] = [
    "entity_blocks",
    "situation_states",
    "review_items",
    "parties",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_is_written_tells_what_is_planted() {
    on_example(|database| async move { Run::new(database).await.all().await }).await;
}

/// One service on one database.
struct Run {
    database: Database,
    columns: Columns,
    scene: Scene,
    asker: Asker,
    /// What those who watch over the service have read.
    watched: String,
    /// Columns whose values were answered.
    seen: BTreeSet<String>,
    ids: BTreeSet<String>,
}

impl Run {
    async fn new(database: Database) -> Self {
        let columns = Columns::read(&database).await;
        Columns::plant(&database, &columns.free).await;
        let mut scene = Scene::start(&database).await;
        scene.secrets.extend(columns.texts_of_keys.iter().cloned());
        Self {
            asker: Asker::new(scene.at("/graphql")),
            database,
            columns,
            scene,
            watched: String::new(),
            seen: BTreeSet::new(),
            ids: BTreeSet::new(),
        }
    }

    async fn all(mut self) {
        let strict = self.scene.token("hrc", "SC");
        let confidential = self.scene.token("hrc", "C");
        let partner = self.scene.token("partner", "none");
        let url = format!("{}/graphql", self.scene.source.uri());
        let answer = self
            .asker
            .of_registry(&partner, &url, &source::sdl(""))
            .await;
        assert!(answer.contains("\"published\":true"), "{answer}");

        let questions = self.questions(&strict).await;
        assert!(questions.len() >= LEAST_TYPES, "{} types", questions.len());
        self.examples(Some(&strict)).await;
        for token in [Some(confidential.as_str()), None] {
            self.examples(token).await;
            for question in &questions {
                self.ask(token, question).await;
            }
        }
        self.without_grant(&questions).await;
        self.nodes(&strict).await;
        let planted: BTreeSet<_> = self
            .columns
            .free
            .iter()
            .map(planting::Column::place)
            .collect();
        let unseen: Vec<_> = planted.difference(&self.seen).collect();
        eprintln!(
            "{} of {} columns were answered; not {unseen:?}",
            self.seen.len(),
            planted.len()
        );
        assert!(self.seen.len() >= LEAST_COLUMNS, "only {:?}", self.seen);

        let bad = self.scene.bad_tokens();
        self.asker.with_odd_headers(&bad).await;
        self.asker.malformed(&strict).await;
        self.asker.misfitting(&strict).await;
        self.asker.of_failing_source(&strict).await;
        self.watch().await;
        self.scene.await_line("stderr", "Drifted").await;
        self.spoil(&strict, &questions).await;
        self.lose(&strict, &questions).await;
        self.watch().await;
        written::search(self.scene, &self.database, self.watched).await;
    }

    async fn ask(&mut self, token: Option<&str>, query: &str) -> String {
        let answer = self.asker.query(token, query).await;
        self.note(&answer);
        answer
    }

    fn note(&mut self, answer: &str) {
        self.seen.extend(columns_in(answer));
        for rest in answer.split("\"id\":\"").skip(1) {
            let id = rest.split('"').next().unwrap();
            self.ids.insert(id.to_owned());
        }
    }

    /// The queries of the examples.
    async fn examples(&mut self, token: Option<&str>) {
        for name in ["monthly-review", "situation-profile"] {
            let answer = self.asker.ask(token, &example(name)).await;
            assert!(!answer.contains("\"errors\""), "{name}: {answer}");
            self.note(&answer);
        }
    }

    /// One query for each type of the schema that serves.
    async fn questions(&mut self, token: &str) -> Vec<String> {
        let query = "{ situations { nodes { id } } currentReviewCycle { id } }";
        let answer = self.ask(Some(token), query).await;
        let answer: Value = serde_json::from_str(&answer).unwrap();
        let id = |place: &str| answer.pointer(place).unwrap().as_str().unwrap().to_owned();
        let ids = Ids {
            situation: id("/data/situations/nodes/0/id"),
            cycle: id("/data/currentReviewCycle/id"),
            source: "relief".to_owned(),
        };
        let sdl = self.scene.page("/schema.graphql", "*/*").await;
        let mut questions = Questions::new(&sdl, ids);
        let of_types = questions.of_each_type();
        assert_eq!(
            questions.unasked,
            BTreeSet::new(),
            "give a value in `Questions::value`"
        );
        for (name, question) in &of_types {
            let answer = self.ask(Some(token), question).await;
            let is_refused = answer.contains("GRAPHQL_VALIDATION") || answer.contains("_LIMIT");
            assert!(!is_refused, "{name}: {question}: {answer}");
        }
        of_types.into_values().collect()
    }

    /// Who is cleared and holds no grant is given no planted value that an anonymous caller is not.
    async fn without_grant(&mut self, questions: &[String]) {
        let cleared = self.scene.token("partner", "SC");
        let mut given = [BTreeSet::new(), BTreeSet::new()];
        for (given, token) in given.iter_mut().zip([None, Some(cleared.as_str())]) {
            for question in questions {
                let answer = self.ask(token, question).await;
                given.extend(columns_in(&answer));
            }
        }
        let [to_anybody, to_cleared] = given;
        assert!(to_anybody.len() > 10, "{to_anybody:?}");
        assert_eq!(to_cleared, to_anybody);
    }

    /// What `node` gives, once for each kind of id.
    async fn nodes(&mut self, token: &str) {
        let mut kinds = BTreeSet::new();
        let sdl = self.scene.page("/schema.graphql", "*/*").await;
        for id in self.ids.clone() {
            let kind = id.split('_').next().unwrap().to_owned();
            if id.contains('_') && kinds.insert(kind) {
                let ids = Ids {
                    situation: id.clone(),
                    cycle: id.clone(),
                    source: String::new(),
                };
                let question = Questions::new(&sdl, ids).of_node(&id);
                self.ask(Some(token), &question).await;
            }
        }
        assert!(kinds.len() > 8, "{kinds:?}");
    }

    /// Plants where only terms and periods may stand, so that rows cannot be read.
    async fn spoil(&mut self, token: &str, questions: &[String]) {
        let is_level = |column: &planting::Column| column.name == "classification";
        let (levels, terms): (Vec<_>, Vec<_>) =
            self.columns.terms.clone().into_iter().partition(is_level);
        // What is read as a text first, and what the database's rows are read as.
        let is_text = |column: &planting::Column| ["period", "triggers"].contains(&&*column.name);
        let (texts, terms): (Vec<_>, Vec<_>) = terms.into_iter().partition(is_text);
        for round in [texts, terms] {
            Columns::plant(&self.database, &round).await;
            let failed = self.count_failing(token, questions).await;
            assert!(
                failed > 3,
                "these may be planted with the others: {round:?}"
            );
        }
        Columns::plant(&self.database, &levels).await;
    }

    /// How many questions a source cannot answer.
    async fn count_failing(&mut self, token: &str, questions: &[String]) -> usize {
        let mut failing = 0;
        for question in questions {
            let answer = self.ask(Some(token), question).await;
            failing += usize::from(answer.contains("SOURCE_ERROR"));
        }
        failing
    }

    /// Takes tables away.
    async fn lose(&mut self, token: &str, questions: &[String]) {
        for table in LOST {
            let sql = format!("ALTER TABLE {table} RENAME TO {table}_away");
            self.database.write.execute_unprepared(&sql).await.unwrap();
        }
        let failed = self.count_failing(token, questions).await;
        assert!(failed > 10, "{failed}");
    }

    /// Reads what is there for those who watch over the service.
    async fn watch(&mut self) {
        for (path, accept) in [
            ("/metrics", "text/plain"),
            ("/metrics", "application/openmetrics-text"),
            ("/health/ready", "*/*"),
            ("/health/ready?strict=true", "*/*"),
            ("/health/live", "*/*"),
            ("/.well-known/jwks.json", "*/*"),
        ] {
            let page = self.scene.page(path, accept).await;
            writeln!(self.watched, "{page}").unwrap();
        }
    }
}
