//! HTML as tokens. The tokenizer is one large state machine, which each crate that calls it would compile anew.

pub use html5gum::Token;

/// The tokens of `html`, whatever is wrong with it: HTML has no errors that stop a browser.
#[must_use]
pub fn tokens(html: &str) -> Vec<Token> {
    html5gum::Tokenizer::new(html).flatten().collect()
}
