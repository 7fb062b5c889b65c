//! The links in what is written for people: each leads to a file that is there, and to a heading in it.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use pagebind_tests::workspace;

/// Every Markdown file that is written here; pages are somebody else's, templates are filled in first.
fn documents() -> Vec<PathBuf> {
    let mut open = vec![workspace()];
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            let passed_over = matches!(name, "target" | "pages" | "template" | "fixtures" | ".git");
            if path.is_dir() && !passed_over {
                open.push(path);
            } else if path.extension().is_some_and(|ending| ending == "md") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The text without what is code.
fn prose(text: &str) -> String {
    let mut code = false;
    let mut prose = String::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            code = !code;
        } else if !code {
            let spans = line.split('`').step_by(2);
            prose += &spans.collect::<Vec<_>>().join("…");
            prose.push('\n');
        }
    }
    prose
}

/// Where the links lead.
fn links(text: &str) -> Vec<String> {
    let prose = prose(text);
    let ends = prose.match_indices("](").filter_map(|(at, mark)| {
        let rest = &prose[at + mark.len()..];
        Some(rest[..rest.find(')')?].to_owned())
    });
    ends.collect()
}

/// The anchors of the headings, as GitHub makes them.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut code = false;
    let headings = text.lines().filter(|line| {
        code ^= line.trim_start().starts_with("```");
        !code && line.starts_with('#')
    });
    let anchor = |heading: &str| {
        let heading = heading.trim_start_matches('#').trim().to_lowercase();
        let kept = heading.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
        kept.collect::<String>().replace(' ', "-")
    };
    headings.map(anchor).collect()
}

#[test]
fn every_link_leads_somewhere() {
    let documents = documents();
    assert!(documents.iter().any(|path| path.ends_with("docs/guide/README.md")));
    let mut broken = Vec::new();
    for document in &documents {
        let text = fs::read_to_string(document).unwrap();
        for link in links(&text).iter().filter(|link| !link.contains("://")) {
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let path = match file {
                "" => document.clone(),
                _ => document.parent().unwrap_or(Path::new("")).join(file),
            };
            let has_anchor =
                || anchors(&fs::read_to_string(&path).unwrap_or_default()).contains(anchor);
            if !path.exists() || !(anchor.is_empty() || has_anchor()) {
                broken.push(format!("{}: {link}", document.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn a_link_is_found_where_it_is_prose_and_a_heading_by_its_anchor() {
    let text =
        "# `A` b: C\n[x](a.md#b) `[y](c.md)`\n```\n# no heading\n[z](d.md)\n```\n![i](e.svg)";
    assert_eq!(links(text), ["a.md#b", "e.svg"]);
    assert_eq!(anchors(text), BTreeSet::from(["a-b-c".to_owned()]));
}
