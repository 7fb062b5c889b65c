//! What people read: the console while a command works, and its report.

mod bar;
pub(crate) mod console;
pub(crate) mod problems;
pub(crate) mod report;
mod wrap;
