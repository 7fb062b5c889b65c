//! The names that a new API can have: it becomes a folder, a package and a Rust path.

/// Names that are taken everywhere by the language or its tools.
const TAKEN: [&str; 5] = ["alloc", "core", "proc-macro", "std", "test"];

/// `text`, if it can be the name of an API; or what is wrong with it.
pub(super) fn parse(text: &str) -> Result<String, String> {
    let identifier = text.replace('-', "_");
    let word_of_rust = format!("it is a word of Rust: `{text}-api` would do");
    let complaint = if text.len() > 64 {
        "it is longer than 64 characters"
    } else if !text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-')) {
        "it has to be of lowercase letters, digits and hyphens"
    } else if !text.starts_with(|first: char| first.is_ascii_lowercase())
        || text.ends_with('-')
        || text.contains("--")
    {
        "it has to be words between single hyphens, the first of which begins with a letter"
    } else if TAKEN.contains(&text) || syn::parse_str::<syn::Ident>(&identifier).is_err() {
        &word_of_rust
    } else if text.starts_with("pagebind") {
        "names with `pagebind` are those of its own crates"
    } else {
        return Ok(text.to_owned());
    };
    Err(complaint.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_to_serve_as_folder_package_and_path() {
        for name in ["cards", "visa-click-to-pay", "v2"] {
            assert_eq!(parse(name).as_deref(), Ok(name));
        }
        let long = "a".repeat(65);
        for name in [
            "",
            "Cards",
            "cards_api",
            "2cards",
            "-cards",
            "cards-",
            "a--b",
            "../cards",
            "cards/v2",
            "kärten",
            "type",
            "std",
            "pagebind-cards",
            &long,
        ] {
            assert!(parse(name).is_err(), "{name}");
        }
    }
}
