//! Answers `__schema` and `__type` from the API schema. In: an operation and the values of its
//! variables. Out: the JSON text of each introspection field, by response name, or a refusal.
//!
//! <https://spec.graphql.org/draft/#sec-Introspection>

use std::borrow::Cow;

use apollo_compiler::{
    Name, Schema,
    collections::HashMap,
    executable::Operation,
    introspection::{check_max_depth, partial_execute},
    response::JsonMap,
    schema::Implementers,
    validation::Valid,
};

use crate::{
    error::{ResponseError, code},
    execute::{
        introspection::{cost::Counter, one_of},
        write::writer::IntrospectionAnswers,
    },
    operation::Document,
};

/// Answers introspection of one schema.
#[derive(Debug)]
pub struct Introspection {
    implementers: HashMap<Name, Implementers>,
}

/// What is said of a document that nests too many lists; the bound is the library's.
const TOO_DEEP: &str = "Introspection may nest two of the lists `fields`, `inputFields`, \
                        `interfaces` and `possibleTypes`, and no more. Ask for the types by their \
                        names, with `__type(name:)`, or read the schema whole as SDL.";

impl Introspection {
    /// Made once for a schema.
    pub fn new(api_schema: &Valid<Schema>) -> Self {
        Self {
            implementers: api_schema.implementers_map(),
        }
    }

    /// Answers the introspection fields of an operation, by response name.
    pub fn answer(
        &self,
        api_schema: &Valid<Schema>,
        document: &Document,
        operation: &Operation,
        variables: &JsonMap,
    ) -> Result<IntrospectionAnswers, Box<ResponseError>> {
        let executable = document.executable();
        let refuse = |error: apollo_compiler::request::RequestError| {
            let message = error.message().to_string();
            Box::new(ResponseError::request(code::INTROSPECTION_REFUSED, message))
        };
        check_max_depth(executable, operation).map_err(|_| {
            Box::new(ResponseError::request(
                code::INTROSPECTION_REFUSED,
                TOO_DEEP,
            ))
        })?;
        if !Counter::new(api_schema, &self.implementers, executable)
            .allows(&operation.selection_set)
        {
            return Err(Box::new(ResponseError::request(
                code::INTROSPECTION_REFUSED,
                "The answer would say the same parts of the schema many times over. Ask for less \
                 in one operation, or read the schema whole as SDL.",
            )));
        }
        let variables = Valid::assume_valid_ref(variables);
        let implementers = &self.implementers;
        let (asked, of) = one_of::ask_for_names(executable, operation);
        let answered = partial_execute(api_schema, implementers, &asked, &of, variables);
        let mut data = answered.map_err(refuse)?.data.unwrap_or_default();
        if let Cow::Owned(_) = of {
            let document = executable;
            let answering = one_of::Answering {
                api_schema,
                document,
            };
            answering.object(&[&operation.selection_set], &mut data);
        }
        Ok(data
            .into_iter()
            .map(|(name, value)| {
                let text = serde_json::to_vec(&value).unwrap_or_else(|_| b"null".to_vec());
                (name.as_str().to_owned(), text.into())
            })
            .collect())
    }
}
