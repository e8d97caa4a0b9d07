//! The joint schema as `upfront serve` starts it.

use std::{net::SocketAddr, sync::Arc};

use super::{CliError, records, say, signing};
use crate::{
    app::{App, Records},
    auth::{
        Authenticator, Clearance, Clock, SigningKey, SystemClock, TokenRequest, TokenVerifier,
        is_entity_code, issue,
    },
    config::Config,
    gateway::SourceFault,
    import,
    registry::Joint,
};

const DAY: u64 = 24 * 3600;

/// Opens the records, composes the sources and says where it listens.
pub(super) async fn app(
    mut config: Config,
    address: SocketAddr,
    is_example: bool,
    faults: &[SourceFault],
) -> Result<Arc<App>, CliError> {
    let file = if is_example {
        // Invented records stay out of a database that the settings name.
        config.database_url = None;
        records::EXAMPLE
    } else {
        records::OWN
    };
    let database = records::open(&config, file).await?;
    database.prepare_to_serve().await?;
    if is_example {
        let renamed = import::use_example_ids(&database).await;
        renamed.map_err(|error| CliError::new(format!("the example data: {error}")))?;
        import::run(&database, &import::Files::example(), import::Mode::Store).await?;
    }
    let key = signing::open_or_create(&config, &database).await?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let joint = Joint::start(&config, &database, &key, &clock, faults).await?;
    config.warn_of_unknown_sources(&joint.live().current().source_names());
    warn_of_entities(&config.registry.entities);
    announce(address, is_example.then_some(&key))?;
    let verifier = TokenVerifier::new(key, clock);
    let records = Records {
        database,
        is_example,
    };
    let live = Arc::clone(joint.live());
    let authenticator = Authenticator::new(Some(verifier));
    let app = App::new(config, address, live, Some(records), authenticator);
    app.attach(joint.run());
    Ok(app)
}

/// Codes of entities differ by case: tokens are made out to the code as it is written.
fn warn_of_entities(codes: &[String]) {
    for code in codes {
        if !is_entity_code(code) {
            tracing::warn!(
                code,
                "`registry.entities`: `{code}` is not written like the code of an entity; codes are \
                 in capitals, such as `{}`",
                code.to_uppercase()
            );
        }
    }
}

fn announce(address: SocketAddr, example_key: Option<&SigningKey>) -> Result<(), CliError> {
    say(&format!("Upfront listens on http://{address}/"))?;
    let Some(key) = example_key else {
        return Ok(());
    };
    let request = TokenRequest {
        entity: "OHCHR".to_owned(),
        scopes: vec![Clearance::Confidential.scope().to_owned()],
        lifetime: DAY,
    };
    let token = issue(key, &request, &SystemClock)?;
    say("The records are invented. A reviewer's token, good for a day:")?;
    say(&token)?;
    say("Try:")?;
    say(&format!(
        "curl -s http://{address}/graphql -H 'Content-Type: application/json' \
         -H 'Authorization: Bearer {token}' \
         -d '{{\"query\":\"{{ situations(first: 3) {{ nodes {{ id title concernLevel }} }} }}\"}}'"
    ))
}
