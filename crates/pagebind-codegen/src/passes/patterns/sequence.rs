//! Which patterns are a sequence: characters of one kind, so many of them, then of another.
//!
//! Read as ECMA-262 has it (section 22.2.1), and only as far as the meaning is beyond doubt. Any other
//! pattern is left to the library that compiled it, so that nothing is matched otherwise than it would be.

use std::{iter::Peekable, str::Chars};

/// Characters, from the first to the last of each range.
type Ranges = Vec<(char, char)>;

const DIGITS: &[(char, char)] = &[('0', '9')];
const WORD: &[(char, char)] = &[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')];
const LINE_ENDS: &[(char, char)] = &[('\n', '\n'), ('\r', '\r'), ('\u{2028}', '\u{2029}')];
const SPACES: &[(char, char)] = &[
    ('\t', '\r'),
    (' ', ' '),
    ('\u{a0}', '\u{a0}'),
    ('\u{1680}', '\u{1680}'),
    ('\u{2000}', '\u{200a}'),
    ('\u{2028}', '\u{2029}'),
    ('\u{202f}', '\u{202f}'),
    ('\u{205f}', '\u{205f}'),
    ('\u{3000}', '\u{3000}'),
    ('\u{feff}', '\u{feff}'),
];

/// A pattern that is a sequence.
#[derive(Debug, PartialEq)]
pub(super) struct Sequence {
    pub(super) from_start: bool,
    pub(super) parts: Vec<Part>,
    pub(super) to_end: bool,
}

/// Characters of one kind, and how many of them.
#[derive(Debug, PartialEq)]
pub(super) struct Part {
    pub(super) kind: Ranges,
    pub(super) least: usize,
    /// None where there is no bound.
    pub(super) most: Option<usize>,
}

impl Sequence {
    /// `pattern`, which is one that compiles, if it is a sequence.
    pub(super) fn read(pattern: &str) -> Option<Self> {
        let mut rest = pattern.chars().peekable();
        let from_start = rest.next_if_eq(&'^').is_some();
        let mut parts: Vec<Part> = Vec::new();
        loop {
            let to_end = match rest.next() {
                None => false,
                Some('$') => rest.next().is_none().then_some(true)?,
                Some(next) => {
                    let kind = kind(next, &mut rest)?;
                    let (least, most) = times(&mut rest)?;
                    match parts.last_mut().filter(|last| last.kind == kind) {
                        // `\d\d` is `\d{2}`.
                        Some(last) if last.most == Some(last.least) && most == Some(least) => {
                            last.least = last.least.checked_add(least)?;
                            last.most = Some(last.least);
                        }
                        _ => parts.push(Part { kind, least, most }),
                    }
                    continue;
                }
            };
            return Some(Self { from_start, parts, to_end });
        }
    }
}

/// How many there are of what was read: one, if nothing is said.
fn times(rest: &mut Peekable<Chars<'_>>) -> Option<(usize, Option<usize>)> {
    let Some(said) = rest.next_if(|next| matches!(next, '*' | '+' | '?' | '{')) else {
        return Some((1, Some(1)));
    };
    let times = match said {
        '*' => (0, None),
        '+' => (1, None),
        '?' => (0, Some(1)),
        _ => {
            let bounds: String = rest.by_ref().take_while(|next| *next != '}').collect();
            match bounds.split_once(',') {
                None => (number(&bounds)?, Some(number(&bounds)?)),
                Some((least, "")) => (number(least)?, None),
                Some((least, most)) => (number(least)?, Some(number(most)?)),
            }
        }
    };
    // As many as there are or as few as will do: there is a match, or there is none.
    rest.next_if_eq(&'?');
    Some(times)
}

fn number(digits: &str) -> Option<usize> {
    digits.bytes().all(|digit| digit.is_ascii_digit()).then(|| digits.parse().ok())?
}

/// The kind of character that begins with `next`.
fn kind(next: char, rest: &mut Peekable<Chars<'_>>) -> Option<Ranges> {
    match next {
        '[' => class(rest),
        '.' => Some(all_but(LINE_ENDS)),
        '\\' => escaped(rest.next()?),
        '^' | '$' | '(' | ')' | '|' | '*' | '+' | '?' | '{' | '}' | ']' => None,
        one => Some(vec![(one, one)]),
    }
}

/// What `\` and `character` stand for. What is no kind and has a meaning of its own is not read.
fn escaped(character: char) -> Option<Ranges> {
    Some(match character {
        'd' => DIGITS.to_vec(),
        'D' => all_but(DIGITS),
        'w' => WORD.to_vec(),
        'W' => all_but(WORD),
        's' => SPACES.to_vec(),
        'S' => all_but(SPACES),
        't' => vec![('\t', '\t')],
        'n' => vec![('\n', '\n')],
        'r' => vec![('\r', '\r')],
        one if one.is_ascii_punctuation() => vec![(one, one)],
        _ => return None,
    })
}

/// The class of characters whose `[` was read.
fn class(rest: &mut Peekable<Chars<'_>>) -> Option<Ranges> {
    let negated = rest.next_if_eq(&'^').is_some();
    let mut ranges = Ranges::new();
    while let Some(next) = rest.next_if(|next| *next != ']') {
        let first = member(next, rest)?;
        // A `-` before the end is a character like others.
        if rest.peek() == Some(&'-') && rest.clone().nth(1) != Some(']') {
            rest.next();
            let next = rest.next()?;
            // `[\w-.]` is read in two ways.
            ranges.push((only(&first)?, only(&member(next, rest)?)?));
        } else {
            ranges.extend(first);
        }
    }
    // Without its end it does not compile; of nothing, it is no kind.
    (rest.next() == Some(']') && !ranges.is_empty()).then_some(())?;
    let ranges = joined(ranges);
    Some(if negated { all_but(&ranges) } else { ranges })
}

/// The characters that a member of a class stands for.
fn member(next: char, rest: &mut Peekable<Chars<'_>>) -> Option<Ranges> {
    if next == '\\' { escaped(rest.next()?) } else { Some(vec![(next, next)]) }
}

/// The one character that is in `ranges`.
fn only(ranges: &[(char, char)]) -> Option<char> {
    match ranges {
        [(first, last)] if first == last => Some(*first),
        _ => None,
    }
}

/// In order, those that touch each other as one.
fn joined(mut ranges: Ranges) -> Ranges {
    ranges.sort_unstable();
    let mut joined = Ranges::new();
    for (first, last) in ranges {
        match joined.last_mut() {
            Some((_, before)) if after(*before).is_none_or(|next| first <= next) => {
                *before = last.max(*before);
            }
            _ => joined.push((first, last)),
        }
    }
    joined
}

/// Every character that is not in `ranges`, which are in order and apart from each other.
fn all_but(ranges: &[(char, char)]) -> Ranges {
    let mut others = Ranges::new();
    let mut next = Some('\0');
    for (first, last) in ranges {
        let between = next.zip(('\0'..*first).next_back());
        others.extend(between.filter(|(from, to)| from <= to));
        next = after(*last);
    }
    others.extend(next.map(|from| (from, char::MAX)));
    others
}

fn after(character: char) -> Option<char> {
    (character..=char::MAX).nth(1)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use pagebind_client::__private::Pattern;
    use regress::Regex;

    use super::*;

    /// As the runtime matches it.
    fn table(Sequence { from_start, parts, to_end }: Sequence) -> Pattern {
        let part = |Part { kind, least, most }| {
            let kind: &'static [_] = Vec::leak(kind);
            (kind, least, most.unwrap_or(usize::MAX))
        };
        let parts: Vec<_> = parts.into_iter().map(part).collect();
        Pattern { from_start, parts: Vec::leak(parts), to_end }
    }

    /// Every text of up to `length` of `characters`.
    fn texts(characters: &str, length: usize) -> Vec<String> {
        let mut texts = vec![String::new()];
        let mut from = 0;
        for _ in 0..length {
            let to = texts.len();
            for at in from..to {
                let text = texts[at].clone();
                texts.extend(characters.chars().map(|next| format!("{text}{next}")));
            }
            from = to;
        }
        texts
    }

    /// What differs, if anything: the library that compiles patterns is the judge.
    fn differences(pattern: &str, texts: &[String]) -> String {
        let judge = Regex::new(pattern).unwrap();
        let table = table(Sequence::read(pattern).unwrap());
        let mut differences = String::new();
        for text in texts.iter().filter(|text| table.is_in(text) != judge.find(text).is_some()) {
            writeln!(differences, "{pattern:?} in {text:?}").unwrap();
        }
        differences
    }

    #[test]
    fn a_sequence_matches_what_the_regular_expression_does() {
        let texts = texts("a1-", 4);
        let kinds = ["a", r"\d", "[^1]", "[a-]", "."];
        let times = ["", "?", "*", "+?", "{2}", "{1,2}", "{2,}"];
        let parts: Vec<String> =
            kinds.iter().flat_map(|kind| times.map(|times| format!("{kind}{times}"))).collect();
        let mut different = String::new();
        for first in &parts {
            for second in &parts {
                for (start, end) in [("", ""), ("^", ""), ("", "$"), ("^", "$")] {
                    different += &differences(&format!("{start}{first}{second}{end}"), &texts);
                }
            }
        }
        assert_eq!(different, "");
    }

    #[test]
    fn a_kind_is_the_characters_that_the_regular_expression_takes() {
        let kinds = [
            ".",
            r"\d",
            r"\D",
            r"\w",
            r"\W",
            r"\s",
            r"\S",
            r"\t",
            r"\n",
            r"\r",
            r"\.",
            r"\/",
            r"\-",
            "/",
            "é",
            "日",
            "😀",
            "[a-z]",
            "[^a-z]",
            r"[\w.-]",
            r"[^\s]",
            r"[\s\S]",
            "[-a]",
            "[--/]",
            r"[\-\]]",
            "[[]",
            "[a^]",
            r"[\^a]",
            "[a-fc-z]",
            "[^\u{d000}-\u{f000}]",
            "[.$*+?(){}|]",
            "[à-ÿ]",
            r"[\W]",
            r"[0-9\D]",
        ];
        let all = ('\0'..='\u{3100}').chain('\u{d700}'..='\u{e100}').chain('\u{fe00}'..='\u{ffff}');
        let texts: Vec<String> = all.chain(['😀', char::MAX]).map(String::from).collect();
        let different: String =
            kinds.iter().map(|kind| differences(&format!("^{kind}$"), &texts)).collect();
        assert_eq!(different, "");
    }

    #[test]
    fn the_same_kind_again_is_more_of_it() {
        let whole = |pattern| Sequence::read(pattern).unwrap();
        assert_eq!(whole(r"\d\d\d{2}-0*"), whole(r"\d{4}-0*"));
        // Not where there may be fewer.
        assert_eq!(whole(r"\d?\d").parts.len(), 2);
    }

    #[test]
    fn what_is_more_than_a_sequence_is_left_to_the_library() {
        for pattern in [
            "a|b",
            "(ab)+",
            "(?=a)",
            r"\bword",
            r"\Bword",
            r"(a)\1",
            "a^",
            "$a",
            "^^a",
            r"\u0041",
            r"\x41",
            r"\cA",
            r"\p{L}",
            r"\0",
            r"[\b]",
            r"[\w-.]",
            r"[a-\d]",
            "[]",
            "[^]",
            "a{,2}",
            "a{",
            "a{x}",
            "a{+1}",
            "]",
            "}",
            "a{99999999999999999999}",
            "^*",
            r"\A",
            r"\z",
            "[",
        ] {
            assert_eq!(Sequence::read(pattern), None, "{pattern}");
        }
    }
}
