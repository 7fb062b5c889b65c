//! What a service sends to its users' own servers: webhooks, and callbacks of operations.

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Webhook {
    /// The function that reads it.
    pub(crate) function: String,
    /// What it is called in the contract, for its documentation.
    pub(crate) published: String,
    /// What the publisher says of it.
    pub(crate) description: String,
    /// The type of its body.
    pub(crate) component: String,
    pub(crate) form: WebhookForm,
}

/// What the body of one is written in; of XML, the root element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum WebhookForm {
    Json,
    Xml(String),
    /// A form: names and values of text.
    Form,
    /// One of both, as its headers say.
    JsonOrXml(String),
}
