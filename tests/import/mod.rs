//! Records on their way from files into the database, on every database there is.

mod case;
mod cells;
mod example;
mod files;
mod migrations;
mod never;
mod references;
mod revisions;
mod rules;
mod templates;
