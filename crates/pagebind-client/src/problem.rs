//! Problems as RFC 9457 describes them, which many services send whether their pages say so or not.

use std::fmt;

use serde_json::{Map, Value};

use crate::{Error, Failure, RawBody};

/// A problem (`application/problem+json`, RFC 9457, section 3).
///
/// Its texts may repeat what was sent: `Debug` shows its type and status only.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// A URI that names the type of the problem; `about:blank` where there is none.
    pub type_uri: String,
    /// What the type of the problem is called.
    pub title: Option<String>,
    /// The HTTP status, as the service itself gave it.
    pub status: Option<u16>,
    /// What is wrong this time.
    pub detail: Option<String>,
    /// A URI that names this time.
    pub instance: Option<String>,
    /// All members as they came, those that this service has besides included.
    pub members: Map<String, Value>,
}

impl Problem {
    /// A member of another type than the standard gives it is ignored (RFC 9457, section 3.1).
    #[inline]
    fn read(bytes: &[u8]) -> Option<Self> {
        let value: Value = serde_json::from_slice(crate::response::without_bom(bytes)).ok()?;
        let Value::Object(members) = value else { return None };
        let text = |name: &str| members.get(name).and_then(Value::as_str).map(str::to_owned);
        Some(Self {
            type_uri: text("type").unwrap_or_else(|| "about:blank".to_owned()),
            title: text("title"),
            status: members.get("status").and_then(Value::as_u64).and_then(|it| it.try_into().ok()),
            detail: text("detail"),
            instance: text("instance"),
            members,
        })
    }
}

impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Problem")
            .field("type_uri", &self.type_uri)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

impl RawBody {
    /// The body as a problem, if it came as `application/problem+json`.
    #[inline]
    #[must_use]
    pub fn problem(&self) -> Option<Problem> {
        let is_problem = |it: &str| it.eq_ignore_ascii_case("application/problem+json");
        self.content_type().filter(|it| is_problem(it))?;
        Problem::read(self.bytes())
    }
}

impl Failure {
    /// What the service says is wrong, if it answered with `application/problem+json`.
    #[inline]
    #[must_use]
    pub fn problem(&self) -> Option<Problem> {
        self.raw_body()?.problem()
    }
}

impl<E> Error<E> {
    /// What the service says is wrong, if it answered with `application/problem+json` and the contract
    /// has no type of its own for it.
    #[must_use]
    pub fn problem(&self) -> Option<Problem> {
        self.failure()?.problem()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_read_as_the_standard_writes_it() {
        // The example of RFC 9457, section 3.
        let problem = Problem::read(
            br#"{"type": "https://example.com/probs/out-of-credit", "status": "403",
                 "title": "You do not have enough credit.", "balance": 30}"#,
        );
        let problem = problem.unwrap();
        assert_eq!(problem.type_uri, "https://example.com/probs/out-of-credit");
        assert_eq!(problem.status, None, "a text is no status");
        assert_eq!(problem.members["balance"], 30);
        assert!(!format!("{problem:?}").contains("credit."));
        assert_eq!(Problem::read(b"{}").unwrap().type_uri, "about:blank");
        assert_eq!(Problem::read(b"[]"), None);
    }
}
