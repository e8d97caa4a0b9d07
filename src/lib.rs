//! Upfront: one joint schema over what OHCHR, OSAPG, SRSG-CAAC and SRSG-SVC hold.

pub mod auth;
pub mod database;
pub mod sources;
