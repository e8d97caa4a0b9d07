//! The joint schema as `upfront serve` starts it.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use super::{CliError, records, say, signing, suppression};
use crate::{
    app::{App, Records},
    audit_trail::AuditTrail,
    auth::{
        Authenticator, Clearance, Clock, KeyRing, Revocations, SigningKey, SystemClock,
        TokenRequest, TokenVerifier, is_entity_code, issue,
    },
    config::{Config, ReviewSettings},
    gateway::SourceFault,
    import,
    profiles::Profiles,
    registry::Joint,
    reviews::{self, Planning, ReviewParts, keep_deadlines},
    sealing,
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
        // Whoever tries a review out finds it as it was left.
        let untouched = reviews::are_untouched(&database).await;
        if untouched.map_err(|error| CliError::new(format!("the example data: {error}")))? {
            import::run(&database, &import::Files::example(), import::Mode::Store).await?;
        }
    }
    let encrypted = import::encrypt_stored(&database).await;
    encrypted.map_err(|error| CliError::new(format!("encrypting what was stored: {error}")))?;
    suppression::suppress(&config, &database).await?;
    let keys = signing::open_or_create(&config, &database).await?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let joint = Joint::start(&config, &database, &keys, &clock, faults).await?;
    config.warn_of_unknown_sources(&joint.live().current().source_names());
    warn_of_entities(&config.registry.entities);
    let authenticator = authenticator(&config, address, keys.clone(), &clock)?;
    let revocations = Arc::new(Revocations::default());
    let trail_clock = Arc::clone(&clock);
    let loaded = revocations.load(&database, clock.as_ref()).await;
    loaded.map_err(|error| CliError::new(format!("the list of revoked tokens: {error}")))?;
    tokio::spawn(Arc::clone(&revocations).follow(
        database.clone(),
        clock,
        Duration::from_secs(config.auth.revocation_seconds.max(1)),
    ));
    tokio::spawn(sealing::keep_erasing(database.clone()));
    let profiles = Profiles::new(Arc::clone(joint.live()), Some(joint.number()));
    joint.review().connect(ReviewParts {
        profiles: Arc::new(profiles),
        planning: planning(&config.review),
        clock: Arc::clone(&trail_clock),
    });
    if !is_example {
        let review = joint.review().clone();
        tokio::spawn(keep_deadlines(
            database.clone(),
            review,
            Arc::clone(&trail_clock),
        ));
    }
    let records = Records {
        database,
        is_example,
    };
    let live = Arc::clone(joint.live());
    let authenticator = authenticator.refusing(revocations);
    let trail = AuditTrail::start(&records.database, &config.audit, trail_clock).await?;
    let app = App::new(config, address, live, Some(records), authenticator);
    let trail = Arc::new(trail);
    joint.trail().connect(Arc::clone(&trail));
    app.record_in(trail);
    app.attach(joint.run());
    announce(&app, is_example.then_some(&keys.signing))?;
    Ok(app)
}

/// The rule of the settings by which reviews are planned.
fn planning(settings: &ReviewSettings) -> Planning {
    Planning {
        inputs_due_working_day: settings.inputs_due_working_day,
        inputs_due_hour: settings.inputs_due_hour,
        consolidation_days: settings.consolidation_days,
        session_weekday: settings.weekday(),
        session_hour: settings.session_hour,
        months_ahead: settings.months_ahead,
        holidays: settings.holidays.clone(),
    }
}

/// Whether tokens of the local key count: they are for this machine, unless the settings name it as an
/// issuer.
fn is_local_accepted(config: &Config, address: SocketAddr) -> bool {
    config.is_local(address.ip()) || config.auth.names_local_issuer()
}

/// Who is believed.
fn authenticator(
    config: &Config,
    address: SocketAddr,
    keys: KeyRing,
    clock: &Arc<dyn Clock>,
) -> Result<Authenticator, CliError> {
    let local = is_local_accepted(config, address)
        .then(|| TokenVerifier::new(keys.signing, Arc::clone(clock)).accepting(keys.others));
    let authenticator = Authenticator::new(local).with_issuers(&config.auth, Arc::clone(clock));
    authenticator.map_err(|error| CliError::new(format!("settings: {error}")))
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

fn announce(app: &App, example_key: Option<&SigningKey>) -> Result<(), CliError> {
    let url = app.url();
    say(&format!("Upfront listens on {url}/"))?;
    let Some(key) = example_key else {
        return Ok(());
    };
    if !is_local_accepted(&app.config, app.address) {
        return say("The records are invented. Ask with a token of an issuer in `auth.issuers`.");
    }
    let request = TokenRequest {
        subject: None,
        entity: "OHCHR".to_owned(),
        scopes: vec![Clearance::Confidential.scope().to_owned()],
        lifetime: DAY,
    };
    let token = issue(key, &request, &SystemClock)?;
    say("The records are invented. A reviewer's token, good for a day:")?;
    say(&token)?;
    say("Try:")?;
    say(&format!(
        "curl -s {url}/graphql -H 'Content-Type: application/json' \
         -H 'Authorization: Bearer {token}' \
         -d '{{\"query\":\"{{ situations(first: 3) {{ nodes {{ id title concernLevel }} }} }}\"}}'"
    ))
}
