//! How long something is still to be there, and what is promised of it.
//!
//! The date and the level are extensions (`x-sunset`, `x-stability-level`) that publishers use and
//! well-known tools read.

use serde_json::Value;

use crate::{
    node::Node,
    rules::schema::{self as rows, Row},
};

/// What is promised, the least first. Where nothing is said, it is as good as the last.
const LEVELS: [&str; 4] = ["draft", "alpha", "beta", "stable"];

/// What is said of an operation, a parameter, a header or a schema.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Lifecycle<'d> {
    pub(crate) deprecated: bool,
    /// The date on which it goes.
    pub(crate) sunset: Option<&'d Value>,
    /// One of [`LEVELS`].
    pub(crate) stability: Option<&'d Value>,
}

/// Whether more or less is promised than before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Decreased,
    Increased,
}

/// A row, what to say after the name of the thing, and both values.
type Found = (&'static Row, String, (Option<Value>, Option<Value>));

impl<'d> Lifecycle<'d> {
    pub(crate) fn of(node: &Node<'d>) -> Self {
        Self {
            deprecated: node.flag("deprecated"),
            sunset: node.value_of("x-sunset"),
            stability: node.value_of("x-stability-level"),
        }
    }

    /// What became of a parameter, a header or a schema.
    pub(crate) fn became(self, new: Self) -> Vec<Found> {
        let mut found = Vec::new();
        let flags = (Some(self.deprecated.into()), Some(new.deprecated.into()));
        let dates = (self.sunset.cloned(), new.sunset.cloned());
        match (self.deprecated, new.deprecated, new.sunset) {
            (true, false, _) => {
                found.push((&rows::REACTIVATED, "is no longer deprecated".to_owned(), flags));
            }
            (false, true, None) => {
                found.push((&rows::DEPRECATED, "was deprecated".to_owned(), flags));
            }
            (false, true, Some(date)) => {
                let what = format!("was deprecated, and goes on {date}");
                found.push((&rows::DEPRECATED_WITH_SUNSET, what, flags));
            }
            _ if self.sunset == new.sunset => {}
            (_, _, Some(date)) => {
                found.push((&rows::SUNSET_CHANGED, format!("now goes on {date}"), dates));
            }
            (_, _, None) => {
                let what = "no longer goes on a date that is named".to_owned();
                found.push((&rows::SUNSET_DELETED, what, dates));
            }
        }
        if let Some((step, what)) = self.stability_became(new) {
            let row = match step {
                Step::Decreased => &rows::STABILITY_DECREASED,
                Step::Increased => &rows::STABILITY_INCREASED,
            };
            found.push((row, what, (self.stability.cloned(), new.stability.cloned())));
        }
        found
    }

    /// How the level changed, and what to say of it. One that nobody knows counts as the least.
    pub(crate) fn stability_became(self, new: Self) -> Option<(Step, String)> {
        let rank = |level: Option<&Value>| match level {
            None => LEVELS.len() - 1,
            Some(level) => LEVELS.iter().position(|known| level == known).unwrap_or_default(),
        };
        let words = |level: Option<&Value>| match level {
            None => "of no stability level".to_owned(),
            Some(level) => format!("of the stability level {level}"),
        };
        if self.stability == new.stability {
            return None;
        }
        let step = if rank(new.stability) < rank(self.stability) {
            Step::Decreased
        } else {
            Step::Increased
        };
        Some((step, format!("is {} now, and was {}", words(new.stability), words(self.stability))))
    }
}
