//! Seals, lifts and destroys: decides, stores in one transaction, and has what was erased leave the database.

use chrono::{DateTime, Utc};
use data_encoding::HEXLOWER;
use entities::record_seal;
use sea_orm::DbErr;

use super::{
    act::{Act, Change, decide},
    erase::erase,
    error::SealError,
    record::{self, Asker, Named},
    store,
};
use crate::{
    auth::Person,
    database::{Database, take_turn},
    import::TURN,
    records::never,
    vocabulary::Kind,
};

/// Ids of seals.
pub(super) const SEAL: Kind = Kind::new("seal", "RecordSeal");

const MOST_CHARACTERS: usize = 500;

/// What is to be sealed.
#[derive(Clone, Debug)]
pub(super) struct SealRequest {
    pub(super) record: Named,
    pub(super) reason: String,
}

/// Seals a record in all its revisions.
pub(super) async fn seal(
    database: &Database,
    asker: &Asker,
    request: &SealRequest,
    now: DateTime<Utc>,
) -> Result<record_seal::Model, SealError> {
    asker.check()?;
    let by = person(asker)?;
    let reason = request.reason.trim();
    check_reason(reason)?;
    let transaction = database.begin().await?;
    // An import that began before has to encrypt anew what it stages, or has stored it already.
    take_turn(&transaction, TURN).await?;
    let named = record::named(&transaction, &request.record).await?;
    let found = match &named {
        Some((record_type, key)) => record::find(&transaction, asker, record_type, key).await?,
        None => None,
    };
    let Some(((record_type, key), found)) = named.zip(found) else {
        return Err(record::none(&request.record));
    };
    let new = store::NewSeal {
        record_type,
        key: &key,
        found,
        reason,
        by: &by,
        at: now,
        public_id: new_id()?,
    };
    let seal = store::seal(&transaction, new).await?;
    transaction.commit().await?;
    tracing::warn!(seal = seal.public_id, "a record was sealed");
    Ok(seal)
}

/// Lifts a seal, or asks to destroy its key, or destroys it.
pub(super) async fn act(
    database: &Database,
    asker: &Asker,
    (id, act): (&str, Act),
    now: DateTime<Utc>,
) -> Result<record_seal::Model, SealError> {
    asker.check()?;
    let by = person(asker)?;
    let transaction = database.begin().await?;
    take_turn(&transaction, TURN).await?;
    let seal = store::find(&transaction, asker, id).await?;
    let seal = seal
        .ok_or_else(|| SealError::Input("There is no such seal that you may act on.".to_owned()))?;
    let change = decide(&store::state(&seal), act, &by, now)?;
    let seal = store::apply(&transaction, seal, change, (&by, now)).await?;
    transaction.commit().await?;
    tracing::warn!(seal = seal.public_id, ?change, "a seal was acted on");
    if change == Change::Destroy {
        // The key is destroyed all the same, and the rest is tried again and again.
        if let Err(error) = erase(database, now).await {
            let error = crate::database::without_values(&error);
            tracing::error!(
                error,
                "what was erased may still stand in files of the database"
            );
        }
        // Whether it is known already does not change what was done.
        if let Ok(Some(seal)) = store::find(&database.read, asker, id).await {
            return Ok(seal);
        }
    }
    Ok(seal)
}

fn person(asker: &Asker) -> Result<Person, SealError> {
    Person::of(&asker.principal).ok_or(SealError::Forbidden(
        "The token names no person of an entity.",
    ))
}

fn check_reason(reason: &str) -> Result<(), SealError> {
    let length = reason.chars().count();
    if length == 0 || length > MOST_CHARACTERS || reason.chars().any(char::is_control) {
        return Err(SealError::Input(format!(
            "`reason` has 1 to {MOST_CHARACTERS} characters, and no line breaks. It stays when all else is \
             destroyed: do not repeat what is sealed."
        )));
    }
    let found = never::in_text(reason);
    never::looks_like(&found).map_or(Ok(()), |looks| {
        Err(SealError::Input(format!(
            "`reason` {looks}; it stays when all else is destroyed."
        )))
    })
}

fn new_id() -> Result<String, SealError> {
    let mut random = [0_u8; 10];
    aws_lc_rs::rand::fill(&mut random)
        .map_err(|_| DbErr::Custom("the system gives no random numbers".to_owned()))?;
    Ok(format!("{}_{}", SEAL.prefix(), HEXLOWER.encode(&random)))
}
