//! The seam between generated code and this crate.

use reqwest::Request;

use crate::{Failure, Response, Session};

/// What a generated client knows of an operation when it is called.
#[derive(Debug, Clone, Copy)]
pub struct OperationInfo {
    /// The `operationId` of the contract.
    pub operation_id: &'static str,
    /// The header parameters that the client fills in place of the caller, in lower case.
    pub client_headers: &'static [&'static str],
}

/// What a generated client is made of.
pub trait ClientInfo<Inner> {
    /// The URL to which an operation's path is appended.
    fn baseurl(&self) -> &str;
    /// The connection pool.
    fn client(&self) -> &reqwest::Client;
    /// The state behind the generated code.
    fn inner(&self) -> &Inner;
}

/// How a generated client gets a request answered.
pub trait ClientHooks: ClientInfo<Session> {
    /// Sends `request` as [`Session::execute`] does.
    ///
    /// # Errors
    /// See [`Session::execute`].
    fn execute(
        &self,
        request: Request,
        info: &OperationInfo,
    ) -> impl Future<Output = Result<Response, Failure>> + Send {
        self.inner().execute(request, info)
    }
}

impl<C: ClientInfo<Session>> ClientHooks for C {}
