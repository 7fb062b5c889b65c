//! Names in a document, as the names in Rust that progenitor and typify make of them.
//!
//! Shaping renames components and operations to their Rust names first, so that the passes find
//! in the generated source exactly the names that stand in the plan. Both generators leave a name
//! of this form alone.

use heck::{ToPascalCase, ToSnakeCase};

/// What parts the path of a further kind of body from the path of its operation, as progenitor sees it.
pub(crate) const BODY: &str = "#as-";

/// The name of the type that a component becomes: `card-id` is `CardId`.
pub(crate) fn type_name(name: &str) -> String {
    identifier(name, str::to_pascal_case, "X")
}

/// A type name that typify leaves alone: [`type_name`] until nothing changes. Once is not enough
/// where short words meet: `p9-y` is `P9Y`, which typify would read as `P9y`.
pub(crate) fn component_name(name: &str) -> String {
    let mut name = name.to_owned();
    // Each round only lowers letters or drops underscores, so they come to an end.
    loop {
        let next = type_name(&name);
        if next == name {
            return name;
        }
        name = next;
    }
}

/// The name of the method that an operation becomes: `post-v1-card` is `post_v1_card`.
pub(crate) fn method_name(operation_id: &str) -> String {
    identifier(operation_id, str::to_snake_case, "x_")
}

/// The name of the field that a property becomes, or of the setter that a parameter does: `2fa` is
/// `x2fa`. Neither is renamed to it; it tells which of them come out with the same name.
pub(crate) fn field_name(name: &str) -> String {
    identifier(name, str::to_snake_case, "x")
}

/// The first of `name`, `name2`, `name3` … that `taken` does not say is taken.
pub(crate) fn unique(name: &str, taken: impl Fn(&str) -> bool) -> String {
    let numbered = (2..).map(|number| format!("{name}{number}"));
    std::iter::once(name.to_owned())
        .chain(numbered)
        .find(|candidate| !taken(candidate))
        .expect("there are more numbers than names in a document")
}

/// `name` in the given case, made an identifier: what can't stand in one parts words, what can't
/// begin one gets the prefix, and a keyword gets an underscore behind it.
fn identifier(name: &str, case: fn(&str) -> String, prefix: &str) -> String {
    let words = match name {
        // The generators name these two by what they mean: every case would be special otherwise.
        "+1" => "plus1".to_owned(),
        "-1" => "minus1".to_owned(),
        _ => name.replace('\'', "").replace(|c: char| !continues_identifier(c), "-"),
    };
    let mut cased = case(&words);
    if cased.is_empty() {
        cased = case("x");
    } else if !cased.starts_with(char::is_alphabetic) {
        cased = format!("{prefix}{cased}");
    }
    // `gen` is a keyword of the edition of 2024 only, which syn does not know here.
    let plain = cased.is_ascii() && cased.len() > LONGEST_KEYWORD;
    if !plain && (cased == "gen" || syn::parse_str::<syn::Ident>(&cased).is_err()) {
        cased.push('_');
    }
    cased
}

/// How many letters `abstract`, `continue` and `override` have.
const LONGEST_KEYWORD: usize = 8;

/// Whether `c` can stand in an identifier after its first character. Not every letter or digit can:
/// `²` is a number.
fn continues_identifier(c: char) -> bool {
    match c {
        '_' | '0'..='9' | 'a'..='z' | 'A'..='Z' => true,
        _ if c.is_ascii() => false,
        _ => syn::parse_str::<syn::Ident>(&format!("x{c}")).is_ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_becomes_what_the_generators_leave_alone() {
        for (name, expected) in [
            ("CardID", "CardId"),
            ("card-id", "CardId"),
            ("customer's address", "CustomersAddress"),
            ("1_click", "X1Click"),
            ("self", "Self_"),
            ("", "X"),
        ] {
            assert_eq!(type_name(name), expected);
            assert_eq!(type_name(expected).trim_end_matches('_'), expected.trim_end_matches('_'));
        }
        assert_eq!(
            method_name("post-v1-clicktopay-enroll_customer"),
            "post_v1_clicktopay_enroll_customer"
        );
        assert_eq!(method_name("type"), "type_");
        assert_eq!(method_name("gen"), "gen_");
        assert_eq!(method_name("2fa"), "x_2fa");
        assert_eq!(method_name("x²"), "x");
    }

    #[test]
    fn a_field_is_named_as_the_generators_name_it() {
        for (name, expected) in
            [("2fa", "x2fa"), ("+1", "plus1"), ("-1", "minus1"), ("-", "x"), ("²", "x"), ("", "x")]
        {
            assert_eq!(field_name(name), expected);
        }
    }

    #[test]
    fn a_component_gets_a_name_that_no_generator_changes() {
        for name in ["x-y", "p9[y]", "GetItP9Y", "a-b-c-d", "Self", "Self_2", "IDs", "éa-ß", ""] {
            let settled = component_name(name);
            assert_eq!(type_name(&settled), settled, "from `{name}`");
        }
        assert_eq!(component_name("x-y"), "Xy");
    }

    #[test]
    fn a_taken_name_gets_a_number() {
        assert_eq!(unique("Card", |name| name != "Card3"), "Card3");
        assert_eq!(unique("Card", |_| false), "Card");
    }
}
