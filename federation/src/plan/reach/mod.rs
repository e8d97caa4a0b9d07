//! First pass: the operation as positions, the places in the answer where an object stands. In: a
//! reachable operation. Out: a tree of positions, each with the runtime types its object can have and
//! what is asked of them; the search adds hidden positions for keys, `@requires` and contexts.
//! Invariant: positions and entries are added and never removed, so their numbers stay valid.

pub(crate) mod classes;
pub(crate) mod contexts;
mod hidden;
pub(crate) mod tree;
