//! What a thing is called, as words: `billingAddress`, `billing_address` and `Billing-Address` are one.

use heck::ToSnakeCase;

/// The words of a name, in lowercase, without the numbers that tell one of several apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Name {
    /// The words between single spaces, with one before and one behind.
    text: String,
}

impl Name {
    /// The words of `name`.
    pub(super) fn of(name: &str) -> Self {
        let snake = name.to_snake_case();
        // `address_line2` is an address line, and `cvv2` a verification code.
        let bare = |word: &str| match word.trim_end_matches(|c: char| c.is_ascii_digit()) {
            // A version is another thing than the one before it.
            "" | "v" => word.to_owned(),
            bare => bare.to_owned(),
        };
        let words: Vec<String> = snake
            .split('_')
            .filter(|word| !word.is_empty())
            .map(bare)
            .filter(|word| !word.bytes().all(|byte| byte.is_ascii_digit()))
            .collect();
        Self { text: format!(" {} ", words.join(" ")) }
    }

    /// Each word.
    pub(super) fn words(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.text.split(' ').filter(|word| !word.is_empty())
    }

    /// Whether the last words are `phrase`: what stands last says what a thing is.
    pub(super) fn ends(&self, phrase: &str) -> bool {
        let rest = self.text.trim_end().strip_suffix(phrase);
        rest.is_some_and(|rest| rest.ends_with(' '))
    }

    /// Whether the words are `phrase` and nothing more.
    pub(super) fn is(&self, phrase: &str) -> bool {
        self.text.trim() == phrase
    }

    /// Whether one of `words` is among them.
    pub(super) fn has(&self, words: &[&str]) -> bool {
        self.words().any(|word| words.contains(&word))
    }
}

/// One of several: `emails` → `email`, `addresses` → `address`, `identities` → `identity`.
pub(super) fn singular(word: &str) -> String {
    let stem = |ending: &str| word.strip_suffix(ending).filter(|stem| stem.len() > 1);
    if let Some(stem) = stem("ies") {
        return format!("{stem}y");
    }
    for ending in ["sses", "xes", "ches", "shes"] {
        if word.ends_with(ending) {
            return word[..word.len() - 2].to_owned();
        }
    }
    match stem("s") {
        Some(stem) if !stem.ends_with(['s', 'u', 'i']) => stem.to_owned(),
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_its_words_however_they_are_joined() {
        for name in ["addressLine1", "address_line2", "Address-Line", "ADDRESS_LINE3"] {
            assert_eq!(Name::of(name), Name::of("address line"), "{name}");
        }
        assert!(Name::of("cvv2").is("cvv"));
        assert!(Name::of("card_pan").ends("pan") && !Name::of("span").ends("pan"));
        assert!(!Name::of("pan_reference").ends("pan"));
        assert!(Name::of("").words().next().is_none());
    }

    #[test]
    fn the_singular_leaves_alone_what_is_none() {
        let words = ["emails", "addresses", "identities", "boxes", "status", "address", "bus", "s"];
        let singulars = ["email", "address", "identity", "box", "status", "address", "bus", "s"];
        assert_eq!(words.map(singular), singulars);
    }
}
