//! The command line of Upfront.

fn main() {}
