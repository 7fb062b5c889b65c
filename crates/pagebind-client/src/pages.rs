//! Lists that come page by page: each page is a call like any other, with credentials, limits and
//! retries, and says where the next one is.
//!
//! How it says so is the contract's; nothing is guessed from names. Only the URL of a call changes from
//! page to page, or one member of its body, and never the server: the credentials would go along.

use std::fmt;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use reqwest::Request;
use reqwest::header::{CONTENT_TYPE, HeaderValue, LINK};
use serde::Serialize;
use serde_json::Value;

use crate::{Error, Failure, InvalidRequest, Parameter, ResponseValue, link, style};

/// How a page says where the next one is. Members are JSON pointers (RFC 6901) into the page.
#[derive(Debug, Clone, Copy)]
pub struct Paging {
    next: Next,
    /// The query parameters that go out with the next page, besides the one that asks for it.
    keeping: Option<&'static [&'static str]>,
    /// Whether what asks for a page is a member of the request's body, and no parameter.
    in_body: bool,
}

#[derive(Debug, Clone, Copy)]
enum Next {
    Link,
    Url(&'static str),
    Cursor { parameter: &'static str, member: &'static str },
    Count { parameter: &'static str, items: &'static str, first: u64, by_items: bool },
}

impl Paging {
    const fn new(next: Next) -> Self {
        Self { next, keeping: None, in_body: false }
    }

    /// By the header `Link` with the relation `next` (RFC 8288).
    #[must_use]
    pub const fn link() -> Self {
        Self::new(Next::Link)
    }

    /// By a member that holds the URL of the next page; the last page has none.
    #[must_use]
    pub const fn url(member: &'static str) -> Self {
        Self::new(Next::Url(member))
    }

    /// By a member that holds what the query parameter is for the next page; the last page has none.
    #[must_use]
    pub const fn cursor(parameter: &'static str, member: &'static str) -> Self {
        Self::new(Next::Cursor { parameter, member })
    }

    /// By a query parameter that counts the pages from `first`; the last page has no `items`.
    #[must_use]
    pub const fn pages(parameter: &'static str, items: &'static str, first: u64) -> Self {
        Self::new(Next::Count { parameter, items, first, by_items: false })
    }

    /// By a query parameter that counts the items from `first`; the last page has no `items`.
    #[must_use]
    pub const fn offset(parameter: &'static str, items: &'static str, first: u64) -> Self {
        Self::new(Next::Count { parameter, items, first, by_items: true })
    }

    /// The same, where what asks for a page is no query parameter: it is a JSON pointer to a member of the
    /// request's body. Counting begins with the number that stands there, if one does.
    #[must_use]
    pub const fn in_body(mut self) -> Self {
        self.in_body = true;
        self
    }

    /// The same, where the next page is asked for with none of the other query parameters but these.
    #[must_use]
    pub const fn keeping(mut self, parameters: &'static [&'static str]) -> Self {
        self.keeping = Some(parameters);
        self
    }

    /// The same, counted from what the caller has set, if he has set a number.
    #[must_use]
    pub fn from<T: Serialize>(mut self, set: &T) -> Self {
        let number = serde_json::to_value(set).ok().and_then(|it| it.as_u64());
        if let (Next::Count { first, .. }, Some(number)) = (&mut self.next, number) {
            *first = number;
        }
        self
    }

    /// How the page behind `page` is asked for; none if it is the last one. `counted` is what the
    /// parameter was.
    fn after<T: Serialize, H>(
        &self,
        page: &ResponseValue<T, H>,
        counted: &mut u64,
    ) -> Option<PageAt> {
        let member = |pointer: &str| {
            serde_json::to_value(&**page).ok().and_then(|it| it.pointer(pointer).cloned())
        };
        let text = |pointer: &str| match member(pointer) {
            Some(value @ (Value::String(_) | Value::Number(_))) => Some(style::text(&value)),
            _ => None,
        };
        let to = match self.next {
            Next::Link => {
                let values = page.headers().get_all(LINK).iter().filter_map(|it| it.to_str().ok());
                To::Url(values.into_iter().find_map(|it| link::target(it, "next"))?.to_owned())
            }
            Next::Url(pointer) => To::Url(text(pointer).filter(|it| !it.is_empty())?),
            // It is whatever the service takes back: a text, a number, or more than that.
            Next::Cursor { parameter, member: pointer } if self.in_body => {
                let last = |it: &Value| it.is_null() || it == "" || it == false;
                To::Member(parameter, member(pointer).filter(|it| !last(it))?)
            }
            Next::Cursor { parameter, member } => {
                To::Parameter(parameter, text(member).filter(|it| !it.is_empty())?)
            }
            Next::Count { parameter, items, by_items, first } => {
                let items = member(items).and_then(|it| it.as_array().map(Vec::len))?;
                if items == 0 {
                    return None;
                }
                *counted += if by_items { items as u64 } else { 1 };
                match self.in_body {
                    true => To::Counted { pointer: parameter, first, further: *counted - first },
                    false => To::Parameter(parameter, counted.to_string()),
                }
            }
        };
        Some(PageAt { to: Some(to), keeping: self.keeping })
    }
}

/// Which page a call asks for; by default the first.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct PageAt {
    to: Option<To>,
    keeping: Option<&'static [&'static str]>,
}

#[derive(Clone, PartialEq, Eq)]
enum To {
    Url(String),
    Parameter(&'static str, String),
    /// A member of the body, at this pointer.
    Member(&'static str, Value),
    /// A number in the body: so much further than the one that stands there, or than the first.
    Counted {
        pointer: &'static str,
        first: u64,
        further: u64,
    },
}

impl PageAt {
    /// The request of the first page, as that of this one.
    ///
    /// # Errors
    /// Where the page is said to be at another server.
    #[inline]
    pub fn of(&self, mut request: Request) -> Result<Request, InvalidRequest> {
        match &self.to {
            None => {}
            Some(To::Url(target)) => {
                // A user in the URL would take the place of the credentials.
                let here = |url: &reqwest::Url| {
                    url.origin() == request.url().origin() && url.username().is_empty()
                };
                let url = request.url().join(target).ok().filter(here).ok_or_else(|| {
                    let why = "the next page is said to be at another server, to which the \
                               credentials must not go";
                    InvalidRequest::new(why)
                })?;
                *request.url_mut() = url;
            }
            Some(To::Parameter(name, value)) => {
                let pairs = Parameter::query(name).in_query(&Value::String(value.clone()));
                let query = request.url().query().unwrap_or_default().to_owned();
                let keeps = |pair: &&str| {
                    let own = form_urlencoded::parse(pair.as_bytes()).next();
                    let own = own.map(|(own, _)| own).unwrap_or_default();
                    !own.is_empty()
                        && own != *name
                        && self.keeping.is_none_or(|names| names.contains(&&*own))
                };
                let kept = query.split('&').filter(keeps);
                let all: Vec<&str> = kept.chain(pairs.iter().map(String::as_str)).collect();
                request.url_mut().set_query(Some(&all.join("&")));
            }
            Some(To::Member(pointer, value)) => {
                in_body(&mut request, pointer, |_| value.clone())?;
            }
            Some(To::Counted { pointer, first, further }) => {
                in_body(&mut request, pointer, |set| {
                    set.as_u64().unwrap_or(*first).saturating_add(*further).into()
                })?
            }
        }
        Ok(request)
    }
}

impl fmt::Debug for PageAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.to.is_some() { "a further page" } else { "the first page" })
    }
}

/// Sets a member of a body of JSON, from what it is. Objects on the way to it are made.
fn in_body(
    request: &mut Request,
    pointer: &str,
    value: impl FnOnce(&Value) -> Value,
) -> Result<(), InvalidRequest> {
    let unsettable = || {
        let why = "the next page is asked for in the body, which has no place for it";
        InvalidRequest::new(why)
    };
    let bytes = request.body().map(|body| body.as_bytes().ok_or_else(unsettable)).transpose()?;
    let mut body: Value = match bytes {
        Some(bytes) => serde_json::from_slice(bytes).map_err(|_| unsettable())?,
        None => Value::Object(serde_json::Map::new()),
    };
    let mut place = &mut body;
    for token in pointer.split('/').skip(1) {
        let token = token.replace("~1", "/").replace("~0", "~");
        if place.is_null() {
            *place = Value::Object(serde_json::Map::new());
        }
        place = match place {
            Value::Object(members) => members.entry(token).or_insert(Value::Null),
            _ => return Err(unsettable()),
        };
    }
    *place = value(place);
    *request.body_mut() = Some(body.to_string().into());
    let json = HeaderValue::from_static("application/json");
    request.headers_mut().entry(CONTENT_TYPE).or_insert(json);
    Ok(())
}

type Asked<'a, T, E, H> =
    Pin<Box<dyn Future<Output = Result<ResponseValue<T, H>, Error<E>>> + Send + 'a>>;

/// All pages of a list, one after the other. The next one is asked for when it is polled for; an error
/// ends it.
#[must_use = "nothing is sent before it is polled"]
pub struct Pages<'a, T, E, H = ()> {
    paging: Paging,
    call: Box<dyn Fn(PageAt) -> Asked<'a, T, E, H> + Send + Sync + 'a>,
    /// The page that is asked for next.
    next: Option<PageAt>,
    /// The page that is being asked for; only its owner polls it, so that nobody waits for the lock.
    asked: Option<Mutex<Asked<'a, T, E, H>>>,
    /// What went wrong behind the last page.
    failed: Option<Failure>,
    counted: u64,
}

impl<'a, T: Serialize, E, H> Pages<'a, T, E, H> {
    /// The pages that `call` asks for.
    pub fn new(
        paging: Paging,
        call: impl Fn(PageAt) -> Asked<'a, T, E, H> + Send + Sync + 'a,
    ) -> Self {
        let counted = match paging.next {
            Next::Count { first, .. } => first,
            _ => 0,
        };
        let next = Some(PageAt::default());
        Self { paging, call: Box::new(call), next, asked: None, failed: None, counted }
    }

    /// The items of all pages, where `items` takes them out of one.
    pub fn items<I>(self, items: fn(T) -> Vec<I>) -> Items<'a, T, E, I, H> {
        Items { pages: self, items, ready: Vec::new().into_iter() }
    }
}

impl<T: Serialize, E, H> Stream for Pages<'_, T, E, H> {
    type Item = Result<ResponseValue<T, H>, Error<E>>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if let Some(failure) = this.failed.take() {
            return Poll::Ready(Some(Err(failure.into())));
        }
        if this.asked.is_none() {
            let Some(at) = this.next.clone() else { return Poll::Ready(None) };
            this.asked = Some(Mutex::new((this.call)(at)));
        }
        let Some(asked) = &mut this.asked else { return Poll::Ready(None) };
        let asked = asked.get_mut().unwrap_or_else(PoisonError::into_inner);
        let answer = ready!(asked.as_mut().poll(cx));
        this.asked = None;
        let here = this.next.take();
        if let Ok(page) = &answer {
            this.next = this.paging.after(page, &mut this.counted);
            // It would never end.
            if this.next.is_some() && this.next == here {
                this.next = None;
                let what = "a page that names itself as the next one".to_owned();
                this.failed = Some(Failure::unfit(page.head(), what, Bytes::new()));
            }
        }
        Poll::Ready(Some(answer))
    }
}

impl<T, E, H> Unpin for Pages<'_, T, E, H> {}

impl<T, E, H> fmt::Debug for Pages<'_, T, E, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").field("paging", &self.paging).finish_non_exhaustive()
    }
}

/// The items of all pages of a list, one after the other; an error ends it.
#[must_use = "nothing is sent before it is polled"]
pub struct Items<'a, T, E, I, H = ()> {
    pages: Pages<'a, T, E, H>,
    items: fn(T) -> Vec<I>,
    ready: std::vec::IntoIter<I>,
}

impl<T: Serialize, E, I, H> Stream for Items<'_, T, E, I, H> {
    type Item = Result<I, Error<E>>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(item) = self.ready.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(Pin::new(&mut self.pages).poll_next(cx)) {
                Some(Ok(page)) => self.ready = (self.items)(page.into_inner()).into_iter(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<T, E, I, H> Unpin for Items<'_, T, E, I, H> {}

impl<T, E, I, H> fmt::Debug for Items<'_, T, E, I, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("pages", &self.pages).finish_non_exhaustive()
    }
}
