//! Chooses one of several types: the widest for output, the narrowest for input.
//!
//! No type is synthesised: the result is one of those given.
//! <https://graphql.github.io/composite-schemas-spec/draft/#sec-Least-Restrictive-Type>

use apollo_compiler::Schema;
use apollo_compiler::ast::Type;

/// The type all others are subtypes of, if one of them is.
pub(crate) fn least_restrictive_type<'a>(types: &[&'a Type], merged: &Schema) -> Option<&'a Type> {
    types
        .iter()
        .find(|wide| types.iter().all(|narrow| is_subtype(narrow, wide, merged)))
        .copied()
}

/// The type that is a subtype of all others, if one of them is.
pub(crate) fn most_restrictive_type<'a>(types: &[&'a Type], merged: &Schema) -> Option<&'a Type> {
    types
        .iter()
        .find(|narrow| types.iter().all(|wide| is_subtype(narrow, wide, merged)))
        .copied()
}

/// Whether a value of the narrow type is always one of the wide type, with the union members and
/// implementations of all subgraphs together.
pub(crate) fn is_subtype(narrow: &Type, wide: &Type, merged: &Schema) -> bool {
    match (narrow, wide) {
        (Type::NonNullNamed(narrow), Type::NonNullNamed(wide) | Type::Named(wide))
        | (Type::Named(narrow), Type::Named(wide)) => {
            narrow == wide || merged.is_subtype(wide, narrow)
        }
        (Type::NonNullList(narrow), Type::NonNullList(wide) | Type::List(wide))
        | (Type::List(narrow), Type::List(wide)) => is_subtype(narrow, wide, merged),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use apollo_compiler::{Schema, ast::Type};

    use super::{least_restrictive_type, most_restrictive_type};

    const MERGED: &str =
        "type Query { n: N } interface N { a: Int } type A implements N { a: Int } union U = A";

    fn chosen(types: &[&str]) -> (Option<String>, Option<String>) {
        let merged = Schema::parse(MERGED, "merged").unwrap();
        let parsed: Vec<Type> = types
            .iter()
            .map(|text| Type::parse(*text, "t").unwrap())
            .collect();
        let given: Vec<&Type> = parsed.iter().collect();
        (
            least_restrictive_type(&given, &merged).map(ToString::to_string),
            most_restrictive_type(&given, &merged).map(ToString::to_string),
        )
    }

    #[test]
    fn nullable_is_wider() {
        let (wide, narrow) = chosen(&["Int!", "Int"]);
        assert_eq!(
            (wide.as_deref(), narrow.as_deref()),
            (Some("Int"), Some("Int!"))
        );
        assert_eq!(chosen(&["[Int!]!", "[Int]"]).0.as_deref(), Some("[Int]"));
    }

    #[test]
    fn no_type_is_synthesised() {
        assert_eq!(chosen(&["[Int]!", "[Int!]"]), (None, None));
        assert_eq!(chosen(&["Int", "[Int]"]), (None, None));
    }

    #[test]
    fn abstract_is_wider_whatever_the_order() {
        assert_eq!(chosen(&["A", "N", "A!"]).0.as_deref(), Some("N"));
        assert_eq!(chosen(&["U", "A"]).0.as_deref(), Some("U"));
        assert_eq!(chosen(&["U", "N"]).0, None);
    }
}
