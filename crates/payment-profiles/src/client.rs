//! One call: the body is built, sent by the runtime, and its answer decoded.

use std::fmt;
use std::pin::Pin;

use pagebind_client::{
    CustomRequest, OperationInfo, RequestHeaders, ResponseValue, RetryPolicy, Session,
};
use reqwest::Method;
use reqwest::header::{HeaderName, HeaderValue};

use crate::{
    ClientBuilder, Credentials, Error, Format, ProfileUpdate, UpdatedProfile, answer, body,
};

/// The operation, by its path below the base URL.
///
/// Source: the help page's title, `POST api/v1/customer/payments/update`.
pub(crate) const UPDATE: OperationInfo =
    OperationInfo::new("update_payment_profile", "POST", "/api/v1/customer/payments/update")
        .accept("application/json");

/// Calls the service. Cheap to clone; all clones share one connection pool.
#[derive(Clone)]
pub struct Client {
    pub(crate) session: Session,
    pub(crate) credentials: Credentials,
    pub(crate) format: Format,
}

impl Client {
    /// Sets up a client of the service at this base URL, without `api/v1/…`: `https`, or `http` to
    /// loopback, without a user name, query or fragment. [`ClientBuilder::build`] checks it.
    ///
    /// The URL is the one that the service's operator gives out; none is published.
    pub fn builder(base_url: impl AsRef<str>) -> ClientBuilder {
        ClientBuilder::new(base_url.as_ref())
    }

    /// Updates a payment profile: `POST api/v1/customer/payments/update`. Await it, or
    /// [`send`](UpdateCall::send) it.
    pub fn update<'a>(&'a self, update: &'a ProfileUpdate) -> UpdateCall<'a> {
        UpdateCall { client: self, update, headers: RequestHeaders::default() }
    }

    /// A client with another retry policy, say for one call:
    /// [`RetryPolicy::never`] for a single try.
    #[must_use]
    pub fn with_retry(&self, policy: RetryPolicy) -> Self {
        Self { session: self.session.with_retry(policy), ..self.clone() }
    }

    /// A client whose requests all carry this header: one of your organization's own, say. What the
    /// client sets itself comes before it. For a header of one request, [`UpdateCall::header`].
    #[must_use]
    pub fn with_header(&self, name: HeaderName, value: HeaderValue) -> Self {
        Self { session: self.session.with_header(name, value), ..self.clone() }
    }

    /// A request to an endpoint of the service that this client does not know, at a path below the base
    /// URL: `/api/v1/…`. It keeps the same limits, retries and errors. The credentials travel in
    /// bodies, and so are not in it.
    pub fn request(&self, method: Method, path: &str) -> CustomRequest<'_> {
        self.session.custom(method, path)
    }
}

/// An update that is not sent yet.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent before it is awaited"]
pub struct UpdateCall<'a> {
    client: &'a Client,
    update: &'a ProfileUpdate,
    headers: RequestHeaders,
}

impl<'a> UpdateCall<'a> {
    /// Adds a header to this request, such as `traceparent`. Those that the client sets itself are its
    /// own; what can't be sent is told before anything is.
    pub fn header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        self.headers.set(name.as_ref(), value.as_ref());
        self
    }

    /// Sends it.
    ///
    /// The future is `Send`. Dropping it ends the call; the update may have been made then.
    ///
    /// # Errors
    /// [`Error::outcome`] says whether the update may have been made.
    pub async fn send(self) -> Result<ResponseValue<UpdatedProfile>, Error> {
        let Client { session, credentials, format } = self.client;
        let body = body::build(*format, credentials, self.update, session.clock().now());
        let mut request = session.request(&UPDATE);
        request.bytes(format.media_type(), body.map_err(Error::InvalidRequest)?);
        request.headers(self.headers)?;
        let response = session.execute(request.build()?, &UPDATE).await?;
        if response.status().is_redirection() {
            return response.undocumented().await;
        }
        answer::decode(response.read().await?)
    }
}

impl<'a> IntoFuture for UpdateCall<'a> {
    type Output = Result<ResponseValue<UpdatedProfile>, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("session", &self.session)
            .field("credentials", &self.credentials)
            .field("format", &self.format)
            .finish()
    }
}
