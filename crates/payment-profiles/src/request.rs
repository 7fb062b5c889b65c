//! The request as the page describes it: names, nesting and order, stated once.
//!
//! Both formats write the same tree. JSON writes members as they stand here, which is the order
//! of the page's JSON sample; XML sorts them at every level, which is the order of its XML
//! sample. Members that are not set are not in the tree.

use serde::{Serialize, Serializer, ser::SerializeMap};

use crate::{Credentials, ProfileUpdate, UpdateDateTime, private::Private};

/// The model's name, which is the root element in XML.
#[cfg(feature = "xml")]
pub(crate) const ROOT: &str = "PaymentProfileUpdateBindingModel";

/// An object's members, in the page's order.
pub(crate) type Members<'a> = Vec<(&'static str, Value<'a>)>;

/// What a member holds; texts are borrowed, so that the tree copies no secret.
pub(crate) enum Value<'a> {
    Text(&'a str),
    Bool(bool),
    Null,
    Object(Members<'a>),
}

/// The texts of an update that no field holds in the form in which they are sent.
pub(crate) struct Formatted {
    expiry_date: Option<String>,
    update_date_time: String,
}

impl Formatted {
    pub(crate) fn of(update: &ProfileUpdate, at: UpdateDateTime) -> Self {
        Self {
            expiry_date: update.expiry_date.map(|date| date.to_string()),
            update_date_time: at.to_string(),
        }
    }
}

/// The whole request, or `None` if it would change nothing.
pub(crate) fn request<'a>(
    credentials: &'a Credentials,
    update: &'a ProfileUpdate,
    formatted: &'a Formatted,
) -> Option<Value<'a>> {
    let updates = updates(update, formatted);
    if updates.is_empty() {
        return None;
    }
    let customer = match &update.customer_profile_id {
        Some(Private(id)) => Value::Text(id),
        None => Value::Null,
    };
    Some(Value::Object(vec![
        (
            "Authentication",
            Value::Object(vec![
                ("Id", Value::Text(credentials.id())),
                ("Key", Value::Text(credentials.key())),
            ]),
        ),
        (
            "Request",
            Value::Object(vec![
                ("CustomerProfileId", customer),
                ("PaymentProfileId", Value::Text(&update.payment_profile_id.0)),
                ("Authorizer", Value::Text(&update.authorizer)),
                ("Updates", Value::Object(updates)),
                ("UpdateDateTime", Value::Text(&formatted.update_date_time)),
            ]),
        ),
    ]))
}

fn updates<'a>(update: &'a ProfileUpdate, formatted: &'a Formatted) -> Members<'a> {
    let address = &update.billing_address;
    let card = texts([
        ("ExpiryDate", formatted.expiry_date.as_deref()),
        ("CVV", update.cvv.as_ref().map(|cvv| cvv.expose())),
    ]);
    let billing_address = texts([
        ("HouseNumber", text(&address.house_number)),
        ("ApartmentNumber", text(&address.apartment_number)),
        ("Street", text(&address.street)),
        ("Street2", text(&address.street2)),
        ("City", text(&address.city)),
        ("Zip", text(&address.zip)),
        ("County", text(&address.county)),
        ("State", text(&address.state)),
    ]);
    let mut updates = Members::new();
    if !card.is_empty() {
        updates.push(("Card", Value::Object(card)));
    }
    if !billing_address.is_empty() {
        updates.push(("BillingAddress", Value::Object(billing_address)));
    }
    if let Some(make_default) = update.make_default {
        updates.push(("MakeDefault", Value::Bool(make_default)));
    }
    updates
}

fn text(value: &Option<Private<String>>) -> Option<&str> {
    value.as_ref().map(|Private(text)| text.as_str())
}

fn texts<'a, const N: usize>(members: [(&'static str, Option<&'a str>); N]) -> Members<'a> {
    let set = |(name, text): (_, Option<_>)| Some((name, Value::Text(text?)));
    members.into_iter().filter_map(set).collect()
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Null => serializer.serialize_unit(),
            Self::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (name, value) in members {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
        }
    }
}
