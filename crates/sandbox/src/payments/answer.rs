//! What the service answers, and how ASP.NET writes it in either format.
//!
//! An error is ASP.NET's `HttpError`. The envelope's `Response` is of an interface type, which
//! `DataContractSerializer` can't write: an update that succeeds ends as a 500 if the answer has
//! to be XML.

use std::io;

use axum::{
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use quick_xml::{
    Writer,
    escape::partial_escape,
    events::{BytesEnd, BytesStart, BytesText, Event},
};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::{
    model::{Kept, ModelState},
    negotiate::{Format, MediaType},
    xml::{INSTANCE, NAMESPACE},
};

/// Invented: the code of an unknown payment profile. The page says that codes have two digits and
/// that `00` is good, and no more.
const UNKNOWN_PROFILE: &str = "99";

/// What has become of a request.
///
/// It has no `Debug`, because it holds a customer's ids.
pub(super) enum Answer {
    /// The profile is known, and would have been updated.
    Updated { customer_profile_id: Kept, payment_profile_id: Zeroizing<String> },
    /// The payment profile is missing, unknown or another customer's.
    UnknownProfile,
    /// The body is not the model, or lacks what the model requires.
    InvalidModel(ModelState),
    /// The credentials are missing or wrong.
    Unauthorized,
    /// The media type of the request is not supported, or there is none.
    UnsupportedMediaType(Option<String>),
    /// The service's code threw.
    Failed,
}

impl Answer {
    /// Writes the answer with the given media type, in UTF-8.
    pub(super) fn into_response(self, media_type: MediaType) -> Response {
        let (status, root, value) = match self {
            Self::Updated { .. } if media_type.format == Format::Xml => failure(),
            Self::Failed => failure(),
            // Invented: the description.
            Self::Updated { customer_profile_id, payment_profile_id } => envelope(
                "00",
                "The payment profile was updated.",
                json!({
                    "CustomerProfileId": customer_profile_id.as_deref(),
                    "PaymentProfileId": *payment_profile_id,
                }),
            ),
            // Invented: the status, the description, and that there is no `Response`.
            Self::UnknownProfile => envelope(
                UNKNOWN_PROFILE,
                "There is no such payment profile. (The sandbox has invented this code: of the \
                 codes, only 00 is published.)",
                Value::Null,
            ),
            Self::InvalidModel(state) => {
                let (status, root, mut value) =
                    error(StatusCode::BAD_REQUEST, "The request is invalid.");
                value["ModelState"] = state.into_value();
                (status, root, value)
            }
            Self::Unauthorized => {
                error(StatusCode::UNAUTHORIZED, "Authorization has been denied for this request.")
            }
            Self::UnsupportedMediaType(Some(sent)) => error(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                &format!(
                    "The request entity's media type '{sent}' is not supported for this resource."
                ),
            ),
            Self::UnsupportedMediaType(None) => error(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "The request contains an entity body but no Content-Type header. The inferred \
                 media type 'application/octet-stream' is not supported for this resource.",
            ),
        };
        let body = match media_type.format {
            Format::Json => value.to_string().into_bytes(),
            Format::Xml => {
                let mut body = Writer::new(Vec::new());
                write(&mut body, root, &value).expect("writing to memory does not fail");
                body.into_inner()
            }
        };
        let content_type = format!("{}; charset=utf-8", media_type.name);
        (status, [(CONTENT_TYPE, content_type)], body).into_response()
    }
}

fn failure() -> (StatusCode, BytesStart<'static>, Value) {
    error(StatusCode::INTERNAL_SERVER_ERROR, "An error has occurred.")
}

/// ASP.NET's `HttpError`, and its root element in XML.
fn error(status: StatusCode, message: &str) -> (StatusCode, BytesStart<'static>, Value) {
    (status, BytesStart::new("Error"), json!({ "Message": message }))
}

/// The page's `ProfileOutgoingModel`, and its root element in XML. The members stand in the order
/// of both formats.
///
/// Invented: its namespace, which no sample shows; it is taken to be that of the request.
fn envelope(
    code: &str,
    description: &str,
    response: Value,
) -> (StatusCode, BytesStart<'static>, Value) {
    let root = BytesStart::new("ProfileOutgoingModel")
        .with_attributes([("xmlns:i", INSTANCE), ("xmlns", NAMESPACE)]);
    let message = json!({ "Code": code, "Description": description });
    (StatusCode::OK, root, json!({ "Message": message, "Response": response }))
}

/// Writes an element as the serializer writes a tree of texts and nulls, and as `HttpError` writes
/// itself: the messages of a member stand in one text, with spaces between them.
fn write(
    writer: &mut Writer<Vec<u8>>,
    start: BytesStart<'static>,
    value: &Value,
) -> io::Result<()> {
    if value.is_null() {
        return writer.write_event(Event::Empty(start.with_attributes([("i:nil", "true")])));
    }
    let end = BytesEnd::new(start.name().into_inner().to_owned());
    writer.write_event(Event::Start(start))?;
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                write(writer, BytesStart::new(name.clone()), value)?;
            }
        }
        Value::Array(messages) => {
            let messages: Vec<_> = messages.iter().filter_map(Value::as_str).collect();
            write_text(writer, &messages.join(" "))?;
        }
        value => write_text(writer, value.as_str().unwrap_or_default())?,
    }
    writer.write_event(Event::End(end))
}

fn write_text(writer: &mut Writer<Vec<u8>>, text: &str) -> io::Result<()> {
    writer.write_event(Event::Text(BytesText::from_escaped(partial_escape(text))))
}
