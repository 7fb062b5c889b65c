//! What a schema asks of its values, in words: its limits, its format and an example go into its description,
//! before the steps that follow take them out.

use serde_json::{Map, Value};

/// The formats that the type itself tells.
const OF_TYPES: [&str; 5] = ["date-time", "date", "uuid", "int64", "double"];

/// The longest example, and the longest pattern, that is shown.
const LONGEST: usize = 60;

/// Adds the limits to the description.
pub(super) fn add(schema: &mut Map<String, Value>) {
    let words = words(schema);
    if words.is_empty() {
        return;
    }
    let described = schema.get("description").and_then(Value::as_str).unwrap_or_default();
    let described = format!("{}\n\n{}.", described.trim_end(), words.join("; "));
    schema.insert("description".to_owned(), described.trim_start().into());
}

fn words(schema: &Map<String, Value>) -> Vec<String> {
    let kind = schema.get("type").and_then(Value::as_str);
    // A list of values says all there is to say.
    if schema.contains_key("enum") || kind.is_none() {
        return Vec::new();
    }
    let mut words = Vec::new();
    let format = schema.get("format").and_then(Value::as_str);
    if let Some(format) = format.filter(|format| !OF_TYPES.contains(format)) {
        words.push(format!("Format {}", code(format)));
    }
    let (least, most) = match kind {
        Some("string") => ("minLength", "maxLength"),
        Some("array") => ("minItems", "maxItems"),
        Some("object") => ("minProperties", "maxProperties"),
        _ => ("minimum", "maximum"),
    };
    let least = schema.get(least).filter(|least| kind.is_some_and(is_number) || **least != 0);
    let what = match kind {
        Some("string") => " characters",
        Some("array") => " items",
        Some("object") => " members",
        _ => "",
    };
    let strictly = |key: &str| kind.is_some_and(is_number) && schema.get(key) == Some(&true.into());
    let (more, less) = (strictly("exclusiveMinimum"), strictly("exclusiveMaximum"));
    let at_least =
        |least: &Value| format!("{} {least}", if more { "More than" } else { "At least" });
    let at_most = |most: &Value| format!("{} {most}", if less { "Less than" } else { "At most" });
    match (least.filter(|it| it.is_number()), schema.get(most).filter(|it| it.is_number())) {
        (Some(least), Some(most)) if least == most => words.push(format!("{least}{what}")),
        (Some(least), Some(most)) if !more && !less => {
            words.push(format!("{least} to {most}{what}"))
        }
        (Some(least), Some(most)) => {
            words.push(format!("{}, {}{what}", at_least(least), at_most(most).to_lowercase()));
        }
        (Some(least), None) => words.push(at_least(least) + what),
        (None, Some(most)) => words.push(at_most(most) + what),
        (None, None) => {}
    }
    if let Some(step) = schema.get("multipleOf").filter(|step| step.is_number()) {
        words.push(format!("a multiple of {step}"));
    }
    if let Some(pattern) = schema.get("pattern").and_then(Value::as_str)
        && pattern.len() <= LONGEST
    {
        words.push(format!("Pattern {}", code(pattern)));
    }
    if schema.get("uniqueItems") == Some(&true.into()) {
        words.push("no item comes twice".to_owned());
    }
    let example = schema.get("example").filter(|it| it.is_string() || it.is_number());
    if let Some(example) = example.filter(|_| schema.get("x-sensitive") != Some(&true.into())) {
        let example = example.as_str().map_or_else(|| example.to_string(), str::to_owned);
        if !example.is_empty() && example.len() <= LONGEST && !example.contains('\n') {
            words.push(format!("For example {}", code(&example)));
        }
    }
    // What follows another goes on in its sentence.
    for word in words.iter_mut().skip(1) {
        let first = word.chars().next().map(|c| c.to_ascii_lowercase());
        word.replace_range(..1, &first.map(String::from).unwrap_or_default());
    }
    words
}

fn is_number(kind: &str) -> bool {
    matches!(kind, "integer" | "number")
}

/// `text` as code in Markdown, whatever backticks are in it.
fn code(text: &str) -> String {
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn limits_formats_and_examples_are_said_in_words() {
        for (schema, said) in [
            (json!({ "type": "string", "maxLength": 3 }), "At most 3 characters."),
            (json!({ "type": "string", "minLength": 0, "maxLength": 3 }), "At most 3 characters."),
            (json!({ "type": "string", "minLength": 2, "maxLength": 2 }), "2 characters."),
            (json!({ "type": "integer", "minimum": 0, "maximum": 9 }), "0 to 9."),
            (
                json!({ "type": "number", "minimum": 0, "exclusiveMinimum": true, "maximum": 1 }),
                "More than 0, at most 1.",
            ),
            (
                json!({ "type": "string", "format": "email", "example": "a@example.org" }),
                "Format `email`; for example `a@example.org`.",
            ),
            (
                json!({ "type": "array", "maxItems": 2, "uniqueItems": true, "description": "A pair." }),
                "A pair.\n\nAt most 2 items; no item comes twice.",
            ),
        ] {
            let mut schema = schema.as_object().cloned().unwrap();
            add(&mut schema);
            assert_eq!(schema["description"], said);
        }
    }

    #[test]
    fn nothing_is_said_of_what_is_listed_or_personal() {
        for schema in [
            json!({ "type": "string", "enum": ["a"], "maxLength": 1 }),
            json!({ "type": "string", "example": "4111", "x-sensitive": true }),
            json!({ "type": "string", "format": "date-time" }),
        ] {
            let mut schema = schema.as_object().cloned().unwrap();
            add(&mut schema);
            assert_eq!(schema.get("description"), None);
        }
    }
}
