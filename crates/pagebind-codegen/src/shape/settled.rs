//! What is left of a schema once all is known that it says: a limit, a format or a name that is required
//! binds values of one type alone, and the type may stand in another member of its `allOf`.

use pagebind::pointer::join;
use serde_json::{Map, Value};

use super::{
    bounds, schemas,
    shaped::{COMPOSITIONS, Shaped},
};

type Schema = Map<String, Value>;

/// Formats of text that become a type of their own.
const TEXT_FORMATS: [&str; 4] = ["date-time", "date", "uuid", "binary"];

/// Takes out of every schema what binds none of its values: no member of an `allOf` adds to it any more.
pub(super) fn shape(shaped: &mut Shaped) {
    schemas::for_each(shaped, settle_all);
}

/// Settles `schema` and everything below it.
fn settle_all(shaped: &mut Shaped, pointer: &str, schema: &mut Value) {
    let Some(map) = schema.as_object_mut() else { return };
    limits(shaped, pointer, map);
    // Of members that are all free, none is a field; the others would be lost.
    let is_free = !map.contains_key("properties") && !map.contains_key("allOf");
    if let Some(names) = map.get("required").and_then(Value::as_array).filter(|_| is_free) {
        let names: Vec<&str> = names.iter().filter_map(Value::as_str).collect();
        shaped.degrade(pointer, format!("that it has {} is not checked", names.join(" and ")));
        map.remove("required");
    }
    let properties = map.get_mut("properties").and_then(Value::as_object_mut);
    for (name, child) in properties.into_iter().flatten() {
        settle_all(shaped, &join(&join(pointer, "properties"), name), child);
    }
    for keyword in ["items", "additionalProperties"] {
        if let Some(child) = map.get_mut(keyword) {
            settle_all(shaped, &join(pointer, keyword), child);
        }
    }
    for keyword in ["oneOf", "anyOf"] {
        let branches = map.get_mut(keyword).and_then(Value::as_array_mut);
        for (index, branch) in branches.into_iter().flatten().enumerate() {
            settle_all(shaped, &format!("{pointer}/{keyword}/{index}"), branch);
        }
    }
}

/// Takes limits that bind no value out of a schema that says all there is.
pub(super) fn limits(shaped: &mut Shaped, pointer: &str, schema: &mut Schema) {
    let others = COMPOSITIONS.iter().chain(&["$ref"]);
    if others.into_iter().any(|keyword| schema.contains_key(*keyword)) {
        return;
    }
    if !schema.contains_key("type") {
        schema.remove("format");
        for keyword in ["minLength", "maxLength", "pattern"] {
            if let Some(value) = schema.remove(keyword) {
                let message =
                    format!("`{keyword}: {value}` stands without a type; any value is taken");
                shaped.degrade(pointer, message);
            }
        }
    }
    of_its_type(schema);
    bounds::settle(shaped, schema);
    format(shaped, schema);
    if schema.contains_key("enum") {
        // What is listed is within its own limits, or the limits are wrong.
        for key in ["minLength", "maxLength", "pattern", "format"] {
            schema.remove(key);
        }
    }
}

/// A format stands beside a type that has such a format; beside any other it says nothing, and
/// typify does not expect it.
pub(super) fn format(shaped: &Shaped, schema: &mut Schema) {
    let Some(format) = schema.get("format").and_then(Value::as_str) else { return };
    let convert = &shaped.plan.types.convert;
    let kept = match schema.get("type").and_then(Value::as_str) {
        // One that is a member of an `allOf` may be of another one's type.
        None => {
            convert.contains_key(format)
                || TEXT_FORMATS.contains(&format)
                || bounds::sizes_integers(format)
        }
        Some("string" | "integer" | "number") if convert.contains_key(format) => true,
        Some("string") => TEXT_FORMATS.contains(&format),
        Some("integer") => format == "uint64" && !convert.contains_key("integer"),
        _ => false,
    };
    if !kept {
        schema.remove("format");
        return;
    }
    if !schema.contains_key("type") {
        return;
    }
    // The types of these formats have rules of their own.
    for key in ["minLength", "maxLength", "pattern"] {
        schema.remove(key);
    }
}

/// Keywords of other types bind nothing.
pub(super) fn of_its_type(schema: &mut Schema) {
    let of_other_types = match schema.get("type").and_then(Value::as_str) {
        Some("object") => &["items", "minLength", "maxLength", "pattern"][..],
        Some("array") => {
            &["properties", "additionalProperties", "required", "minLength", "maxLength", "pattern"]
        }
        Some("string") => &["properties", "additionalProperties", "required", "items"],
        Some(_) => &[
            "properties",
            "additionalProperties",
            "required",
            "items",
            "minLength",
            "maxLength",
            "pattern",
        ],
        None => &[],
    };
    for key in of_other_types {
        schema.remove(*key);
    }
}
