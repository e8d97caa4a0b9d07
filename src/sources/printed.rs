//! Published figures are told as the tables of their documents print them: by what a table breaks them down, and
//! by nothing more.

use std::collections::{BTreeSet, HashMap};

use entities::published_table::{self, Column, Entity};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};

use crate::{database::Database, records::printed::PrintedFigures, vocabulary::Viewer};

/// What is printed of figures that are broken down in one way, by the symbols of documents. Working figures
/// are in no document.
#[derive(Debug, Default)]
pub(crate) struct Printed(HashMap<String, Print>);

/// The tables of one document that break figures down in that way.
#[derive(Debug)]
pub(crate) struct Print {
    /// What the document calls them.
    pub(crate) table: String,
    /// Whether one of them breaks down the numbers of a row, too.
    pub(crate) has_columns: bool,
}

impl Printed {
    /// The tables with these figures whose rows are broken down by exactly these.
    pub(crate) async fn by(
        database: &Database,
        viewer: &Viewer,
        figures: PrintedFigures,
        rows: &BTreeSet<&str>,
    ) -> Result<Self, DbErr> {
        let tables = Entity::find()
            .filter(Column::Figures.eq(figures.name))
            .filter(viewer.known::<Entity>())
            .order_by_asc(Column::DocumentSymbol)
            .order_by_asc(Column::DocumentTable)
            .all(&database.read)
            .await?;
        Ok(Self::of(tables, figures, rows))
    }

    fn of(
        tables: Vec<published_table::Model>,
        figures: PrintedFigures,
        rows: &BTreeSet<&str>,
    ) -> Self {
        let mut printed: HashMap<String, Print> = HashMap::new();
        for table in tables {
            let (columns, of_rows): (BTreeSet<&str>, BTreeSet<&str>) = table
                .printed_by
                .as_slice()
                .iter()
                .map(String::as_str)
                .partition(|dimension| figures.columns.contains(dimension));
            if of_rows != *rows {
                continue;
            }
            let has_columns = !columns.is_empty();
            printed
                .entry(table.document_symbol)
                .and_modify(|print| {
                    print.table = format!("{}; {}", print.table, table.document_table);
                    print.has_columns |= has_columns;
                })
                .or_insert_with(|| Print {
                    table: table.document_table.clone(),
                    has_columns,
                });
        }
        Self(printed)
    }

    /// What a document prints of its figures, broken down in the way that is asked for.
    pub(crate) fn of_document(&self, symbol: Option<&str>) -> Option<&Print> {
        self.0.get(symbol?)
    }
}
