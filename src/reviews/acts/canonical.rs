//! One spelling of a JSON value.

use serde_json::Value;

/// JSON with the fields of objects in the order of their names, and no white space: the same value has the same bytes.
pub fn canonical(value: &Value) -> String {
    fn ordered(value: &Value) -> Value {
        match value {
            Value::Object(fields) => {
                let mut names: Vec<_> = fields.iter().collect();
                names.sort_by_key(|(name, _)| *name);
                let fields = names
                    .into_iter()
                    .map(|(name, value)| (name.clone(), ordered(value)));
                Value::Object(fields.collect())
            }
            Value::Array(elements) => elements.iter().map(ordered).collect(),
            other => other.clone(),
        }
    }
    ordered(value).to_string()
}
