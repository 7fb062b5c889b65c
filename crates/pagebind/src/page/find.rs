//! Where on a page its definitions stand.
//!
//! - A bare document, JSON or YAML, is its own page.
//! - ReadMe writes the document as JSON below the heading `# OpenAPI definition`, once or more often;
//!   the last one counts. Many such pages are stored with all white space collapsed, which leaves no
//!   line, and so no fence, for a Markdown reader to find. So the heading is looked for in the text, the
//!   first `{` behind it begins the document, the JSON parser says where it ends, and nothing but the
//!   closing fence may follow.
//! - Mintlify writes it as YAML in a fenced block below `## OpenAPI`, Apidog in one below `## OpenAPI
//!   Specification`, GitBook as JSON in a fenced block for each operation. Whatever fenced block holds a
//!   document is one, in the order of the page.
//! - Redoc, Scalar and Swagger UI can write it as JSON into a script of an HTML page.
//! - What GitBook and Mintlify keep in a repository, and most HTML pages, hold no document: they name one that
//!   is published beside them, which is the one to take.

mod elsewhere;
mod fence;
mod html;

use std::{fmt, ops::Range};

use serde_json::Value;

use self::fence::{Block, says_version};
use crate::{
    diagnostic::{Diagnostic, Place, Position},
    document::{self, json, yaml},
};

/// What stands above the document on a page of ReadMe's.
pub(super) const HEADING: &str = "# OpenAPI definition";

/// In which form a page holds its definitions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Form {
    /// A bare document in JSON.
    Json,
    /// A bare document in YAML.
    Yaml,
    /// A page with a document below the heading `# OpenAPI definition`, as ReadMe exports it.
    ReadMe,
    /// A page with a document below the heading `## OpenAPI`, as Mintlify exports it.
    Mintlify,
    /// A page with a document below the heading `## OpenAPI Specification`, as Apidog exports it.
    Apidog,
    /// A page with a document in each of its fenced blocks, as GitBook exports it.
    Fenced,
    /// An HTML page with a document in a script.
    Html,
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Json => "a JSON document",
            Self::Yaml => "a YAML document",
            Self::ReadMe => "a page with a document below `# OpenAPI definition` (ReadMe)",
            Self::Mintlify => "a page with a document below `## OpenAPI` (Mintlify)",
            Self::Apidog => "a page with a document below `## OpenAPI Specification` (Apidog)",
            Self::Fenced => "a page with documents in fenced blocks (GitBook)",
            Self::Html => "an HTML page with a document in a script (Redoc, Scalar, Swagger UI)",
        })
    }
}

/// A definition on a page.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) document: Value,
    /// The bytes it takes.
    pub(super) span: Range<usize>,
    pub(super) is_json: bool,
    /// Where YAML merge keys stand in it.
    pub(super) merge_keys: Vec<Position>,
}

/// The definitions in `text`, and their form; at least one.
pub(super) fn find(name: &str, text: &str) -> Result<(Form, Vec<Found>), Diagnostic> {
    let start = document::start(text);
    // Unlike a document at large, a page may begin with a link, so `[` says nothing.
    if text[start..].starts_with('{') {
        let document = json::parse(name, text, start)?;
        let found =
            Found { document, span: start..text.len(), is_json: true, merge_keys: Vec::new() };
        return Ok((Form::Json, vec![found]));
    }
    if is_yaml(text) {
        return Ok((Form::Yaml, vec![yaml_at(name, text, 0..text.len())?]));
    }
    let (headings, collapsed) = headings(text);
    // Of white space there is no telling in HTML, so that a heading in it is words of the document.
    if collapsed && html::is_html(text) && html::holds_document(text) {
        return Ok((Form::Html, html::documents(name, text)?));
    }
    if headings.last().is_some_and(|heading| !fence::is_of_yaml(&text[heading + HEADING.len()..])) {
        return Ok((Form::ReadMe, vec![below_heading(name, text, &headings, collapsed)?]));
    }
    let blocks: Vec<_> = fence::fences(text).filter(|block| block.holds_document(text)).collect();
    if !blocks.is_empty() {
        let form = match blocks.as_slice() {
            [one] => below(&text[..one.content.start]),
            _ => Form::Fenced,
        };
        let found = blocks.into_iter().map(|block| in_block(name, text, block));
        return Ok((form, found.collect::<Result<_, _>>()?));
    }
    if let Some((at, elsewhere)) = elsewhere::named(text) {
        let message = format!("the page shows operations of a document elsewhere, `{elsewhere}`");
        return Err(Diagnostic::unreadable(message)
            .place(Place::new(name).at(Position::of_offset(text, at)))
            .help("take that document, and of it the operations that are meant (`only`)"));
    }
    Err(Diagnostic::unreadable("no OpenAPI definition on the page").place(Place::new(name)).help(
        format!(
            "check the address: the page should hold a document below `{HEADING}` or in a fenced \
             block, or be a JSON or YAML document itself"
        ),
    ))
}

/// Whether a text means to hold a definition.
pub(super) fn means_to_hold(text: &str) -> bool {
    if text[document::start(text)..].starts_with('{') {
        return ["\"openapi\"", "\"swagger\""].iter().any(|key| text.contains(key));
    }
    is_yaml(text)
        || !headings(text).0.is_empty()
        || fence::fences(text).any(|block| block.holds_document(text))
        || html::is_html(text) && html::holds_document(text)
}

/// Whether a text is a bare YAML document: one of its lines says the version at the root, before
/// any fence, since a page may show such a line as a sample.
fn is_yaml(text: &str) -> bool {
    text.lines()
        .map(|line| line.trim_start_matches('\u{feff}'))
        .take_while(|line| !line.starts_with("```") && !line.starts_with("~~~"))
        .any(says_version)
}

fn yaml_at(name: &str, text: &str, span: Range<usize>) -> Result<Found, Diagnostic> {
    let (document, merge_keys) = yaml::parse_span(name, text, span.clone())?;
    Ok(Found { document, span, is_json: false, merge_keys })
}

/// The definition under the last heading of a page. Headings within a definition are its text, so
/// each definition is passed over whole.
fn below_heading(
    name: &str,
    text: &str,
    headings: &[usize],
    collapsed: bool,
) -> Result<Found, Diagnostic> {
    let mut found = None;
    let mut end = 0;
    for heading in headings.iter().copied() {
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
    let (document, span) = found.expect("there is a heading")?;
    let rest = text[span.end..].trim_start();
    let rest = rest.strip_prefix("```").unwrap_or(rest).trim_start();
    if rest.is_empty() {
        return Ok(Found { document, span, is_json: true, merge_keys: Vec::new() });
    }
    let position = Position::of_offset(text, text.len() - rest.len());
    Err(Diagnostic::unreadable("the OpenAPI definition is followed by something else")
        .place(Place::new(name).at(position))
        .help("take the page again; only a closing fence may follow its definition"))
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

/// The form of a page with one fenced document, by the last heading in the `text` before it.
fn below(text: &str) -> Form {
    let is_heading =
        |line: &&str| line.trim_start_matches('#').starts_with(' ') && line.starts_with('#');
    match text.lines().rev().find(is_heading).map(str::trim_end) {
        Some("## OpenAPI") => Form::Mintlify,
        Some("## OpenAPI Specification") => Form::Apidog,
        Some(HEADING) => Form::ReadMe,
        _ => Form::Fenced,
    }
}

fn in_block(name: &str, text: &str, block: Block) -> Result<Found, Diagnostic> {
    if !block.is_closed {
        let end = Position::of_offset(text, text.len());
        return Err(Diagnostic::unreadable("the page is cut short: its fenced block has no end")
            .place(Place::new(name).at(end))
            .help("take the page again, whole"));
    }
    let content = &text[block.content.clone()];
    let start = block.content.start + content.len() - content.trim_start().len();
    if !text[start..].starts_with('{') {
        return yaml_at(name, text, block.content);
    }
    let end = block.content.start + content.trim_end().len();
    let document = json::parse(name, &text[..end], start)?;
    Ok(Found { document, span: start..end, is_json: true, merge_keys: Vec::new() })
}
