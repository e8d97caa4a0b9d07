//! First pass: the operation as positions, the places in the answer where an object stands. In: a
//! reachable operation. Out: a tree of positions, each with the runtime types its object can have and
//! what is asked of them; later passes add hidden positions for keys, `@requires` and contexts.

pub(crate) mod classes;
pub(crate) mod contexts;
mod hidden;
pub(crate) mod tree;
