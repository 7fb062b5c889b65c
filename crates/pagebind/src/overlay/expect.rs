//! `x-expect`: what a correction replaces, compared with what the page says now.

use std::fmt;

use serde_json::{Map, Value};

use crate::{number::same, pointer};

/// The longest value, in characters, that a message quotes whole.
const QUOTED: usize = 120;

/// The first place where a page does not say what a correction expects.
pub(super) struct Mismatch {
    /// JSON pointer from the node that the correction matched.
    pub(super) at: String,
    /// What `x-expect` states, quoted.
    expected: String,
    /// What the page says, quoted.
    pub(super) found: String,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { expected, found, .. } = self;
        write!(f, "expects {expected}, and the page now says {found}")
    }
}

/// A value as a message quotes it: compact, and cut where it gets long.
pub(super) fn brief(value: Option<&Value>) -> String {
    let Some(value) = value else {
        return "nothing".to_owned();
    };
    let text = value.to_string();
    match text.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("`{}…`", &text[..end]),
        None => format!("`{text}`"),
    }
}

/// The value must be exactly what is expected.
pub(super) fn whole(now: &Value, expect: &Value) -> Result<(), Mismatch> {
    compare(Some(now), Some(expect), "")
}

/// What `expect` states must stand; objects are compared by the keys that it names.
pub(super) fn stated(now: &Value, expect: &Value) -> Result<(), Mismatch> {
    stated_at(Some(now), expect, "")
}

/// What `update` replaces in `now` must be what `expect` states.
pub(super) fn replaced(now: &Value, update: &Value, expect: &Value) -> Result<(), Mismatch> {
    replaced_at(now, update, Some(expect), "")
}

/// Whether merging `update` into `now` would change nothing but the length of arrays.
pub(super) fn already(now: &Value, update: &Value) -> bool {
    match (now, update) {
        (Value::Object(now), Value::Object(update)) => (update.iter())
            .all(|(key, update)| now.get(key).is_some_and(|now| already(now, update))),
        (Value::Array(now), Value::Array(update)) => {
            update.iter().all(|item| now.iter().any(|now| same(now, item)))
        }
        _ => same(now, update),
    }
}

fn stated_at(now: Option<&Value>, expect: &Value, at: &str) -> Result<(), Mismatch> {
    let (Some(Value::Object(now)), Value::Object(expect)) = (now, expect) else {
        return compare(now, Some(expect), at);
    };
    expect
        .iter()
        .try_for_each(|(key, expect)| stated_at(now.get(key), expect, &pointer::join(at, key)))
}

fn replaced_at(
    now: &Value,
    update: &Value,
    expect: Option<&Value>,
    at: &str,
) -> Result<(), Mismatch> {
    let (Value::Object(now_map), Value::Object(update)) = (now, update) else {
        return compare(Some(now), expect, at);
    };
    let nothing = Map::new();
    let expect = match expect {
        None => &nothing,
        Some(Value::Object(expect)) => expect,
        other => return compare(Some(now), other, at),
    };
    for (key, update) in update {
        let at = pointer::join(at, key);
        match (now_map.get(key), expect.get(key)) {
            (Some(now), expect) => replaced_at(now, update, expect, &at)?,
            (None, expect) => compare(None, expect, &at)?,
        }
    }
    (expect.iter())
        .filter(|(key, _)| !update.contains_key(*key))
        .try_for_each(|(key, expect)| stated_at(now_map.get(key), expect, &pointer::join(at, key)))
}

fn compare(now: Option<&Value>, expect: Option<&Value>, at: &str) -> Result<(), Mismatch> {
    match (now, expect) {
        (Some(now), Some(expect)) if same(now, expect) => return Ok(()),
        (None, None) => return Ok(()),
        _ => {}
    }
    Err(Mismatch { at: at.to_owned(), expected: brief(expect), found: brief(now) })
}
