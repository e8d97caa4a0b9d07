//! The state of one run of a plan: its slots and errors, which fetches are done, and what may still
//! be used. The files beside this one are the steps that change it.

use std::sync::Arc;

use indexmap::{IndexMap, IndexSet};
use smallvec::SmallVec;

use crate::{
    budget::{Allowance, Budget, Interrupt},
    execute::{
        errors::{collected::Errors, unfilled::Rest},
        progress::Progress,
        request::left_out::Fault,
        slots::{ObjectId, Slots},
    },
    query_plan::{FetchId, Plan},
    response::FetchReport,
};

/// What an execution may use, if the host does not say otherwise: 64 MiB of values, which take
/// sixteen bytes each, and 128 MiB of text. Work has no separate bound: it follows from these.
pub const ALLOWANCE: Allowance = Allowance {
    work: u64::MAX,
    values: 4 << 20,
    errors: 1000,
    bytes: 128 << 20,
};

/// One run of a plan. It borrows nothing from the request, and its answer can be written more than
/// once.
#[derive(Debug)]
pub struct Execution {
    pub(crate) plan: Arc<Plan>,
    pub(crate) slots: Slots,
    pub(crate) budget: Arc<Budget>,
    pub(crate) errors: Errors,
    pub(crate) reports: Vec<FetchReport>,
    /// Objects that a fetch leaves out since an input cannot be sent, where other fetches replace
    /// it.
    pub(crate) without_inputs: IndexMap<FetchId, Arc<IndexSet<ObjectId>>>,
    /// What was reported of such objects by the fetches that replace one, which may read the same
    /// inputs.
    pub(crate) told: IndexSet<(FetchId, ObjectId, Fault)>,
    /// What the fetches that replace one do not fill of objects below such an object; an error
    /// reports it.
    pub(crate) unfilled: IndexMap<(FetchId, ObjectId), SmallVec<[Arc<Rest>; 1]>>,
    /// Fetches whose answers were found not to fit after they were read.
    pub(crate) misled: Vec<FetchId>,
    pub(crate) progress: Progress,
}

impl Execution {
    /// Before the first fetch, with an empty root object.
    pub fn new(plan: Arc<Plan>) -> Self {
        let budget = Budget::new(ALLOWANCE, Interrupt::default());
        Self::with_budget(plan, Arc::new(budget))
    }

    /// The same with the host's budget. The budget is this execution's alone.
    pub fn with_budget(plan: Arc<Plan>, budget: Arc<Budget>) -> Self {
        Self {
            progress: Progress::new(&plan),
            slots: Slots::new(&plan),
            plan,
            budget,
            errors: Errors::default(),
            reports: Vec::new(),
            without_inputs: IndexMap::new(),
            told: IndexSet::new(),
            unfilled: IndexMap::new(),
            misled: Vec::new(),
        }
    }
}
