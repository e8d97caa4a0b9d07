//! A query root for which a representation that fits nothing is null, and takes nothing with it.

use std::borrow::Cow;

use async_graphql::{
    ContainerType, Context, ContextSelectionSet, ObjectType, OutputType, Positioned, ServerResult,
    Value, parser::types::Field, registry::Registry, resolver_utils::resolve_container,
};

/// Wraps a query root. Without it one unknown type name or one failing entity resolver nulls the
/// whole answer, all other representations included.
#[derive(Debug)]
pub struct LenientRoot<Q>(pub Q);

impl<Q: ObjectType> ContainerType for LenientRoot<Q> {
    async fn resolve_field(&self, context: &Context<'_>) -> ServerResult<Option<Value>> {
        self.0.resolve_field(context).await
    }

    async fn find_entity(
        &self,
        context: &Context<'_>,
        representation: &Value,
    ) -> ServerResult<Option<Value>> {
        match self.0.find_entity(context, representation).await {
            Ok(entity) => Ok(Some(entity.unwrap_or_default())),
            Err(error) => {
                context.add_error(error);
                Ok(Some(Value::Null))
            }
        }
    }
}

impl<Q: ObjectType> OutputType for LenientRoot<Q> {
    fn type_name() -> Cow<'static, str> {
        Q::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        Q::create_type_info(registry)
    }

    async fn resolve(
        &self,
        context: &ContextSelectionSet<'_>,
        _field: &Positioned<Field>,
    ) -> ServerResult<Value> {
        resolve_container(context, self).await
    }
}

impl<Q: ObjectType> ObjectType for LenientRoot<Q> {}
