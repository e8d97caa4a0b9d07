//! What every embedded subgraph shares: scalars, values, ids, pages, and how a request is run.

mod block;
mod block_loader;
mod bounds;
mod budget;
mod connection;
mod count;
mod cursor;
mod directory;
mod error;
mod id;
mod inputs;
mod keyset;
mod lenient_root;
mod loading;
mod need_to_know;
mod paging;
mod period;
mod provenance;
mod record_levels;
mod row_loaders;
mod rows;
mod scalars;
mod search;
mod stored_text;
mod viewer;
mod visibility;

pub use block::{
    Confidence, Coverage, Frame, GapKind, InputStatus, ReportingGap, Trend, is_told_to_all,
};
pub use block_loader::{BlockLoader, frame, present_cycle};
pub use bounds::{few, few_texts, searchable, terms};
pub use budget::{Budget, charge, charged};
pub(crate) use connection::connection;
pub use connection::{total_count, wants_total};
pub use count::{Count, CountState, CountUnit};
pub use cursor::{After, SortKind, SortValue, SortedList};
pub(crate) use directory::{Area, Party, area, party};
pub use directory::{DirectoryLoader, party_id};
pub use error::{
    BAD_USER_INPUT, RowPlace, SOURCE_ERROR, SOURCE_UNAVAILABLE, StoreError, Unreadable, bad_input,
    missing, unreachable, without_document, without_type_names,
};
pub use id::Kind;
pub(crate) use id::excerpt;
pub use inputs::inputs;
pub use keyset::{Keyset, ListsOf, Part, dated};
pub use lenient_root::LenientRoot;
pub use loading::{
    Batches, CHUNK, ListOf, RequestLoader, all_of, batches, by_arguments, drive, keyed,
};
pub use paging::{Page, PageInfo, page_size};
pub use period::{Period, PeriodCode, PeriodKind, PeriodRange, Span};
pub(crate) use provenance::provenance;
pub use provenance::{Classification, Provenance};
pub use record_levels::{RECORD_LEVELS, REVIEW, RecordLevels, VALUES, level_where, record_id};
pub use row_loaders::{RowLoader, Rows};
pub(crate) use row_loaders::{figure_loader, list_loader, page_loader, row_loader};
pub use rows::{CLEARED, OPEN, by_situation, column_of};
pub(crate) use rows::{figure_rows, situation_rows};
pub use scalars::{Date, DateTime, EntityCode};
pub use search::{holds_any_of, holds_text};
pub use stored_text::{StoredText, TextKeys};
pub use viewer::{CONFIDENTIAL, PartyRule, STRICTLY_CONFIDENTIAL, Viewer, levels_up_to};
pub use visibility::{
    SituationLoader, block_situation, find_situation, needs_situation, record_id_on,
};
