//! A published page, and the OpenAPI document found in it.
//!
//! A page is prose with one OpenAPI document under its last `# OpenAPI definition` heading. Many
//! pages are stored with all white space collapsed, which leaves no line, and so no fence, for a
//! Markdown reader to find. So the heading is looked for in the text, the first `{` behind it
//! begins the document, the JSON parser says where it ends, and nothing but the closing fence may
//! follow. A page may also be a bare JSON or YAML document.

use std::ops::Range;

use serde_json::Value;

use crate::{
    diagnostic::{Diagnostic, Place, Position},
    document::{self, json, yaml},
    pointer,
};

/// What stands above the document on a page.
const HEADING: &str = "# OpenAPI definition";

/// One published page, read.
#[derive(Debug, Clone)]
pub struct Page {
    /// What diagnostics call it: the path of the vendored file, as the caller gave it.
    pub name: String,
    /// The OpenAPI document on it, without the platform's noise.
    pub document: Value,
    /// JSON pointers of the keys that were dropped as noise of the publishing platform.
    pub noise: Vec<String>,
    text: String,
    syntax: Syntax,
}

/// How the document stands on the page.
#[derive(Debug, Clone)]
enum Syntax {
    Json(Range<usize>),
    Yaml,
}

impl Page {
    /// The words around the document, with white space folded; empty on a bare document.
    #[must_use]
    pub fn prose(&self) -> String {
        let before = match &self.syntax {
            Syntax::Json(span) => &self.text[..span.start],
            Syntax::Yaml => "",
        };
        let before = before.rfind(HEADING).map_or(before, |heading| &before[..heading]);
        before.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Where on the page the value at `pointer` of its document begins.
    #[must_use]
    pub fn position(&self, pointer: &str) -> Option<Position> {
        self.positions(&[pointer]).pop().flatten()
    }

    /// The place of `pointer` on this page; of the nearest value around it, if nothing is there.
    #[must_use]
    pub fn place(&self, pointer: &str) -> Place {
        Place::new(&self.name).at(self.position(self.nearest(pointer))).pointer(pointer)
    }

    /// The places of several pointers, found in one go.
    #[must_use]
    pub fn places(&self, pointers: &[&str]) -> Vec<Place> {
        let nearest: Vec<&str> = pointers.iter().map(|pointer| self.nearest(pointer)).collect();
        let placed = |(pointer, at): (&&str, Option<Position>)| {
            Place::new(&self.name).at(at).pointer(*pointer)
        };
        pointers.iter().zip(self.positions(&nearest)).map(placed).collect()
    }

    fn positions(&self, pointers: &[&str]) -> Vec<Option<Position>> {
        match &self.syntax {
            Syntax::Json(span) => json::locate(&self.text, span.clone(), pointers),
            Syntax::Yaml => {
                pointers.iter().map(|pointer| yaml::locate(&self.text, pointer)).collect()
            }
        }
    }

    /// `pointer`, or as much of it as leads to a value.
    fn nearest<'p>(&self, pointer: &'p str) -> &'p str {
        let mut nearest = pointer;
        while self.document.pointer(nearest).is_none()
            && let Some(end) = nearest.rfind('/')
        {
            nearest = &nearest[..end];
        }
        nearest
    }
}

/// Finds the OpenAPI document on a page, or takes a bare JSON or YAML document.
///
/// # Errors
/// A page without a definition, a truncated one, a duplicate key, an unknown OpenAPI version, and
/// all else that [`document::parse`] refuses, with line and column on the page.
pub fn extract(name: &str, text: &str) -> Result<Page, Diagnostic> {
    let (document, syntax) = read(name, text)?;
    let mut page =
        Page { name: name.to_owned(), document, noise: Vec::new(), text: text.to_owned(), syntax };
    check_version(&page)?;
    if let Value::Object(root) = &mut page.document {
        root.retain(|key, _| {
            let noise = is_noise(key);
            if noise {
                page.noise.push(pointer::join("", key));
            }
            !noise
        });
    }
    Ok(page)
}

/// Whether a root key is the publishing platform's own and says nothing about the API.
fn is_noise(key: &str) -> bool {
    key == "_id" || key.starts_with("x-readme")
}

fn read(name: &str, text: &str) -> Result<(Value, Syntax), Diagnostic> {
    let start = document::start(text);
    // Unlike a document at large, a page may begin with a link, so `[` says nothing.
    if text[start..].starts_with('{') {
        let value = json::parse(name, text, start)?;
        return Ok((value, Syntax::Json(start..text.len())));
    }
    if is_yaml(text) {
        return Ok((yaml::parse(name, text)?, Syntax::Yaml));
    }
    let (value, span) = last_definition(name, text)?;
    let rest = text[span.end..].trim_start();
    let rest = rest.strip_prefix("```").unwrap_or(rest).trim_start();
    if rest.is_empty() {
        return Ok((value, Syntax::Json(span)));
    }
    let position = Position::of_offset(text, text.len() - rest.len());
    Err(Diagnostic::unreadable("the OpenAPI definition is followed by something else")
        .place(Place::new(name).at(position))
        .help("take the page again; only a closing fence may follow its definition"))
}

/// Whether a text is a bare YAML document: one of its lines says the version at the root, before
/// any fence, since a page may show such a line as a sample.
fn is_yaml(text: &str) -> bool {
    text.lines()
        .map(|line| line.trim_start_matches('\u{feff}'))
        .take_while(|line| !line.starts_with("```"))
        .any(|line| {
            let line = line.trim_start_matches(['"', '\'']);
            let value = ["openapi", "swagger"].iter().find_map(|key| {
                let rest = line.strip_prefix(key)?.trim_start_matches(['"', '\'']);
                rest.trim_start().strip_prefix(':')
            });
            value.is_some_and(|value| {
                let value = value.trim_start().trim_start_matches(['"', '\'']);
                value.starts_with(|c: char| c.is_ascii_digit())
            })
        })
}

/// The definition under the last heading of a page, and the bytes it takes. Headings within a
/// definition are its text, so each definition is passed over whole.
fn last_definition(name: &str, text: &str) -> Result<(Value, Range<usize>), Diagnostic> {
    let (headings, collapsed) = headings(text);
    let mut found = None;
    let mut end = 0;
    for heading in headings {
        if heading < end {
            continue;
        }
        let Some(start) = text[heading..].find('{').map(|brace| heading + brace) else {
            found = found.or_else(|| {
                let problem = "nothing under the heading of the OpenAPI definition";
                Some(Err(Diagnostic::unreadable(problem)
                    .place(Place::new(name).at(Position::of_offset(text, heading)))
                    .help("take the page again, whole")))
            });
            break;
        };
        match json::parse_prefix(name, text, start) {
            Ok((value, behind)) => {
                end = behind;
                found = Some(Ok((value, start..end)));
            }
            // On a collapsed page this heading may be a piece of a broken definition's text;
            // what is wrong with that one is the better report.
            Err(_) if collapsed && matches!(found, Some(Err(_))) => {}
            Err(problem) => found = Some(Err(problem)),
        }
    }
    found.unwrap_or_else(|| {
        Err(Diagnostic::unreadable("no OpenAPI definition on the page")
            .place(Place::new(name))
            .help(format!(
                "check the address: the page should hold a `{HEADING}` heading with a JSON \
                 document under it, or be a JSON or YAML document itself"
            )))
    })
}

/// Where the headings begin, and whether the page is collapsed: without a heading at the start
/// of a line, one may stand behind any white space.
fn headings(text: &str) -> (Vec<usize>, bool) {
    let behind = |accepted: fn(char) -> bool| -> Vec<usize> {
        text.match_indices(HEADING)
            .map(|(at, _)| at)
            .filter(|at| text[..*at].chars().next_back().is_none_or(accepted))
            .collect()
    };
    let in_lines = behind(|c| matches!(c, '\n' | '\u{feff}'));
    if in_lines.is_empty() { (behind(char::is_whitespace), true) } else { (in_lines, false) }
}

/// Takes OpenAPI 3.0 and 3.1, any patch; each else is an error at the place that says it.
fn check_version(page: &Page) -> Result<(), Diagnostic> {
    let unreadable = |message: String, pointer: &str, help: &str| {
        Err(Diagnostic::unreadable(message).place(page.place(pointer)).help(help))
    };
    let convert = "convert the document to OpenAPI 3.0 or 3.1 first";
    match (page.document.get("openapi"), page.document.get("swagger")) {
        (Some(Value::String(version)), _) => match version.split('.').collect::<Vec<_>>()[..] {
            ["3", "0" | "1", patch] if patch.parse::<u32>().is_ok() => Ok(()),
            _ => unreadable(
                format!("OpenAPI version `{version}`, only 3.0.x and 3.1.x can be read"),
                "/openapi",
                convert,
            ),
        },
        (Some(_), _) => unreadable(
            "the OpenAPI version is not a string".to_owned(),
            "/openapi",
            "write it in quotes with all three parts, such as \"3.1.0\"",
        ),
        (None, Some(_)) => unreadable(
            "Swagger 2.0, only OpenAPI 3.0.x and 3.1.x can be read".to_owned(),
            "/swagger",
            convert,
        ),
        (None, None) => unreadable(
            "not an OpenAPI document, `openapi` is missing".to_owned(),
            "",
            "check that this is the page that was meant",
        ),
    }
}

#[cfg(test)]
mod tests;
