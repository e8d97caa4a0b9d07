//! How many descriptors the process may have open, which every connection takes one of.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Left for the database, the sources, files and standard streams.
const RESERVED: u64 = 512;
const FEWEST: u64 = 16;

/// As many connections as are wanted, or as the system allows. The soft limit is raised to the hard
/// one first: it is low for the sake of programs that use `select`.
pub(super) fn most_connections(wanted: usize) -> usize {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    let current = match setrlimit(Resource::Nofile, raised) {
        Ok(()) => limit.maximum,
        Err(_) => limit.current,
    };
    let allowed = current.map_or(u64::MAX, |most| most.saturating_sub(RESERVED).max(FEWEST));
    let allowed = usize::try_from(allowed).unwrap_or(usize::MAX);
    if allowed < wanted {
        tracing::warn!(
            wanted,
            allowed,
            "fewer connections than `limits.connections` are taken: the process may not have more \
             descriptors open (`ulimit -n`)"
        );
    }
    wanted.min(allowed)
}
