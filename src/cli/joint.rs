//! The joint schema as `upfront serve` starts it.

use std::{net::SocketAddr, sync::Arc};

use super::{CliError, records, say};
use crate::{
    app::{App, Records},
    auth::{Authenticator, Clearance, SigningKey, SystemClock, TokenRequest, TokenVerifier, issue},
    config::Config,
    gateway::{Live, SourceFault, joint_graph},
    import, sources,
};

const DAY: u64 = 24 * 3600;

/// Opens the records, composes the sources and says where it listens.
pub(super) async fn app(
    config: Config,
    address: SocketAddr,
    is_example: bool,
    faults: &[SourceFault],
) -> Result<Arc<App>, CliError> {
    let file = if is_example {
        records::EXAMPLE
    } else {
        records::OWN
    };
    let database = records::open(&config, file).await?;
    database.prepare_to_serve().await?;
    if is_example {
        import::run(&database, &import::Files::example(), import::Mode::Store).await?;
    }
    let graph = joint_graph(sources::embedded(), &database, &config, faults)?;
    let key = SigningKey::open_or_create(&config.data_dir)?;
    announce(address, is_example.then_some(&key))?;
    let verifier = TokenVerifier::new(key, Arc::new(SystemClock));
    let records = Records {
        database,
        is_example,
    };
    Ok(App::new(
        config,
        address,
        Arc::new(Live::new(graph)),
        Some(records),
        Authenticator::new(Some(verifier)),
    ))
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
