//! What the service, its framework or a proxy on the way answers, and what it means.
//!
//! Three shapes may come, under any status: the page's envelope with a code, ASP.NET's error
//! object, and anything else, such as a proxy's HTML. What a body *is* is judged by the body,
//! because proxies and frameworks label theirs wrongly.

use std::fmt;

use pagebind_client::{Answer, Outcome, ResponseValue};
use reqwest::StatusCode;
use serde_json::Value;

use crate::{
    Error, Refusal, ServiceError, ServiceText, UpdateError,
    error::{InvalidField, MessageCode},
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
pub(crate) fn decode(answer: Answer) -> Result<ResponseValue<UpdatedProfile>, Error> {
    match judge(answer.status(), answer.body()) {
        Meaning::Updated(profile) => Ok(answer.success(profile)),
        Meaning::Refused(refusal) => {
            let told = Some(refusal.to_string());
            // Mostly its status is that of a success.
            let answer = answer.saying(Outcome::Refused);
            Err(answer.documented(UpdateError::Refused(refusal), told))
        }
        Meaning::Service(error) => {
            let told = Some(error.to_string());
            Err(answer.documented(UpdateError::Service(Box::new(error)), told))
        }
        Meaning::Unclear(what) => {
            Err(Error::Failed(answer.saying(Outcome::Unknown).undecodable(what)))
        }
    }
}

/// What an answer says of the update.
#[derive(Debug)]
enum Meaning {
    Updated(UpdatedProfile),
    Refused(Refusal),
    Service(ServiceError),
    /// It may have been made; this is what the answer is.
    Unclear(&'static str),
}

/// The page explains one code, `00`, and says of no status what it means. So it is left open whether
/// the update was made wherever an answer contradicts itself, or comes from something that fails.
fn judge(status: StatusCode, body: &[u8]) -> Meaning {
    let tree = tree(body);
    let envelope = tree.as_ref().and_then(envelope);
    if status.is_server_error() {
        return Meaning::Service(service_error(status, tree.as_ref(), envelope));
    }
    match envelope {
        Some((code, description)) if code.is_good() && status.is_success() => {
            let response = tree.as_ref().map(|tree| &tree["Response"]).unwrap_or(&Value::Null);
            let Some(payment_profile_id) = text(response, "PaymentProfileId") else {
                return Meaning::Unclear("code 00 without a PaymentProfileId");
            };
            Meaning::Updated(UpdatedProfile {
                customer_profile_id: text(response, "CustomerProfileId"),
                payment_profile_id,
                description,
            })
        }
        Some((code, _)) if code.is_good() => {
            Meaning::Unclear("code 00, which is good, under a status that is not")
        }
        Some((code, description)) if code.refuses() => {
            Meaning::Refused(Refusal { status, code, description })
        }
        Some(_) => Meaning::Unclear("an answer whose code may be 00 in another spelling"),
        None if !status.is_success() => {
            Meaning::Service(service_error(status, tree.as_ref(), None))
        }
        None if tree.is_none() => Meaning::Unclear("neither JSON nor XML"),
        None => Meaning::Unclear("an answer with no Message with a Code"),
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

fn service_error(
    status: StatusCode,
    tree: Option<&Value>,
    envelope: Option<(MessageCode, ServiceText)>,
) -> ServiceError {
    let (code, description) = envelope.unzip();
    let said = |name| tree.and_then(|tree| text(tree, name)).map(ServiceText::new);
    let messages = ["Message", "MessageDetail", "ExceptionMessage", "ExceptionType"]
        .into_iter()
        .filter_map(said)
        .chain(description)
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
    ServiceError { status, code, messages, invalid_fields }
}

fn text(object: &Value, name: &str) -> Option<String> {
    object.get(name)?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests;
