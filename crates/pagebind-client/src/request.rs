//! One call of an operation, from its parameters and body to the request that is sent.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use reqwest::Method;
use reqwest::header::{ACCEPT, CONTENT_TYPE, COOKIE, HeaderName, HeaderValue};
use serde::Serialize;
use serde_json::Value;

use crate::outgoing::{Headers, Outgoing};
use crate::session::Payload;
use crate::style::{self, Place};
use crate::{Error, OperationInfo, Parameter, RequestHeaders, Session, Style};

/// Why a request can't be written; its text names the parameter and repeats no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidRequest(pub(crate) String);

impl InvalidRequest {
    #[cold]
    pub(crate) fn new(why: impl Into<String>) -> Self {
        Self(why.into())
    }
}

impl fmt::Display for InvalidRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidRequest {}

impl<E> From<InvalidRequest> for Error<E> {
    fn from(invalid: InvalidRequest) -> Self {
        Self::InvalidRequest(invalid.0)
    }
}

/// A call that is being put together. It holds what is sent, so it has no `Debug`.
pub struct OperationRequest<'a> {
    pub(crate) session: &'a Session,
    pub(crate) info: &'static OperationInfo,
    path: Cow<'static, str>,
    query: String,
    headers: Headers,
    cookies: String,
    body: Option<reqwest::Body>,
    /// What the body is, where the caller's headers don't say it.
    media_type: Option<&'static str>,
}

impl Session {
    /// Begins a call of an operation.
    pub fn request(&self, info: &'static OperationInfo) -> OperationRequest<'_> {
        OperationRequest {
            session: self,
            info,
            path: Cow::Borrowed(info.path),
            query: String::new(),
            headers: Headers::default(),
            cookies: String::new(),
            body: None,
            media_type: None,
        }
    }
}

impl OperationRequest<'_> {
    /// Sets a parameter; null, an empty list and an empty object send nothing.
    ///
    /// # Errors
    /// A path parameter without a text, which would reach another operation, and a value that no
    /// header can carry.
    pub fn parameter<T: Serialize + ?Sized>(
        &mut self,
        parameter: Parameter<'_>,
        value: &T,
    ) -> Result<(), InvalidRequest> {
        // The source's message could repeat the value, so it is not passed on.
        let value = serde_json::to_value(value).map_err(|_| {
            InvalidRequest::new(format!("the parameter `{}` can't be written", parameter.name))
        })?;
        self.set(parameter, &value)
    }

    fn set(&mut self, parameter: Parameter<'_>, value: &Value) -> Result<(), InvalidRequest> {
        let name = parameter.name;
        match parameter.place {
            Place::Path => {
                let text = parameter.in_path(value);
                if text.is_empty() {
                    let why = "is empty: the request would reach another operation";
                    return Err(InvalidRequest::new(format!("the path parameter `{name}` {why}")));
                }
                self.path = self.path.replace(&*format!("{{{name}}}"), &text).into();
            }
            Place::Query => join(&mut self.query, "&", &parameter.in_query(value)),
            Place::Cookie => join(&mut self.cookies, "; ", &parameter.in_cookie(value)),
            Place::Header if value.is_null() => {}
            Place::Header => {
                let unsendable = || {
                    let why = "holds characters that no header can carry";
                    InvalidRequest::new(format!("the header parameter `{name}` {why}"))
                };
                let text = HeaderValue::try_from(parameter.in_header(value));
                let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| unsendable())?;
                self.headers.set(name, text.map_err(|_| unsendable())?);
            }
        }
        Ok(())
    }

    /// Sets the caller's own headers of this request, once its parameters and body are set.
    ///
    /// # Errors
    /// A header that can't be sent, and one that is the operation's or the client's to set.
    pub fn headers(&mut self, headers: RequestHeaders) -> Result<(), InvalidRequest> {
        for (name, value) in &headers.finish()? {
            let set = self.headers.get(name).is_some()
                || (*name == COOKIE && !self.cookies.is_empty())
                || self.session.sets(name, self.info);
            let one_of_several =
                *name == ACCEPT && value.to_str().is_ok_and(|it| self.info.answers(it));
            if set && !one_of_several {
                let why = "is set by the operation or by the client";
                return Err(InvalidRequest::new(format!("the header `{name}` {why}")));
            }
            self.headers.set(name.clone(), value.clone());
        }
        Ok(())
    }

    /// Sets the body, as JSON of this media type.
    ///
    /// # Errors
    /// A body that is no JSON, such as a map whose keys are no text.
    pub fn json<T: Serialize + ?Sized>(
        &mut self,
        media_type: &'static str,
        body: &T,
    ) -> Result<(), InvalidRequest> {
        let body = serde_json::to_vec(body)
            .map_err(|_| InvalidRequest::new("the body can't be written as JSON"))?;
        self.bytes(media_type, body.into());
        Ok(())
    }

    /// Sets the body, as a form (`application/x-www-form-urlencoded`).
    ///
    /// The fields in `order` come first. A field is written as `encodings` says; by default as a query parameter is, and an object as
    /// its JSON (OpenAPI 3.1.1, section 4.8.15.1).
    ///
    /// # Errors
    /// A body that is no object.
    pub fn form<T: Serialize + ?Sized>(
        &mut self,
        body: &T,
        order: &[&str],
        encodings: &[Parameter<'_>],
    ) -> Result<(), InvalidRequest> {
        let unwritable = || InvalidRequest::new("the body can't be written as a form");
        let Ok(Value::Object(fields)) = serde_json::to_value(body) else {
            return Err(unwritable());
        };
        let mut form = String::new();
        for (name, value) in style::in_order(&fields, order) {
            let own = encodings.iter().find(|encoding| encoding.name == name);
            let field = own.copied().unwrap_or_else(|| match value {
                Value::Object(_) => Parameter::query(name).style(Style::Json),
                _ => Parameter::query(name),
            });
            join(&mut form, "&", &field.in_form(value));
        }
        self.bytes("application/x-www-form-urlencoded", form.into());
        Ok(())
    }

    /// Sets the body, several parts of which none of the `required` is missing; `media_type` is that of
    /// the whole (`multipart/form-data`).
    ///
    /// # Errors
    /// A part that is missing, can't be written, or was a stream and is sent already.
    #[cfg(feature = "multipart")]
    pub fn multipart(
        &mut self,
        media_type: &'static str,
        body: impl Into<crate::Multipart>,
        required: &[&str],
    ) -> Result<(), InvalidRequest> {
        let (body, headers) = body.into().finish(media_type, required)?;
        for (name, value) in headers {
            self.headers.set(name, value);
        }
        self.body = Some(body);
        Ok(())
    }

    /// Sets the body, bytes of this media type.
    pub fn bytes(&mut self, media_type: &'static str, body: reqwest::Body) {
        if let Some(media_type) = static_value(media_type) {
            self.headers.set(CONTENT_TYPE, media_type);
        }
        self.body = Some(body);
    }

    /// Sets the body, bytes of this media type unless the caller's headers say another one.
    pub fn bytes_or(&mut self, media_type: &'static str, body: reqwest::Body) {
        self.media_type = Some(media_type);
        self.body = Some(body);
    }

    /// The request, for [`Session::execute`].
    ///
    /// # Errors
    /// Where no URL comes out, or one that would reach another operation.
    pub fn build(mut self) -> Result<reqwest::Request, InvalidRequest> {
        let body = self.body.take();
        let mut request = self.outgoing()?.request();
        *request.body_mut() = body;
        Ok(request)
    }

    pub(crate) fn outgoing(mut self) -> Result<Outgoing, InvalidRequest> {
        // A template without parameters is what the contract says.
        if matches!(&self.path, Cow::Owned(path) if has_dot_segment(path)) {
            let why = "a path parameter makes `.` or `..` of its segment: the request would reach \
                       another operation";
            return Err(InvalidRequest::new(why));
        }
        let base = self.session.server(self.info)?;
        let unwritable = |what| InvalidRequest::new(format!("the {what} can't be written"));
        let mut url = base.with_path(&self.path).map_err(|_| unwritable("URL"))?;
        if !self.query.is_empty() {
            let query = match url.query() {
                Some(of_the_path) => format!("{of_the_path}&{}", self.query),
                None => std::mem::take(&mut self.query),
            };
            url.set_query(Some(&query));
        }
        if !self.cookies.is_empty() {
            let cookies = HeaderValue::from_str(&self.cookies);
            let cookies = cookies.map_err(|_| unwritable("cookies"))?;
            self.headers.set(COOKIE, cookies);
        }
        if let Some(media_type) = self.media_type {
            self.headers.add(CONTENT_TYPE, HeaderValue::from_static(media_type));
        }
        if let Some(accept) = self.info.accept {
            let accept = static_value(accept).ok_or_else(|| unwritable("header `Accept`"))?;
            self.headers.add(ACCEPT, accept);
        }
        let method = Method::from_bytes(self.info.method.as_bytes());
        let method = method.map_err(|_| unwritable("method"))?;
        Ok(Outgoing { method, url, headers: self.headers, payload: Payload::of(self.body) })
    }
}

/// A header's value that takes no memory of its own.
fn static_value(text: &'static str) -> Option<HeaderValue> {
    HeaderValue::from_maybe_shared(Bytes::from_static(text.as_bytes())).ok()
}

/// Whether a segment of a path is `.` or `..`, which URL parsers resolve, encoded or not.
fn has_dot_segment(path: &str) -> bool {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    path.split('/').any(|segment| {
        segment.bytes().all(|byte| b".%2E".contains(&byte))
            && matches!(&*segment.replace("%2E", "."), "." | "..")
    })
}

/// Puts `parts` behind `text`, with `delimiter` between them.
fn join(text: &mut String, delimiter: &str, parts: &[String]) {
    for part in parts {
        if !text.is_empty() {
            text.push_str(delimiter);
        }
        text.push_str(part);
    }
}
