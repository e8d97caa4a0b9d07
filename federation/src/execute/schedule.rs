//! Runs the fetches of a plan, each as soon as all that it depends on are done, in one task;
//! dropping it stops it. In: a transport and the values of variables. Out: the receipts of the
//! answers, which are then in the execution's slots. Invariant: no fetch runs twice.

use std::{collections::VecDeque, sync::Arc};

use apollo_compiler::response::JsonMap;
use futures::{StreamExt, stream::FuturesUnordered};
use tracing::{Instrument, debug_span};

use crate::{
    execute::{
        execution::Execution,
        request::{in_flight::InFlight, prepare::Outgoing},
        slots::ROOT,
        transport::{Answer, Sent, Transport, Verdict},
    },
    query_plan::{FetchId, FetchInput},
};

/// The transport's receipts of the answers of an execution.
#[derive(Debug)]
pub struct Receipts<R>(Vec<(FetchId, R)>);

impl Execution {
    /// Takes the answer of a root fetch before the run: the event of a subscription.
    pub async fn seed(&mut self, fetch: FetchId, answer: Answer) {
        let objects = match self
            .plan
            .fetches
            .get(fetch.0 as usize)
            .map(|fetch| &fetch.input)
        {
            Some(FetchInput::Root(ingest)) => vec![(ROOT, *ingest)],
            _ => Vec::new(),
        };
        let request = InFlight {
            fetch,
            objects,
            lists: Vec::new(),
        };
        self.receive(&request, Ok(answer)).await;
        self.progress.complete(&self.plan, fetch);
    }

    /// Runs every fetch that is not done. `variables` are coerced. The transport's receipts are
    /// returned for [`Execution::judge`].
    pub async fn run<T: Transport>(
        &mut self,
        transport: &T,
        caller: &T::Caller,
        variables: &JsonMap,
    ) -> Receipts<T::Receipt> {
        let plan = Arc::clone(&self.plan);
        let mut ready: VecDeque<FetchId> = self.progress.ready().collect();
        let mut running = FuturesUnordered::new();
        let mut receipts = Receipts(Vec::new());
        loop {
            while let Some(id) = ready.pop_front() {
                let Some(fetch) = plan.fetches.get(id.0 as usize) else {
                    continue;
                };
                let name = &fetch.subgraph_name;
                let may_send = |sent: Sent<'_>| transport.may_send(name, sent, caller);
                let outgoing = self.prepare(id, fetch, variables, &may_send).await;
                self.judge(transport, &mut receipts, caller);
                // Where there is no object to ask for, the fetches that wait for this one may
                // start.
                ready.extend(self.progress.start(&plan, id, outgoing.len()));
                for Outgoing { request, variables } in outgoing {
                    let span = debug_span!("fetch", subgraph = &*fetch.subgraph_name);
                    let answer = transport.fetch(fetch, variables, caller).instrument(span);
                    running.push(async move { (request, answer.await) });
                }
            }
            let Some((request, outcome)) = running.next().await else {
                break;
            };
            match outcome {
                Ok((answer, mut receipt)) => {
                    let verdict = self.receive(&request, Ok(answer)).await;
                    transport.judge(&mut receipt, verdict, caller);
                    receipts.0.push((request.fetch, receipt));
                }
                Err(error) => {
                    self.receive(&request, Err(error)).await;
                }
            }
            ready.extend(self.progress.receive(&plan, request.fetch));
        }
        receipts
    }

    /// Tells the transport which answers were found not to fit after they were read. Once the
    /// client's answer is written, no more are found.
    pub fn judge<T: Transport>(
        &mut self,
        transport: &T,
        receipts: &mut Receipts<T::Receipt>,
        caller: &T::Caller,
    ) {
        for culprit in self.misled.drain(..) {
            let all = receipts.0.iter_mut();
            for (_, receipt) in all.filter(|(fetch, _)| *fetch == culprit) {
                transport.judge(receipt, Verdict::Misfit, caller);
            }
        }
    }
}
