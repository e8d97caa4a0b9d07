//! Response names of what an embedded source is asked beside the plan. They are drawn at random for each
//! process, so that no client can choose one as an alias.

use std::sync::LazyLock;

use async_graphql::Name;
use data_encoding::HEXLOWER;

/// The type of an object.
pub(super) static TYPE: LazyLock<Name> = LazyLock::new(|| draw("type"));
/// The rows of a page.
pub(super) static ROWS: LazyLock<Name> = LazyLock::new(|| draw("rows"));
/// The id of a record.
pub(super) static RECORD_ID: LazyLock<Name> = LazyLock::new(|| draw("id"));

fn draw(what: &str) -> Name {
    let mut random = [0_u8; 16];
    // Without random bytes the name could be guessed; the audit trail then has what a client makes up.
    if aws_lc_rs::rand::fill(&mut random).is_err() {
        tracing::error!("there are no random bytes");
    }
    Name::new(format!("__upfront_{what}_{}", HEXLOWER.encode(&random)))
}
