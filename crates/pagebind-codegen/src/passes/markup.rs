//! HTML in descriptions, as Markdown.
//!
//! Publishers write `<p>` and `<b>` where OpenAPI has Markdown, and rustdoc would show them to who hovers a
//! name in an editor. What looks like a tag and is none (`<id>`), and what stands in code, stays as it is.

use pagebind::html::{self, Token};

/// The tags that descriptions are written with.
const TAGS: [&str; 34] = [
    "a",
    "b",
    "blockquote",
    "br",
    "code",
    "dd",
    "div",
    "dl",
    "dt",
    "em",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "li",
    "ol",
    "p",
    "pre",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "table",
    "td",
    "th",
    "tr",
    "ul",
];

/// `text` with its HTML as Markdown.
pub(super) fn to_markdown(text: &str) -> String {
    let mut pieces = text.split('<').skip(1);
    if !pieces.any(|piece| tag(piece).is_some()) {
        return text.to_owned();
    }
    let mut markdown = Markdown::default();
    // What stands between backticks is code: every other piece.
    for (index, piece) in text.split('`').enumerate() {
        if index > 0 {
            markdown.out.push('`');
        }
        if index % 2 == 1 {
            markdown.out.push_str(piece);
        } else {
            markdown.add(piece);
        }
    }
    let lines: Vec<&str> = markdown.out.lines().map(str::trim_end).collect();
    let mut settled = lines.join("\n");
    while settled.contains("\n\n\n") {
        settled = settled.replace("\n\n\n", "\n\n");
    }
    settled.trim().to_owned()
}

/// The name of the tag that begins with `<` before `piece`, if it is a known one.
fn tag(piece: &str) -> Option<&str> {
    let name = piece.strip_prefix('/').unwrap_or(piece);
    let name = &name[..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())];
    TAGS.iter().copied().find(|tag| tag.eq_ignore_ascii_case(name))
}

/// What has been written so far.
#[derive(Default)]
struct Markdown {
    out: String,
    /// Where the links lead that are open.
    links: Vec<String>,
}

impl Markdown {
    fn add(&mut self, html: &str) {
        // The tokenizer takes every tag, known or not, so unknown ones are escaped for it.
        let mut known = String::with_capacity(html.len());
        for (index, piece) in html.split('<').enumerate() {
            if index > 0 {
                known.push_str(if tag(piece).is_some() { "<" } else { "&lt;" });
            }
            known.push_str(piece);
        }
        for token in html::tokens(&known) {
            match token {
                Token::String(text) => self.out.push_str(&String::from_utf8_lossy(&text)),
                Token::StartTag(tag) => {
                    let name = String::from_utf8_lossy(&tag.name).to_ascii_lowercase();
                    if name == "a" {
                        let target = tag.attributes.get(b"href".as_slice());
                        let target = target.map(|href| String::from_utf8_lossy(href).into_owned());
                        self.links.push(target.unwrap_or_default());
                        if self.links.last().is_some_and(|target| !target.is_empty()) {
                            self.out.push('[');
                        }
                    } else {
                        self.out.push_str(opening(&name));
                    }
                }
                Token::EndTag(tag) => {
                    let name = String::from_utf8_lossy(&tag.name).to_ascii_lowercase();
                    if name == "a" {
                        if let Some(target) = self.links.pop().filter(|target| !target.is_empty()) {
                            self.out.push_str(&format!("]({target})"));
                        }
                    } else {
                        self.out.push_str(closing(&name));
                    }
                }
                _ => {}
            }
        }
    }
}

fn opening(name: &str) -> &'static str {
    match name {
        "b" | "strong" | "dt" | "th" => "**",
        "i" | "em" => "*",
        "code" => "`",
        "pre" => "\n\n```text\n",
        "br" => "\n\n",
        "hr" => "\n\n---\n\n",
        "li" | "dd" => "\n- ",
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => "\n\n#### ",
        "p" | "div" | "ul" | "ol" | "dl" | "table" | "tr" | "blockquote" => "\n\n",
        _ => "",
    }
}

fn closing(name: &str) -> &'static str {
    match name {
        "b" | "strong" => "**",
        "dt" | "th" => "** ",
        "i" | "em" => "*",
        "code" => "`",
        "pre" => "\n```\n\n",
        "td" => " ",
        "p" | "div" | "ul" | "ol" | "dl" | "table" | "tr" | "blockquote" | "h1" | "h2" | "h3"
        | "h4" | "h5" | "h6" => "\n\n",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_becomes_markdown() {
        for (html, markdown) in [
            ("<p>Some <b>HTML</b> &amp; more.</p><p>End</p>", "Some **HTML** & more.\n\nEnd"),
            ("One of:<ul><li>a</li><li><code>b</code></li></ul>", "One of:\n\n- a\n- `b`"),
            (
                "See <a href=\"https://example.org/a\">this</a>.<br/>Or not",
                "See [this](https://example.org/a).\n\nOr not",
            ),
        ] {
            assert_eq!(to_markdown(html), markdown);
        }
    }

    #[test]
    fn what_is_no_html_stays_as_it_is() {
        for text in
            ["a < b && c > d", "The path is /cards/<id>, a `Vec<T>`.", "`<p>` is a tag", "AT&amp;T"]
        {
            let known = text.contains("<p>");
            assert_eq!(to_markdown(text), text, "{known}");
        }
        assert_eq!(to_markdown("<b>x</b> of <id>, in `<b>`"), "**x** of <id>, in `<b>`");
    }
}
