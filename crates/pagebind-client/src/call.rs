//! A call from the values that a caller gave to the answer as its own type: the same for all operations, so
//! that a generated one only names what is its own.
//!
//! What is wrong with a value is kept until the call is sent. With a `?` for each value, and an `async`
//! function for each operation, the compiler had a state machine to check for each, which was most of what
//! an operation cost.

use std::pin::Pin;

use serde::Serialize;

use crate::building::Set;
use crate::reading::{Read, Reading};
use crate::{
    Failure, InvalidRequest, OperationInfo, OperationRequest, PageAt, Parameter, RequestHeaders,
    Response, Session,
};

/// A call that is being put together, or why it can't be sent. It holds what is sent, so it has no `Debug`.
///
/// Its values are set in place: a call that is handed on with each of them is copied as often.
#[must_use = "nothing is sent before `send` is awaited"]
pub struct OperationCall<'a> {
    request: OperationRequest<'a>,
    /// What is wrong with the first value that is.
    invalid: Option<InvalidRequest>,
    /// Another page than the first, and what asks for it.
    page: Option<(PageAt, Turn)>,
}

/// [`PageAt::of`], where only clients with pages name it.
type Turn = fn(&PageAt, reqwest::Request) -> Result<reqwest::Request, InvalidRequest>;

impl Session {
    /// Begins a call of an operation, of values that may not fit.
    pub fn call(&self, info: &'static OperationInfo) -> OperationCall<'_> {
        OperationCall { request: self.request(info), invalid: None, page: None }
    }
}

impl<'a> OperationCall<'a> {
    fn set<T>(
        &mut self,
        value: Set<T>,
        set: impl FnOnce(&mut OperationRequest<'a>, T) -> Result<(), InvalidRequest>,
    ) {
        if self.invalid.is_none() {
            let value = value.map_err(|problem| InvalidRequest(problem.into_owned()));
            self.invalid = value.and_then(|value| set(&mut self.request, value)).err();
        }
    }

    /// Sets a parameter, as [`OperationRequest::parameter`] does.
    pub fn parameter<T: Serialize>(&mut self, parameter: Parameter<'_>, value: Set<T>) {
        self.set(value, |request, value| request.parameter(parameter, &value));
    }

    /// Sets the body, as [`OperationRequest::json`] does.
    pub fn json<T: Serialize>(&mut self, media_type: &'static str, body: Set<T>) {
        self.set(body, |request, body| request.json(media_type, &body));
    }

    /// Sets the body, as [`OperationRequest::xml`] does.
    #[cfg(feature = "xml")]
    pub fn xml<T: Serialize>(
        &mut self,
        media_type: &'static str,
        body: Set<T>,
        root: &crate::xml::Element,
    ) {
        self.set(body, |request, body| request.xml(media_type, &body, root));
    }

    /// Sets the body, as [`OperationRequest::form`] does.
    pub fn form<T: Serialize>(
        &mut self,
        body: Set<T>,
        order: &[&str],
        encodings: &[Parameter<'_>],
    ) {
        self.set(body, |request, body| request.form(&body, order, encodings));
    }

    /// Sets the body, as [`OperationRequest::multipart`] does.
    #[cfg(feature = "multipart")]
    pub fn multipart(
        &mut self,
        media_type: &'static str,
        body: Set<impl Into<crate::Multipart>>,
        required: &[&str],
    ) {
        self.set(body, |request, body| request.multipart(media_type, body, required));
    }

    /// Sets the body, as [`OperationRequest::bytes`] does.
    pub fn bytes(&mut self, media_type: &'static str, body: Set<reqwest::Body>) {
        self.set(body, |request, body| {
            request.bytes(media_type, body);
            Ok(())
        });
    }

    /// Sets the body, as [`OperationRequest::bytes_or`] does.
    pub fn bytes_or(&mut self, media_type: &'static str, body: Set<reqwest::Body>) {
        self.set(body, |request, body| {
            request.bytes_or(media_type, body);
            Ok(())
        });
    }

    /// Sets the caller's own headers, as [`OperationRequest::headers`] does.
    pub fn headers(&mut self, headers: RequestHeaders) {
        if !headers.is_empty() {
            self.set(Ok(headers), OperationRequest::headers);
        }
    }

    /// Asks for another page than the first.
    #[inline]
    pub fn page(&mut self, page: PageAt) {
        self.page = Some((page, PageAt::of));
    }

    /// Sends it, and reads the answer as `read` says.
    ///
    /// # Errors
    /// What is wrong with the first part that is, before anything is sent.
    pub fn send<T, E, H>(
        self,
        read: fn(Response) -> Reading<T, E, H>,
    ) -> impl Future<Output = Read<T, E, H>> + Send + use<'a, T, E, H> {
        let answer = self.begin();
        async move { read(answer?.await?).finish().await }
    }

    /// Sends it, in a future whose type is forgotten: so it is compiled here, and not with each client. It is on
    /// the heap in any case, as what a call holds is copied with each future that it becomes a part of.
    fn begin(self) -> Result<Answering<'a>, InvalidRequest> {
        let Self { request, invalid, page } = self;
        if let Some(invalid) = invalid {
            return Err(invalid);
        }
        let (session, info) = (request.session, request.info);
        let outgoing = match page {
            None => request.outgoing()?,
            Some((page, turn)) => turn(&page, request.build()?)?.into(),
        };
        Ok(Box::pin(session.send(outgoing, info)))
    }
}

type Answering<'a> = Pin<Box<dyn Future<Output = Result<Response, Failure>> + Send + 'a>>;
