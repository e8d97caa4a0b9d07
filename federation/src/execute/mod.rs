//! Runs plans. The only module that awaits `Transport::fetch`.
//!
//! In: a plan, the values of variables, and a [`Transport`]. Out: the text of the answer, its
//! errors, and a report of each fetch. Invariant: what one execution holds at a time is bounded by
//! its budget.
//!
//! All that subgraphs answer is kept in `slots`: an object is a row of numbered slots, whose number
//! and meaning ([`Shape`](crate::query_plan::Shape)) the plan fixes, and a slot holds an object, a
//! list, or a leaf as a span of an answer's text. A fetch goes through these steps:
//!
//! 1. `schedule` starts it once every fetch that it depends on is done (`progress`).
//! 2. `request` walks to the objects it is for, writes their representations from slots, each
//!    distinct one once, and makes the JSON text of the variables. The transport sends it.
//! 3. `receive` takes the answer. `ingest` reads its `data` into new slots by the program that the
//!    plan has for it; what does not fit is noted and becomes null.
//! 4. `merge` puts what was read into the objects it was asked for. Where another answer has a value
//!    already, the first that is not null stays.
//! 5. `errors` traces the answer's errors to places of the client's answer, marks the nulls that they
//!    explain, and reports what the answer lacks or contradicts.
//!
//! When no fetch is left, `write` makes the client's JSON: its names, its order, nulls propagated.
//! A null in a non-null place is an error unless another error explains it.
//!
//! Example: `{ me { name reviews { stars } } }`, where `accounts` has `me` and `reviews` the rest.
//!
//! ```text
//! #0 accounts {me{name id}}           slots: root.0 = object 1; 1.0 = "Ada" (name); 1.1 = "7" (id)
//! #1 reviews  _entities, after #0     target root.0; representation {"__typename":"User","id":"7"}
//!                                     from slot 1.1; its `reviews` go to slot 1.2 of object 1
//! write                               {"me":{"name":"Ada","reviews":[{"stars":4}]}}
//! ```
//!
//! If #1 fails, slot 1.2 stays without a value, an error with the path `me` says that `reviews`
//! failed, and the writer writes null for it.

pub(crate) mod errors;
mod execution;
pub(crate) mod ingest;
pub(crate) mod introspection;
pub(crate) mod merge;
pub(crate) mod pace;
pub(crate) mod progress;
mod receive;
pub(crate) mod request;
mod schedule;
pub(crate) mod slots;
mod transport;
pub(crate) mod write;

pub use execution::{ALLOWANCE, Execution};
pub use introspection::answer::Introspection;
pub use schedule::Receipts;
pub use transport::{Answer, Kept, Lookup, Sent, Sink, Task, Transport, Verdict, Walk};
pub use write::writer::IntrospectionAnswers;
