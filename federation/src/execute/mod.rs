//! Plans to answers. The only module that awaits.

mod transport;

pub use transport::{Answer, Sink, Transport, Walk};
