//! The one task that writes: what has gathered is committed together, then each who waits is answered.
//!
//! INVARIANT: nobody is told that an entry is stored before it is committed, and none is stored twice.
//! After an error it is not known whether a commit took effect. So the chain is claimed anew, and its
//! tip shows it: the claim can be had only once the old session has ended.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use chrono::DateTime;
use entities::audit_entry::Model;
use serde::Serialize;
use tokio::{
    sync::mpsc,
    time::{Instant, Interval, MissedTickBehavior, interval_at, timeout},
};

use super::{
    anchor::Anchored,
    chain::{Head, Tip, continue_with},
    claim::Claim,
    draft::Draft,
    error::AuditError,
    kind::Kind,
    store::next,
    waiting::{Recorded, State, Waiting, patience, rows_of},
};
use crate::{auth::Clock, config::AuditSettings, database::Database};

/// Operations whose entries are committed together.
const MOST_TOGETHER: usize = 256;
/// Rows that are, unless one operation has more.
const MOST_ROWS: usize = 20_000;
/// How long a transaction of few rows, or claiming a chain, may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// For so long everybody is refused at once after a failure; twice that after the next, and so on.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// Ends of the chain that are kept while it is not known which of them came to be.
const MOST_POSSIBLE: usize = 16;
/// Tries of one transaction; the second is for a connection that broke while nobody used it.
const TRIES: usize = 2;

/// Writes one chain.
#[derive(Debug)]
pub(super) struct Writer {
    trail: Database,
    name: String,
    clock: Arc<dyn Clock>,
    state: Arc<State>,
    claim: Option<Claim>,
    /// The chain that says that this process writes it.
    started: Option<String>,
    /// Where that chain may end: at what was committed last, or at what was tried since.
    possible: Vec<Head>,
    anchored: Anchored,
    pause: Duration,
    paused_until: Option<Instant>,
}

/// A process begins to write a chain.
#[derive(Debug, Serialize)]
struct Start {
    version: &'static str,
    host: String,
    process: u32,
}

/// A chain ends elsewhere than where its writer left it.
#[derive(Debug, Serialize)]
struct Break {
    expected: Head,
    found: Head,
}

/// Answers that were given without an entry.
#[derive(Debug, Serialize)]
struct Unrecorded {
    answers: u64,
}

impl Writer {
    pub(super) fn new(
        trail: Database,
        settings: &AuditSettings,
        clock: Arc<dyn Clock>,
        state: Arc<State>,
    ) -> Self {
        Self {
            trail,
            name: settings.chain().to_owned(),
            clock,
            state,
            claim: None,
            started: None,
            possible: Vec::new(),
            anchored: Anchored::default(),
            pause: FIRST_PAUSE,
            paused_until: None,
        }
    }

    /// Claims a chain and says so in it.
    pub(super) async fn begin(&mut self) -> Result<(), AuditError> {
        self.commit(&[]).await.map(|_| ())
    }

    /// Writes until the queue is closed and empty.
    pub(super) async fn run(
        mut self,
        mut queue: mpsc::Receiver<Waiting>,
        anchor_time: Option<Duration>,
    ) {
        let mut anchors = anchor_time.map(every);
        let mut gathered = Vec::new();
        let state = Arc::clone(&self.state);
        loop {
            tokio::select! {
                biased;
                () = state.stop.notified() => queue.close(),
                () = tick(&mut anchors) => self.anchor().await,
                taken = queue.recv_many(&mut gathered, MOST_TOGETHER) => {
                    if taken == 0 {
                        break;
                    }
                    for together in split(&mut gathered) {
                        self.write(together).await;
                    }
                }
            }
        }
        self.anchor().await;
        if let Some(claim) = self.claim.take()
            && let Err(error) = bounded(&self.trail, PATIENCE, claim.release()).await
        {
            tracing::warn!(%error, "the chain of the audit trail was not given up in order");
        }
    }

    /// Commits some operations together and answers each who waits.
    async fn write(&mut self, gathered: Vec<Waiting>) {
        if self
            .paused_until
            .is_some_and(|until| Instant::now() < until)
        {
            refuse(gathered);
            return;
        }
        let (mut drafts, mut answers) = (Vec::new(), Vec::new());
        // Given up once what is written together is written.
        let mut rooms = Vec::new();
        for waiting in gathered {
            answers.push((drafts.len(), waiting.answer));
            drafts.extend(waiting.drafts);
            rooms.push(waiting.room);
        }
        let Some(rows) = self.try_commit(&drafts).await else {
            for (_, answer) in answers {
                let _ = answer.send(Err(AuditError::Unavailable));
            }
            return;
        };
        let chain: Option<Arc<str>> = rows.first().map(|row| row.chain.as_str().into());
        for (place, answer) in answers {
            let recorded = rows.get(place).zip(chain.as_ref());
            let recorded = recorded.map(|(row, chain)| Recorded {
                chain: Arc::clone(chain),
                sequence: row.sequence,
                at: DateTime::from_timestamp_micros(row.at).unwrap_or_default(),
            });
            // Whoever asked may have left.
            let _ = answer.send(recorded.ok_or(AuditError::Unavailable));
        }
    }

    /// Writes where the other chains end, and how many answers went unrecorded, if there is either.
    async fn anchor(&mut self) {
        if self
            .paused_until
            .is_some_and(|until| Instant::now() < until)
        {
            return;
        }
        let own = self.started.as_deref().unwrap_or_default();
        let due = self.anchored.due(&self.trail, own);
        let anchor = match bounded(&self.trail, PATIENCE, due).await {
            Ok(anchor) => anchor,
            Err(error) => {
                tracing::error!(%error, "the heads of the audit trail cannot be read");
                return;
            }
        };
        let draft = anchor
            .as_ref()
            .map(|anchor| Draft::new(Kind::Anchor, anchor));
        let drafts: Vec<Draft> = draft.into_iter().flatten().collect();
        let has_work = !drafts.is_empty() || self.state.unrecorded.load(Ordering::Relaxed) > 0;
        if has_work
            && self.try_commit(&drafts).await.is_some()
            && let Some(anchor) = anchor
        {
            self.anchored.keep(&anchor);
        }
    }

    /// Commits, and keeps account of failures.
    async fn try_commit(&mut self, drafts: &[Draft]) -> Option<Vec<Model>> {
        match self.commit(drafts).await {
            Ok(rows) => {
                self.pause = FIRST_PAUSE;
                self.paused_until = None;
                if self.state.is_failing.swap(false, Ordering::Relaxed) {
                    tracing::info!("the audit trail can be written again");
                }
                Some(rows)
            }
            Err(error) => {
                self.paused_until = Some(Instant::now() + self.pause);
                self.pause = (self.pause * 2).min(LONGEST_PAUSE);
                if !self.state.is_failing.swap(true, Ordering::Relaxed) {
                    tracing::error!(%error, "the audit trail cannot be written: classified data are refused");
                }
                None
            }
        }
    }

    /// Commits entries after what the chain has to say first; the rows of the entries alone.
    async fn commit(&mut self, drafts: &[Draft]) -> Result<Vec<Model>, AuditError> {
        let mut tried: Option<Attempt> = None;
        for _ in 0..TRIES {
            let claim = self.claim().await?;
            if let Some(attempt) = tried.take() {
                if attempt.is_committed(&claim.tip) {
                    return Ok(self.keep(claim, attempt));
                }
                if attempt
                    .rows
                    .first()
                    .is_none_or(|row| row.chain != claim.chain)
                {
                    // The old session may still commit: written here, it could be there twice.
                    self.claim = Some(claim);
                    return Err(AuditError::Unavailable);
                }
            }
            let attempt = self.prepare(&claim, drafts)?;
            let Some(last) = attempt.rows.last() else {
                self.claim = Some(claim);
                return Ok(Vec::new());
            };
            if self.possible.len() == MOST_POSSIBLE {
                // The end of the chain has been looked at since it was tried.
                self.possible.remove(1);
            }
            self.possible.push(Head::of(last));
            let all = attempt.preface.iter().chain(drafts);
            let found_by: Vec<_> = all.map(|draft| &draft.found_by).collect();
            let appended = claim.append(&attempt.rows, &found_by);
            let rows = rows_of(drafts);
            match bounded(&self.trail, patience(PATIENCE, rows), appended).await {
                Ok(()) => return Ok(self.keep(claim, attempt)),
                Err(error) => {
                    tracing::warn!(%error, "entries of the audit trail may not be stored");
                    self.trail.suspect();
                    tried = Some(attempt);
                }
            }
        }
        Err(AuditError::Unavailable)
    }

    /// The chain that is claimed, or a claim to one.
    async fn claim(&mut self) -> Result<Claim, AuditError> {
        if let Some(claim) = self.claim.take() {
            return Ok(claim);
        }
        let last = self.started.as_deref();
        let claim = Claim::take(&self.trail, &self.name, last);
        let claim = bounded(&self.trail, PATIENCE, claim).await?;
        if self.was_continued(&claim).await? {
            self.started = None;
        }
        Ok(claim)
    }

    /// Whether another process wrote the chain while this one had lost it: as every process does, it
    /// began with its start.
    async fn was_continued(&self, claim: &Claim) -> Result<bool, AuditError> {
        if self.started.as_ref() != Some(&claim.chain) || self.missing(claim).is_none() {
            return Ok(false);
        }
        for head in &self.possible {
            let next = next(&self.trail.read, &head.chain, head.sequence, 2);
            let rows = bounded(&self.trail, PATIENCE, next).await?;
            if let [last, after] = rows.as_slice()
                && last.hash == head.hash
                && after.kind == Kind::Start.name()
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The rows that continue the chain: what it has to say first, and the entries.
    fn prepare(&self, claim: &Claim, drafts: &[Draft]) -> Result<Attempt, AuditError> {
        let mut preface = Vec::new();
        let mut say = |draft: Result<Draft, serde_json::Error>| -> Result<(), AuditError> {
            preface.push(draft.map_err(|_| AuditError::Unavailable)?);
            Ok(())
        };
        if self.started.as_ref() != Some(&claim.chain) {
            say(Draft::new(Kind::Start, &Start::new()))?;
        } else if let Some(expected) = self.missing(claim) {
            let found = Head {
                chain: claim.chain.clone(),
                sequence: claim.tip.sequence,
                hash: claim.tip.hash.clone(),
            };
            tracing::error!(%expected, %found, "somebody else has changed the audit trail");
            say(Draft::new(Kind::Break, &Break { expected, found }))?;
        }
        let unrecorded = self.state.unrecorded.load(Ordering::Relaxed);
        if unrecorded > 0 {
            let answers = unrecorded;
            say(Draft::new(Kind::Unrecorded, &Unrecorded { answers }))?;
        }
        let now = self.clock.instant().timestamp_micros();
        let all = preface.iter().chain(drafts);
        Ok(Attempt {
            rows: continue_with(&claim.chain, &claim.tip, now, all),
            preface,
            unrecorded,
        })
    }

    /// Where the chain should end, if it ends nowhere where this process has left it.
    fn missing(&self, claim: &Claim) -> Option<Head> {
        let is_known = self.possible.iter().any(|head| head.hash == claim.tip.hash);
        self.possible.first().filter(|_| !is_known).cloned()
    }

    /// What was tried is committed; the rows of the entries alone.
    fn keep(&mut self, mut claim: Claim, mut attempt: Attempt) -> Vec<Model> {
        if let Some(last) = attempt.rows.last() {
            claim.tip = Tip::of(last);
            self.possible = vec![Head::of(last)];
        }
        self.started = Some(claim.chain.clone());
        self.claim = Some(claim);
        self.state
            .unrecorded
            .fetch_sub(attempt.unrecorded, Ordering::Relaxed);
        attempt.rows.split_off(attempt.preface.len())
    }
}

/// Rows that it was tried to commit.
#[derive(Debug)]
struct Attempt {
    /// What the chain has to say before the entries.
    preface: Vec<Draft>,
    rows: Vec<Model>,
    /// How many answers without an entry the preface tells of.
    unrecorded: u64,
}

impl Attempt {
    /// Whether it took effect, by where the chain ends now.
    fn is_committed(&self, tip: &Tip) -> bool {
        self.rows.last().is_some_and(|last| last.hash == tip.hash)
    }
}

impl Start {
    fn new() -> Self {
        let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
        Self {
            version: env!("CARGO_PKG_VERSION"),
            host: host.trim().to_owned(),
            process: std::process::id(),
        }
    }
}

/// What is asked of the database, as long as it can be reached and takes no longer than it may.
async fn bounded<T, E>(
    trail: &Database,
    patience: Duration,
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, AuditError>
where
    AuditError: From<E>,
{
    tokio::select! {
        done = timeout(patience, work) => match done {
            Ok(done) => Ok(done?),
            Err(_) => Err(AuditError::Unavailable),
        },
        () = trail.lost() => Err(AuditError::Unavailable),
    }
}

/// What has gathered, in the groups that are committed together.
fn split(gathered: &mut Vec<Waiting>) -> Vec<Vec<Waiting>> {
    let mut groups: Vec<Vec<Waiting>> = Vec::new();
    let mut rows = 0;
    for waiting in gathered.drain(..) {
        let more = rows_of(&waiting.drafts);
        match groups.last_mut() {
            Some(group) if rows + more <= MOST_ROWS => {
                rows += more;
                group.push(waiting);
            }
            _ => {
                rows = more;
                groups.push(vec![waiting]);
            }
        }
    }
    groups
}

fn refuse(gathered: Vec<Waiting>) {
    for waiting in gathered {
        let _ = waiting.answer.send(Err(AuditError::Unavailable));
    }
}

fn every(time: Duration) -> Interval {
    let mut interval = interval_at(Instant::now() + time, time);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}

async fn tick(interval: &mut Option<Interval>) {
    match interval {
        Some(interval) => {
            interval.tick().await;
        }
        None => std::future::pending().await,
    }
}
