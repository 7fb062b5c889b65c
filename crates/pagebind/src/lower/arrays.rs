//! Items: 3.1 has schemas for the first few and one for the rest, 3.0 has one for all.

use serde_json::{Map, Value, json};

use super::{pass::Lowering, schema::only};
use crate::pointer::join;

impl Lowering<'_> {
    /// `items` and `prefixItems` together, whichever of them comes first.
    pub(super) fn items(
        &mut self,
        map: &Map<String, Value>,
        at: &str,
        out: &mut Map<String, Value>,
    ) {
        if out.contains_key("items") {
            return;
        }
        let prefix = match map.get("prefixItems") {
            Some(Value::Array(prefix)) => prefix.as_slice(),
            _ => &[],
        };
        let rest = map.get("items");
        if prefix.is_empty() {
            let items = match rest {
                // No item is allowed, which `maxItems` says.
                None | Some(Value::Bool(false)) => json!({}),
                Some(items) => self.schema(items, &join(at, "items")),
            };
            out.insert("items".to_owned(), items);
            return;
        }

        let mut branches = Vec::new();
        for (index, schema) in prefix.iter().enumerate() {
            let here = format!("{at}/prefixItems/{index}");
            let lowered = self.schema(schema, &here);
            if !branches.contains(&lowered) {
                branches.push(lowered);
            }
        }
        match rest {
            Some(Value::Bool(false)) => {}
            None => branches = vec![json!({})],
            Some(rest) => {
                let lowered = self.schema(rest, &join(at, "items"));
                if !branches.contains(&lowered) {
                    branches.push(lowered);
                }
            }
        }
        let items = match branches.as_slice() {
            [one] => one.clone(),
            _ => only("anyOf", branches),
        };
        out.insert("items".to_owned(), items);
        self.keep_wider("prefixItems", &Value::from(prefix.to_vec()), at, out);
    }
}

/// `items: false`: no more items than have a schema of their own, or than `maxItems` already says.
pub(super) fn limit_items(map: &Map<String, Value>, out: &mut Map<String, Value>) {
    if map.get("items") != Some(&json!(false)) {
        return;
    }
    let prefix = map.get("prefixItems").and_then(Value::as_array);
    let most = u64::try_from(prefix.map_or(0, Vec::len)).unwrap_or(u64::MAX);
    let published = map.get("maxItems").and_then(Value::as_u64);
    let most = published.map_or(most, |published| published.min(most));
    out.insert("maxItems".to_owned(), json!(most));
}
