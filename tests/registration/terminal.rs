//! The command line of an entity, against a gateway that runs.

use std::process::Command;

use sea_orm::DbBackend;

use crate::{
    registration::fixture::{PUBLISH, config, serve},
    support::{app::TestApp, database::on_one_database, scratch::Scratch},
};

/// What a command came to.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: Option<i32>,
    pub(crate) said: String,
    pub(crate) errors: String,
}

impl Outcome {
    #[track_caller]
    pub(crate) fn is(&self, code: i32, says: &str) {
        assert_eq!(self.code, Some(code), "{self:#?}");
        let all = format!("{}{}", self.said, self.errors);
        assert!(all.contains(says), "`{says}` is not in {self:#?}");
    }
}

/// A terminal of an entity.
pub(crate) struct Terminal {
    pub(crate) scratch: Scratch,
    pub(crate) endpoint: String,
    pub(crate) token: Option<String>,
}

impl Terminal {
    pub(crate) fn of(entity: &str, app: &TestApp) -> Self {
        Self {
            scratch: Scratch::new(),
            endpoint: format!("{}/graphql", app.url),
            token: Some(app.token(entity, &[PUBLISH])),
        }
    }

    pub(crate) async fn run(&self, arguments: &[&str]) -> Outcome {
        let mut command = Command::new(env!("CARGO_BIN_EXE_upfront"));
        command
            .args(arguments)
            .current_dir(self.scratch.path())
            .env_clear()
            .env("UPFRONT_ENDPOINT", &self.endpoint)
            .envs(self.token.iter().map(|token| ("UPFRONT_TOKEN", token)));
        let running = tokio::task::spawn_blocking(move || command.output().unwrap());
        let output = running.await.unwrap();
        Outcome {
            code: output.status.code(),
            said: String::from_utf8(output.stdout).unwrap(),
            errors: String::from_utf8(output.stderr).unwrap(),
        }
    }

    pub(crate) async fn source(&self, arguments: &[&str]) -> Outcome {
        self.run(&[&["source"], arguments].concat()).await
    }
}

pub(crate) async fn on_a_gateway<F: Future<Output = ()> + Send + 'static>(test: fn(TestApp) -> F) {
    on_one_database(DbBackend::Sqlite, move |database| async move {
        let mut config = config();
        config.registry.record_seconds = 1;
        test(serve(&database, config).await).await;
    })
    .await;
}
