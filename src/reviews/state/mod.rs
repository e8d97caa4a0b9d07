//! The review as a value, and what acts on it come to. In: the state before, an act, who does it and when. Out:
//! the records that change, or why none does. Nothing is read or written here.
//!
//! `transitions` has the tables: state × act × role → next state. `check` asks them, `cycle`, `agenda`, `input`
//! and `follow_up` say what else an act changes. `model` drives all of it with random acts.

mod act;
mod agenda;
mod check;
mod cycle;
mod decide;
mod follow_up;
mod input;
#[cfg(test)]
mod model;
mod record;
mod refusal;
mod role;
#[cfg(test)]
mod tables;
mod transitions;

pub(crate) use act::{Act, ActionAct, CycleAct, InputAct, ItemAct, NewAction, NewCycle, Profiles};
pub(crate) use decide::decide;
pub(crate) use record::{
    Action, Change, Content, Cycle, Decision, Gap, Input, InputKey, Item, ItemKey, Narrative,
    State, Text,
};
pub(crate) use refusal::Refusal;
pub(crate) use role::{Actor, Role};
