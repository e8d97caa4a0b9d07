//! What a request costs: estimated between reading it and planning it, and held against the bound.
//!
//! In: an operation with the values of its variables. Out: its estimate, or the response that refuses it.
//! Invariant: where no bound is set and the request does not ask, nothing is done. What counts the cost is
//! made once an operation, apart from the thread that waits, and kept; to run it is cheap.

use std::sync::Arc;

use apollo_compiler::{Node, executable::Operation, response::JsonMap};

use super::{
    Gateway,
    cache::{CachedDocument, OperationKey},
    prepare::{CostJob, broken_off},
};
use crate::{
    cost::{CostOptions, Estimate, Unsliced},
    error::{ResponseError, code},
    execute::{Task, Transport},
    operation::Booleans,
    request::Request,
    response::Response,
};

impl<T: Transport> Gateway<T> {
    /// What the operation of a request is estimated to cost, whatever is allowed; nothing is planned.
    pub async fn estimate(&self, request: &Request) -> Result<Estimate, Vec<ResponseError>> {
        let (document, operation, variables) = self.read(request).await?;
        let estimate = self.count_cost((&document, &operation), &variables).await;
        estimate.map_err(|error| vec![(*error).clone()])
    }

    /// The same, where the request asks or there is a bound; past the bound it is refused, as is what
    /// cannot be counted. Without a bound that only leaves the estimate out: to ask for it changes nothing.
    pub(super) async fn bound_cost(
        &self,
        asked: (&Arc<CachedDocument>, &Node<Operation>),
        variables: &JsonMap,
        request: &Request,
    ) -> Result<Option<Estimate>, Box<Response>> {
        let options = &self.core.options.cost;
        if options.max.is_none() && !request.wants_cost {
            return Ok(None);
        }
        let (cost, errors) = match self.count_cost(asked, variables).await {
            Ok(estimate) => {
                let errors = refuse(&estimate, options);
                (Some(estimate), errors)
            }
            Err(error) if bound(options).is_some() => (None, vec![(*error).clone()]),
            Err(_) => return Ok(None),
        };
        if errors.is_empty() {
            return Ok(cost);
        }
        Err(Box::new(Response {
            errors,
            cost,
            ..Response::default()
        }))
    }

    async fn count_cost(
        &self,
        (document, operation): (&Arc<CachedDocument>, &Node<Operation>),
        variables: &JsonMap,
    ) -> Result<Estimate, Arc<ResponseError>> {
        let facts = document.facts(operation);
        let booleans = facts.map(|facts| Booleans::new(&facts.booleans, variables));
        let booleans = booleans.unwrap_or_default();
        let key = OperationKey::new(document, operation, &booleans);
        let job = CostJob {
            document: Arc::clone(document),
            operation: operation.clone(),
            booleans,
        };
        let work = |interrupt| {
            let core = Arc::clone(&self.core);
            let working = self.run_blocking(Task::Plan, move || core.count_cost(&job, interrupt));
            async { (working.await).unwrap_or_else(|| (Err(Arc::new(broken_off())), false)) }
        };
        let program = self.caches.program(key, work).await?;
        let options = &self.core.options.cost;
        Ok(program.estimate(self.core.weights(), variables, options))
    }
}

/// The most that an operation may cost.
fn bound(options: &CostOptions) -> Option<u64> {
    options.max.filter(|_| options.enforce)
}

/// What stands against an operation.
fn refuse(estimate: &Estimate, options: &CostOptions) -> Vec<ResponseError> {
    let Some(max) = bound(options) else {
        return Vec::new();
    };
    let mut errors: Vec<_> = estimate.unsliced.iter().map(unsliced).collect();
    if estimate.cost > max {
        errors.push(too_high(estimate.cost, max));
    }
    errors
}

fn unsliced(list: &Unsliced) -> ResponseError {
    let arguments = list.arguments.iter().map(|name| format!("`{name}`"));
    let arguments: Vec<_> = arguments.collect();
    let message = format!(
        "`{}` needs a value for exactly one of {}; {} have one. Say by one of them how long the list may be.",
        list.coordinate,
        arguments.join(", "),
        list.given
    );
    ResponseError::request(code::COST_UNKNOWN, message)
}

fn too_high(estimate: u64, max: u64) -> ResponseError {
    let message = format!(
        "The operation is estimated to cost {estimate}; at most {max} is allowed. Ask for less in one \
         operation, or for shorter lists."
    );
    let mut error = ResponseError::request(code::COST_TOO_HIGH, message);
    error
        .extensions
        .insert("cost.estimated".into(), estimate.into());
    error.extensions.insert("cost.max".into(), max.into());
    error
}
