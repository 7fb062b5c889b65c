//! The way out: a request to an endpoint that the contract does not describe.

use std::fmt;

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Url};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Session;
use crate::{Error, InvalidRequest, OperationInfo, RawBody, ResponseValue};

/// What errors, spans and hooks call such a request.
const INFO: OperationInfo = OperationInfo::new("request", "", "").takes_all();

/// A request to an endpoint of the same API that the contract does not describe.
///
/// It carries the same token and headers as any operation, goes to the same server, keeps the same
/// limits and retries, and fails with the same [`Error`]. What is wrong with it is told as it is
/// sent. It holds what is sent, so its `Debug` shows the method alone.
#[must_use = "nothing is sent before `send` is awaited"]
pub struct CustomRequest<'a> {
    session: &'a Session,
    method: Method,
    url: Result<Url, InvalidRequest>,
    headers: HeaderMap,
    body: Result<Option<reqwest::Body>, InvalidRequest>,
}

impl Session {
    /// Begins a request to `path`, which begins with a slash and is appended to the base URL.
    #[inline]
    pub fn custom(&self, method: Method, path: &str) -> CustomRequest<'_> {
        let headers =
            HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("application/json"))]);
        CustomRequest { session: self, method, url: self.below(path), headers, body: Ok(None) }
    }

    /// The URL of `path`, if it lies below the base URL: the token must go nowhere else.
    #[inline]
    fn below(&self, path: &str) -> Result<Url, InvalidRequest> {
        let base = self.base_url().as_str();
        let url = path.starts_with('/').then(|| Url::parse(&format!("{base}{path}")).ok());
        url.flatten()
            .filter(|url| url.as_str().strip_prefix(base).is_some_and(|it| it.starts_with('/')))
            .ok_or_else(|| {
                let why =
                    "the path of the request does not begin with a slash, or leads out of the API";
                InvalidRequest(why.to_owned())
            })
    }
}

impl CustomRequest<'_> {
    /// Sets a header; the client's own ones come before it.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        if !self.session.sets(&name, &INFO) {
            self.headers.insert(name, value);
        }
        self
    }

    /// Appends a query parameter, encoded.
    #[inline]
    pub fn query(mut self, name: &str, value: &str) -> Self {
        if let Ok(url) = &mut self.url {
            url.query_pairs_mut().append_pair(name, value);
        }
        self
    }

    /// Sets the body, as JSON.
    pub fn json(mut self, body: &(impl Serialize + ?Sized)) -> Self {
        // The source's message could repeat a value.
        let written = serde_json::to_vec(body);
        let unwritable = |_| InvalidRequest("the body can't be written as JSON".to_owned());
        self.body = written.map(|body| Some(body.into())).map_err(unwritable);
        self.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        self
    }

    /// Sets the body, as it is; its media type is a [`header`](Self::header).
    pub fn body(mut self, body: impl Into<reqwest::Body>) -> Self {
        self.body = Ok(Some(body.into()));
        self
    }

    /// Sends it; any 2xx is a success, whose body is read within the limit and not decoded.
    ///
    /// # Errors
    /// See [`Error`]. A status that is no success is [`ErrorKind::Undocumented`]
    /// (`Unauthorized` and `RateLimited` for 401 and 429), with its body in
    /// [`Failure::raw_body`](crate::Failure::raw_body).
    ///
    /// [`ErrorKind::Undocumented`]: crate::ErrorKind::Undocumented
    pub async fn send(self) -> Result<ResponseValue<RawBody>, Error> {
        let response = self.answered().await?;
        Ok(response.read().await?.into_raw())
    }

    /// The same, with the body of a success decoded from JSON.
    ///
    /// # Errors
    /// Those of [`send`](Self::send), and a body that is no `T`.
    pub async fn send_json<T: DeserializeOwned>(self) -> Result<ResponseValue<T>, Error> {
        self.answered().await?.json().finish().await
    }

    async fn answered(self) -> Result<crate::Response, Error> {
        let Self { session, method, url, headers, body } = self;
        let mut request = reqwest::Request::new(method, url?);
        *request.headers_mut() = headers;
        *request.body_mut() = body?;
        let response = session.execute(request, &INFO).await?;
        if response.status().is_success() {
            Ok(response)
        } else {
            Err(response.into_undocumented().await.into())
        }
    }
}

impl fmt::Debug for CustomRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CustomRequest").field("method", &self.method).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stays_below_the_base_url() {
        let session = Session::builder("http://localhost:8080/cards").build().unwrap();
        for (path, url) in [
            ("/v2/x", "http://localhost:8080/cards/v2/x"),
            ("/v2/x?y=1", "http://localhost:8080/cards/v2/x?y=1"),
            ("//elsewhere.example/x", "http://localhost:8080/cards//elsewhere.example/x"),
            ("/a/../b", "http://localhost:8080/cards/b"),
        ] {
            assert_eq!(session.below(path).unwrap().as_str(), url);
        }
        for path in
            ["", "v2", "@elsewhere.example/", ".elsewhere.example", "/../admin", "/..", "/%2e%2e/x"]
        {
            session.below(path).unwrap_err();
        }
    }
}
