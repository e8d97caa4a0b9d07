//! Numbers of the parts of a plan: indices into its lists.

/// Index into [`Plan::fetches`](super::Plan::fetches).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FetchId(pub u32);
/// Index into [`Plan::shapes`](super::Plan::shapes).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ShapeId(pub u32);
/// Index into [`Plan::ingests`](super::Plan::ingests).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct IngestId(pub u32);
/// Index into [`Plan::projections`](super::Plan::projections).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProjectionId(pub u32);
/// Number of a slot in the shape of its object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SlotId(pub u32);
