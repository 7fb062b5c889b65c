//! An action as it would have to be written for the page as it is now, ready to be pasted.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::trouble::RESTATE;

/// The longest value, in bytes, that is written out to be pasted.
const LONGEST: usize = 2000;

/// The help for an action that has to say something else under `key`.
pub(super) fn restated(
    written: &Map<String, Value>,
    key: &str,
    value: &Value,
) -> Cow<'static, str> {
    if value.to_string().len() > LONGEST {
        return RESTATE.into();
    }
    let mut action = written.clone();
    action.insert(key.to_owned(), value.clone());
    let mut help = "look at the page; if the correction is still right, state it as\n".to_owned();
    for (index, (key, value)) in action.iter().enumerate() {
        let mark = if index == 0 { "  -" } else { "   " };
        // JSON is YAML, and needs no rules of its own for what has to be quoted.
        help += &format!("{mark} {key}: {value}\n");
    }
    help.truncate(help.trim_end().len());
    help.into()
}
