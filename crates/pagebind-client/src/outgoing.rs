//! What a call sends, as it is kept for its tries: each makes a request of its own of it.

use reqwest::header::{Entry, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Request, Url};

use crate::session::Payload;

/// What a call sends, without what its session adds.
pub(crate) struct Outgoing {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: Headers,
    pub(crate) payload: Payload,
}

impl Outgoing {
    /// The same once more; nothing where the body can be sent once.
    #[cfg(feature = "events")]
    pub(crate) fn again(&self) -> Option<Self> {
        let payload = self.payload.again()?;
        let (method, url) = (self.method.clone(), self.url.clone());
        Some(Self { method, url, headers: self.headers.clone(), payload })
    }

    /// The request of a try, without its body.
    pub(crate) fn request(&self) -> Request {
        let mut request = Request::new(self.method.clone(), self.url.clone());
        // With those of the client and of HTTP itself, they are seldom more.
        let mut headers = HeaderMap::with_capacity(12);
        for (name, value) in &self.headers.0 {
            match headers.entry(name.clone()) {
                Entry::Vacant(free) => {
                    free.insert(value.clone());
                }
                Entry::Occupied(mut set) => set.append(value.clone()),
            }
        }
        *request.headers_mut() = headers;
        request
    }
}

impl From<Request> for Outgoing {
    fn from(mut request: Request) -> Self {
        let payload = Payload::of(request.body_mut().take());
        let headers = request.headers().iter();
        let headers = headers.map(|(name, value)| (name.clone(), value.clone())).collect();
        let (method, url) = (request.method().clone(), request.url().clone());
        Self { method, url, headers: Headers(headers), payload }
    }
}

/// Headers in the order in which they were set. A call has few, and those of a list are kept and dropped at less
/// cost than those of a map.
#[derive(Clone, Default)]
pub(crate) struct Headers(Vec<(HeaderName, HeaderValue)>);

impl Headers {
    pub(crate) fn get(&self, name: &HeaderName) -> Option<&HeaderValue> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value)
    }

    /// Sets a header, in the place of what it was.
    pub(crate) fn set(&mut self, name: HeaderName, value: HeaderValue) {
        self.0.retain(|(own, _)| *own != name);
        self.0.push((name, value));
    }

    /// Sets a header that is not set yet.
    pub(crate) fn add(&mut self, name: HeaderName, value: HeaderValue) {
        if self.get(&name).is_none() {
            self.0.push((name, value));
        }
    }
}

#[cfg(test)]
mod tests {
    use reqwest::header::{ACCEPT, ACCEPT_LANGUAGE};

    use super::*;

    /// With `Accept-Language` twice.
    fn outgoing() -> Outgoing {
        let mut request = Request::new(Method::PUT, "https://example.com/a?b=c".parse().unwrap());
        for language in ["pt-BR", "en"] {
            request.headers_mut().append(ACCEPT_LANGUAGE, HeaderValue::from_static(language));
        }
        *request.body_mut() = Some("{}".into());
        request.into()
    }

    fn languages(outgoing: &Outgoing) -> Vec<HeaderValue> {
        outgoing.request().headers().get_all(ACCEPT_LANGUAGE).iter().cloned().collect()
    }

    #[test]
    fn each_try_sends_the_same_without_its_body() {
        let outgoing = outgoing();
        for _ in 0..2 {
            let request = outgoing.request();
            assert_eq!((request.method(), request.url()), (&outgoing.method, &outgoing.url));
            assert_eq!(languages(&outgoing), ["pt-BR", "en"]);
            assert!(request.body().is_none() && outgoing.payload.is_repeatable());
        }
    }

    #[test]
    fn a_header_is_set_in_the_place_of_all_that_it_was_and_added_where_it_is_not() {
        let mut outgoing = outgoing();
        outgoing.headers.add(ACCEPT_LANGUAGE, HeaderValue::from_static("de"));
        assert_eq!(languages(&outgoing), ["pt-BR", "en"]);
        outgoing.headers.set(ACCEPT_LANGUAGE, HeaderValue::from_static("de"));
        assert_eq!(languages(&outgoing), ["de"]);
        outgoing.headers.add(ACCEPT, HeaderValue::from_static("text/csv"));
        assert_eq!(outgoing.request().headers()[ACCEPT], "text/csv");
    }
}
