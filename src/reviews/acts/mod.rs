//! Acts on the review: loads the state, has the act decided, stores what changed with its events in one transaction.
//! In: an act and who does it. Out: the id of the record that it made or changed.
//!
//! `run` is these steps in order, in a task that outlives its request. `load` reads the state, `apply` writes what
//! changed, `texts` encrypts, `requests` remembers acts by the keys of their clients, `freeze` reads and stores profiles, `protect`
//! encrypts what they say of records that can be sealed,
//! `deadlines` acts when one passes.
//! INVARIANT: acts take turns with each other, with imports and with seals.

mod apply;
mod canonical;
mod copy;
mod deadlines;
mod error;
mod events;
mod freeze;
mod load;
mod place;
mod plan;
mod profiles;
mod protect;
mod requests;
mod resolve;
mod rows;
mod run;
mod texts;
mod words;

pub use canonical::canonical;
pub(crate) use copy::copied;
pub use deadlines::keep_deadlines;
pub(crate) use error::ActError;
pub(crate) use freeze::is_intact;
pub use load::are_untouched;
pub(crate) use place::LogPlace;
pub use plan::Planning;
pub use profiles::{
    PartScope, ReadPart, ReadProfile, ReadProfiles, ReviewCell, ReviewParts, SourceRead,
};
pub(crate) use resolve::{action_key, cycle_code, input_key, item_key, situation_key};
pub(crate) use rows::MANDATE;
pub(crate) use run::{Asker, Request, run};
pub(crate) use words::{checked, checked_if_any};
