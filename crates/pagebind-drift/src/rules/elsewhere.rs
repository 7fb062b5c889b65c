//! Well-known rules that this crate does not have, and why.

/// Ids of well-known rules that we leave out (an exact id, or `*` for any run of letters at one
/// place of it), each group with its reason.
pub const ELSEWHERE: &[(&[&str], &str)] = &[
    (
        &[
            "*-sunset-missing",
            "*-sunset-invalid",
            "*-sunset-parse",
            "*-sunset-date-too-small",
            "*-sunset-date-changed-too-small",
            "*-before-sunset",
            "api-invalid-stability-level",
        ],
        "they hold a provider to his own process for taking something away, and some depend on today's date; a caller learns of the deprecation, the sunset and the removal",
    ),
    (
        &["api-version-not-bumped", "api-major-version-not-bumped"],
        "how a provider numbers his releases is not a caller's concern, and published pages hardly ever renumber",
    ),
    (
        &["*-all-of-added", "*-all-of-removed", "*-annotation-only"],
        "`allOf` is looked through: what it adds or takes away is found as itself",
    ),
    (
        &["*-wrapped-in-one-of"],
        "a schema that becomes one of several is that schema with an alternative added",
    ),
    (
        &["*-type-compatible"],
        "two types either accept the same values, and nothing is found, or one is wider",
    ),
    (
        &["new-*-request-default-parameter-to-existing-path"],
        "a parameter of a whole path is one of each of its operations, and found there",
    ),
    (
        &["new-required-request-header-property", "request-header-property-*"],
        "a header is a parameter, and its properties are those of any object parameter",
    ),
    (&["response-mediatype-enum-value-removed"], "the same as `response-body-enum-value-removed`"),
    (
        &["api-schema-removed"],
        "a component is a name for a schema: who uses it is compared, and its name is never sent",
    ),
];

/// Whether `id` is one of them.
#[must_use]
pub fn is(id: &str) -> bool {
    let mut patterns = ELSEWHERE.iter().flat_map(|(patterns, _)| *patterns);
    patterns.any(|pattern| match pattern.split_once('*') {
        None => *pattern == id,
        Some((start, end)) => {
            id.len() > start.len() + end.len() && id.starts_with(start) && id.ends_with(end)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_something() {
        assert!(is("request-body-all-of-added"));
        assert!(is("new-required-request-default-parameter-to-existing-path"));
        assert!(!is("-all-of-added"));
        assert!(!is("request-body-one-of-added"));
    }
}
