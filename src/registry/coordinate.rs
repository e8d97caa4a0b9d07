//! Schema coordinates as text: `Type`, `Type.field`, `Type.field(argument:)`, `@directive`.

/// The type or directive in a coordinate.
pub(super) fn type_in(coordinate: &str) -> &str {
    let end = coordinate.find(['.', '(']).unwrap_or(coordinate.len());
    &coordinate[..end]
}

/// The field in a coordinate of one of its arguments; any other coordinate as it is.
pub(super) fn field_in(coordinate: &str) -> &str {
    let end = coordinate.find('(').unwrap_or(coordinate.len());
    &coordinate[..end]
}
