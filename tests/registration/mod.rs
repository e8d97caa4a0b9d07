//! Sources that register while the service runs, over HTTP: published, failing, retired, returned.

mod changes;
mod classified;
mod command_line;
mod crash;
mod failures;
mod faulty;
mod fixture;
mod load;
mod outage;
mod plain;
pub(crate) mod proxy;
mod refusals;
mod replicas;
mod source;
mod terminal;
mod tls;
mod token;
mod told;
