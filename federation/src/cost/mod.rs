//! What an operation costs, by `@cost` and `@listSize`, estimated before it is planned.
//!
//! In: a normalised operation and the [`Weights`] of its supergraph, which make a [`Program`]; then the
//! values of the variables of one request. Out: an [`Estimate`]. Invariant: a program depends on nothing
//! that a request brings but the values of `@skip` and `@include`; to run it takes one step for each of
//! its parts and one for each value in the variables.
//!
//! What is counted:
//!
//! - a field costs `call + size × (instance + what is selected below)`. `call` is the weight of the field
//!   (0 unless `@cost` gives another) and of the arguments given, and no less than 0; `size` is 1 where
//!   the field is no list;
//! - an instance of an object type weighs 1, of a scalar or an enum 0, unless `@cost` says otherwise. Of an
//!   interface or a union the most expensive of its object types counts, with what is selected of it;
//! - an argument or input field that takes an input object weighs 1, any other 0, unless it or its type has
//!   `@cost`. Each value given counts, null not; each item of a list is a value, as are the fields of input
//!   objects in turn. Defaults of the schema do not count, for a client did not ask for them;
//! - a list is as long as the greatest of its slicing arguments says, defaults included; where there is
//!   none, as `assumedSize:` says; else as long as the options say. A size below 0 says nothing, and counts
//!   as the last two would. With `sizedFields:` the size is that of these fields below. A list in a list
//!   is as long as the options say;
//! - a mutation weighs 10 by itself; root types, `__typename` and introspection weigh nothing.
//!
//! A field that is selected twice under one response name counts once, as it is resolved once. What
//! `@requires` and keys add is not counted: it is known only once there is a plan.
//!
//! <https://ibm.github.io/graphql-specs/cost-spec.html>

mod amount;
mod compile;
mod directives;
mod estimate;
mod inputs;
mod options;
mod program;
mod slicing;
mod weights;

pub use amount::Amount;
pub use compile::compile;
pub use directives::ListSize;
pub use estimate::{Estimate, Unsliced};
pub use options::CostOptions;
pub use program::Program;
pub use weights::{FieldWeights, InputWeight, Weights};
