//! The commands from end to end, over the built program.

mod build;
mod explain;
mod formats;
mod help;
mod lists;
mod pitr;
mod reproducible;
mod since;
