//! Objects whose values have no parts: all that the style `simple` of headers, and forms, have a way to write.

use serde_json::{Map, Value};

use super::{
    multipart,
    shaped::{Shaped, members},
};

/// The schemas of the values in the objects that `schema` is of; none if it is of something else, or a union.
pub(super) fn values(shaped: &Shaped, schema: &Value) -> Option<Vec<Value>> {
    let (mut named, mut required) = (Map::new(), Vec::new());
    multipart::collect(shaped, schema, &mut named, &mut required, 0);
    let schema = shaped.resolve(schema);
    let is_union = ["oneOf", "anyOf", "not"].iter().any(|key| schema.get(key).is_some());
    let is_other = schema.get("type").is_some_and(|kind| kind != "object");
    let further = schema.get("additionalProperties").filter(|it| it.is_object()).cloned();
    let values = named.into_iter().map(|(_, value)| value).chain(further);
    (!is_union && !is_other).then(|| values.collect())
}

/// Whether a schema says of no value that it has parts.
pub(super) fn is_scalar(shaped: &Shaped, schema: &Value) -> bool {
    let schema = shaped.resolve(schema);
    let of_parts = ["properties", "items", "additionalProperties", "allOf"];
    let has_parts = |schema: &Value| of_parts.iter().any(|key| schema.get(key).is_some());
    let plain = |schema: &Value| match schema.get("type").and_then(Value::as_str) {
        Some(kind) => !["array", "object"].contains(&kind),
        None => !has_parts(schema),
    };
    let mut branches = ["oneOf", "anyOf"].iter().flat_map(|key| members(schema, key));
    plain(schema) && branches.all(|branch| plain(shaped.resolve(branch)))
}
