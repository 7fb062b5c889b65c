//! The build script of a package whose modules are clients: one line for each of them.

/// What stands before the lines, and behind them.
const AROUND: (&str, &str) = (
    "//! Generates the clients of this package from their contracts, as it is built.\n\nfn main() {\n",
    "}\n",
);

/// The line that generates the client of a contract.
pub(crate) fn line(contract: &str) -> String {
    format!("    pagebind_codegen::Builder::new({contract:?}).write_to_out_dir();\n")
}

/// The script with one more contract; none if somebody else has written it.
pub(crate) fn with(before: Option<&str>, contract: &str) -> Option<String> {
    let lines = match before {
        None => "",
        Some(text) => text.strip_prefix(AROUND.0)?.strip_suffix(AROUND.1)?,
    };
    let new = line(contract);
    let new = if lines.contains(&new) { "" } else { &new };
    let ours = lines.lines().all(|line| line.contains("pagebind_codegen::Builder::new("));
    ours.then(|| format!("{}{lines}{new}{}", AROUND.0, AROUND.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_grows_by_a_line_and_somebody_else_s_is_left_alone() {
        let first = with(None, "openapi/cards.json").unwrap();
        assert!(
            first.contains(
                "fn main() {\n    pagebind_codegen::Builder::new(\"openapi/cards.json\")"
            )
        );
        let second = with(Some(&first), "openapi/lists.json").unwrap();
        assert_eq!(second.matches("write_to_out_dir").count(), 2);
        assert_eq!(with(Some(&second), "openapi/cards.json").unwrap(), second);
        assert_eq!(with(Some("fn main() {}\n"), "openapi/cards.json"), None);
    }
}
