//! Passes the answer of an embedded source to the engine value by value.

use async_graphql::{Name, Response, ServerError, Value};
use federation::execute::{Sink, Walk};
use indexmap::IndexMap;
use serde_json::json;

/// The message for an error that a source did not mark as readable for clients.
const FAULT: &str = "The source met an internal error; it has been logged.";

/// A response that is given to the engine value by value; each value is dropped once it was given.
#[derive(Debug)]
pub(super) struct Tree {
    /// The data, until the first value is taken.
    data: Option<Value>,
    /// The objects and lists that are being given, from the outermost in.
    open: Vec<Open>,
    errors: Vec<serde_json::Value>,
}

/// What is left of an object or a list.
#[derive(Debug)]
enum Open {
    Object(<IndexMap<Name, Value> as IntoIterator>::IntoIter),
    List(std::vec::IntoIter<Value>),
}

impl Tree {
    /// What a source answered.
    pub(super) fn new(source: &'static str, response: Response) -> Self {
        let errors = response.errors.iter();
        Self {
            errors: errors.map(|error| to_json(source, error)).collect(),
            open: Vec::new(),
            data: Some(response.data),
        }
    }

    /// Gives a leaf, or begins an object or a list.
    fn begin(&mut self, value: Value, sink: &mut dyn Sink) {
        match value {
            Value::Null => sink.null(),
            Value::Object(fields) if !sink.expects_leaf() => {
                sink.begin_object();
                self.open.push(Open::Object(fields.into_iter()));
            }
            Value::List(items) if !sink.expects_leaf() => {
                sink.begin_list();
                self.open.push(Open::List(items.into_iter()));
            }
            leaf => sink.leaf(&mut |buffer| {
                let start = buffer.len();
                if serde_json::to_writer(&mut *buffer, &leaf).is_err() {
                    buffer.truncate(start);
                    buffer.extend_from_slice(b"null");
                }
            }),
        }
    }
}

impl Walk for Tree {
    fn data(&mut self, sink: &mut dyn Sink, values: u64) -> bool {
        if let Some(data) = self.data.take() {
            self.begin(data, sink);
        }
        for _ in 0..values {
            match self.open.last_mut() {
                None => return false,
                Some(Open::Object(fields)) => match fields.next() {
                    Some((name, value)) => {
                        if sink.key(&name) {
                            self.begin(value, sink);
                        }
                    }
                    None => {
                        self.open.pop();
                        sink.end_object();
                    }
                },
                Some(Open::List(items)) => match items.next() {
                    Some(item) => self.begin(item, sink),
                    None => {
                        self.open.pop();
                        sink.end_list();
                    }
                },
            }
        }
        !self.open.is_empty()
    }

    fn errors(&self) -> Vec<serde_json::Value> {
        self.errors.clone()
    }
}

/// Sources mark what a client may read with a code. Anything else could quote a query, a path or a
/// value, so it goes to the log alone.
fn to_json(source: &'static str, error: &ServerError) -> serde_json::Value {
    let has_code = error
        .extensions
        .as_ref()
        .is_some_and(|extensions| extensions.get("code").is_some());
    if has_code {
        return serde_json::to_value(error).unwrap_or_else(|_| json!({ "message": FAULT }));
    }
    tracing::error!(source, cause = %error.message, "an embedded source reported an error");
    json!({ "message": FAULT, "path": error.path })
}

#[cfg(test)]
mod tests {
    use async_graphql::{Response, Value};
    use federation::execute::{Sink, Walk};
    use serde_json::json;

    use super::Tree;

    /// Counts what it is given.
    #[derive(Debug, Default, PartialEq)]
    struct Count {
        begun: usize,
        ended: usize,
        keys: usize,
        leaves: usize,
    }

    impl Sink for Count {
        fn begin_object(&mut self) {
            self.begun += 1;
        }
        fn key(&mut self, name: &str) -> bool {
            self.keys += 1;
            name != "unwanted"
        }
        fn end_object(&mut self) {
            self.ended += 1;
        }
        fn expects_leaf(&self) -> bool {
            false
        }
        fn begin_list(&mut self) {
            self.begun += 1;
        }
        fn end_list(&mut self) {
            self.ended += 1;
        }
        fn null(&mut self) {
            self.leaves += 1;
        }
        fn leaf(&mut self, _: &mut dyn FnMut(&mut Vec<u8>)) {
            self.leaves += 1;
        }
    }

    #[test]
    fn a_long_answer_is_told_in_turns() {
        let rows: Vec<_> = (0..1000)
            .map(|id| json!({ "id": id, "none": null, "unwanted": [1, 2] }))
            .collect();
        let data = Value::from_json(json!({ "rows": rows })).unwrap();
        let mut tree = Tree::new("review", Response::new(data));
        let (mut count, mut turns) = (Count::default(), 1);
        while tree.data(&mut count, 100) {
            turns += 1;
        }
        let whole = Count {
            begun: 1002,
            ended: 1002,
            keys: 3001,
            leaves: 2000,
        };
        assert_eq!(count, whole);
        // Each row is five steps: to begin it, its fields, and to end it.
        assert_eq!(turns, 51);
    }
}
