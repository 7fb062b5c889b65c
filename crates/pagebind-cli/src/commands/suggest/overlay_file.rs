//! Suggestions in `overlay.yaml`: what is certain as actions, what is likely below as comments.
//!
//! A commented block is the tool's: it begins with its class and its rule, and is written anew each
//! time, so that nothing stands there twice and nothing that has become untrue. Once somebody has
//! uncommented one, it is a correction like any other, and is left alone.

use std::path::{Path, PathBuf};

use pagebind::{
    diagnostic::{Diagnostic, Diagnostics, Place},
    document,
    overlay::Overlay,
    suggest::Class,
};
use serde_json::Value;

use super::{Placed, Suggested, report::header};
use crate::{
    environment::Environment,
    project::{
        files::{self, Output},
        manifest::{FILE_NAME, Manifest},
    },
};

/// A file of corrections in which there is none yet.
const HEAD: &str =
    "overlay: 1.1.0\ninfo:\n  title: Corrections to the pages of {}\n  version: 1.0.0\n";

/// What stands above the commented blocks.
const LIKELY: &str = "# What follows is likely, and for somebody to decide: uncomment what is right, and \
                      accept\n# the rest in accepted.toml. `suggest --write` writes these blocks \
                      anew.\n";

/// The files of an API with what is suggested for it.
pub(super) fn outputs(
    environment: &Environment,
    suggested: &Suggested,
) -> Result<Vec<Output>, Diagnostics> {
    let named = Manifest::read(&suggested.folder)?.overlays;
    let path = last_of(&suggested.folder, &named);
    let before =
        if path.is_file() { files::read_text(&path)? } else { HEAD.replace("{}", &suggested.name) };
    let text = with(&before, &suggested.placed, is_certain);
    check(&path, &before, &text, environment)?;
    let mut outputs = Vec::new();
    if named.is_empty() && has_actions(&text) {
        let path = suggested.folder.join(FILE_NAME);
        let text = naming_overlay(&files::read_text(&path)?);
        outputs.push(Output::new(path, text)?);
    }
    outputs.push(Output::new(path, text)?);
    Ok(outputs)
}

fn is_certain(one: &Placed) -> bool {
    one.suggestion.rule.class == Class::Certain
}

/// Where the corrections of an API end, and suggestions are added.
pub(super) fn path(suggested: &Suggested) -> Result<PathBuf, Diagnostics> {
    Ok(last_of(&suggested.folder, &Manifest::read(&suggested.folder)?.overlays))
}

fn last_of(folder: &Path, overlays: &[PathBuf]) -> PathBuf {
    folder.join(overlays.last().cloned().unwrap_or_else(|| PathBuf::from("overlay.yaml")))
}

/// The text of an overlay with suggestions: those that are `written` as actions, the others as comments.
pub(in super::super) fn with(
    text: &str,
    placed: &[Placed],
    mut written: impl FnMut(&Placed) -> bool,
) -> String {
    let mut text = without_comments(text);
    let indent = indent(&text);
    let (mut actions, mut comments) = (Vec::new(), Vec::new());
    for one in placed {
        let Some(action) = &one.suggestion.action else { continue };
        let yaml = action.to_yaml(&one.suggestion.description, indent);
        if written(one) { actions.push(yaml) } else { comments.push((one, yaml)) }
    }
    if !actions.is_empty() && !has_actions(&text) {
        text += "\nactions:\n";
    }
    for yaml in actions {
        let gap = if text.ends_with("actions:\n") { "" } else { "\n" };
        text = format!("{}\n{gap}{yaml}", text.trim_end());
    }
    let margin = " ".repeat(indent);
    if !comments.is_empty() {
        text = format!("{}\n\n{}", text.trim_end(), indented(LIKELY, &margin));
    }
    for (one, yaml) in comments {
        text += &format!("\n{margin}{}\n", header(one));
        for line in yaml.lines() {
            text += &format!("{margin}# {}\n", line.get(indent..).unwrap_or_default());
        }
    }
    text
}

fn indented(text: &str, margin: &str) -> String {
    text.lines().map(|line| format!("{margin}{line}\n")).collect()
}

fn has_actions(text: &str) -> bool {
    text.lines().any(|line| line.trim_end() == "actions:")
}

/// The text without the blocks that this command has written as comments.
fn without_comments(text: &str) -> String {
    let (first, _) = LIKELY.split_once('\n').unwrap_or((LIKELY, ""));
    let is_comment = |line: &str| line.trim_start().starts_with('#');
    let kept: Vec<&str> = text
        .split("\n\n")
        .filter(|block| {
            let mut lines = block.trim_start_matches('\n').lines();
            let head = lines.next().unwrap_or_default().trim_start();
            let is_ours = ["# likely: ", "# certain: "].iter().any(|class| head.starts_with(class))
                || head == first;
            !is_ours || !lines.all(is_comment)
        })
        .collect();
    kept.join("\n\n").trim_end().to_owned() + "\n"
}

/// How far the actions of an overlay are indented.
fn indent(text: &str) -> usize {
    let mut lines = text.lines().skip_while(|line| line.trim_end() != "actions:").skip(1);
    let action = lines.find(|line| line.trim_start().starts_with("- "));
    action.map_or(2, |line| line.len() - line.trim_start().len())
}

/// Makes sure that the text says all it said before, and what was added to it.
fn check(
    path: &Path,
    before: &str,
    text: &str,
    environment: &Environment,
) -> Result<(), Diagnostic> {
    let name = files::show(path);
    let actions = |text: &str| {
        let read = document::parse(&name, text).ok()?;
        Some(read.get("actions").and_then(Value::as_array).cloned().unwrap_or_default())
    };
    let holds = match (actions(before), actions(text)) {
        (Some(before), Some(after)) => {
            after.starts_with(&before) && (after.is_empty() || Overlay::parse(&name, text).is_ok())
        }
        _ => false,
    };
    if holds {
        return Ok(());
    }
    Err(Diagnostic::finding("the suggestions can't be added at the end of the file")
        .place(Place::new(name).note("its `actions` are not a list in block style at its end"))
        .help(format!(
            "print them with `{} suggest`, and paste what is right",
            environment.command
        )))
}

/// A manifest that names the overlay.
fn naming_overlay(text: &str) -> String {
    let line = "overlays = [\"overlay.yaml\"]";
    let commented = format!("# With the first correction in it:\n# {line}\n");
    if text.contains(&commented) {
        return text.replace(&commented, &format!("{line}\n"));
    }
    // Every manifest says its kind before its first table.
    let kind = text.lines().find(|line| line.starts_with("kind")).unwrap_or_default();
    text.replacen(kind, &format!("{kind}\n{line}"), 1)
}

#[cfg(test)]
mod tests {
    use pagebind::suggest::{self, Decisions};
    use serde_json::json;

    use super::*;

    fn placed(property: &str, schema: &Value) -> Vec<Placed> {
        let document = json!({ "components": { "schemas": { "Card": {
            "type": "object", "properties": { property: schema },
        } } } });
        let suggestions = suggest::suggest(&document, &Decisions::default());
        suggestions
            .into_iter()
            .map(|suggestion| Placed { suggestion, places: Vec::new(), fails: None })
            .collect()
    }

    const HEAD: &str = "overlay: 1.1.0\ninfo:\n  title: t\n  version: 1.0.0\n";

    fn written(text: &str, placed: &[Placed]) -> String {
        with(text, placed, is_certain)
    }

    fn actions(text: &str) -> usize {
        let read = document::parse("overlay.yaml", text).unwrap();
        read.get("actions").and_then(Value::as_array).map_or(0, Vec::len)
    }

    #[test]
    fn what_is_certain_is_written_and_what_is_likely_is_a_comment() {
        let tags = json!({ "type": "array", "maxLength": 5, "items": {} });
        let mut both = placed("tags", &tags);
        both.extend(placed("id", &json!({ "type": "number" })));
        let text = written(HEAD, &both);
        assert_eq!(actions(&text), 2, "{text}");
        assert!(text.contains("\n  # likely: integer-id\n  # - target: $.components"), "{text}");
        // What was a comment is written once, and the rest stays.
        let left: Vec<Placed> = both.into_iter().skip(2).collect();
        assert_eq!(written(&text, &left), text);
        let bare = written(&text, &[]);
        assert!(!bare.contains("likely") && text.starts_with(bare.trim_end()), "{bare}");
    }

    #[test]
    fn what_somebody_has_uncommented_is_left_alone() {
        let ids = placed("id", &json!({ "type": "number" }));
        let text = written(&format!("{HEAD}actions:\n- {{ target: $.a }}\n"), &ids);
        assert_eq!(actions(&text), 1, "{text}");
        let (head, block) = text.split_once("# likely: integer-id\n").unwrap();
        let uncommented = format!("{head}# likely: integer-id\n{}", block.replace("# ", ""));
        assert_eq!(actions(&uncommented), 2, "{uncommented}");
        assert_eq!(actions(&written(&uncommented, &[])), 2);
    }

    #[test]
    fn all_can_be_written_as_actions() {
        let text = with(HEAD, &placed("id", &json!({ "type": "number" })), |_| true);
        assert!(actions(&text) == 1 && !text.contains('#'), "{text}");
    }

    #[test]
    fn an_overlay_that_does_not_end_in_a_list_is_refused() {
        let environment = Environment::at("/", "cargo pagebind").unwrap();
        let path = Path::new("overlay.yaml");
        let tags = placed("tags", &json!({ "type": "array", "maxLength": 5, "items": {} }));
        let flow = format!(
            "{HEAD}actions: [{{ target: $.a, description: d, x-expect: {{}}, remove: true }}]\n"
        );
        let behind = format!(
            "actions:\n  - target: $.a\n    description: d\n    x-expect: 1\n    remove: true\n{HEAD}"
        );
        for before in [flow, behind] {
            let problem = check(path, &before, &written(&before, &tags), &environment).unwrap_err();
            assert!(problem.help.unwrap().contains("cargo pagebind suggest"), "{before}");
        }
    }

    #[test]
    fn the_manifest_names_the_overlay_once_it_holds_a_correction() {
        let expected = "kind = \"openapi\"\noverlays = [\"overlay.yaml\"]\nper-page = []\n";
        assert_eq!(naming_overlay("kind = \"openapi\"\nper-page = []\n"), expected);
        let template = "kind = \"openapi\"\n# With the first correction in it:\n# overlays = [\"overlay.yaml\"]\nper-page = []\n";
        assert_eq!(naming_overlay(template), expected);
    }
}
