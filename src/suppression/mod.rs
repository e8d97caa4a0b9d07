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
//! Sources:
//!
//! - J. P. Kelly, B. L. Golden and A. A. Assad, "Cell suppression: disclosure
//!   protection for sensitive tabular data", *Networks* 22 (1992): the linear
//!   program per primary cell.
//! - D. A. Robertson, "Automated disclosure control at Statistics Canada"
//!   (1995), on the CONFID system: the heuristic in production use.
//! - M. Fischetti and J. J. Salazar, "Models and algorithms for optimizing
//!   cell suppression in tabular data with linear constraints", *Journal of
//!   the American Statistical Association* 95 (2000): the attacker's interval
//!   audit and the clean-up step.
//!
//! The programs `tau-ARGUS` and `sdcTable` offer methods of the same family.
//!
//! # Limits of the protection
//!
//! Only listed cells are protected. A difference of published figures that
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
