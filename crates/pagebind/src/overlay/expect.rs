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

/// What `expect` states must stand; objects are compared by the keys that it names, and arrays by the
/// items, so that an addition beside them is nobody's business.
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
    match (now, expect) {
        (Some(Value::Object(now)), Value::Object(expect)) => expect
            .iter()
            .try_for_each(|(key, expect)| stated_at(now.get(key), expect, &pointer::join(at, key))),
        (Some(Value::Array(items)), Value::Array(expect))
            if expect.iter().all(|item| items.contains(item)) =>
        {
            Ok(())
        }
        _ => compare(now, Some(expect), at),
    }
}

fn replaced_at(
    now: &Value,
    update: &Value,
    expect: Option<&Value>,
    at: &str,
) -> Result<(), Mismatch> {
    let (Value::Object(now_map), Value::Object(update)) = (now, update) else {
        return match now {
            Value::Array(items) => appended_at(items, update, expect, at),
            _ => compare(Some(now), expect, at),
        };
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

/// An array only grows, so nothing of it is replaced: what `expect` states must stand, and what comes
/// to it must not be there yet.
fn appended_at(
    items: &[Value],
    update: &Value,
    expect: Option<&Value>,
    at: &str,
) -> Result<(), Mismatch> {
    let now = Value::from(items);
    expect.map_or(Ok(()), |expect| stated_at(Some(&now), expect, at))?;
    let new = update.as_array().map_or(std::slice::from_ref(update), Vec::as_slice);
    match new.iter().find(|item| items.contains(item)) {
        Some(item) => Err(Mismatch {
            at: at.to_owned(),
            expected: format!("no {}", brief(Some(item))),
            found: brief(Some(&now)),
        }),
        None => Ok(()),
    }
}

/// What `x-expect` would have to be for a change that only needs what `expect` states.
pub(super) fn restate_stated(now: &Value, expect: &Value) -> Value {
    let (Value::Object(now), Value::Object(expect)) = (now, expect) else { return now.clone() };
    let stated = expect
        .iter()
        .filter_map(|(key, expect)| Some((key.clone(), restate_stated(now.get(key)?, expect))));
    stated.collect::<Map<_, _>>().into()
}

/// What `x-expect` would have to be for a change that merges `update` into `now`.
pub(super) fn restate_replaced(now: &Value, update: &Value, expect: &Value) -> Value {
    let (Value::Object(now), Value::Object(update)) = (now, update) else { return now.clone() };
    let nothing = Value::Null;
    let mut restated = Map::new();
    for (key, update) in update {
        if let Some(now) = now.get(key) {
            let expect = expect.get(key).unwrap_or(&nothing);
            restated.insert(key.clone(), restate_replaced(now, update, expect));
        }
    }
    for (key, expect) in expect.as_object().into_iter().flatten() {
        if let Some(now) = now.get(key).filter(|_| !update.contains_key(key)) {
            restated.insert(key.clone(), restate_stated(now, expect));
        }
    }
    restated.into()
}

fn compare(now: Option<&Value>, expect: Option<&Value>, at: &str) -> Result<(), Mismatch> {
    match (now, expect) {
        (Some(now), Some(expect)) if same(now, expect) => return Ok(()),
        (None, None) => return Ok(()),
        _ => {}
    }
    Err(Mismatch { at: at.to_owned(), expected: brief(expect), found: brief(now) })
}
