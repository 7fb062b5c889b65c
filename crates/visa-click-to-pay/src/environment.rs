//! The base URLs that the pages give.
//!
//! The generated `Server` has the same URLs under names that are made of their hosts, which tell nobody
//! what they are for; these are named by what the pages say of them, are `Copy`, and borrow their URL. A
//! test holds them to the contract.

/// A published server of the Click to Pay endpoints.
///
/// Both are for tests; the production host is not published, Pismo tells it to each customer. Any
/// base URL goes where an environment goes.
///
/// Source: `servers` on each of the pages, which a test compares with these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Environment {
    /// "PCI API server for testing", `https://gw-pci.pismolabs.io/cards-tokenization`, which the
    /// pages' notes ask for.
    PciTesting,
    /// "Sandbox API server for testing", `https://pci.pismolabs.io/cards-tokenization`.
    Sandbox,
}

impl Environment {
    /// The base URL, without a slash at its end.
    #[must_use]
    pub fn base_url(self) -> &'static str {
        match self {
            Self::PciTesting => "https://gw-pci.pismolabs.io/cards-tokenization",
            Self::Sandbox => "https://pci.pismolabs.io/cards-tokenization",
        }
    }
}

impl AsRef<str> for Environment {
    fn as_ref(&self) -> &str {
        self.base_url()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_base_urls_are_those_of_the_contract() {
        let contract: serde_json::Value =
            serde_json::from_str(include_str!("../openapi.json")).unwrap();
        let servers: Vec<_> = contract["servers"]
            .as_array()
            .unwrap()
            .iter()
            .map(|server| server["url"].as_str().unwrap())
            .collect();
        let all = [Environment::PciTesting, Environment::Sandbox];
        assert_eq!(servers, all.map(Environment::base_url));
    }
}
