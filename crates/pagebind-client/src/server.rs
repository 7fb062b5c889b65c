//! Which server a call goes to.

use crate::{OperationInfo, Session};

impl Session {
    /// The URL to which the path of this operation is appended: that of the operation's own server,
    /// where the contract gives it one, or what the caller put in its place.
    pub(crate) fn server(&self, info: &OperationInfo) -> &str {
        match info.server {
            None => self.base_url().as_str(),
            Some(published) => {
                let replaced = self.shared.servers.get(published);
                replaced.map_or(published.trim_end_matches('/'), |server| server.as_str())
            }
        }
    }
}
