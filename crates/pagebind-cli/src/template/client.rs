//! The hand-written side of the client.

use std::fmt;

use crate::{Client, ClientBuilder};

impl Client {
    /// Starts a client of the API at `base_url`; [`ClientBuilder::new`] says what can be one.
    pub fn builder(base_url: impl Into<String>) -> ClientBuilder {
        ClientBuilder::new(base_url)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Client").field(&self.0).finish()
    }
}
