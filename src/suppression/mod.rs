//! Cell suppression for tables of counts (statistical disclosure control).
//!
//! A table publishes sums over base counts that the audience does not know.
//! A count of at least 1 and below a threshold `k` is *primary*: it must not
//! be published, and it must not be derivable from the figures that are.
//! [`decide`] chooses which further figures to suppress (*complementary*
//! cells) so that every primary cell keeps all the values 0, 1, …, `k - 1`
//! possible for a reader who knows every exact figure, that counts are not
//! negative, and that counts are whole numbers.
//!
//! # Method
//!
//! The choice is the linear-programming heuristic for secondary cell
//! suppression. For a primary cell and one value it must be able to take, a
//! linear program finds the solution of the fixed figures that gives the cell
//! this value and moves the other published figures least (weighted sum of
//! absolute deviations); every published figure that moves is suppressed.
//! A clean-up step then tries to publish each complementary cell again, and
//! small tables are finished by an exact search for the fewest complementary
//! cells. Each value found possible is backed by a whole-number solution that
//! is checked in integer arithmetic, so a wrong answer of the floating-point
//! solver cannot make an unprotected cell count as protected by a solution.
//!
//! A table is split where no figure links its counts. In parts of more than 60
//! counts the two ends of each range stand for the values between them, since
//! such a part can be attacked by linear programming alone, and a solution may
//! be fractional. Where counts belong to blocks ([`Table::in_blocks`]), those of
//! a goal's block and of two others may move first, and all of them if that
//! does not suffice.
//!
//! Sources:
//!
//! - M. Fischetti and J. J. Salazar, "Models and algorithms for optimizing
//!   cell suppression in tabular data with linear constraints", *Journal of
//!   the American Statistical Association* 95 (2000), 916-928: the problem,
//!   the attacker's interval of a cell, and its audit by linear programs.
//! - A. Hundepool and others, *Handbook on Statistical Disclosure Control*,
//!   second edition (2024): secondary suppression, and protection of cells in
//!   linked tables.
//! - D. Repsilber, "Das Quaderverfahren", *Forum der Bundesstatistik* 31
//!   (1999): the hypercube method, with which a test compares how much is told.
//!
//! # Limits of the protection
//!
//! Only listed cells are protected, from who knows listed cells. A difference of published figures that
//! could be small must be listed as a cell of its own. The reader is not
//! assumed to know how [`decide`] chooses.

mod audit;
mod lp;
mod near;
mod part;
mod select;
mod table;

#[cfg(test)]
mod tests;

pub use audit::{Interval, audit};
pub use select::decide;
pub use table::{Budget, Cell, Pattern, Rule, Table, TableError};
