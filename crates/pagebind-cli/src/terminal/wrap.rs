//! Long texts in the width of a terminal. What is no terminal has lines as long as they are, for whoever
//! searches them.

use textwrap::{Options, WordSplitter};

/// What stands between a head and the text behind it.
const GAP: &str = " ";

/// A line of `text` behind `head`, which is `column` characters wide; what does not fit goes on below the text.
pub(super) fn behind(head: &str, column: usize, text: &str, width: Option<usize>) -> String {
    let left = column + GAP.len();
    let lines = lines(text, left, width);
    let below = format!("\n{:left$}", "");
    format!("{head}{GAP}{}\n", lines.join(&below))
}

/// The lines of `text` that starts `left` characters from the edge.
pub(super) fn lines(text: &str, left: usize, width: Option<usize>) -> Vec<String> {
    // Narrower, nothing is read more easily.
    let room = width.map(|width| width.saturating_sub(left).max(20));
    let fitted = |line: &str| match room {
        // What is set in is no prose, but something to be copied.
        Some(room) if !line.starts_with([' ', '-']) => {
            textwrap::wrap(line, whole_words(room)).into_iter().map(Into::into).collect()
        }
        _ => vec![line.to_owned()],
    };
    text.split('\n').flat_map(fitted).collect()
}

/// A text whose lines go on below themselves, a little to the right of where they begin.
pub(super) fn hanging(text: &str, width: usize) -> String {
    let fitted = |line: &str| {
        let begins = line.len() - line.trim_start_matches(' ').len();
        textwrap::fill(line, whole_words(width).subsequent_indent(&" ".repeat(begins + 2)))
    };
    text.split('\n').map(fitted).collect::<Vec<_>>().join("\n")
}

/// Words stay whole: a path is copied.
fn whole_words<'a>(room: usize) -> Options<'a> {
    Options::new(room).break_words(false).word_splitter(WordSplitter::NoHyphenation)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_goes_on_below_itself_where_it_meets_the_edge() {
        let text = "the quick brown fox jumps over-the-lazy-dog-and-a-path/that/is/long";
        let expected = "    Told the quick brown fox\n         jumps\n         over-the-lazy-dog-and-a-path/that/is/long\n";
        assert_eq!(behind("    Told", 8, text, Some(30)), expected);
        assert_eq!(behind("    Told", 8, text, None), format!("    Told {text}\n"));
    }

    #[test]
    fn lines_of_a_report_hang_where_they_begin() {
        let text = "breaking\n    the limit fell from many to few\n\ncards: 1 breaking";
        let expected =
            "breaking\n    the limit fell\n      from many to\n      few\n\ncards: 1 breaking";
        assert_eq!(hanging(text, 20), expected);
    }

    #[test]
    fn what_is_to_be_copied_stays_as_it_is() {
        let text = "state it as\n- target: $.components.schemas.Card\n  x-expect: { type: number }";
        assert_eq!(lines(text, 0, Some(20)), text.lines().collect::<Vec<_>>());
    }

    #[test]
    fn what_colours_a_text_takes_no_room() {
        let text = "\u{1b}[32mgreen\u{1b}[0m grows the grass";
        assert_eq!(lines(text, 0, Some(22)).len(), 1);
    }
}
