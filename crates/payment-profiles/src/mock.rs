//! Expectations and answers of the update, for tests against a [`MockServer`].
//!
//! They compare requests in JSON. What they hold is for tests: nothing of it is wiped.

pub use pagebind_mock::*;

use serde_json::{Value, json};

use crate::client::UPDATE;
use crate::{Credentials, ProfileUpdate, UpdateDateTime, request};

/// What a server can be told to expect.
pub trait Operations {
    /// Expects a request of [`Client::update`](crate::Client::update).
    fn update(&self) -> Update<'_>;
}

impl Operations for MockServer {
    fn update(&self) -> Update<'_> {
        Update(Expectation::new(self, &UPDATE))
    }
}

/// An expected update; what is not said may be anything.
#[must_use = "nothing is expected before it is said how it is answered"]
pub struct Update<'a>(Expectation<'a>);

impl<'a> From<Expectation<'a>> for Update<'a> {
    fn from(expectation: Expectation<'a>) -> Self {
        Self(expectation)
    }
}

impl<'a> From<Update<'a>> for Expectation<'a> {
    fn from(update: Update<'a>) -> Self {
        update.0
    }
}

impl Update<'_> {
    /// Only requests that change just this, in just this profile; the time counts where it is set.
    pub fn update(self, update: &ProfileUpdate) -> Self {
        let timed = update.update_date_time.is_some();
        let expected = model(update, timed);
        self.matching(move |request| {
            let mut body = request.json::<Value>().unwrap_or_default();
            let mut model = body["Request"].take();
            untimed(&mut model, timed);
            model == expected
        })
    }

    /// Answers with the code `00`: the update is made.
    #[track_caller]
    pub fn updated(self, customer_profile_id: Option<&str>, payment_profile_id: &str) -> Mock {
        self.answer(Answer::json(
            200,
            &json!({
                "Message": { "Code": "00", "Description": "" },
                "Response": {
                    "CustomerProfileId": customer_profile_id,
                    "PaymentProfileId": payment_profile_id,
                },
            }),
        ))
    }

    /// Answers with another code; no other is published, nor the status that it comes with.
    #[track_caller]
    pub fn refused(self, code: &str, description: &str) -> Mock {
        let message = json!({ "Code": code, "Description": description });
        self.answer(Answer::json(200, &json!({ "Message": message, "Response": null })))
    }

    /// Answers with ASP.NET's 400, which names a field and says why.
    #[track_caller]
    pub fn invalid(self, field: &str, message: &str) -> Mock {
        let state = json!({ field: [message] });
        let body = json!({ "Message": "The request is invalid.", "ModelState": state });
        self.answer(Answer::json(400, &body))
    }
}

/// What an update is in a request.
fn model(update: &ProfileUpdate, timed: bool) -> Value {
    let at = update.update_date_time.unwrap_or_else(UpdateDateTime::now);
    let (nobody, formatted) = (Credentials::new("", ""), request::Formatted::of(update, at));
    let request = request::request(&nobody, update, &formatted);
    let mut body = serde_json::to_value(request).unwrap_or_default();
    let mut model = body["Request"].take();
    untimed(&mut model, timed);
    model
}

/// Without a time that nobody set, a request has that of its call.
fn untimed(model: &mut Value, timed: bool) {
    if let (Value::Object(members), false) = (model, timed) {
        members.remove("UpdateDateTime");
    }
}
