//! Which server a call goes to.

use std::borrow::Cow;

use crate::{BaseUrl, InvalidRequest, OperationInfo, Session};

impl Session {
    /// The URL to which the path of this operation is appended: that of the operation's own server,
    /// where the contract gives it one, or what the caller put in its place. A relative one is beside
    /// the client's base URL.
    ///
    /// # Errors
    /// A server of the contract's that the client doesn't take.
    pub(crate) fn server(&self, info: &OperationInfo) -> Result<Cow<'_, BaseUrl>, InvalidRequest> {
        let base = self.base_url();
        let Some(published) = info.server else { return Ok(Cow::Borrowed(base)) };
        let mut servers = self.shared.servers.iter().rev();
        if let Some((_, replaced)) = servers.find(|(of, _)| *of == published) {
            return Ok(Cow::Borrowed(replaced));
        }
        let own = base.join(published).and_then(|url| self.shared.beside(url.as_str()));
        own.map(Cow::Owned).map_err(|error| {
            InvalidRequest::new(format!("the operation's own server can't be called: {error}"))
        })
    }
}
