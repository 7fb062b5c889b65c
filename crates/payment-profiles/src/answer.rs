//! What the service, its framework or a proxy on the way answers, and what it means.
//!
//! Three shapes may come, under any status: the page's envelope with a code, ASP.NET's error
//! object, and anything else, such as a proxy's HTML. What a body *is* is judged by the body,
//! because proxies and frameworks label theirs wrongly.

use std::fmt;

use reqwest::StatusCode;
use serde_json::Value;

use crate::{
    Error, Refusal, ServiceError, ServiceText,
    error::{InvalidField, MessageCode, Undecodable},
    private::REDACTED,
};

/// The profile that was updated.
///
/// `Debug` prints neither id nor description.
///
/// Source: `ProfileOutgoingModel` on the help page.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UpdatedProfile {
    /// The customer's profile, nine digits by the page; none where the payment profile was
    /// registered for payment only.
    pub customer_profile_id: Option<String>,
    /// The payment profile, nine digits by the page.
    pub payment_profile_id: String,
    /// What the service says of it, in its words; empty if it says nothing.
    pub description: ServiceText,
}

impl fmt::Debug for UpdatedProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UpdatedProfile")
            .field("customer_profile_id", &self.customer_profile_id.as_ref().map(|_| REDACTED))
            .field("payment_profile_id", &REDACTED)
            .field("description", &self.description)
            .finish()
    }
}

/// Turns an answer that was read whole into its meaning.
pub(crate) fn decode(
    status: StatusCode,
    media_type: Option<&'static str>,
    body: &[u8],
) -> Result<UpdatedProfile, Error> {
    let undecodable =
        |reason| Error::Undecodable(Undecodable { status, media_type, length: body.len(), reason });
    let tree = tree(body);
    match (tree.as_ref().and_then(envelope), status.is_success()) {
        (Some((code, description)), _) if !code.is_good() => {
            Err(Error::Refused(Refusal { status, code, description }))
        }
        (Some((_, description)), true) => {
            let response = tree.as_ref().map(|tree| &tree["Response"]).unwrap_or(&Value::Null);
            let Some(payment_profile_id) = text(response, "PaymentProfileId") else {
                return Err(undecodable("code 00 without a PaymentProfileId"));
            };
            Ok(UpdatedProfile {
                customer_profile_id: text(response, "CustomerProfileId"),
                payment_profile_id,
                description,
            })
        }
        (None, true) if tree.is_none() => Err(undecodable("neither JSON nor XML")),
        (None, true) => Err(undecodable("no Message with a Code")),
        (_, false) => Err(Error::Service(Box::new(service_error(status, tree.as_ref())))),
    }
}

fn tree(body: &[u8]) -> Option<Value> {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body).trim_ascii_start();
    match body.first()? {
        b'{' => serde_json::from_slice(body).ok(),
        #[cfg(feature = "xml")]
        b'<' => crate::xml::read(std::str::from_utf8(body).ok()?),
        _ => None,
    }
}

fn envelope(tree: &Value) -> Option<(MessageCode, ServiceText)> {
    let message = tree.get("Message")?;
    let code = MessageCode::new(text(message, "Code")?);
    Some((code, ServiceText::new(text(message, "Description").unwrap_or_default())))
}

fn service_error(status: StatusCode, tree: Option<&Value>) -> ServiceError {
    let said = |name| tree.and_then(|tree| text(tree, name)).map(ServiceText::new);
    let messages = ["Message", "MessageDetail", "ExceptionMessage", "ExceptionType"]
        .into_iter()
        .filter_map(said)
        .collect();
    let invalid_fields = tree
        .and_then(|tree| tree.get("ModelState")?.as_object())
        .into_iter()
        .flatten()
        .map(|(name, messages)| InvalidField {
            name: ServiceText::new(name.clone()),
            messages: match messages {
                Value::Array(messages) => messages.iter().filter_map(Value::as_str).collect(),
                other => other.as_str().into_iter().collect::<Vec<_>>(),
            }
            .into_iter()
            .map(|message| ServiceText::new(message.to_owned()))
            .collect(),
        })
        .collect();
    ServiceError { status, messages, invalid_fields }
}

fn text(object: &Value, name: &str) -> Option<String> {
    object.get(name)?.as_str().map(str::to_owned)
}

/// The media types that an error may name: what else a header says may be anything.
pub(crate) fn known_media_type(content_type: &str) -> Option<&'static str> {
    let essence = content_type.split(';').next()?.trim();
    [
        "application/json",
        "text/json",
        "application/problem+json",
        "application/xml",
        "text/xml",
        "text/html",
        "text/plain",
    ]
    .into_iter()
    .find(|known| essence.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests;
