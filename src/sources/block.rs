//! What every mandate adds to a situation, written once: its block and the field that leads to it.

/// Makes a mandate's block with its frame, which is the same for each mandate; the field of the
/// situation that leads to the block; the interfaces that the mandate's types implement; and
/// `register`, which adds them to the schema, since no field leads to them.
///
/// The resolvers of the mandate's own fields stand in a `#[ComplexObject]` beside it. `frame` names a
/// function that changes the frame before the block is made.
macro_rules! mandate_block {
    (
        $(#[$on_situation:meta])*
        $field:ident:
        $(#[$description:meta])*
        $block:ident = $kind:expr,
        nodes: [$($node:ident),* $(,)?]
        $(, frame: $adjust:path)? $(,)?
    ) => {
        // The subgraph that owns a type describes it; a second description would compete.
        #[derive(async_graphql::SimpleObject)]
        #[graphql(complex)]
        pub(crate) struct Situation {
            #[graphql(tag = "unclassified")]
            id: async_graphql::ID,
            #[graphql(skip)]
            row: i64,
        }

        #[async_graphql::ComplexObject]
        impl Situation {
            $(#[$on_situation])*
            #[graphql(tag = "unclassified")]
            async fn $field(
                &self,
                context: &async_graphql::Context<'_>,
            ) -> async_graphql::Result<Option<$block>> {
                $block::on(context, self).await.map(Some)
            }
        }

        impl Situation {
            /// The situation with an id, where it exists for the caller.
            pub(crate) async fn find(
                context: &async_graphql::Context<'_>,
                id: async_graphql::ID,
            ) -> async_graphql::Result<Option<Self>> {
                let row = $crate::vocabulary::find_situation(context, &id).await?;
                Ok(row.map(|row| Self { id, row }))
            }
        }

        $(#[$description])*
        #[derive(async_graphql::SimpleObject, Clone, Debug)]
        #[graphql(complex)]
        pub(crate) struct $block {
            /// Opaque: that of the mandate's block on this situation, whatever is asked of it.
            #[graphql(tag = "unclassified", owned)]
            id: async_graphql::ID,
            /// Whose block this is.
            #[graphql(tag = "unclassified")]
            entity: $crate::vocabulary::EntityCode,
            /// Whether the mandate has a mechanism here.
            #[graphql(tag = "unclassified")]
            coverage: $crate::vocabulary::Coverage,
            /// What a reader has to know before using the figures.
            #[graphql(tag = "unclassified")]
            caveats: Vec<$crate::vocabulary::StoredText>,
            /// What time the block is true of.
            #[graphql(requires_scopes = "clearance:confidential")]
            as_of: Option<$crate::vocabulary::DateTime>,
            /// How far the mandate's input for the present monthly cycle is; null outside its mandate, and
            /// where the situation is not on that cycle's agenda.
            #[graphql(requires_scopes = "clearance:confidential")]
            input_status: Option<$crate::vocabulary::InputStatus>,
            /// One sentence.
            #[graphql(requires_scopes = "clearance:confidential")]
            headline: Option<$crate::vocabulary::StoredText>,
            /// How sure the mandate is.
            #[graphql(requires_scopes = "clearance:confidential")]
            confidence: Option<$crate::vocabulary::Confidence>,
            /// The level of the mandate's record.
            #[graphql(requires_scopes = "clearance:confidential")]
            classification: Option<$crate::vocabulary::Classification>,
            /// Why the mandate cannot report, if it cannot.
            #[graphql(requires_scopes = "clearance:confidential")]
            reporting_gap: Option<$crate::vocabulary::ReportingGap>,
            #[graphql(skip)]
            situation: i64,
        }

        impl $block {
            /// The block on a situation.
            async fn on(
                context: &async_graphql::Context<'_>,
                situation: &Situation,
            ) -> async_graphql::Result<Self> {
                let frame = $crate::vocabulary::frame(context, situation.row).await?;
                $(let frame = $adjust(frame);)?
                let id = $kind.beside(&situation.id);
                let open = $crate::vocabulary::Classification::Unclassified;
                Ok(Self {
                    id: $crate::vocabulary::record_id_on(context, situation.row, &id, open).await?,
                    entity: frame.entity.into(),
                    coverage: frame.coverage,
                    as_of: frame.as_of(),
                    input_status: frame.input_status,
                    headline: frame
                        .row
                        .as_ref()
                        .and_then(|row| row.headline.as_deref().map(Into::into)),
                    confidence: frame.row.as_ref().map(|row| row.confidence.into()),
                    classification: frame.row.as_ref().map(|row| row.classification.into()),
                    reporting_gap: frame.reporting_gap(),
                    caveats: frame.caveats,
                    situation: situation.row,
                })
            }

            /// The block with an id, where its situation exists for the caller.
            pub(crate) async fn find(
                context: &async_graphql::Context<'_>,
                id: async_graphql::ID,
            ) -> async_graphql::Result<Option<Self>> {
                let situation = $crate::vocabulary::block_situation($kind, &id);
                match Situation::find(context, situation.into()).await? {
                    Some(situation) => Self::on(context, &situation).await.map(Some),
                    None => Ok(None),
                }
            }
        }

        /// One mandate's block. Always there for an existing situation; null only when the source failed.
        #[derive(async_graphql::Interface, Clone, Debug)]
        #[graphql(
            field(name = "entity", ty = "&crate::vocabulary::EntityCode", tag = "unclassified"),
            field(name = "coverage", ty = "&crate::vocabulary::Coverage", tag = "unclassified"),
            field(name = "caveats", ty = "&Vec<crate::vocabulary::StoredText>", tag = "unclassified"),
            field(name = "as_of", ty = "&Option<crate::vocabulary::DateTime>"),
            field(name = "input_status", ty = "&Option<crate::vocabulary::InputStatus>"),
            field(name = "headline", ty = "&Option<crate::vocabulary::StoredText>"),
            field(name = "confidence", ty = "&Option<crate::vocabulary::Confidence>"),
            field(name = "classification", ty = "&Option<crate::vocabulary::Classification>"),
            field(name = "reporting_gap", ty = "&Option<crate::vocabulary::ReportingGap>")
        )]
        pub(crate) enum EntityContribution {
            /// The only block of this subgraph.
            Block($block),
        }

        /// Anything with an id.
        #[derive(async_graphql::Interface)]
        #[graphql(field(name = "id", ty = "async_graphql::ID", tag = "unclassified"))]
        pub(crate) enum Node {
            $($node($node),)*
            $block($block),
        }

        /// What the records of a request say of one another only in other subgraphs.
        pub(crate) fn register(
            builder: $crate::sources::subgraph::Builder<Query>,
        ) -> $crate::sources::subgraph::Builder<Query> {
            builder
                .register_output_type::<EntityContribution>()
                .register_output_type::<Node>()
        }
    };
}
pub(crate) use mandate_block;
