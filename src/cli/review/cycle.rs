//! `upfront review plan`, `open`, `close`, `step` and `freeze`.

use clap::{Args, ValueEnum};
use serde_json::json;

use super::client::{Review, UNDER_WAY, told_cycle};
use crate::cli::CliError;

/// Plan a review; without --inputs-due by the rule of the settings
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  upfront review plan --period 2027-01")]
pub(super) struct Plan {
    #[command(flatten)]
    review: Review,
    /// The month that it is about
    #[arg(long, value_name = "MONTH")]
    period: String,
    /// Plan an extraordinary review
    #[arg(long)]
    extraordinary: bool,
    /// When inputs are due, as an instant
    #[arg(long, value_name = "INSTANT")]
    inputs_due: Option<String>,
    /// When the meeting is, as an instant
    #[arg(long, value_name = "INSTANT")]
    session: Option<String>,
}

impl Plan {
    pub(super) async fn run(self) -> Result<(), CliError> {
        let kind = if self.extraordinary {
            "EXTRAORDINARY"
        } else {
            "MONTHLY"
        };
        let input = json!({
            "kind": kind,
            "period": self.period,
            "inputsDueAt": self.inputs_due,
            "sessionAt": self.session,
        });
        let selection = "cycle { id kind period { code } state inputsDueAt sessionAt }";
        let field = ("planReviewCycle", "PlanReviewCycleInput");
        let payload = self.review.change(field, input, selection).await?;
        self.review
            .tell(&payload, |payload| told_cycle(&payload["cycle"]))
    }
}

/// A cycle to be moved.
#[derive(Debug, Args)]
pub(super) struct Move {
    #[command(flatten)]
    review: Review,
    /// The review, by its id; the monthly one that it applies to, unless given
    #[arg(long, value_name = "ID")]
    cycle: Option<String>,
}

impl Move {
    pub(super) async fn open(self) -> Result<(), CliError> {
        let cycle = self
            .review
            .cycle(self.cycle.as_deref(), &["PLANNED"])
            .await?;
        self.review.advance(&cycle, "OPEN_INPUTS", None).await
    }

    pub(super) async fn close(self) -> Result<(), CliError> {
        let cycle = self.cycle.as_deref();
        let cycle = self.review.cycle(cycle, &["INPUT_OPEN"]).await?;
        self.review.advance(&cycle, "CLOSE_INPUTS", None).await
    }
}

/// What is done with a review that is under way.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Act {
    /// The inputs are joined
    Consolidate,
    /// The meeting begins
    BeginSession,
    /// An extraordinary review closes its inputs and meets at once; takes --reason
    BeginFlashSession,
    /// The meeting is over
    ConcludeSession,
    /// The follow-up begins
    BeginFollowUp,
    /// The review is over
    Close,
    /// Go back by one step; takes --reason
    StepBack,
}

impl Act {
    const fn name(self) -> &'static str {
        match self {
            Self::Consolidate => "CONSOLIDATE",
            Self::BeginSession => "BEGIN_SESSION",
            Self::BeginFlashSession => "BEGIN_FLASH_SESSION",
            Self::ConcludeSession => "CONCLUDE_SESSION",
            Self::BeginFollowUp => "BEGIN_FOLLOW_UP",
            Self::Close => "CLOSE",
            Self::StepBack => "STEP_BACK",
        }
    }
}

/// Move the review that is under way on, or back by one step
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  upfront review step consolidate")]
pub(super) struct Step {
    #[command(flatten)]
    review: Review,
    /// What is done
    act: Act,
    /// The review, by its id; the monthly one that is under way, unless given
    #[arg(long, value_name = "ID")]
    cycle: Option<String>,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

impl Step {
    pub(super) async fn run(self) -> Result<(), CliError> {
        let cycle = self.review.cycle(self.cycle.as_deref(), &UNDER_WAY).await?;
        let reason = self.reason.as_deref();
        self.review.advance(&cycle, self.act.name(), reason).await
    }
}

/// Freeze the profile of one item again, where a source was down
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  upfront review freeze --item itm_… --reason \"OSAPG was down\""
)]
pub(super) struct Freeze {
    #[command(flatten)]
    review: Review,
    /// The item, by its id
    #[arg(long, value_name = "ID")]
    item: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

impl Freeze {
    pub(super) async fn run(self) -> Result<(), CliError> {
        let input = json!({ "item": self.item, "reason": self.reason });
        let selection = "item { id frozenProfile { id version digest sources { name status } } }";
        let field = ("freezeProfile", "FreezeProfileInput");
        let payload = self.review.change(field, input, selection).await?;
        self.review.tell(&payload, |payload| {
            let frozen = &payload["item"]["frozenProfile"];
            format!(
                "{}  version {}  {}",
                frozen["id"].as_str().unwrap_or_default(),
                frozen["version"],
                frozen["digest"].as_str().unwrap_or_default()
            )
        })
    }
}
