//! Lists that belong to sources and supergraphs, read for many of them by one statement.

use std::{collections::HashMap, hash::Hash};

use entities::{
    event, registry_check, registry_consent, registry_source, registry_source_version,
    registry_supergraph, registry_supergraph_member,
};
use sea_orm::{
    ColumnTrait, DatabaseConnection, DbErr, EntityTrait, JoinType, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, RelationTrait, Select,
    sea_query::{Expr, ExprTrait, Order, Query, WindowStatement},
};

use super::{CHUNK, MANDATE, Store};

/// A registered source in a supergraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SupergraphMember {
    /// Name of the source.
    pub source: String,
    /// Number of its version.
    pub version: i32,
    /// SHA-256 of the SDL of that.
    pub sdl_hash: String,
}

impl Store {
    /// The versions that are served, of all sources.
    pub async fn served_versions(&self) -> Result<Vec<registry_source_version::Model>, DbErr> {
        versions_in(newest_supergraph())
            .all(&self.database.read)
            .await
    }

    /// The version of a source that is served; none where it is retired.
    pub async fn served_version(
        &self,
        source_id: i64,
    ) -> Result<Option<registry_source_version::Model>, DbErr> {
        versions_in(newest_supergraph())
            .filter(registry_source_version::Column::SourceId.eq(source_id))
            .one(&self.database.read)
            .await
    }

    /// The versions in a supergraph.
    pub(super) async fn versions_in(
        &self,
        supergraph_id: i64,
    ) -> Result<Vec<registry_source_version::Model>, DbErr> {
        versions_in(Expr::val(supergraph_id))
            .all(&self.database.read)
            .await
    }

    /// A source's versions, newest first.
    pub async fn versions(
        &self,
        source_id: i64,
        most: u64,
    ) -> Result<Vec<registry_source_version::Model>, DbErr> {
        let mut lists = self.versions_of(&[source_id], most).await?;
        Ok(lists.remove(&source_id).unwrap_or_default())
    }

    /// What was done to a source, newest first.
    pub async fn events(&self, source: &str, most: u64) -> Result<Vec<event::Model>, DbErr> {
        let mut lists = self.events_of(&[source.to_owned()], most).await?;
        Ok(lists.remove(source).unwrap_or_default())
    }

    /// A source's checks, newest first.
    pub async fn checks(
        &self,
        source: &str,
        most: u64,
    ) -> Result<Vec<registry_check::Model>, DbErr> {
        let mut lists = self.checks_of(&[source.to_owned()], most).await?;
        Ok(lists.remove(source).unwrap_or_default())
    }

    /// Consents that hold now, to one source, oldest first.
    pub async fn consents(&self, source: &str) -> Result<Vec<registry_consent::Model>, DbErr> {
        let mut lists = self.consents_of(&[source.to_owned()]).await?;
        Ok(lists.remove(source).unwrap_or_default())
    }

    /// Versions of each of several sources, newest first.
    pub async fn versions_of(
        &self,
        source_ids: &[i64],
        most: u64,
    ) -> Result<HashMap<i64, Vec<registry_source_version::Model>>, DbErr> {
        use registry_source_version::{Column, Entity};
        let lists = Lists {
            rows: Entity::find(),
            of: Column::SourceId,
            order: Column::Number,
            id: Column::Id,
        };
        let rows = lists.newest(source_ids, most, &self.database.read).await?;
        Ok(by(rows, |row| row.source_id))
    }

    /// What was done to each of several sources, newest first.
    pub async fn events_of(
        &self,
        sources: &[String],
        most: u64,
    ) -> Result<HashMap<String, Vec<event::Model>>, DbErr> {
        use event::{Column, Entity};
        let lists = Lists {
            rows: Entity::find()
                .filter(Column::Mandate.eq(MANDATE))
                .filter(Column::SubjectType.eq("source")),
            of: Column::Subject,
            order: Column::Id,
            id: Column::Id,
        };
        let rows = lists.newest(sources, most, &self.database.read).await?;
        Ok(by(rows, |row| row.subject.clone()))
    }

    /// Checks of each of several sources, newest first.
    pub async fn checks_of(
        &self,
        sources: &[String],
        most: u64,
    ) -> Result<HashMap<String, Vec<registry_check::Model>>, DbErr> {
        use registry_check::{Column, Entity};
        let lists = Lists {
            rows: Entity::find(),
            of: Column::SourceName,
            order: Column::Id,
            id: Column::Id,
        };
        let rows = lists.newest(sources, most, &self.database.read).await?;
        Ok(by(rows, |row| row.source_name.clone()))
    }

    /// Consents that hold now, to each of several sources, oldest first.
    pub async fn consents_of(
        &self,
        sources: &[String],
    ) -> Result<HashMap<String, Vec<registry_consent::Model>>, DbErr> {
        use registry_consent::{Column, Entity};
        let mut rows = Vec::new();
        for sources in sources.chunks(CHUNK) {
            let some = Entity::find()
                .filter(Column::SourceName.is_in(sources.iter().map(String::as_str)))
                .filter(Column::WithdrawnAt.is_null())
                .order_by_asc(Column::Id);
            rows.extend(some.all(&self.database.read).await?);
        }
        Ok(by(rows, |row| row.source_name.clone()))
    }

    /// Consents that were not withdrawn, which an entity gave or was given, oldest first.
    pub async fn consents_about(
        &self,
        entity: &str,
    ) -> Result<Vec<registry_consent::Model>, DbErr> {
        use registry_consent::{Column, Entity};
        Entity::find()
            .filter(
                Column::GrantedBy
                    .eq(entity)
                    .or(Column::GrantedTo.eq(entity)),
            )
            .filter(Column::WithdrawnAt.is_null())
            .order_by_asc(Column::Id)
            .all(&self.database.read)
            .await
    }

    /// The registered sources in each of several supergraphs, oldest source first.
    pub async fn members_of(
        &self,
        supergraph_ids: &[i64],
    ) -> Result<HashMap<i64, Vec<SupergraphMember>>, DbErr> {
        let mut members: HashMap<i64, Vec<SupergraphMember>> = HashMap::new();
        for ids in supergraph_ids.chunks(CHUNK) {
            let rows: Vec<(i64, String, i32, String)> = registry_supergraph_member::Entity::find()
                .join(
                    JoinType::InnerJoin,
                    registry_supergraph_member::Relation::Version.def(),
                )
                .join(
                    JoinType::InnerJoin,
                    registry_source_version::Relation::Source.def(),
                )
                .filter(registry_supergraph_member::Column::SupergraphId.is_in(ids.iter().copied()))
                .select_only()
                .column(registry_supergraph_member::Column::SupergraphId)
                .column(registry_source::Column::RecordKey)
                .column(registry_source_version::Column::Number)
                .column(registry_source_version::Column::SdlHash)
                .order_by_asc(registry_source::Column::Id)
                .into_tuple()
                .all(&self.database.read)
                .await?;
            for (supergraph, source, version, sdl_hash) in rows {
                members
                    .entry(supergraph)
                    .or_default()
                    .push(SupergraphMember {
                        source,
                        version,
                        sdl_hash,
                    });
            }
        }
        Ok(members)
    }
}

/// The surrogate key of the newest supergraph.
fn newest_supergraph() -> Expr {
    let newest = registry_supergraph::Entity::find()
        .select_only()
        .column(registry_supergraph::Column::Id)
        .order_by_desc(registry_supergraph::Column::Number)
        .limit(1)
        .into_query();
    Expr::from(newest)
}

/// The versions in the supergraph of a surrogate key.
fn versions_in(supergraph_id: Expr) -> Select<registry_source_version::Entity> {
    let members = registry_supergraph_member::Entity::find()
        .select_only()
        .column(registry_supergraph_member::Column::VersionId)
        .filter(
            registry_supergraph_member::Column::SupergraphId
                .into_expr()
                .eq(supergraph_id),
        )
        .into_query();
    registry_source_version::Entity::find()
        .filter(registry_source_version::Column::Id.in_subquery(members))
}

/// Lists of rows, each of the rows that have one value in a column.
struct Lists<E: EntityTrait> {
    /// The rows of all lists.
    rows: Select<E>,
    /// The column that separates the lists.
    of: E::Column,
    /// The column that grows with the rows of a list.
    order: E::Column,
    /// The surrogate key.
    id: E::Column,
}

impl<E: EntityTrait> Lists<E> {
    /// The newest rows of each list, at most so many of each; newest first.
    async fn newest<V: Clone + Into<sea_orm::Value>>(
        &self,
        lists: &[V],
        most: u64,
        connection: &DatabaseConnection,
    ) -> Result<Vec<E::Model>, DbErr> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let mut rows = Vec::new();
        for lists in lists.chunks(CHUNK) {
            let mut window = WindowStatement::partition_by(self.of.as_column_ref());
            window.order_by_expr(self.order.into_expr(), Order::Desc);
            let of_chunk = self.rows.clone().filter(self.of.is_in(lists.to_vec()));
            let mut places = of_chunk.select_only().into_query();
            places
                .expr_as(self.id.into_expr(), "row_key")
                .expr_window_as(Expr::cust("ROW_NUMBER()"), window, "place");
            let chosen = Query::select()
                .column("row_key")
                .from_subquery(places, "places")
                .and_where(Expr::col("place").lte(most))
                .to_owned();
            let newest = E::find()
                .filter(self.id.in_subquery(chosen))
                .order_by_desc(self.order);
            rows.extend(newest.all(connection).await?);
        }
        Ok(rows)
    }
}

/// Rows by the list that each is of, in their order.
fn by<K: Eq + Hash, R>(rows: Vec<R>, list_of: impl Fn(&R) -> K) -> HashMap<K, Vec<R>> {
    let mut lists: HashMap<K, Vec<R>> = HashMap::new();
    for row in rows {
        lists.entry(list_of(&row)).or_default().push(row);
    }
    lists
}
