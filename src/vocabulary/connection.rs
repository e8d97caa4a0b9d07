//! Relay connections, all of one shape.

/// Makes the two types of a connection over a node. The attributes are those of both types: a tag
/// or a scope.
macro_rules! connection {
    ($(#[$level:meta])* $connection:ident, $edge:ident, $node:ty) => {
        /// A row of the list and its place in it.
        #[derive(async_graphql::SimpleObject, Clone, Debug)]
        $(#[$level])*
        pub(crate) struct $edge {
            /// Its place: what `after` takes.
            cursor: String,
            /// The row.
            node: $node,
        }

        /// A page of the list.
        #[derive(async_graphql::SimpleObject, Clone, Debug)]
        #[graphql(complex)]
        $(#[$level])*
        pub(crate) struct $connection {
            /// The rows with their places.
            edges: Vec<$edge>,
            /// The rows alone.
            nodes: Vec<$node>,
            /// Where the page stands.
            page_info: $crate::vocabulary::PageInfo,
            #[graphql(skip)]
            total: Option<i64>,
        }

        impl $connection {
            /// The connection over a page of rows, given whether it began after a cursor.
            pub(crate) fn new<R>(
                context: &async_graphql::Context<'_>,
                page: $crate::vocabulary::Page<R>,
                turn: impl Fn(R) -> $node,
                is_after: bool,
            ) -> async_graphql::Result<Self> {
                $crate::vocabulary::charge(context, page.rows.len())?;
                let page = page.map(turn);
                let page_info = page.info(is_after);
                let nodes = page.rows.iter().map(|(_, node)| node.clone()).collect();
                let edges = page
                    .rows
                    .into_iter()
                    .map(|(cursor, node)| $edge { cursor, node })
                    .collect();
                Ok(Self { edges, nodes, page_info, total: page.total })
            }
        }

        #[async_graphql::ComplexObject]
        impl $connection {
            /// The number of rows in the whole list.
            async fn total_count(&self) -> async_graphql::Result<i32> {
                $crate::vocabulary::total_count(self.total)
            }
        }
    };
}
pub(crate) use connection;

use async_graphql::{Context, Error};

/// Whether the total of the connection that a field returns is asked for: counting costs a
/// statement.
pub fn wants_total(context: &Context<'_>) -> bool {
    context.look_ahead().field("totalCount").exists()
}

/// A total as it is sent.
pub fn total_count(total: Option<i64>) -> Result<i32, Error> {
    total
        .and_then(|total| i32::try_from(total).ok())
        .ok_or_else(|| Error::new("The list was not counted."))
}
