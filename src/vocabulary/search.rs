//! Conditions on texts, the same on every database.

use entities::list::TextList;
use sea_orm::{
    ColumnTrait, Condition,
    sea_query::{Expr, ExprTrait, Func, LikeExpr},
};

const ESCAPE: char = '\\';

/// The list in a column holds one of these elements.
pub fn holds_any_of(column: impl ColumnTrait, elements: &[String]) -> Condition {
    elements.iter().fold(Condition::any(), |any, element| {
        let pattern = LikeExpr::new(TextList::like_pattern(element)).escape(ESCAPE);
        any.add(column.into_expr().like(pattern))
    })
}

/// The text in a column holds this one, whatever the case.
pub fn holds_text(column: impl ColumnTrait, text: &str) -> Expr {
    let mut pattern = String::from("%");
    for character in text.to_lowercase().chars() {
        if matches!(character, '%' | '_' | ESCAPE) {
            pattern.push(ESCAPE);
        }
        pattern.push(character);
    }
    pattern.push('%');
    Expr::from(Func::lower(column.into_expr())).like(LikeExpr::new(pattern).escape(ESCAPE))
}
