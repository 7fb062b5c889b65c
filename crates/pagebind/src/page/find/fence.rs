//! Fenced blocks of Markdown, and which of them hold a document.

use std::{collections::BTreeMap, ops::Range};

use serde_json::value::RawValue;

/// The keys of which one says the version of a document.
const KEYS: [&str; 2] = ["openapi", "swagger"];

/// A fenced block.
pub(super) struct Block {
    /// What stands between the fences.
    pub(super) content: Range<usize>,
    /// Whether there is a fence at its end.
    pub(super) is_closed: bool,
    /// How far the first fence is indented, in bytes, as it is in the item of a list.
    indentation: usize,
}

/// Each fenced block (CommonMark 0.31, section 4.5). One may be indented further than the standard allows, and
/// none ends with a fence that is indented further than the one it begins with: that is of the document's text.
pub(super) fn fences(text: &str) -> impl Iterator<Item = Block> {
    let mut at = 0;
    let mut lines = text.split_inclusive('\n').map(move |line| {
        at += line.len();
        (at - line.len(), line)
    });
    std::iter::from_fn(move || {
        let (mark, length, indentation, begin) = lines.by_ref().find_map(|(start, line)| {
            let fence = line.trim_start_matches([' ', '\t']);
            let mark = fence.chars().next().filter(|c| matches!(c, '`' | '~'))?;
            let length = fence.len() - fence.trim_start_matches(mark).len();
            let opens = length >= 3 && !(mark == '`' && fence[length..].contains('`'));
            opens.then_some((mark, length, line.len() - fence.len(), start + line.len()))
        })?;
        let closes = |line: &str| {
            let fence = line.trim_start_matches([' ', '\t']);
            let marks = fence.trim_end();
            line.len() - fence.len() <= indentation
                && marks.len() >= length
                && marks.chars().all(|c| c == mark)
        };
        let end = lines.by_ref().find_map(|(start, line)| closes(line).then_some(start));
        let content = begin..end.unwrap_or(text.len());
        Some(Block { content, is_closed: end.is_some(), indentation })
    })
}

impl Block {
    /// Whether the block, which is one of `text`, holds a document rather than a sample.
    pub(super) fn holds_document(&self, text: &str) -> bool {
        let content = text[self.content.clone()].trim();
        if !content.starts_with('{') {
            let within = |line: &'_ str| {
                let blank = line.len() - line.trim_start_matches([' ', '\t']).len();
                says_version(&line[blank.min(self.indentation)..])
            };
            return text[self.content.clone()].lines().any(within);
        }
        KEYS.iter().any(|key| {
            let quoted = format!("\"{key}\"");
            if !content.contains(&quoted) {
                return false;
            }
            // At the root: the first key in what platforms write, or one on a line of its own.
            content[1..].trim_start().starts_with(&quoted)
                || content.lines().any(|line| {
                    let rest = line.trim_start().strip_prefix(&*quoted);
                    rest.is_some_and(|rest| rest.trim_start().starts_with(':'))
                })
                || serde_json::from_str::<BTreeMap<String, &RawValue>>(content)
                    .is_ok_and(|root| root.contains_key(*key))
        })
    }
}

/// Whether a line of YAML says the version of a document.
pub(super) fn says_version(line: &str) -> bool {
    let line = line.trim_start_matches(['"', '\'']);
    let value = KEYS.iter().find_map(|key| {
        let rest = line.strip_prefix(key)?.trim_start_matches(['"', '\'']);
        rest.trim_start().strip_prefix(':')
    });
    // A version is one word, and what more there is of a sentence makes it none.
    value.is_some_and(|value| {
        let value = value.split(" #").next().unwrap_or_default().trim().trim_matches(['"', '\'']);
        value.starts_with(|c: char| c.is_ascii_digit()) && !value.contains(char::is_whitespace)
    })
}

/// Whether what stands behind a heading is a fenced block of something else than JSON.
pub(super) fn is_of_yaml(behind: &str) -> bool {
    let behind = behind.trim_start();
    let content =
        ["```", "~~~"].iter().find_map(|fence| behind.strip_prefix(fence)?.split_once('\n'));
    content.is_some_and(|(_, content)| !content.trim_start().starts_with('{'))
}
