//! A GraphQL server that knows nothing of federation: its schema by introspection, under names of
//! its own.

mod introspection;
mod prefix;

pub use introspection::{INTROSPECTION, sdl_of};
pub use prefix::prefixed;
