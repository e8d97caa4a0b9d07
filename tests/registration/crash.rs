//! Killed in the middle of a publication: the registry is whole, and serves the old or the new.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use serde_json::{Value, json};

use crate::{
    registration::fixture::{Service, tents_sdl},
    support::{length::length, random::Random, scratch::Scratch},
};

struct Process {
    child: Child,
    url: String,
}

impl Process {
    fn start(directory: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_upfront"))
            .args([
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--allow-source-host",
                "127.0.0.1",
                "--allow-entity",
                "PARTNER",
            ])
            .current_dir(directory)
            .env_clear()
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let url = line
            .trim()
            .trim_start_matches("Upfront listens on ")
            .to_owned();
        assert!(url.starts_with("http"), "{line}");
        Self {
            child,
            url: format!("{url}graphql"),
        }
    }

    /// As `kill -9` does.
    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    async fn ask(&self, token: &str, body: &Value) -> Option<Value> {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let request = client.post(&self.url).bearer_auth(token).json(body);
        request.send().await.ok()?.json().await.ok()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn token(directory: &Path) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_upfront"))
        .args([
            "token",
            "--entity",
            "PARTNER",
            "--scope",
            "registry:publish",
        ])
        .current_dir(directory)
        .env_clear()
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// The service is killed at random moments of publications, and in each fourth turn once it has
/// answered.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_in_the_middle_it_has_published_all_or_nothing() {
    let times = length(4, 50);
    let scratch = Scratch::new();
    let directory = scratch.path();
    let service = Service::tents().await;
    let mut process = Process::start(directory);
    let token = token(directory);
    let mut published = 0;
    let mut random = Random::seeded(20_261_127);
    for turn in 1..=times {
        let field = format!("beds: Int!\n\tturn{turn}: Int");
        let sdl = tents_sdl().replace("beds: Int!", &field);
        let input = json!({
            "name": "tents", "url": service.url, "sdl": sdl, "allowBreaking": "test",
        });
        let query = "mutation($input: SourceInput!) { publishSource(input: $input) { published } }";
        let body = json!({ "query": query, "variables": { "input": input } });
        let pause = Duration::from_millis(u64::try_from(random.below(1_500)).unwrap());
        let asking = process.ask(&token, &body);
        if turn % 4 == 0 {
            asking.await.expect("an answer");
        } else {
            let _ = tokio::time::timeout(pause, asking).await;
        }
        process.kill();
        process = Process::start(directory);

        let list = "{ sources { current { number sdl } versions(first: 100) { number } } \
                    supergraphs(first: 1) { number sdl members { version } } }";
        let answer = process
            .ask(&token, &json!({ "query": list }))
            .await
            .unwrap();
        assert!(answer.get("errors").is_none(), "{answer:#}");
        let newest = &answer["data"]["supergraphs"][0];
        let Some(source) = answer["data"]["sources"].get(0) else {
            assert_eq!(published, 0, "what was published is gone");
            continue;
        };
        // The newest version is the one served: no version without its supergraph, nor the other way.
        let current = source["current"]["number"].as_u64().unwrap();
        assert_eq!(newest["members"], json!([{ "version": current }]));
        let versions = source["versions"].as_array().unwrap();
        assert_eq!(versions.len() as u64, current);
        assert!(
            current == published || current == published + 1,
            "{current} after {published}"
        );
        published = current;
        let schema = format!(
            "{}/schema.graphql",
            process.url.trim_end_matches("/graphql")
        );
        let schema = reqwest::get(schema).await.unwrap().text().await.unwrap();
        let sdl = source["current"]["sdl"].as_str().unwrap();
        let turn = sdl
            .split("turn")
            .nth(1)
            .and_then(|rest| rest.split(':').next())
            .unwrap();
        assert!(
            schema.contains(&format!("turn{turn}: Int")),
            "it serves something else"
        );
    }
    eprintln!("killed {times} times; {published} publications had got through");
    assert!(published >= times / 4, "{published} publications");
}
