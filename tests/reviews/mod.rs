//! The monthly review over HTTP, with tokens of all roles.

mod deadlines;
mod frozen;
mod log;
mod month;
mod races;
mod scene;
