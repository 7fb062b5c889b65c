//! References that lead out of a document.
//!
//! What stands there can't be seen from here, so that two documents with such references are never
//! called the same: whatever they say beside it, something was not compared.

use std::{collections::BTreeSet, sync::Arc};

use pagebind::{document::KeyKind, pointer};
use serde_json::Value;

use crate::{
    finding::{Change, Finding, Side},
    rules::api::REFERENCE_NOT_FOLLOWED as RULE,
};

/// One finding for each reference out of `old` or `new` that was not followed.
#[must_use]
pub fn not_followed(old: &Value, new: &Value) -> Vec<Finding> {
    let mut known = BTreeSet::new();
    let mut findings = Vec::new();
    for (side, document) in [(Side::New, new), (Side::Old, old)] {
        let mut outside = Outside::default();
        outside.walk(document, KeyKind::Keywords, &mut String::new());
        let Outside { ids, references } = outside;
        for (reference, pointer) in references {
            let resource = reference.split('#').next().unwrap_or_default();
            if ids.contains(resource) || !known.insert(reference) {
                continue;
            }
            let change = Change {
                id: RULE.id.clone(),
                severity: RULE.severity,
                wire: RULE.wire,
                prose: RULE.prose,
                untold: RULE.untold,
                side,
                pointer,
                message: format!("`{reference}` is outside of the document, and was not compared"),
                old: None,
                new: Some(reference.into()),
            };
            findings.push(Finding::new(Arc::new(change), None));
        }
    }
    findings
}

#[derive(Default)]
struct Outside<'d> {
    /// What schemas call themselves.
    ids: BTreeSet<&'d str>,
    /// References that don't begin with `#`, with the pointers to them.
    references: Vec<(&'d str, String)>,
}

impl<'d> Outside<'d> {
    fn walk(&mut self, value: &'d Value, keys: KeyKind, at: &mut String) {
        let length = at.len();
        match value {
            _ if keys == KeyKind::Data => {}
            Value::Object(members) => {
                for (key, member) in members {
                    at.push('/');
                    at.push_str(&pointer::escape(key));
                    match (keys, key.as_str(), member) {
                        (KeyKind::Keywords, "$id", Value::String(id)) => {
                            self.ids.insert(id.trim_end_matches('#'));
                        }
                        (
                            KeyKind::Keywords | KeyKind::Example,
                            "$ref" | "$dynamicRef",
                            Value::String(reference),
                        ) if !reference.starts_with('#') => {
                            self.references.push((reference, at.clone()));
                        }
                        _ => self.walk(member, keys.of_member(key, member), at),
                    }
                    at.truncate(length);
                }
            }
            Value::Array(elements) => {
                for (index, element) in elements.iter().enumerate() {
                    at.push('/');
                    at.push_str(&index.to_string());
                    self.walk(element, keys, at);
                    at.truncate(length);
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_reference_out_of_the_document_is_told_once_and_one_in_data_is_none() {
        let document = json!({
            "paths": {"/a": {"get": {"responses": {"200": {"content": {"application/json": {
                "schema": {"$ref": "./e.json"},
                "example": {"$ref": "data.json"},
            }}}}}}},
            "components": {"schemas": {
                "A": {"allOf": [{"$ref": "#/components/schemas/B"}, {"$ref": "./e.json"}]},
                "B": {"$id": "https://a.example/b", "properties": {"$ref": {"type": "string"}}},
                "C": {"$ref": "https://a.example/b#/properties"},
            }},
        });
        let found = not_followed(&document, &document);
        let messages: Vec<_> = found.iter().map(|finding| &*finding.change.message).collect();
        assert_eq!(messages, ["`./e.json` is outside of the document, and was not compared"]);
        assert_eq!(found[0].change.pointer.split('/').next_back(), Some("$ref"));
    }
}
