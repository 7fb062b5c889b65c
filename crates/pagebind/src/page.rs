//! A published page, and the OpenAPI document found in it.
//!
//! Publishers write the document into pages of several forms; [`Form`] names those that are known. A
//! file may hold several documents, one for each operation: each is a [`Page`] of its own.

mod content;
mod find;
mod noise;
mod unquoted;

use std::{ops::Range, sync::Arc};

use serde_json::Value;

pub use self::find::Form;
use self::{
    content::Content,
    find::{Found, HEADING},
};
use crate::{
    diagnostic::{Diagnostic, Place, Position},
    document::{self, json, limits, yaml},
};

/// One published page, read.
#[derive(Debug, Clone)]
pub struct Page {
    /// What diagnostics call it: the path of the vendored file, as the caller gave it.
    pub name: String,
    /// Where it lies in the folder of its set, with `/` between the parts; its name, unless the caller
    /// says otherwise. References from page to page go by it.
    pub path: String,
    /// The OpenAPI document on it, without the platform's noise.
    pub document: Value,
    /// JSON pointers of the keys that were dropped as noise of the publishing platform.
    pub noise: Vec<String>,
    /// What was read otherwise than it is written.
    pub warnings: Vec<Diagnostic>,
    /// In which form the page holds it.
    pub form: Form,
    text: Text,
    /// What was brought into the document from elsewhere.
    pub(crate) brought: Vec<Brought>,
}

/// A part of a page's document that stands elsewhere.
#[derive(Debug, Clone)]
pub(crate) struct Brought {
    /// JSON pointer to it in the page's document.
    pub(crate) pointer: String,
    /// The page or file where it stands.
    pub(crate) text: Text,
    /// JSON pointer to it there.
    pub(crate) inner: String,
}

impl Page {
    /// Lets go of the text of the page, since few ask for it once the document is read: `again` gives it to those
    /// who do, or nothing if it is another one by then.
    pub fn let_go_of_text(&mut self, again: impl Fn() -> Option<String> + Send + Sync + 'static) {
        self.text.content = Content::Again(Arc::new(again));
    }

    /// What the document was read from.
    pub(crate) fn source(&self) -> &Text {
        &self.text
    }

    /// The page or file that says what stands at `pointer`.
    #[must_use]
    pub fn said_by(&self, pointer: &str) -> &str {
        self.brought(pointer).map_or(&self.name, |brought| &brought.text.name)
    }

    /// The innermost part around `pointer` that stands elsewhere.
    fn brought(&self, pointer: &str) -> Option<&Brought> {
        let around = |it: &&Brought| {
            let rest = pointer.strip_prefix(&*it.pointer);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.brought.iter().filter(around).max_by_key(|it| it.pointer.len())
    }

    /// Title and version of the API, which is a number in many a document, are texts.
    fn spell_texts(&mut self) {
        for key in ["title", "version"] {
            let said = self.document.get_mut("info").and_then(|info| info.get_mut(key));
            if let Some(text) = said.filter(|said| said.is_number()) {
                *text = Value::from(text.to_string());
            }
        }
    }

    /// The words before the document, with white space folded; empty on a bare document, and on an HTML page. What the
    /// publishing platform puts above the title says nothing of the API, and is none of them:
    /// front matter, and where its list of pages is.
    #[must_use]
    pub fn prose(&self) -> String {
        if matches!(self.form, Form::Json | Form::Yaml | Form::Html) {
            return String::new();
        }
        let text = self.text.content.get();
        let before = text.get(self.text.begin..self.text.span.start).unwrap_or_default();
        let before = match self.form {
            Form::ReadMe => before.rfind(HEADING).map_or(before, |heading| &before[..heading]),
            _ => before.trim_end().rsplit_once('\n').map_or("", |(before, _fence)| before),
        };
        let title = before.match_indices("# ").map(|(at, _)| at).find(|at| {
            before[..*at].chars().next_back().is_none_or(|c| c.is_whitespace() || c == '\u{feff}')
        });
        let words = title.map_or(before, |title| &before[title..]);
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Where on the page the value at `pointer` of its document begins.
    #[must_use]
    pub fn position(&self, pointer: &str) -> Option<Position> {
        if self.brought(pointer).is_some() {
            return None;
        }
        self.text.positions(&[pointer]).pop().flatten()
    }

    /// The place of `pointer` on this page; of the nearest value around it, if nothing is there.
    #[must_use]
    pub fn place(&self, pointer: &str) -> Place {
        self.places(&[pointer]).pop().unwrap_or_else(|| Place::new(&self.name))
    }

    /// The places of several pointers, each text read once. What was brought in from elsewhere has its
    /// place there.
    #[must_use]
    pub fn places(&self, pointers: &[&str]) -> Vec<Place> {
        let mut places: Vec<Option<Place>> = vec![None; pointers.len()];
        let mut texts: Vec<(&Text, Vec<(usize, String)>)> = Vec::new();
        for (index, pointer) in pointers.iter().enumerate() {
            let nearest = self.nearest(pointer);
            let (text, nearest, pointer) = match self.brought(pointer) {
                None => (&self.text, nearest.to_owned(), (*pointer).to_owned()),
                Some(brought) => {
                    let inner = |it: &str| {
                        let rest = it.get(brought.pointer.len()..).unwrap_or_default();
                        format!("{}{rest}", brought.inner)
                    };
                    (&brought.text, inner(nearest), inner(pointer))
                }
            };
            places[index] = Some(Place::new(&*text.name).pointer(pointer));
            match texts.iter_mut().find(|(known, _)| known.content.is(&text.content)) {
                Some((_, wanted)) => wanted.push((index, nearest)),
                None => texts.push((text, vec![(index, nearest)])),
            }
        }
        for (text, wanted) in texts {
            let nearest: Vec<&str> = wanted.iter().map(|(_, nearest)| &**nearest).collect();
            for ((index, _), at) in wanted.iter().zip(text.positions(&nearest)) {
                places[*index] = places[*index].take().map(|place| place.at(at));
            }
        }
        places.into_iter().flatten().collect()
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

/// What a document was read from.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    /// What diagnostics call the file.
    pub(crate) name: String,
    content: Content,
    /// Where the page, or what is left of it behind the document before, begins.
    begin: usize,
    /// Where the document stands in the text.
    span: Range<usize>,
    is_json: bool,
}

impl Text {
    /// A text that is a document as a whole.
    pub(crate) fn whole(name: &str, text: &str) -> Self {
        let start = document::start(text);
        Self {
            name: name.to_owned(),
            content: Content::Held(text.into()),
            begin: 0,
            span: start..text.len(),
            is_json: document::is_json(&text[start..]),
        }
    }

    /// Whether it is JSON rather than YAML.
    pub(crate) fn is_json(&self) -> bool {
        self.is_json
    }

    /// Where the values at `pointers` of the document begin; the text is read once for all of them.
    pub(crate) fn positions(&self, pointers: &[&str]) -> Vec<Option<Position>> {
        let text = self.content.get();
        if text.get(self.span.clone()).is_none() {
            return vec![None; pointers.len()];
        }
        if self.is_json {
            json::locate(&text, self.span.clone(), pointers)
        } else {
            yaml::locate(&text, self.span.clone(), pointers)
        }
    }
}

/// Whether a text means to hold an OpenAPI document, by the look of it; reading it may still fail.
#[must_use]
pub fn is_page(text: &str) -> bool {
    find::means_to_hold(text)
}

/// Finds the OpenAPI document on a page, or takes a bare JSON or YAML document.
///
/// # Errors
/// All that [`extract_all`] refuses, and a page that holds several documents.
pub fn extract(name: &str, text: &str) -> Result<Page, Diagnostic> {
    extract_held(name, text.into())
}

/// The same, with the text as the page holds it, so that there is no copy of it.
///
/// # Errors
/// All that [`extract`] refuses.
pub fn extract_held(name: &str, text: Arc<str>) -> Result<Page, Diagnostic> {
    let mut pages = extract_all_held(name, text)?;
    match pages.pop() {
        Some(page) if pages.is_empty() => Ok(page),
        last => {
            let several = pages.iter().chain(&last).map(|page| page.place(""));
            let message = format!("the page holds {} documents", pages.len() + 1);
            Err(several.fold(Diagnostic::unreadable(message), Diagnostic::place).help(
                "take each of them as a document of its own, or all of them as pages of an API",
            ))
        }
    }
}

/// Finds every OpenAPI document on a page, or takes a bare JSON or YAML document. There is at least
/// one, and more only in the forms [`Form::Fenced`] and [`Form::Html`].
///
/// # Errors
/// A page without a definition or larger than 64 MiB, a truncated one, a duplicate key, an unknown
/// OpenAPI version, and all else that [`document::parse`] refuses, with line
/// and column on the page.
pub fn extract_all(name: &str, text: &str) -> Result<Vec<Page>, Diagnostic> {
    extract_all_held(name, text.into())
}

/// The same, with the text as the pages hold it, so that there is no copy of it.
///
/// # Errors
/// All that [`extract_all`] refuses.
pub fn extract_all_held(name: &str, text: Arc<str>) -> Result<Vec<Page>, Diagnostic> {
    limits::check_size(name, &text)?;
    let (form, found) = find::find(name, &text)?;
    let content = Content::Held(text);
    let mut begin = 0;
    let mut pages = Vec::new();
    for Found { document, span, is_json, merge_keys } in found {
        let mut page = Page {
            name: name.to_owned(),
            path: name.to_owned(),
            document,
            noise: Vec::new(),
            warnings: merge_keys.into_iter().map(|at| merge_key(name, at)).collect(),
            form,
            text: Text { name: name.to_owned(), content: content.clone(), begin, span, is_json },
            brought: Vec::new(),
        };
        begin = page.text.span.end;
        check_version(&mut page)?;
        page.noise = noise::drop(&mut page.document);
        page.spell_texts();
        if !is_json {
            page.warnings.extend(unquoted(&mut page.document, &page.text));
        }
        pages.push(page);
    }
    Ok(pages)
}

/// That a merge key stands at a place of a file.
pub(crate) fn merge_key(name: &str, at: Position) -> Diagnostic {
    Diagnostic::finding("merge key `<<`, read as YAML 1.1 does; YAML 1.2 does not have it")
        .place(Place::new(name).at(at))
        .help("write out the keys that it stands for")
}

/// Reads `null` without quotes as the type where it can be nothing else, and tells where.
pub(crate) fn unquoted(document: &mut Value, text: &Text) -> Vec<Diagnostic> {
    let pointers = unquoted::mend(document);
    let borrowed: Vec<&str> = pointers.iter().map(String::as_str).collect();
    let positions = if pointers.is_empty() { Vec::new() } else { text.positions(&borrowed) };
    let warning = |(pointer, at): (&&str, _)| {
        Diagnostic::finding("`null` without quotes, read as the type \"null\"")
            .place(Place::new(&text.name).at(at).pointer(*pointer))
            .help("write it in quotes")
    };
    borrowed.iter().zip(positions).map(warning).collect()
}

/// Takes OpenAPI 3.0 and 3.1, any patch, and none as the first; each else is an error at the place
/// that says it. YAML reads a version without a patch as a number.
fn check_version(page: &mut Page) -> Result<(), Diagnostic> {
    let unreadable = |page: &Page, message: String, pointer: &str, help: &str| {
        Err(Diagnostic::unreadable(message).place(page.place(pointer)).help(help))
    };
    let convert = "convert the document to OpenAPI 3.0 or 3.1 first";
    let version = match page.document.get("openapi") {
        Some(Value::String(version)) => version.clone(),
        Some(Value::Number(version)) => version.to_string(),
        Some(_) => {
            return unreadable(
                page,
                "the OpenAPI version is not a string".to_owned(),
                "/openapi",
                "write it in quotes with all three parts, such as \"3.1.0\"",
            );
        }
        None if page.document.get("swagger").is_some() => {
            let message = "Swagger 2.0, only OpenAPI 3.0.x and 3.1.x can be read".to_owned();
            return unreadable(page, message, "/swagger", convert);
        }
        None => {
            return unreadable(
                page,
                "not an OpenAPI document, `openapi` is missing".to_owned(),
                "",
                "check that this is the page that was meant",
            );
        }
    };
    match version.split('.').collect::<Vec<_>>()[..] {
        ["3", "0" | "1", patch] if patch.parse::<u32>().is_ok() => Ok(()),
        ["3", "0" | "1"] => {
            page.document["openapi"] = Value::from(format!("{version}.0"));
            Ok(())
        }
        _ => unreadable(
            page,
            format!("OpenAPI version `{version}`, only 3.0.x and 3.1.x can be read"),
            "/openapi",
            convert,
        ),
    }
}

#[cfg(test)]
mod tests;
