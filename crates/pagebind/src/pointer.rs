//! JSON pointers (RFC 6901): the way every step names a place in a document.

/// `pointer` extended by one reference token, escaped as RFC 6901 section 3 asks.
#[must_use]
pub fn join(pointer: &str, token: &str) -> String {
    let mut joined = String::with_capacity(pointer.len() + 1 + token.len());
    joined.push_str(pointer);
    push(&mut joined, token);
    joined
}

/// Extends `pointer` in its place; truncated to the length that this gives, it is as before.
pub(crate) fn push(pointer: &mut String, token: &str) -> usize {
    let length = pointer.len();
    pointer.push('/');
    if token.contains(['~', '/']) {
        pointer.push_str(&escape(token));
    } else {
        pointer.push_str(token);
    }
    length
}

/// One reference token, escaped: `~` becomes `~0`, `/` becomes `~1`.
#[must_use]
pub fn escape(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}

/// The reference tokens of `pointer`, unescaped.
pub fn tokens(pointer: &str) -> impl Iterator<Item = String> {
    pointer.split('/').skip(1).map(|token| token.replace("~1", "/").replace("~0", "~"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_survive_the_round_trip() {
        let pointer = join(&join("", "/v1/a~b"), "get");
        assert_eq!(pointer, "/~1v1~1a~0b/get");
        assert_eq!(tokens(&pointer).collect::<Vec<_>>(), ["/v1/a~b", "get"]);
        assert_eq!(tokens("").count(), 0);
    }
}
