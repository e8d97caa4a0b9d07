//! The embedded sources, each asked directly: what it tells, to whom, and what that costs.

mod asking;
mod batches;
mod entities;
mod examples;
mod figures;
mod held_back;
mod hidden_blocks;
mod known_at;
mod need_to_know;
mod pages;
mod refusals;
mod rows;
mod suppression;
mod unreadable;
