//! What this system never holds: which columns are refused for it, and what of it can be found in a
//! text by its pattern. A person's name cannot: no pattern tells it from other
//! words.

mod column;
mod fold;
mod identifier;
mod pattern;
mod text;
mod what;

pub(crate) use column::find as find_in_name;
pub(crate) use identifier::{Identifier, looks_like, mends};
pub(crate) use text::{in_code, in_text};
pub(crate) use what::Never;
