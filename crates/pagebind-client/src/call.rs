//! A call from the values that a caller gave to the answer as its own type: the same for all operations, so
//! that a generated one only names what is its own.
//!
//! What is wrong with a value is kept until the call is sent. With a `?` for each value, and an `async`
//! function for each operation, the compiler had a state machine to check for each, which was most of what
//! an operation cost.

use serde::Serialize;

use crate::reading::{Read, Reading};
use crate::{
    InvalidRequest, OperationInfo, OperationRequest, PageAt, Parameter, RequestHeaders, Response,
    Session,
};

/// A call that is being put together, or why it can't be sent. It holds what is sent, so it has no `Debug`.
#[must_use = "nothing is sent before `send` is awaited"]
pub struct OperationCall<'a> {
    session: &'a Session,
    info: &'static OperationInfo,
    request: Result<OperationRequest<'a>, InvalidRequest>,
    page: PageAt,
}

impl Session {
    /// Begins a call of an operation, of values that may not fit.
    pub fn call(&self, info: &'static OperationInfo) -> OperationCall<'_> {
        let request = Ok(self.request(info));
        OperationCall { session: self, info, request, page: PageAt::default() }
    }
}

/// A value, or why the caller's is none.
type Given<T> = Result<T, String>;

impl<'a> OperationCall<'a> {
    fn set<T>(
        mut self,
        value: Given<T>,
        set: impl FnOnce(&mut OperationRequest<'a>, T) -> Result<(), InvalidRequest>,
    ) -> Self {
        if let Ok(request) = &mut self.request
            && let Err(invalid) =
                value.map_err(InvalidRequest).and_then(|value| set(request, value))
        {
            self.request = Err(invalid);
        }
        self
    }

    /// Sets a parameter, as [`OperationRequest::parameter`] does.
    pub fn parameter<T: Serialize>(self, parameter: Parameter<'_>, value: Given<T>) -> Self {
        self.set(value, |request, value| request.parameter(parameter, &value))
    }

    /// Sets the body, as [`OperationRequest::json`] does.
    pub fn json<T: Serialize>(self, media_type: &'static str, body: Given<T>) -> Self {
        self.set(body, |request, body| request.json(media_type, &body))
    }

    /// Sets the body, as [`OperationRequest::xml`] does.
    #[cfg(feature = "xml")]
    pub fn xml<T: Serialize>(
        self,
        media_type: &'static str,
        body: Given<T>,
        root: &crate::xml::Element,
    ) -> Self {
        self.set(body, |request, body| request.xml(media_type, &body, root))
    }

    /// Sets the body, as [`OperationRequest::form`] does.
    pub fn form<T: Serialize>(
        self,
        body: Given<T>,
        order: &[&str],
        encodings: &[Parameter<'_>],
    ) -> Self {
        self.set(body, |request, body| request.form(&body, order, encodings))
    }

    /// Sets the body, as [`OperationRequest::multipart`] does.
    #[cfg(feature = "multipart")]
    pub fn multipart(
        self,
        media_type: &'static str,
        body: Given<impl Into<crate::Multipart>>,
        required: &[&str],
    ) -> Self {
        self.set(body, |request, body| request.multipart(media_type, body, required))
    }

    /// Sets the body, as [`OperationRequest::bytes`] does.
    pub fn bytes(self, media_type: &'static str, body: Given<reqwest::Body>) -> Self {
        self.set(body, |request, body| {
            request.bytes(media_type, body);
            Ok(())
        })
    }

    /// Sets the body, as [`OperationRequest::bytes_or`] does.
    pub fn bytes_or(self, media_type: &'static str, body: Given<reqwest::Body>) -> Self {
        self.set(body, |request, body| {
            request.bytes_or(media_type, body);
            Ok(())
        })
    }

    /// Sets the caller's own headers, as [`OperationRequest::headers`] does.
    pub fn headers(self, headers: RequestHeaders) -> Self {
        self.set(Ok(headers), OperationRequest::headers)
    }

    /// Asks for another page than the first.
    pub fn page(mut self, page: PageAt) -> Self {
        self.page = page;
        self
    }

    /// Sends it, and reads the answer as `read` says.
    ///
    /// # Errors
    /// What is wrong with the first part that is, before anything is sent.
    pub fn send<T, E, H>(
        self,
        read: fn(Response) -> Reading<T, E, H>,
    ) -> impl Future<Output = Read<T, E, H>> + Send + use<'a, T, E, H> {
        let Self { session, info, request, page } = self;
        let request = request.and_then(OperationRequest::build).and_then(|first| page.of(first));
        async move { read(session.execute(request?, info).await?).finish().await }
    }
}
