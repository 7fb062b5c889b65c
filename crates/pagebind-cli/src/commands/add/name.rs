//! The names that a new API can have: it becomes a folder, a package and a Rust path.

/// Names that are taken everywhere by the language or its tools.
const TAKEN: [&str; 5] = ["alloc", "core", "proc-macro", "std", "test"];

/// `text`, if it can be the name of an API; or what is wrong with it, and a name near it that would do.
pub(super) fn parse(text: &str) -> Result<String, String> {
    let Some(complaint) = complaint(text) else { return Ok(text.to_owned()) };
    let words = text.split(|it: char| it.is_ascii() && !it.is_ascii_alphanumeric());
    let words: Vec<String> =
        words.filter(|word| !word.is_empty()).map(str::to_ascii_lowercase).collect();
    let near = words.join("-");
    let mut names = [near.clone(), near + "-api"].into_iter();
    Err(match names.find(|name| self::complaint(name).is_none()) {
        Some(name) => format!("{complaint}: `{name}` would do"),
        None => complaint.to_owned(),
    })
}

/// Why `text` can't be the name of an API.
fn complaint(text: &str) -> Option<&'static str> {
    let identifier = text.replace('-', "_");
    Some(if text.len() > 64 {
        "it is longer than 64 characters"
    } else if !text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-')) {
        "it has to be of lowercase letters, digits and hyphens"
    } else if !text.starts_with(|first: char| first.is_ascii_lowercase())
        || text.ends_with('-')
        || text.contains("--")
    {
        "it has to be words between single hyphens, the first of which begins with a letter"
    } else if TAKEN.contains(&text) || syn::parse_str::<syn::Ident>(&identifier).is_err() {
        "it is a word of Rust"
    } else if text.starts_with("pagebind") {
        "names with `pagebind` are those of its own crates"
    } else {
        return None;
    })
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

    #[test]
    fn a_name_near_one_that_can_t_be_had_is_proposed() {
        for (name, near) in [
            ("Cards", "cards"),
            ("cards_api", "cards-api"),
            ("cards.v2", "cards-v2"),
            ("-cards", "cards"),
            ("type", "type-api"),
            ("box", "box-api"),
        ] {
            let said = parse(name).unwrap_err();
            assert!(said.ends_with(&format!(": `{near}` would do")), "{said}");
        }
        for name in ["", "2cards", "k\u{e4}rten", "pagebind-cards"] {
            let said = parse(name).unwrap_err();
            assert!(!said.contains("would do"), "{said}");
        }
    }
}
