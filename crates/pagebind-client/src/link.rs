//! The header `Link` (RFC 8288), as far as pages of a list need it: where the next one is.

/// The target of the first link of this relation in the value of a header.
#[inline]
pub(crate) fn target<'a>(value: &'a str, relation: &str) -> Option<&'a str> {
    let mut rest = value;
    loop {
        let (_, after) = rest.split_once('<')?;
        let (target, after) = after.split_once('>')?;
        let (parameters, next) = to_end(after);
        if parameters.iter().any(|it| is(it, relation)) {
            return Some(target.trim());
        }
        rest = next;
    }
}

/// The parameters of a link, and what comes behind its comma. Quotes hold commas and semicolons.
#[inline]
fn to_end(text: &str) -> (Vec<&str>, &str) {
    let (mut parameters, mut start, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ';' | ',' if !quoted => {
                parameters.push(&text[start..at]);
                start = at + 1;
                if c == ',' {
                    return (parameters, &text[start..]);
                }
            }
            _ => {}
        }
    }
    parameters.push(&text[start..]);
    (parameters, "")
}

/// Whether a parameter says that the link is of this relation, one of several maybe.
#[inline]
fn is(parameter: &str, relation: &str) -> bool {
    let Some((name, value)) = parameter.split_once('=') else { return false };
    let mut relations = value.trim().trim_matches('"').split_ascii_whitespace();
    name.trim().eq_ignore_ascii_case("rel")
        && relations.any(|one| one.eq_ignore_ascii_case(relation))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_is_found_among_other_links() {
        for (value, next) in [
            (r#"<https://a.example/c?page=2>; rel="next""#, Some("https://a.example/c?page=2")),
            (r#"<?p=1>; rel="prev", <?p=3>; rel="next", <?p=9>; rel="last""#, Some("?p=3")),
            (r#"</c?a=1,2;b>;title="a, \"<x>\"; rel=next";rel=last, </n>; REL=Next"#, Some("/n")),
            (r#"</n>; rel="last next""#, Some("/n")),
            (r#"</n>; rel="last""#, None),
            (r#"</n>; title="rel=next""#, None),
            ("</n", None),
            ("", None),
        ] {
            assert_eq!(target(value, "next"), next, "{value}");
        }
    }
}
