//! The payments service, as the ASP.NET Web API behind its help page behaves.
//!
//! One endpoint, `POST api/v1/customer/payments/update`. What a caller meets before the service's
//! own code runs (media types, the order of XML members, the form of errors) is the framework's,
//! and is taken from its published source and from what was measured of its serializers. What
//! neither these nor the page say is marked "invented" where it is written.
//!
//! Nothing that a request carries is kept: a card is checked for its form and never taken out of
//! the body.

mod answer;
mod json;
mod model;
mod negotiate;
#[cfg(test)]
mod tests;
mod xml;

use std::{
    collections::HashMap,
    mem,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Router, body::Bytes, extract::State, http::HeaderMap, response::Response, routing::post,
};
use bytes::BytesMut;
use zeroize::Zeroize;

use answer::Answer;
use model::{Authentication, Model, ModelState, Request};
use negotiate::Format;

/// The customer profile and the payment profile of the page's sample, which bear the same id.
const SAMPLE_PROFILE: &str = "123456789";

/// The payments service: the credentials that it takes and the profiles that it knows.
pub(crate) struct Payments {
    id: String,
    key: String,
    /// The customer profile that each payment profile belongs to.
    profiles: Mutex<HashMap<String, String>>,
}

impl Payments {
    /// A service that takes these credentials and knows the profile of the page's sample,
    /// payment profile 123456789 of customer profile 123456789.
    pub(crate) fn new(id: &str, key: &str) -> Self {
        let service = Self { id: id.to_owned(), key: key.to_owned(), profiles: Mutex::default() };
        service.add_profile(SAMPLE_PROFILE, SAMPLE_PROFILE);
        service
    }

    /// Makes a payment profile known; one that is known already moves to the given customer.
    pub(crate) fn add_profile(&self, customer_profile_id: &str, payment_profile_id: &str) {
        let mut profiles = self.profiles.lock().unwrap_or_else(PoisonError::into_inner);
        profiles.insert(payment_profile_id.to_owned(), customer_profile_id.to_owned());
    }

    /// What the service answers to a body.
    fn update(&self, headers: &HeaderMap, body: &[u8]) -> Answer {
        let mut state = ModelState::default();
        let model = if body.is_empty() {
            // The framework reads nothing then, whatever the media type, and gives the service's
            // code a null; as it does for JSON's and XML's null. Invented: that this code then
            // says that both members are missing.
            Some(Model::default())
        } else {
            match negotiate::request_media_type(headers) {
                Some(media_type) => read(media_type.format, body, &mut state),
                None => return Answer::UnsupportedMediaType(negotiate::sent_media_type(headers)),
            }
        };
        match &model {
            Some(model) => model.validate(&mut state),
            None => state.exception(&[]),
        }
        match model {
            Some(Model { authentication: Some(authentication), request: Some(request) })
                if state.is_valid() =>
            {
                self.update_profile(&authentication, request)
            }
            _ => Answer::InvalidModel(state),
        }
    }

    /// Invented: that credentials are checked before the profile, and that the answer repeats the
    /// customer profile of the request.
    fn update_profile(&self, authentication: &Authentication, request: Request) -> Answer {
        let is =
            |given: &model::Kept, ours: &str| given.as_ref().is_some_and(|id| id.as_str() == ours);
        if !is(&authentication.id, &self.id) || !is(&authentication.key, &self.key) {
            return Answer::Unauthorized;
        }
        match request {
            Request { customer_profile_id, payment_profile_id: Some(payment_profile_id) }
                if self.knows(customer_profile_id.as_deref(), &payment_profile_id) =>
            {
                Answer::Updated { customer_profile_id, payment_profile_id }
            }
            _ => Answer::UnknownProfile,
        }
    }

    /// Invented: that a null customer profile matches by the payment profile alone. The page says
    /// only that it is null "for registering payment only".
    fn knows(&self, customer: Option<&String>, payment_profile_id: &str) -> bool {
        let profiles = self.profiles.lock().unwrap_or_else(PoisonError::into_inner);
        let owner = profiles.get(payment_profile_id);
        owner.is_some_and(|owner| customer.is_none_or(|customer| customer == owner))
    }
}

/// Reads a body, or gives `None` where the framework's reader throws; an error that a reader gets
/// over is noted in `state`.
///
/// Always UTF-8, and a byte order mark is passed over. The framework reads UTF-16 too if `charset`
/// says so, and refuses what is nested more than 256 levels deep.
fn read(format: Format, body: &[u8], state: &mut ModelState) -> Option<Model> {
    let text = str::from_utf8(body).ok()?;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    match format {
        Format::Json => json::read(text, state),
        Format::Xml => xml::read(text),
    }
}

/// Serves `POST /api/v1/customer/payments/update`.
///
/// A body above axum's limit of 2 MiB is refused with 413, as plain text.
pub(crate) fn router(service: Arc<Payments>) -> Router {
    Router::new().route("/api/v1/customer/payments/update", post(update)).with_state(service)
}

async fn update(State(service): State<Arc<Payments>>, headers: HeaderMap, body: Bytes) -> Response {
    let body = Body(body);
    service.update(&headers, &body.0).into_response(negotiate::answer_media_type(&headers))
}

/// The answer where the service's code threw.
pub(crate) fn server_error(headers: &HeaderMap) -> Response {
    Answer::Failed.into_response(negotiate::answer_media_type(headers))
}

/// The body of a request, wiped when the service lets go of it.
struct Body(Bytes);

impl Drop for Body {
    fn drop(&mut self) {
        let _ = wipe(mem::take(&mut self.0));
    }
}

/// Wipes a body that nobody else holds. One that came in a single piece may be a part of the
/// connection's read buffer, which belongs to the server and is given back untouched.
fn wipe(body: Bytes) -> Result<BytesMut, Bytes> {
    let mut body = body.try_into_mut()?;
    body.as_mut().zeroize();
    Ok(body)
}
