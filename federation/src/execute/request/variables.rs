//! Writes the variables of one request. In: the variables of the operation, context values, and
//! lists of representations. Out: their JSON text. Invariant: a variable without a value is left
//! out.

use apollo_compiler::response::JsonMap;
use bytes::Bytes;

use crate::{
    execute::ingest::tree::write_string,
    query_plan::{EntityList, Fetch},
    request::write_value,
};

/// The text that is being written.
pub(crate) struct Variables(Vec<u8>);

impl Variables {
    /// Begins with the variables of the operation that the fetch uses.
    pub(crate) fn new(fetch: &Fetch, variables: &JsonMap) -> Self {
        let mut text = Self(vec![b'{']);
        for name in &fetch.variables {
            // A variable without a value is left out, so that the subgraph's default applies.
            if let Some(value) = variables.get(&**name) {
                text.name(name);
                write_value(&mut text.0, value);
            }
        }
        text
    }

    fn name(&mut self, name: &str) {
        if self.0.len() > 1 {
            self.0.push(b',');
        }
        write_string(&mut self.0, name);
        self.0.push(b':');
    }

    /// Members already written.
    pub(crate) fn member(&mut self, members: &[u8]) {
        if !members.is_empty() {
            if self.0.len() > 1 {
                self.0.push(b',');
            }
            self.0.extend_from_slice(members);
        }
    }

    /// A list of representations.
    pub(crate) fn list<'a>(
        &mut self,
        list: &EntityList,
        items: impl Iterator<Item = &'a Box<[u8]>>,
    ) {
        self.name(&list.variable);
        self.0.push(b'[');
        for (at, item) in items.enumerate() {
            if at > 0 {
                self.0.push(b',');
            }
            self.0.extend_from_slice(item);
        }
        self.0.push(b']');
    }

    /// The whole object.
    pub(crate) fn finish(mut self) -> Bytes {
        self.0.push(b'}');
        self.0.into()
    }
}
