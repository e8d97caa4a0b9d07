//! Lists cut in SQL: by key, never by offset, and by one statement however many parents they hang
//! on.

use std::{collections::HashMap, marker::PhantomData};

use async_graphql::{Context, Error};
use chrono::NaiveDate;
use sea_orm::{
    ColumnTrait, DatabaseConnection, DbErr, EntityTrait, FromQueryResult, Order, QueryFilter,
    QueryResult, QuerySelect, QueryTrait, Select, SelectModel, Selector, TryGetable,
    sea_query::{Asterisk, Expr, ExprTrait, Func, Query, WindowStatement},
};

use super::{
    connection::wants_total,
    cursor::{After, SortValue, SortedList, decode_cursor, encode_cursor},
    loading::CHUNK,
    paging::{Page, page_size},
};

/// Stands for a day that is not known: such rows come last, the latest first.
const UNDATED: NaiveDate = match NaiveDate::from_ymd_opt(1, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// A column of days as an order without nulls.
pub fn dated(column: impl ColumnTrait) -> Expr {
    Func::coalesce([column.into_expr(), Expr::val(UNDATED)]).into()
}

/// Which part of a list is wanted. Equal parts of many lists are read together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Part {
    /// How many rows.
    pub size: u32,
    /// What they come after.
    pub after: Option<After>,
    /// Whether the whole list is counted.
    pub wants_total: bool,
    /// Whether something is told of rows beyond the page.
    pub tells_of_list: bool,
}

impl Part {
    /// The part that `first` (with its default) and `after` ask of a list, or what is wrong with
    /// them.
    pub fn new(
        first: Option<i32>,
        default: i32,
        after: Option<&str>,
        list: SortedList,
    ) -> Result<Self, Error> {
        let size = page_size(first, default)?;
        let after = after
            .map(|cursor| decode_cursor(list, cursor))
            .transpose()?;
        Ok(Self {
            size,
            after,
            wants_total: false,
            tells_of_list: false,
        })
    }

    /// The same part, and of the whole list what a field asks for.
    #[must_use]
    pub fn asked_by(self, context: &Context<'_>) -> Self {
        let wants_total = wants_total(context);
        Self {
            wants_total,
            tells_of_list: wants_total || context.look_ahead().field("pageInfo").exists(),
            ..self
        }
    }
}

/// A row with the values of its place in an order.
#[derive(Debug)]
struct Placed<M, V> {
    row: M,
    value: V,
    tie: String,
}

impl<M: FromQueryResult, V: TryGetable> FromQueryResult for Placed<M, V> {
    fn from_query_result(result: &QueryResult, prefix: &str) -> Result<Self, DbErr> {
        Ok(Self {
            row: M::from_query_result(result, prefix)?,
            value: result.try_get("", "place_value")?,
            tie: result.try_get("", "place_tie")?,
        })
    }
}

/// A list by its order: an expression without nulls, of type `V`, then a unique column.
#[derive(Clone, Debug)]
pub struct Keyset<E: EntityTrait, V> {
    /// Name of the list and its order, as its cursors bear it.
    list: &'static str,
    by: Expr,
    direction: Order,
    tie: E::Column,
    value: PhantomData<fn() -> V>,
}

impl<E: EntityTrait, V: TryGetable + Into<SortValue>> Keyset<E, V> {
    /// The list `list`, in the order of `by`; ties go by `tie`, a text that is unique.
    pub fn new(list: &'static str, by: Expr, direction: Order, tie: E::Column) -> Self {
        Self {
            list,
            by,
            direction,
            tie,
            value: PhantomData,
        }
    }

    fn order(&self, mut rows: Select<E>) -> Selector<SelectModel<Placed<E::Model, V>>> {
        QuerySelect::query(&mut rows)
            .expr_as(self.by.clone(), "place_value")
            .expr_as(self.tie.into_expr(), "place_tie")
            .order_by_expr(self.by.clone(), self.direction.clone())
            .order_by_expr(self.tie.into_expr(), self.direction.clone());
        rows.into_model()
    }

    fn after(&self, rows: Select<E>, after: Option<&After>) -> Select<E> {
        let Some(After { value, tie }) = after else {
            return rows;
        };
        let (by, bound) = (self.by.clone(), value.to_expr());
        let (beyond, tied) = match self.direction {
            Order::Desc => (by.clone().lt(bound.clone()), self.tie.lt(tie)),
            _ => (by.clone().gt(bound.clone()), self.tie.gt(tie)),
        };
        rows.filter(beyond.or(by.eq(bound).and(tied)))
    }

    fn with_cursor(&self, placed: Placed<E::Model, V>) -> (String, E::Model) {
        (
            encode_cursor(self.list, &placed.value.into(), &placed.tie),
            placed.row,
        )
    }

    /// A part of one list.
    pub async fn page(
        &self,
        rows: Select<E>,
        part: &Part,
        connection: &DatabaseConnection,
    ) -> Result<Page<E::Model>, DbErr> {
        let wanted = self
            .after(rows.clone(), part.after.as_ref())
            .limit(u64::from(part.size) + 1);
        let wanted = self.order(wanted).all(connection).await?;
        let wanted = wanted
            .into_iter()
            .map(|row| self.with_cursor(row))
            .collect();
        let mut page = Page::cut(wanted, part.size);
        if part.wants_total {
            page.total = rows
                .select_only()
                .expr(Func::count(Expr::col(Asterisk)))
                .into_tuple()
                .one(connection)
                .await?;
        }
        Ok(page)
    }
}

/// Lists that hang on parents.
#[derive(Debug)]
pub struct ListsOf<E: EntityTrait, V> {
    /// Their order.
    pub keyset: Keyset<E, V>,
    /// The surrogate key.
    pub key: E::Column,
    /// The column that refers to the parent.
    pub parent: E::Column,
    /// The parent of a row.
    pub parent_of: fn(&E::Model) -> i64,
}

impl<E: EntityTrait, V: TryGetable + Into<SortValue>> ListsOf<E, V> {
    /// The same part of the list of each parent.
    pub async fn pages(
        &self,
        rows: &Select<E>,
        parents: &[i64],
        part: &Part,
        connection: &DatabaseConnection,
    ) -> Result<HashMap<i64, Page<E::Model>>, DbErr> {
        let mut pages = HashMap::with_capacity(parents.len());
        for chunk in parents.chunks(CHUNK) {
            let of_chunk = rows
                .clone()
                .filter(self.parent.is_in(chunk.iter().copied()));
            let mut lists: HashMap<i64, Vec<_>> = HashMap::new();
            for placed in self.first_of_each(&of_chunk, part).all(connection).await? {
                let parent = (self.parent_of)(&placed.row);
                lists
                    .entry(parent)
                    .or_default()
                    .push(self.keyset.with_cursor(placed));
            }
            let totals = if part.wants_total {
                self.totals(of_chunk, connection).await?
            } else {
                HashMap::new()
            };
            for parent in chunk {
                let mut page = Page::cut(lists.remove(parent).unwrap_or_default(), part.size);
                page.total = part
                    .wants_total
                    .then(|| totals.get(parent).copied().unwrap_or_default());
                pages.insert(*parent, page);
            }
        }
        Ok(pages)
    }

    fn first_of_each(
        &self,
        rows: &Select<E>,
        part: &Part,
    ) -> Selector<SelectModel<Placed<E::Model, V>>> {
        let mut window = WindowStatement::partition_by(self.parent.as_column_ref());
        window
            .order_by_expr(self.keyset.by.clone(), self.keyset.direction.clone())
            .order_by_expr(self.keyset.tie.into_expr(), self.keyset.direction.clone());
        let mut places = self
            .keyset
            .after(rows.clone(), part.after.as_ref())
            .select_only()
            .into_query();
        places
            .expr_as(self.key.into_expr(), "row_key")
            .expr_window_as(Expr::cust("ROW_NUMBER()"), window, "place");
        let chosen = Query::select()
            .column("row_key")
            .from_subquery(places, "places")
            .and_where(Expr::col("place").lte(i64::from(part.size) + 1))
            .to_owned();
        self.keyset
            .order(E::find().filter(self.key.in_subquery(chosen)))
    }

    async fn totals(
        &self,
        rows: Select<E>,
        connection: &DatabaseConnection,
    ) -> Result<HashMap<i64, i64>, DbErr> {
        let totals: Vec<(i64, i64)> = rows
            .select_only()
            .column(self.parent)
            .expr(Func::count(Expr::col(Asterisk)))
            .group_by(self.parent)
            .into_tuple()
            .all(connection)
            .await?;
        Ok(totals.into_iter().collect())
    }
}
