//! A table in the making, in the few shapes all tables share.
//!
//! INVARIANT: migrations that have run rest on it. Add a method for a new shape; never change what
//! an existing one makes.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

/// A table in the making; every one has a surrogate `id` and a `record_key`.
pub(crate) struct Draft {
    name: &'static str,
    backend: DbBackend,
    table: TableCreateStatement,
    indexes: Vec<IndexCreateStatement>,
    is_log: bool,
    has_node: bool,
    has_revisions: bool,
}

impl Draft {
    /// Starts a table.
    pub(crate) fn new(name: &'static str, backend: DbBackend) -> Self {
        Self {
            is_log: false,
            ..Self::log(name, backend)
        }
        .text("record_key")
    }

    /// Starts a table whose rows have no natural key: they are told apart by their place in it.
    pub(crate) fn log(name: &'static str, backend: DbBackend) -> Self {
        let mut table = Table::create();
        table.table(name).col(
            ColumnDef::new("id")
                .big_integer()
                .not_null()
                .auto_increment()
                .primary_key(),
        );
        let indexes = Vec::new();
        Self {
            name,
            backend,
            table,
            indexes,
            is_log: true,
            has_node: false,
            has_revisions: false,
        }
    }

    /// Adds the identifier in the graph.
    pub(crate) fn node(mut self) -> Self {
        self.has_node = true;
        self.text("public_id")
    }

    /// Adds a text; it sorts by bytes, so that pages fall alike on every database.
    pub(crate) fn text(mut self, name: &'static str) -> Self {
        let mut column = self.text_column(name);
        self.table.col(column.not_null());
        self
    }

    /// Adds a text that may be unknown.
    pub(crate) fn optional_text(mut self, name: &'static str) -> Self {
        let mut column = self.text_column(name);
        self.table.col(column.null());
        self
    }

    /// A text of an existing table.
    pub(crate) fn column_of_text(&self, name: &'static str) -> ColumnDef {
        self.text_column(name).not_null().to_owned()
    }

    /// A text of an existing table that may be unknown.
    pub(crate) fn column_of_optional_text(&self, name: &'static str) -> ColumnDef {
        self.text_column(name).null().to_owned()
    }

    fn text_column(&self, name: &'static str) -> ColumnDef {
        let mut column = ColumnDef::new(name);
        // SQLite compares bytes unless told otherwise; PostgreSQL follows the locale of the server.
        match self.backend {
            DbBackend::Postgres => column.custom("text COLLATE \"C\""),
            _ => column.text(),
        };
        column
    }

    /// Adds a calendar date.
    pub(crate) fn date(mut self, name: &'static str) -> Self {
        self.table.col(ColumnDef::new(name).date().not_null());
        self
    }

    /// Adds a calendar date that may be unknown.
    pub(crate) fn optional_date(mut self, name: &'static str) -> Self {
        self.table.col(ColumnDef::new(name).date().null());
        self
    }

    /// Adds an instant.
    pub(crate) fn instant(mut self, name: &'static str) -> Self {
        self.table
            .col(ColumnDef::new(name).timestamp_with_time_zone().not_null());
        self
    }

    /// Adds an instant that may be unknown.
    pub(crate) fn optional_instant(mut self, name: &'static str) -> Self {
        self.table
            .col(ColumnDef::new(name).timestamp_with_time_zone().null());
        self
    }

    /// Adds a yes or no.
    pub(crate) fn flag(mut self, name: &'static str) -> Self {
        self.table.col(ColumnDef::new(name).boolean().not_null());
        self
    }

    /// Adds a whole number that is always known.
    pub(crate) fn whole(mut self, name: &'static str) -> Self {
        self.table.col(ColumnDef::new(name).integer().not_null());
        self
    }

    /// Adds a whole number that may be unknown.
    pub(crate) fn optional_whole(mut self, name: &'static str) -> Self {
        self.table.col(ColumnDef::new(name).integer().null());
        self
    }

    /// Adds a count, never negative; null says that nothing was collected.
    pub(crate) fn count(mut self, name: &'static str) -> Self {
        self.table.col(
            ColumnDef::new(name)
                .integer()
                .null()
                .check(Expr::col(name).gte(0)),
        );
        self
    }

    /// Adds a count that only grows, from zero.
    pub(crate) fn big_count(mut self, name: &'static str) -> Self {
        self.table.col(
            ColumnDef::new(name)
                .big_integer()
                .not_null()
                .check(Expr::col(name).gte(0)),
        );
        self
    }

    /// Adds a reference to a row of another table.
    pub(crate) fn reference(mut self, name: &'static str, target: &'static str) -> Self {
        self.table
            .col(ColumnDef::new(name).big_integer().not_null());
        self.points_to(name, target)
    }

    /// Adds a reference that may be missing.
    pub(crate) fn optional_reference(mut self, name: &'static str, target: &'static str) -> Self {
        self.table.col(ColumnDef::new(name).big_integer().null());
        self.points_to(name, target)
    }

    fn points_to(mut self, name: &'static str, target: &'static str) -> Self {
        let mut key = ForeignKey::create();
        key.name(format!("fk_{}_{name}", self.name))
            .from(self.name, name)
            .to(target, "id");
        self.table.foreign_key(&mut key);
        self
    }

    /// Adds a period: its code, kind, first and last day.
    pub(crate) fn period(self) -> Self {
        self.text("period")
            .text("period_kind")
            .date("period_start")
            .date("period_end")
    }

    /// Adds what is needed to keep every version of a row.
    pub(crate) fn versions(mut self) -> Self {
        self.has_revisions = true;
        self.whole("revision")
            .instant("revised_at")
            .flag("is_current")
    }

    /// Adds when a revision is known: with `versions` or `provenance`, which came before it.
    pub(crate) fn known(self) -> Self {
        self.instant("known_from").optional_instant("known_to")
    }

    /// Adds the provenance of a fact, its revision included.
    pub(crate) fn provenance(self) -> Self {
        self.text("source")
            .instant("as_of")
            .versions()
            .optional_text("method")
            .optional_text("document_symbol")
            .text("classification")
    }

    /// Allows one row at most for each combination of values.
    pub(crate) fn one_each(mut self, columns: &[&'static str]) -> Self {
        self.unique(columns);
        self
    }

    /// Adds an index for reading.
    pub(crate) fn index(mut self, columns: &[&'static str]) -> Self {
        self.indexes.push(self.index_on(columns));
        self
    }

    fn unique(&mut self, columns: &[&'static str]) {
        let mut index = self.index_on(columns);
        self.indexes.push(index.unique().to_owned());
    }

    fn index_on(&self, columns: &[&'static str]) -> IndexCreateStatement {
        let mut index = Index::create();
        index
            .name(format!("ix_{}_{}", self.name, columns.join("_")))
            .table(self.name);
        for column in columns {
            index.col(*column);
        }
        index
    }

    /// Creates the table and its indexes, the unique one on the natural key first.
    pub(crate) async fn create(mut self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        let by_revision: &[&'static str] = if self.has_revisions {
            &["revision"]
        } else {
            &[]
        };
        if !self.is_log {
            self.unique(&[&["record_key"], by_revision].concat());
        }
        if self.has_node {
            self.unique(&[&["public_id"], by_revision].concat());
        }
        manager.create_table(self.table).await?;
        for index in self.indexes {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}

/// Drops tables, those first that refer to others.
pub(crate) async fn drop_tables(
    manager: &SchemaManager<'_>,
    names: &[&'static str],
) -> Result<(), DbErr> {
    for name in names {
        manager
            .drop_table(Table::drop().table(*name).to_owned())
            .await?;
    }
    Ok(())
}
