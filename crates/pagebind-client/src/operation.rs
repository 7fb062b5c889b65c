//! What a generated client knows of an operation when it is called, and hands to the runtime.

use reqwest::header::HeaderName;

use crate::SecurityScheme;

/// One operation of the contract: all that is the same for each of its calls.
///
/// Generated code holds one as a constant, and [`Session::request`](crate::Session::request) begins
/// a call with it.
#[derive(Debug, Clone, Copy)]
pub struct OperationInfo {
    pub(crate) operation_id: &'static str,
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) server: Option<&'static str>,
    pub(crate) security: &'static [&'static [SecurityScheme]],
    pub(crate) client_headers: &'static [&'static str],
    pub(crate) accept: Option<&'static str>,
    pub(crate) or_accept: &'static [&'static str],
    pub(crate) streams: bool,
    /// It takes whatever credentials and headers the client has.
    pub(crate) takes_all: bool,
}

impl OperationInfo {
    /// The operation with this `operationId`, which sends `method` to `path`, a template such as
    /// `/cards/{id}`. It asks for no credentials and for no media type.
    #[must_use]
    pub const fn new(operation_id: &'static str, method: &'static str, path: &'static str) -> Self {
        Self {
            operation_id,
            method,
            path,
            server: None,
            security: &[],
            client_headers: &[],
            accept: None,
            or_accept: &[],
            streams: false,
            takes_all: false,
        }
    }

    /// The URL of the operation's own server, in place of the client's.
    #[must_use]
    pub const fn server(mut self, url: &'static str) -> Self {
        self.server = Some(url);
        self
    }

    /// The credentials that it needs: those of one of these alternatives. None of them: nothing is
    /// sent (OpenAPI 3.1.1, section 4.8.30).
    #[must_use]
    pub const fn security(mut self, alternatives: &'static [&'static [SecurityScheme]]) -> Self {
        self.security = alternatives;
        self
    }

    /// The header parameters that the client fills in place of the caller, in lower case.
    #[must_use]
    pub const fn client_headers(mut self, names: &'static [&'static str]) -> Self {
        self.client_headers = names;
        self
    }

    /// Whether the client fills in the header `name`.
    pub(crate) fn takes_client_header(&self, name: &HeaderName) -> bool {
        self.takes_all || self.client_headers.contains(&name.as_str())
    }

    /// The media types that it can answer with, as the value of `Accept`.
    #[must_use]
    pub const fn accept(mut self, media_types: &'static str) -> Self {
        self.accept = Some(media_types);
        self
    }

    /// The media types that it can answer with besides, for which a caller has to ask.
    #[must_use]
    pub const fn or_accept(mut self, media_types: &'static [&'static str]) -> Self {
        self.or_accept = media_types;
        self
    }

    /// Whether it can answer with this media type.
    pub(crate) fn answers(&self, media_type: &str) -> bool {
        let mut asked_for = self.accept.unwrap_or_default().split(", ");
        self.or_accept.contains(&media_type) || asked_for.any(|it| it == media_type)
    }

    /// Its answer is a stream, which may go on for longer than [`Limits::total`](crate::Limits).
    #[must_use]
    pub const fn streams(mut self) -> Self {
        self.streams = true;
        self
    }

    /// Nobody says what credentials and headers it takes: it is sent all that the client has.
    pub(crate) const fn takes_all(mut self) -> Self {
        self.takes_all = true;
        self
    }
}
