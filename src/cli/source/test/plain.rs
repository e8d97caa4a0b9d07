//! A plain GraphQL server: its introspection, and whether that can join under a prefix.

use serde_json::json;

use super::{
    asking::first_error,
    attempts::{Attempts, bad, good},
};
use crate::registry::plain::{Features, PROBE, left_out, prefixed, question, sdl_of};

const WHAT: &str = "tells its schema by introspection";
/// Any prefix does: none is looked up.
const PREFIX: &str = "tried";

impl Attempts {
    /// Whether the server tells a schema that can join the joint schema.
    pub(super) async fn tells_its_schema(&mut self) -> bool {
        let features = match self.service.ask(PROBE, json!({})).await {
            Ok((answer, _)) => Features::of(&answer["data"]),
            Err(_) => Features::default(),
        };
        let told = match self.service.ask(&question(features), json!({})).await {
            Err(what) => Err(what),
            Ok((answer, _)) if answer["data"].is_null() => Err(format!(
                "introspection is not answered: {}; switch it on, or give the SDL with --schema",
                first_error(&answer)
            )),
            Ok((answer, _)) => sdl_of(&answer["data"]),
        };
        let joined = told.and_then(|sdl| match prefixed(&sdl, PREFIX, &[]) {
            Ok(joined) => Ok((sdl, joined.len())),
            Err(error) => Err(format!("it cannot join under a prefix: {error}")),
        });
        let is_told = joined.is_ok();
        let outcome = match joined {
            Err(what) => bad(what),
            Ok((sdl, bytes)) => {
                let left_out = left_out(&sdl, &[]).into_iter();
                let left_out: Vec<_> = left_out
                    .map(|sentence| format!("\n      {sentence}"))
                    .collect();
                good(format!("{bytes} bytes of SDL{}", left_out.concat()))
            }
        };
        self.note(WHAT, outcome);
        is_told
    }
}
