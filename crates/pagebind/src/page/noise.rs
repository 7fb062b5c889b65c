//! What the platform that publishes a page adds to its document for itself.

use serde_json::Value;

use crate::{document::key_kind::KeyKind, pointer};

/// The names of extensions that publishing platforms keep their own data under; what begins with one
/// of them and a dash is theirs, too.
const PLATFORMS: [&str; 16] = [
    "x-readme",
    // What ReadMe also takes by themselves of what it keeps under `x-readme`.
    "x-explorer-enabled",
    "x-metrics-enabled",
    "x-proxy-enabled",
    "x-samples-enabled",
    "x-samples-languages",
    "x-send-defaults",
    "x-simple-mode",
    "x-scalar",
    "x-stoplight",
    "x-mint",
    "x-gitbook",
    "x-apidog",
    "x-run-in-apidog",
    "x-apifox",
    "x-run-in-apifox",
];

/// Takes the platform's own keys out of `document`, and gives their pointers.
pub(super) fn drop(document: &mut Value) -> Vec<String> {
    let mut dropped = Vec::new();
    if let Some(root) = document.as_object_mut()
        && root.shift_remove("_id").is_some()
    {
        dropped.push("/_id".to_owned());
    }
    drop_below(document, KeyKind::Keywords, &mut String::new(), &mut dropped);
    dropped
}

fn drop_below(value: &mut Value, keys: KeyKind, at: &mut String, dropped: &mut Vec<String>) {
    match value {
        _ if keys == KeyKind::Data => {}
        Value::Object(members) => {
            if keys == KeyKind::Keywords && members.keys().any(|key| is_noise(key)) {
                members.retain(|key, _| {
                    let noise = is_noise(key);
                    if noise {
                        dropped.push(pointer::join(at, key));
                    }
                    !noise
                });
            }
            for (key, value) in members.iter_mut().filter(|(_, value)| !value.is_string()) {
                let keys = keys.of_member(key, value);
                let length = pointer::push(at, key);
                drop_below(value, keys, at, dropped);
                at.truncate(length);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate().filter(|(_, item)| !item.is_string())
            {
                let length = pointer::push(at, &index.to_string());
                drop_below(item, keys, at, dropped);
                at.truncate(length);
            }
        }
        _ => {}
    }
}

/// Whether a key says something to the platform, and nothing about the API.
fn is_noise(key: &str) -> bool {
    PLATFORMS.iter().any(|name| {
        key.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    })
}
