//! Lists that come page by page: where the contract, or the manifest, says how.

/// How the pages of an operation follow each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pages {
    pub(crate) next: Next,
    /// The list in a page, as a JSON pointer, if it is known.
    pub(crate) items: Option<String>,
    /// The only query parameters that go out with the next page, besides the one that asks for it.
    pub(crate) keeping: Option<Vec<String>>,
}

/// What asks for a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Asks {
    /// A query parameter.
    Parameter(String),
    /// A member of the request's body, a JSON pointer.
    Body(String),
}

/// How a page says where the next one is; members are JSON pointers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Next {
    /// By the header `Link` (RFC 8288).
    Link,
    /// By a member that holds its URL.
    Url { member: String },
    /// By a member that holds what asks for it.
    Cursor { asks: Asks, member: String },
    /// By counting pages, or items.
    Count { asks: Asks, first: u64, by_items: bool },
}
