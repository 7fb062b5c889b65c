//! Problems as people read them: what happened, the line that it is about with a mark below the place, and
//! what to do.
//!
//! The look is rustc's own (`annotate-snippets` draws for it and for cargo), which reads without colour and is
//! known to whoever writes Rust.

use std::{collections::HashMap, fs};

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use pagebind::diagnostic::{Diagnostic, Diagnostics, Place, Position};

use super::wrap;

/// How much is shown of the line that a problem is about, where nobody says how wide a terminal is.
const WIDTH: usize = 140;

/// All of them, one below the other, for a terminal so many characters wide.
pub(crate) fn render(problems: &Diagnostics, width: Option<usize>) -> String {
    let mut texts = HashMap::new();
    let renderer = Renderer::styled().term_width(width.unwrap_or(WIDTH));
    let rendered = problems.iter().map(|problem| {
        let wrapped = |text: &str, before: &str| wrap::lines(text, before.len(), width).join("\n");
        let problem = Diagnostic {
            message: wrapped(&problem.message, "error: "),
            help: problem.help.as_deref().map(|help| wrapped(help, "     = help: ")),
            ..problem.clone()
        };
        let report = [group(&problem, &mut texts)];
        renderer.render(&report) + "\n\n"
    });
    rendered.collect()
}

fn group<'a>(problem: &'a Diagnostic, texts: &mut HashMap<String, String>) -> Group<'a> {
    let mut group = Group::with_title(Level::ERROR.primary_title(problem.message.as_str()));
    for place in &problem.places {
        let line =
            place.position.and_then(|position| Some((position, line(place, position, texts)?)));
        group = match line {
            Some((position, line)) => {
                let mark = AnnotationKind::Primary.span(token(&line, position.column));
                let label = [place.pointer.as_deref(), place.note.as_deref()];
                let label: Vec<&str> = label.into_iter().flatten().collect();
                let label = label.join(": ");
                let mark = if label.is_empty() { mark } else { mark.label(label) };
                let path = place.source.as_str();
                group.element(
                    Snippet::source(line).line_start(position.line).path(path).annotation(mark),
                )
            }
            None => group.element(Origin::path(place.to_string())),
        };
    }
    match &problem.help {
        Some(help) => group.element(Level::HELP.message(help.as_str())),
        None => group,
    }
}

/// The line that a place is on, where its source is a file that can be read.
fn line(place: &Place, position: Position, texts: &mut HashMap<String, String>) -> Option<String> {
    let text = texts
        .entry(place.source.clone())
        .or_insert_with(|| fs::read_to_string(&place.source).unwrap_or_default());
    let line = text.lines().nth(position.line.checked_sub(1)?)?;
    (!line.trim().is_empty()).then(|| line.to_owned())
}

/// The bytes of what begins in a column: a word, a string, or one character.
fn token(line: &str, column: usize) -> std::ops::Range<usize> {
    let start = line.char_indices().nth(column.saturating_sub(1)).map_or(line.len(), |(at, _)| at);
    let rest = &line[start..];
    let mut characters = rest.char_indices();
    let length = match characters.next() {
        None => 0,
        Some((_, quote @ ('"' | '\''))) => {
            rest[1..].find(quote).map_or(rest.trim_end().len(), |end| end + 2)
        }
        Some((_, first)) => {
            let word = |c: char| c.is_alphanumeric() || "_-$.".contains(c);
            if word(first) {
                rest.find(|c| !word(c)).unwrap_or(rest.len())
            } else {
                first.len_utf8()
            }
        }
    };
    start..start + length
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(problem: Diagnostic) -> String {
        let text = render(&problem.into(), Some(60));
        anstream::adapter::strip_str(&text).to_string()
    }

    #[test]
    fn a_problem_shows_its_line_with_a_mark_and_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("api.toml");
        fs::write(&path, "kind = \"openapi\"\nclient-header = []\n").unwrap();
        let path = path.display().to_string();
        let problem = Diagnostic::unreadable("not a manifest")
            .place(Place::new(&path).at(Position { line: 2, column: 1 }).pointer("/a").note("this"))
            .place(Place::new("elsewhere").note("that"))
            .help("did you mean `client-headers`?");
        let expected = format!(
            "error: not a manifest
 --> {path}:2:1
  |
2 | client-header = []
  | ^^^^^^^^^^^^^ /a: this
 ::: elsewhere: that
  = help: did you mean `client-headers`?

"
        );
        assert_eq!(plain(problem), expected);
    }

    #[test]
    fn a_place_without_a_line_is_named_all_the_same() {
        let place = Place::new("no-such-file").at(Position { line: 9, column: 9 }).pointer("/a");
        let text = plain(Diagnostic::finding("something").place(place));
        assert_eq!(text, "error: something\n--> no-such-file:9:9 at /a\n\n");
    }

    #[test]
    fn what_is_marked_is_a_word_a_string_or_a_character() {
        for (line, column, marked) in [
            ("a: b-c, d", 4, "b-c"),
            ("{ \"type\": 1 }", 3, "\"type\""),
            ("é: [1]", 4, "["),
            ("a: \"open", 4, "\"open"),
            ("a", 5, ""),
        ] {
            assert_eq!(&line[token(line, column)], marked, "{line}");
        }
    }
}
