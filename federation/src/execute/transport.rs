//! The trait that the host implements for I/O: how subgraphs are asked, where blocking work runs,
//! and how the host is told of cache look-ups.

use std::future::Future;

use bytes::Bytes;

use crate::{error::SubgraphError, query_plan::Fetch};

/// Asks subgraphs. Deadlines, retries and de-duplication of requests are up to the implementation.
pub trait Transport: Send + Sync + 'static {
    /// The caller, as the host describes it: passed on, never read by the engine.
    type Caller: Send + Sync;

    /// The transport's receipt of an answer. It gets it back with the [`Verdict`]; where the
    /// request is cancelled before the answer is read, it is dropped.
    type Receipt: Send;

    /// Sends one document. `variables` is the JSON text of an object: the client's variables that
    /// the document uses and one list for each variable of representations.
    ///
    /// An `Err` is a fetch that failed as a whole; field errors are part of the [`Answer`].
    fn fetch<'a>(
        &'a self,
        fetch: &'a Fetch,
        variables: Bytes,
        caller: &'a Self::Caller,
    ) -> impl Future<Output = Result<(Answer, Self::Receipt), SubgraphError>> + Send + 'a;

    /// Whether what a subgraph would be sent of an object may be sent. Where it may not, the object is not asked
    /// about, and an error of [`Origin::Refused`] says so at its place.
    ///
    /// [`Origin::Refused`]: crate::error::Origin::Refused
    fn may_send(&self, _subgraph: &str, _sent: Sent<'_>, _caller: &Self::Caller) -> bool {
        true
    }

    /// Is told the verdict on an answer, as soon as it is read. Called a second time, with
    /// [`Verdict::Misfit`], where only a later fetch finds that something of it does not fit.
    fn judge(&self, _receipt: &mut Self::Receipt, _verdict: Verdict, _caller: &Self::Caller) {}

    /// Runs work that keeps a thread busy for long: parsing a document, planning an operation,
    /// answering an introspection. The engine starts no threads, so by default it runs on this one;
    /// a host whose other requests wait for this thread runs it on another, and bounds how many it
    /// uses. `None` if it did not run to the end.
    fn run_blocking<R: Send + 'static>(
        &self,
        _task: Task,
        work: impl FnOnce() -> R + Send + 'static,
    ) -> impl Future<Output = Option<R>> + Send {
        async move { Some(work()) }
    }

    /// Is told of each look-up among the documents and plans that are kept.
    fn looked_up(&self, _kept: Kept, _lookup: Lookup) {}
}

/// What a subgraph would be sent of an object.
#[derive(Clone, Copy, Debug)]
pub enum Sent<'a> {
    /// Its representation, as JSON text. Asked for each object.
    Representation(&'a [u8]),
    /// The values of contexts that go with it: the members of an object, as JSON text. Asked once for each set of
    /// values of a fetch.
    Contexts(&'a [u8]),
}

/// What keeps a thread busy for an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Task {
    /// To parse and validate a document.
    Parse,
    /// To normalise, authorise and plan an operation, or to count beforehand what it costs.
    Plan,
    /// To answer an introspection.
    Introspect,
}

/// What is kept from one request to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kept {
    /// Parsed documents.
    Document,
    /// Plans.
    Plan,
}

/// The result of a look-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lookup {
    /// The cache had it.
    Hit,
    /// The cache did not have it: it is made.
    Miss,
    /// Another request is making it, and the result is shared.
    Shared,
}

/// What the engine found about an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is what was asked for. It may hold errors that the subgraph reports.
    Taken,
    /// It is a response, but something in it is not what was asked for: another kind of value, a field
    /// left out, a contradiction of another subgraph. The rest was taken.
    Misfit,
    /// It holds more than may be held for the request.
    TooLarge,
    /// It is no GraphQL response: not valid JSON, or with neither data nor errors.
    Unreadable,
}

/// What a subgraph answered.
#[derive(Debug)]
pub enum Answer {
    /// A GraphQL response as JSON text.
    Json(Bytes),
    /// A GraphQL response that passes its values to a [`Sink`], for subgraphs in the same process.
    Tree(Box<dyn Walk>),
}

/// A GraphQL response (`data`, `errors`) that can pass its values to a [`Sink`].
pub trait Walk: Send + std::fmt::Debug {
    /// Passes on the next part of the `data`, about `values` values. Returns whether anything is
    /// left; it is called until nothing is, with other work done in between.
    fn data(&mut self, sink: &mut dyn Sink, values: u64) -> bool;
    /// The `errors`, as a JSON list; an empty one is no error.
    fn errors(&self) -> Vec<serde_json::Value>;
}

/// Takes a value piece by piece, in document order.
pub trait Sink {
    /// An object begins; [`Sink::key`] and a value follow for each field.
    fn begin_object(&mut self);
    /// The next field's name. False: the value is not wanted, do not pass it on.
    fn key(&mut self, name: &str) -> bool;
    /// The object ends.
    fn end_object(&mut self);
    /// Whether a list or an object that comes now is a leaf (a custom scalar): pass it with
    /// [`Sink::leaf`] as JSON text.
    fn expects_leaf(&self) -> bool;
    /// A list begins; its items follow.
    fn begin_list(&mut self);
    /// The list ends.
    fn end_list(&mut self);
    /// Null.
    fn null(&mut self);
    /// A leaf, written as JSON text.
    fn leaf(&mut self, write: &mut dyn FnMut(&mut Vec<u8>));
}
