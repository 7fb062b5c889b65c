//! Patterns that are a sequence of characters, matched without an engine for regular expressions.
//!
//! Most patterns of contracts say how many characters of which kind follow each other, such as
//! `^\d{4}-\d{2}$`. The generator writes those as a table, so that a client needs no engine for them: it
//! would be compiled along, and what it compiles of a pattern when a program runs is not needed here.
//! A text is read once for each part of the pattern, whatever the text.

use std::iter;

/// A pattern without choices, groups and assertions in its midst.
#[derive(Debug)]
pub struct Pattern {
    /// Whether it starts with `^`: it has to match from the start of the text.
    pub from_start: bool,
    /// What follows each other.
    pub parts: &'static [Part],
    /// Whether it ends with `$`: it has to match up to the end of the text.
    pub to_end: bool,
}

/// Characters of one kind, each within one of the ranges; how many at least, and at most.
pub type Part = (&'static [(char, char)], usize, usize);

impl Pattern {
    /// Whether `text` has it.
    #[must_use]
    pub fn is_in(&self, text: &str) -> bool {
        // By characters, which are not copied: they may be a secret.
        let length = text.chars().count();
        let mut ends = vec![!self.from_start; length + 1];
        ends[0] = true;
        for part in self.parts {
            ends = after(&ends, text, part);
        }
        if self.to_end { ends[length] } else { ends.contains(&true) }
    }
}

/// Where a part may end, if what is before it may end at each place of `ends` that is true.
fn after(ends: &[bool], text: &str, &(kind, least, most): &Part) -> Vec<bool> {
    let takes = |one: char| kind.iter().any(|&(first, last)| (first..=last).contains(&one));
    // Where the characters of this kind begin that go up to here, and the last place where the part may
    // begin, which is the best one for both.
    let (mut run, mut begin) = (0, None);
    let ends_here = |(end, last): (usize, Option<char>)| {
        if last.is_some_and(|last| !takes(last)) {
            run = end;
        }
        if end >= least && ends[end - least] {
            begin = Some(end - least);
        }
        begin.is_some_and(|begin| begin >= run && end - begin <= most)
    };
    iter::once(None).chain(text.chars().map(Some)).enumerate().map(ends_here).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGIT: &[(char, char)] = &[('0', '9')];
    const LETTER: &[(char, char)] = &[('A', 'Z'), ('a', 'z')];

    #[test]
    fn a_pattern_may_be_anywhere_unless_it_is_held_to_an_end() {
        static PARTS: &[Part] = &[(DIGIT, 2, 2)];
        for (from_start, to_end, has) in [
            (false, false, [true, true, true, true]),
            (true, false, [true, true, false, false]),
            (false, true, [true, false, true, false]),
            (true, true, [true, false, false, false]),
        ] {
            let pattern = Pattern { from_start, parts: PARTS, to_end };
            assert_eq!(["12", "12x", "x12", "x12x"].map(|text| pattern.is_in(text)), has);
            assert!(!pattern.is_in("1x2"), "{pattern:?}");
            assert!(!pattern.is_in(""), "{pattern:?}");
        }
    }

    #[test]
    fn parts_of_the_same_kind_share_what_is_there() {
        // `^\d{1,2}\d*[A-Za-z]?\d{2}$`
        static PARTS: &[Part] =
            &[(DIGIT, 1, 2), (DIGIT, 0, usize::MAX), (LETTER, 0, 1), (DIGIT, 2, 2)];
        let pattern = Pattern { from_start: true, parts: PARTS, to_end: true };
        for text in ["123", "1234567", "1a23", "12345z67"] {
            assert!(pattern.is_in(text), "{text}");
        }
        for text in ["12", "1a2", "1ab23", "a123", "123a", "1a234"] {
            assert!(!pattern.is_in(text), "{text}");
        }
    }

    #[test]
    fn characters_are_counted_not_bytes() {
        static PARTS: &[Part] = &[(&[('\0', '\u{10ffff}')], 1, 3)];
        let pattern = Pattern { from_start: true, parts: PARTS, to_end: true };
        assert!(pattern.is_in("日本語"));
        assert!(!pattern.is_in("日本語だ"));
    }

    #[test]
    fn a_long_text_is_read_once_for_each_part() {
        // `a*` thirty times and a letter that is not there: what an engine that tries one way after the
        // other would not live to see the end of.
        let mut parts: Vec<Part> = vec![(&[('a', 'a')], 0, usize::MAX); 30];
        parts.push((DIGIT, 1, 1));
        let pattern = Pattern { from_start: true, parts: parts.leak(), to_end: true };
        assert!(!pattern.is_in(&"a".repeat(10_000)));
    }
}
