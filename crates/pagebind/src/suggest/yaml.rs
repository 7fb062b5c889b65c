//! An action as it stands in an overlay.

use serde_json::Value;

use super::{Action, Change};

/// The longest line that is written.
const WIDTH: usize = 100;

impl Action {
    /// The action as an item of a list in YAML, each line behind `indent` spaces; `description` says
    /// why it is there.
    #[must_use]
    pub fn to_yaml(&self, description: &str, indent: usize) -> String {
        let margin = " ".repeat(indent + 2);
        let mut text =
            format!("{}- target: {}", " ".repeat(indent), folded(&self.target, &margin, "target"));
        let mut line = |key: &str, value: String| text += &format!("{margin}{key}: {value}\n");
        if self.matches > 1 {
            line("x-matches", self.matches.to_string());
        }
        line("description", folded(description, &margin, "description").trim_end().to_owned());
        line("x-expect", flow(&self.expect));
        match &self.change {
            Change::Update(update) => line("update", flow(update)),
            Change::Remove => line("remove", "true".to_owned()),
            Change::Component(name) => line("x-component", scalar(name)),
        }
        text
    }
}

/// A text on the line of its key where it fits, else folded below it, with a line break at its end.
///
/// Folding turns a line break into a space, which a JSONPath takes before a segment and between the
/// selectors of one (RFC 9535, section 2.1.1), and never within a name.
fn folded(text: &str, margin: &str, key: &str) -> String {
    let one = sentence(text);
    if margin.len() + key.len() + 2 + one.len() <= WIDTH {
        return one + "\n";
    }
    let parts = if key == "target" { segments(text) } else { words(text) };
    let mut folded = String::from(">-\n");
    let mut line = String::new();
    for part in parts {
        if !line.is_empty()
            && margin.len() + 2 + line.trim_end().len() + part.trim_end().len() > WIDTH
        {
            folded += &format!("{margin}  {}\n", line.trim_end());
            line.clear();
        }
        line += &part;
    }
    folded + &format!("{margin}  {}\n", line.trim_end())
}

/// The words of a text, each with the space behind it.
fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(|word| format!("{word} ")).collect()
}

/// A JSONPath in the parts between which white space may stand.
fn segments(path: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let (mut quoted, mut escaped) = (false, false);
    for character in path.chars() {
        if !quoted && matches!(character, '.' | '[') {
            parts.push(String::new());
        }
        let part = parts.len() - 1;
        parts[part].push(character);
        match character {
            '\'' if !escaped => quoted = !quoted,
            ' ' if !quoted => parts.push(String::new()),
            _ => {}
        }
        escaped = quoted && character == '\\' && !escaped;
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// A value in YAML's flow style.
fn flow(value: &Value) -> String {
    match value {
        Value::Object(map) if map.is_empty() => "{}".to_owned(),
        Value::Object(map) => {
            let members: Vec<String> = map
                .iter()
                .map(|(key, value)| format!("{}: {}", scalar(key), flow(value)))
                .collect();
            format!("{{ {} }}", members.join(", "))
        }
        Value::Array(items) => {
            format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", "))
        }
        Value::String(text) => scalar(text),
        other => other.to_string(),
    }
}

/// A string within flow style as YAML reads it back: bare where nothing in it means anything, else as
/// JSON writes it, which YAML 1.2 takes.
fn scalar(text: &str) -> String {
    let reserved = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    let is_bare = text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '$')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "_-$./ ".contains(c))
        && !text.ends_with(' ')
        && !reserved.contains(&text.to_ascii_lowercase().as_str());
    if is_bare { text.to_owned() } else { Value::from(text).to_string() }
}

/// A text behind its key, outside of flow style, where more can stand bare.
fn sentence(text: &str) -> String {
    let is_bare = text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '$')
        && text.contains([' ', '.'])
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.contains(char::is_control)
        && !text.ends_with([' ', ':']);
    if is_bare { text.to_owned() } else { Value::from(text).to_string() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::document;

    #[track_caller]
    fn survives(target: &str, description: &str, value: &Value) {
        let action = Action {
            target: target.to_owned(),
            matches: 2,
            expect: value.clone(),
            change: Change::Update(value.clone()),
        };
        let text = format!("a:\n{}", action.to_yaml(description, 2));
        let read = document::parse("a.yaml", &text).unwrap();
        let read = &read["a"][0];
        assert_eq!(read["description"], description, "{text}");
        assert_eq!(read["x-expect"], *value, "{text}");
        assert_eq!(read["update"], *value, "{text}");
        let path = |text: &str| serde_json_path::JsonPath::parse(text).unwrap().to_string();
        assert_eq!(path(read["target"].as_str().unwrap()), path(target), "{text}");
        assert!(text.lines().all(|line| line.len() <= WIDTH), "{text}");
    }

    #[test]
    fn yaml_reads_back_what_was_written() {
        let values = json!({
            "plain": "ISO 3166-2", "comma": "a, b", "colon": "a: b", "no": "no", "empty": "", "1": "1",
            "hash": "a #b", "quote": "it's \"so\"", "lines": "a\nb", "list": ["x", 1, null, 1.5], "none": {},
        });
        survives("$.a", "Why it is so.", &json!({}));
        survives(
            "$['a b'].c[0]",
            "A note: with `code`, and # more.",
            &json!({ "a": values["list"] }),
        );
        for (_, value) in values.as_object().unwrap() {
            survives("$.a", "why", value);
        }
        let names: Vec<String> =
            (0..12).map(|n| format!("'a longer name, {n}. of many'")).collect();
        let long = format!("$.components.schemas[{}].properties.code", names.join(", "));
        let words = "The error code repeats the HTTP status, which is an integer. ".repeat(4);
        survives(&long, words.trim(), &json!({ "type": "number" }));
    }
}
