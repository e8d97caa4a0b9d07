//! Execution of plans built by hand: what subgraphs may do wrong, and what becomes of it.

mod entities;
mod misfits;
mod nulls;
mod support;
mod trees;
