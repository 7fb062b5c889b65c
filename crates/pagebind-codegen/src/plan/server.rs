//! The servers of a contract: those of the whole API, and those that operations have of their own.

/// A server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Server {
    /// What it is called, as a type is.
    pub(crate) name: String,
    /// Its URL, with `{}` in the place of each variable.
    pub(crate) url: String,
    /// What the publisher says of it.
    pub(crate) description: String,
    /// What stands in its URL, in the order of the places.
    pub(crate) variables: Vec<Variable>,
}

/// A variable of a server's URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Variable {
    /// Its name in the source.
    pub(crate) field: String,
    pub(crate) description: String,
    pub(crate) default: String,
    /// The only values that there are, unless there are any.
    pub(crate) values: Vec<String>,
}

impl Server {
    /// Its URL with the default of each variable.
    pub(crate) fn default_url(&self) -> String {
        let url = self
            .variables
            .iter()
            .fold(self.url.clone(), |url, variable| url.replacen("{}", &variable.default, 1));
        // A default may be empty, or end in a slash.
        match url.trim_end_matches('/') {
            "" => url,
            trimmed => trimmed.to_owned(),
        }
    }
}
