//! The schema as it is exported: the folder `schema/`, and the level of each field.

mod drift;
mod levels;
