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

/// How a page says where the next one is; members are JSON pointers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Next {
    /// By the header `Link` (RFC 8288).
    Link,
    /// By a member that holds its URL.
    Url { member: String },
    /// By a member that holds the value of a query parameter.
    Cursor { parameter: String, member: String },
    /// By a query parameter that counts pages, or items.
    Count { parameter: String, first: u64, by_items: bool },
}
