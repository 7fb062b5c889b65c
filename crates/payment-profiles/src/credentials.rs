//! Who calls: the `Authentication` member of every request.

use secrecy::{ExposeSecret, SecretString};

/// The `Id` and `Key` that the service knows a merchant by.
///
/// The key is wiped from memory when the last copy is dropped, and `Debug` does not print it.
///
/// Source: `AuthenticationModel` on the help page.
#[derive(Clone, Debug)]
pub struct Credentials {
    id: String,
    key: SecretString,
}

impl Credentials {
    /// Takes the merchant's id and its key.
    ///
    /// A `String` given as the key is moved, not copied, unless it has spare capacity; what the
    /// caller read it from is the caller's to wipe.
    pub fn new(id: impl Into<String>, key: impl Into<SecretString>) -> Self {
        Self { id: id.into(), key: key.into() }
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    pub(crate) fn key(&self) -> &str {
        self.key.expose_secret()
    }
}
