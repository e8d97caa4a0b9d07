//! Entities: unknown ones, many at once, a bad one among others.

use apollo_compiler::{Name, ast::Type, schema::ExtendedType};
use federation::subgraph::{Subgraph, directives::keys, field_set};
use serde_json::{Value, json};

use super::{
    asking::first_error,
    attempts::{Attempts, SLOW, bad, doubtful, good},
};

const QUERY: &str =
    "query($representations:[_Any!]!){_entities(representations:$representations){__typename}}";
const MANY: usize = 100;

impl Attempts {
    /// Tries every entity whose key can be made up: one whose fields are all scalars.
    pub(super) async fn resolves_entities(&mut self, subgraph: &Subgraph) {
        for ty in subgraph.schema.types.values() {
            for key in keys(ty.directives()).filter(|key| key.resolvable) {
                let Some(representation) = made_up(subgraph, ty, key.fields) else {
                    continue;
                };
                let what = format!("`{}` by `{}`", ty.name(), key.fields);
                self.unknown(&what, &representation).await;
                self.many(&what, &representation).await;
                self.one_bad(&what, &representation).await;
            }
        }
    }

    async fn unknown(&mut self, what: &str, unknown: &Value) {
        let outcome = match self.entities(vec![unknown.clone()]).await {
            Err(why) => bad(why),
            Ok((list, _)) if list.len() != 1 => {
                bad(format!("{} entities instead of one", list.len()))
            }
            Ok((list, _)) if list[0].is_null() => good("null"),
            // Many services make an object of any key and fail field by field.
            Ok(_) => doubtful("an object, although there is none such: null says it more clearly"),
        };
        self.note(format!("{what}, unknown"), outcome);
    }

    async fn many(&mut self, what: &str, unknown: &Value) {
        let outcome = match self.entities(vec![unknown.clone(); MANY]).await {
            Err(why) => bad(why),
            Ok((list, _)) if list.len() != MANY => {
                bad(format!("{} entities instead of {MANY}", list.len()))
            }
            Ok((_, took)) if took > SLOW => {
                doubtful(format!("{} ms: load them together", took.as_millis()))
            }
            Ok((_, took)) => good(format!("{} ms", took.as_millis())),
        };
        self.note(format!("{what}, {MANY} at once"), outcome);
    }

    /// One that fits nothing must not take the others with it.
    async fn one_bad(&mut self, what: &str, unknown: &Value) {
        let mut misfit = unknown.clone();
        for (name, value) in misfit.as_object_mut().into_iter().flatten() {
            if name != "__typename" {
                *value = Value::Null;
            }
        }
        let three = vec![unknown.clone(), misfit, unknown.clone()];
        let outcome = match self.entities(three).await {
            Ok((list, _)) if list.len() == 3 => good("the others are answered"),
            Ok((list, _)) => bad(format!("{} entities instead of 3", list.len())),
            Err(why) => doubtful(format!(
                "the others go with it ({why}); the gateway sends none that it knows to be bad"
            )),
        };
        self.note(format!("{what}, a bad one among others"), outcome);
    }

    async fn entities(
        &mut self,
        representations: Vec<Value>,
    ) -> Result<(Vec<Value>, std::time::Duration), String> {
        let variables = json!({ "representations": representations });
        let (mut answer, took) = self.service.ask(QUERY, variables).await?;
        match answer["data"]["_entities"].take() {
            Value::Array(list) => Ok((list, took)),
            _ => Err(format!("no entities: {}", first_error(&answer))),
        }
    }
}

/// A representation of an entity that hardly exists.
fn made_up(subgraph: &Subgraph, ty: &ExtendedType, key: &str) -> Option<Value> {
    let selections = field_set::parse(key).ok()?;
    let mut representation = json!({ "__typename": ty.name().as_str() });
    let mut is_flat = true;
    field_set::visit_fields(&subgraph.schema, ty.name(), &selections, &mut |(
        parent,
        field,
    )| {
        is_flat &= parent == ty.name();
        match value(&field.ty) {
            Some(value) => representation[field.name.as_str()] = value,
            None => is_flat = false,
        }
    });
    is_flat.then_some(representation)
}

fn value(ty: &Type) -> Option<Value> {
    let name: &Name = ty.inner_named_type();
    if ty.is_list() {
        return None;
    }
    match name.as_str() {
        "ID" | "String" => Some(json!("upfront-source-test-unknown")),
        "Int" => Some(json!(2_147_483_000)),
        _ => None,
    }
}
