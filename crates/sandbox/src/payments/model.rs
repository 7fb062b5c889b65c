//! The model that the service reads a request into, and what its validation says.
//!
//! Both formats read the same members by the same table, each by its own rules. Of all texts only
//! the four that the service acts on are taken out of the body; a card and an address are checked
//! for their form and left where they are.

use serde_json::{Map, Value};
use zeroize::Zeroizing;

/// What a member may hold.
pub(super) enum Shape {
    /// A string or null.
    Text,
    /// A boolean or null.
    Flag,
    /// An object with these members, or null.
    Object(&'static [(&'static str, Shape)]),
}

use Shape::{Flag, Object, Text};

/// The name of the model, which is the root element in XML.
pub(super) const ROOT_NAME: &str = "PaymentProfileUpdateBindingModel";

/// The model's members, at every level in the ordinal order of their names.
///
/// Source: the request samples of the help page.
pub(super) const ROOT: Shape = Object(&[
    ("Authentication", Object(&[("Id", Text), ("Key", Text)])),
    (
        "Request",
        Object(&[
            ("Authorizer", Text),
            ("CustomerProfileId", Text),
            ("PaymentProfileId", Text),
            ("UpdateDateTime", Text),
            (
                "Updates",
                Object(&[
                    (
                        "BillingAddress",
                        Object(&[
                            ("ApartmentNumber", Text),
                            ("City", Text),
                            ("County", Text),
                            ("HouseNumber", Text),
                            ("State", Text),
                            ("Street", Text),
                            ("Street2", Text),
                            ("Zip", Text),
                        ]),
                    ),
                    ("Card", Object(&[("CVV", Text), ("ExpiryDate", Text)])),
                    ("MakeDefault", Flag),
                ]),
            ),
        ]),
    ),
]);

/// A text that the service acts on, or null; wiped when it is let go.
pub(super) type Kept = Option<Zeroizing<String>>;

/// What the service acts on; an object that is null or absent is `None`.
///
/// It has no `Debug`, because it holds a key.
#[derive(Default)]
pub(super) struct Model {
    pub(super) authentication: Option<Authentication>,
    pub(super) request: Option<Request>,
}

/// `AuthenticationModel`.
#[derive(Default)]
pub(super) struct Authentication {
    pub(super) id: Kept,
    pub(super) key: Kept,
}

/// `PaymentProfileUpdateRequestModel`, as far as it is kept.
#[derive(Default)]
pub(super) struct Request {
    pub(super) customer_profile_id: Kept,
    pub(super) payment_profile_id: Kept,
}

impl Model {
    /// Notes that there is an object at a path; one that is there already keeps its members.
    pub(super) fn object(&mut self, path: &[&str]) {
        match path {
            ["Authentication"] => drop(self.authentication.get_or_insert_default()),
            ["Request"] => drop(self.request.get_or_insert_default()),
            _ => {}
        }
    }

    /// Sets what is at a path to null.
    pub(super) fn null(&mut self, path: &[&str]) {
        match path {
            ["Authentication"] => self.authentication = None,
            ["Request"] => self.request = None,
            _ => {
                if let Some(text) = self.kept(path) {
                    *text = None;
                }
            }
        }
    }

    /// The text at a path, if it is one that the service acts on.
    pub(super) fn kept(&mut self, path: &[&str]) -> Option<&mut Kept> {
        match path {
            ["Authentication", "Id"] => Some(&mut self.authentication.as_mut()?.id),
            ["Authentication", "Key"] => Some(&mut self.authentication.as_mut()?.key),
            ["Request", "CustomerProfileId"] => {
                Some(&mut self.request.as_mut()?.customer_profile_id)
            }
            ["Request", "PaymentProfileId"] => Some(&mut self.request.as_mut()?.payment_profile_id),
            _ => None,
        }
    }

    /// Notes the members that the page calls required and that are missing.
    pub(super) fn validate(&self, state: &mut ModelState) {
        if self.authentication.is_none() {
            state.required("Authentication");
        }
        if self.request.is_none() {
            state.required("Request");
        }
    }
}

/// What is wrong with a model: messages by the path of the member, as ASP.NET's `ModelState`.
#[derive(Default)]
pub(super) struct ModelState(Map<String, Value>);

impl ModelState {
    /// Notes that reading a member failed.
    ///
    /// The exception's own message is for callers on the service's machine only
    /// (`IncludeErrorDetailPolicy`); others get this one.
    pub(super) fn exception(&mut self, path: &[&str]) {
        self.add(path, "An error has occurred.".to_owned());
    }

    fn required(&mut self, member: &str) {
        self.add(&[member], format!("The {member} field is required."));
    }

    /// Invented: the prefix `model`, which is the name of a parameter in the service's code. It is
    /// what most services of this kind call it.
    fn add(&mut self, path: &[&str], message: String) {
        let key = [&["model"], path].concat().join(".");
        let messages = self.0.entry(key).or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(messages) = messages {
            messages.push(message.into());
        }
    }

    pub(super) fn is_valid(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn into_value(self) -> Value {
        Value::Object(self.0)
    }
}
