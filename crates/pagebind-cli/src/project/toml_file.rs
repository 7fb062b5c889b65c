//! Files of TOML: what is wrong with one is told as what is wrong with a page is, with its place, what stands
//! there and what to do, whoever wrote the file and whichever parser read it.

use std::ops::Range;

use pagebind::diagnostic::{Diagnostic, Place, Position, nearest_field};
use serde::de::DeserializeOwned;
use toml_edit::DocumentMut;

/// Reads the file that reports call `name`; `what` says what it should be, and `help` what it may hold.
///
/// # Errors
/// Text that is not TOML, or holds something else.
pub(crate) fn read<T: DeserializeOwned>(
    what: &str,
    name: &str,
    text: &str,
    help: &str,
) -> Result<T, Diagnostic> {
    toml::from_str(text).map_err(|error| {
        // What is TOML all the same has a key or a value that is not ours.
        let help = if text.parse::<toml::Table>().is_ok() { help } else { "write it as TOML" };
        let help = nearest_field(error.message())
            .map_or_else(|| help.to_owned(), |near| format!("did you mean `{near}`?"));
        problem(what, name, text, error.message(), error.span()).help(help)
    })
}

/// Reads a file that is to be changed, with all that stands in it.
///
/// # Errors
/// Text that is not TOML.
pub(crate) fn edit(what: &str, name: &str, text: &str) -> Result<DocumentMut, Diagnostic> {
    text.parse().map_err(|error: toml_edit::TomlError| {
        problem(what, name, text, error.message(), error.span()).help("write it as TOML")
    })
}

fn problem(
    what: &str,
    name: &str,
    text: &str,
    message: &str,
    span: Option<Range<usize>>,
) -> Diagnostic {
    let position = span.map(|span| Position::of_offset(text, span.start));
    // A parser may say what it expected on a line of its own.
    let message = message.lines().collect::<Vec<_>>().join(", ");
    Diagnostic::unreadable(format!("{what}: {message}")).place(Place::new(name).at(position))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_told_with_its_place_and_what_to_do() {
        #[derive(Debug, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct File {
            #[serde(rename = "command")]
            _command: Option<String>,
        }
        for (text, place, help) in [
            ("a = 1\nb = [1,\n", "a.toml:2:", "write it as TOML"),
            ("\ncomand = 'x'\n", "a.toml:2:1", "did you mean `command`?"),
            ("\nother = 'x'\n", "a.toml:2:1", "it has command"),
            ("command = 1\n", "a.toml:1:11", "it has command"),
        ] {
            let problem = read::<File>("not ours", "a.toml", text, "it has command").unwrap_err();
            assert!(problem.message.starts_with("not ours: "), "{problem}");
            assert!(problem.places[0].to_string().starts_with(place), "{problem}");
            assert_eq!(problem.help.as_deref(), Some(help), "{problem}");
        }
        let problem = edit("not a manifest", "Cargo.toml", "[package]\nname \"x\"\n").unwrap_err();
        assert!(problem.places[0].to_string().starts_with("Cargo.toml:2:"), "{problem}");
        assert!(problem.message.lines().count() == 1 && problem.help.is_some(), "{problem}");
    }
}
