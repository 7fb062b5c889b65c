//! Pages that show a document which is published elsewhere, and what they call it.

use super::html;

/// What shows a document on an HTML page, and behind which word of it stands, in quotes, where the document is.
const IN_HTML: [(&str, &str); 7] = [
    ("<redoc", "spec-url="),
    ("redoc.init(", ""),
    ("<rapi-doc", "spec-url="),
    ("<elements-api", "apidescriptionurl="),
    ("api-reference", "data-url="),
    ("createapireference(", "url:"),
    ("swaggeruibundle(", "url:"),
];

/// The document that a page takes its operations from, and where it says so.
pub(super) fn named(text: &str) -> Option<(usize, &str)> {
    gitbook(text).or_else(|| mintlify(text)).or_else(|| in_html(text))
}

/// `{% openapi src="FILE" … %}`, or `{% openapi-operation … %}` with a link below it.
fn gitbook(text: &str) -> Option<(usize, &str)> {
    let at = ["{% openapi", "{% swagger src"].iter().filter_map(|tag| text.find(tag)).min()?;
    let (tag, below) = text[at..].split_once("%}")?;
    let source = match tag.split_once("src=\"") {
        Some((_, source)) => source.split('"').next(),
        None => below.split_once("](").and_then(|(_, link)| link.split(')').next()),
    };
    Some((at, source?))
}

/// `openapi: FILE METHOD PATH` in the front matter.
fn mintlify(text: &str) -> Option<(usize, &str)> {
    let matter = text.trim_start_matches('\u{feff}').strip_prefix("---")?;
    let (matter, _) = matter.split_once("\n---")?;
    let (_, line) = matter.split_once("\nopenapi:")?;
    let value = line.lines().next()?.trim().trim_matches(['"', '\'']);
    // A part of the text, so the distance of the two is its offset.
    let at = value.as_ptr() as usize - text.as_ptr() as usize;
    (!value.is_empty()).then_some((at, value))
}

/// What shows a document in a browser says where it is to be had.
fn in_html(text: &str) -> Option<(usize, &str)> {
    if !html::is_html(text) {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    IN_HTML.iter().find_map(|(viewer, word)| {
        let behind = lower.find(viewer)? + viewer.len();
        let at = behind + lower[behind..].find(word)?;
        let quoted = text[at + word.len()..].trim_start();
        let quote = quoted.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let source = quoted[1..].split(quote).next()?;
        (!source.is_empty()).then_some((at, source))
    })
}
