//! XML bodies, written and read as the `xml` object of a schema says (OpenAPI 3.1.1, section 4.8.26).
//!
//! A value is JSON on its way out and on its way in, as it is for every other body: what its types promise
//! holds for XML too. Generated code says which elements and attributes its members are.

mod read;
#[cfg(test)]
mod tests;
mod write;

use reqwest::header::{CONTENT_TYPE, HeaderMap};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::response::{Response, without_bom};
use crate::{
    Answer, Error, Failure, InvalidRequest, OperationRequest, Reading, ResponseValue, WebhookError,
    WebhookReceiver,
};

pub use write::to_xml;

/// An element: what it is called, and what is in it. Without a prefix its namespace is the default one for
/// what is in it.
#[derive(Debug, Clone, Copy)]
pub struct Element {
    /// Its name, without a prefix.
    pub name: &'static str,
    /// Its prefix; empty for none.
    pub prefix: &'static str,
    /// The namespace that it declares; empty for none.
    pub namespace: &'static str,
    /// What is in it.
    pub content: &'static Content,
}

/// What is in an element.
#[derive(Debug, Clone, Copy)]
pub enum Content {
    /// A value that has no parts.
    Scalar(Scalar),
    /// The members of an object.
    Members(&'static [Member]),
    /// A list, each of its items such an element.
    Items(&'static Element),
}

/// A value without parts: XML does not tell what `5` is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scalar {
    /// A string.
    Text,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
}

/// A member of an object.
#[derive(Debug, Clone, Copy)]
pub struct Member {
    /// Its name in JSON.
    pub key: &'static str,
    /// Where it stands in XML.
    pub place: Place,
}

/// Where a member of an object stands.
#[derive(Debug, Clone, Copy)]
pub enum Place {
    /// In an attribute, which is described as the element that it would be.
    Attribute(Element),
    /// In an element of its own.
    Element(Element),
    /// A list without an element of its own: an element for each item. XML has no word for such a list
    /// that is empty: where there has to be one, none of them is read as it.
    Items {
        /// The element of an item.
        each: Element,
        /// Whether an object always has the list.
        required: bool,
    },
    /// In the text between the tags of the object itself.
    Text(Scalar),
    /// In an element of its own, which bears its name: what the object holds besides.
    Rest(Scalar),
}

/// Whether what these headers are of is XML (RFC 7303, section 4.2).
pub(crate) fn is_xml(headers: &HeaderMap) -> bool {
    let said = headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
    let essence = said.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    matches!(&*essence, "application/xml" | "text/xml") || essence.ends_with("+xml")
}

/// The value in a body, if it is well-formed XML.
fn value(body: &[u8], root: &Element) -> Option<serde_json::Value> {
    let text = std::str::from_utf8(without_bom(body)).ok()?;
    read::read(text, root.content)
}

impl WebhookReceiver {
    /// Reads the XML of a webhook, whose root is described like this, as that of an answer is read.
    ///
    /// # Errors
    /// When it is not signed, or no `T`.
    pub fn read_xml<T: DeserializeOwned>(
        &self,
        headers: &HeaderMap,
        body: &[u8],
        root: &Element,
    ) -> Result<T, WebhookError> {
        self.check(headers, body)?;
        let value = value(body, root).ok_or(WebhookError::UndecodableXml)?;
        // The message could repeat the value.
        T::deserialize(value).map_err(|_| WebhookError::UndecodableXml)
    }

    /// Reads the JSON of a webhook, or its XML where the headers say that it is that.
    ///
    /// # Errors
    /// When it is not signed, or no `T`.
    pub fn read_json_or_xml<T: DeserializeOwned>(
        &self,
        headers: &HeaderMap,
        body: &[u8],
        root: &Element,
    ) -> Result<T, WebhookError> {
        if is_xml(headers) { self.read_xml(headers, body, root) } else { self.read(headers, body) }
    }
}

impl OperationRequest<'_> {
    /// Sets the body, as XML of this media type.
    ///
    /// # Errors
    /// A body with a character that no XML document can hold.
    pub fn xml<T: Serialize + ?Sized>(
        &mut self,
        media_type: &'static str,
        body: &T,
        root: &Element,
    ) -> Result<(), InvalidRequest> {
        let body = to_xml(body, root)?;
        self.bytes(media_type, body.into());
        Ok(())
    }
}

impl Response {
    /// A success with a body in XML, whose root is described like this. Names are compared without their
    /// namespaces, and what is not described is passed over. It is an error when the body breaks off, is
    /// longer than the limit, or is no `T`.
    pub fn xml<T: DeserializeOwned, E, H>(self, root: &'static Element) -> Reading<T, E, H> {
        Reading::whole(self, |answer| {
            let (value, head) = decode(answer, root)?;
            Ok(ResponseValue::new(value, head))
        })
    }

    /// A documented error with a body in XML, which `variant` wraps.
    pub fn error_xml<B: DeserializeOwned, T, E, H>(
        self,
        root: &'static Element,
        variant: impl FnOnce(B) -> E + Send + 'static,
    ) -> Reading<T, E, H> {
        Reading::whole(self, |answer| {
            let (value, head) = decode(answer, root)?;
            Err(Error::Documented(ResponseValue::new(variant(value), head)))
        })
    }

    /// A success with a body in JSON, or in XML where the server says so.
    pub fn json_or_xml<T: DeserializeOwned, E, H>(
        self,
        root: &'static Element,
    ) -> Reading<T, E, H> {
        if self.is_xml() { self.xml(root) } else { self.json() }
    }

    /// A documented error with such a body, which `variant` wraps.
    pub fn error_json_or_xml<B: DeserializeOwned, T, E, H>(
        self,
        root: &'static Element,
        variant: impl FnOnce(B) -> E + Send + 'static,
    ) -> Reading<T, E, H> {
        if self.is_xml() { self.error_xml(root, variant) } else { self.error(variant) }
    }

    /// Whether the body is XML, as the server says (RFC 7303, section 4.2).
    fn is_xml(&self) -> bool {
        is_xml(&self.0.head.headers)
    }
}

fn decode<T: DeserializeOwned>(
    answer: Answer,
    root: &Element,
) -> Result<(T, Box<crate::response::Head>), Failure> {
    let Some(value) = value(answer.body(), root) else {
        return Err(answer.undecodable("no well-formed XML in UTF-8"));
    };
    match T::deserialize(value) {
        Ok(value) => Ok((value, answer.into_head())),
        // The message could repeat the value.
        Err(_) => Err(answer.undecodable("XML of another shape than the contract's")),
    }
}
