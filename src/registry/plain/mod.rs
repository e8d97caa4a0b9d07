//! A GraphQL server that knows nothing of federation: its schema by introspection, under names of
//! its own.

mod introspection;
mod names;
mod prefix;

pub use introspection::{INTROSPECTION, sdl_of};
pub use names::Names;
pub use prefix::prefixed;
