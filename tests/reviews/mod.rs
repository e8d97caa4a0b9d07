//! The monthly review over HTTP, with tokens of all roles.

mod month;
mod scene;
