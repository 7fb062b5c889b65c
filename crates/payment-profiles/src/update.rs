//! What a caller wants changed: the `Request` member, less what can't be changed.

use crate::{Cvv, ExpiryDate, UpdateDateTime, private::Private};

/// One payment profile and the changes to it.
///
/// Only what is set is sent, and only what is sent is changed. The card number, the cardholder
/// name and the billing country cannot be changed by the service, so there is no way to set
/// them:
///
/// ```compile_fail
/// # use payment_profiles::ProfileUpdate;
/// ProfileUpdate::new("123456789", "987654321", "Sierra").card_number("4111111111111111");
/// ```
///
/// Texts have no published limits and are sent as they are; an empty one is sent as an empty
/// one. `Debug` shows which changes are set, and none of their values. Drop the value once the
/// call is done: a [`Cvv`] in it is wiped then.
///
/// Source: `PaymentProfileUpdateRequestModel` on the help page, and its samples.
#[derive(Clone, Debug)]
#[must_use]
pub struct ProfileUpdate {
    pub(crate) customer_profile_id: Option<Private<String>>,
    pub(crate) payment_profile_id: Private<String>,
    pub(crate) authorizer: String,
    pub(crate) expiry_date: Option<ExpiryDate>,
    pub(crate) cvv: Option<Cvv>,
    pub(crate) billing_address: BillingAddress,
    pub(crate) make_default: Option<bool>,
    pub(crate) update_date_time: Option<UpdateDateTime>,
}

/// `Updates.BillingAddress`; flat in [`ProfileUpdate`]'s setters, where no other address is.
#[derive(Clone, Debug, Default)]
pub(crate) struct BillingAddress {
    pub(crate) house_number: Option<Private<String>>,
    pub(crate) apartment_number: Option<Private<String>>,
    pub(crate) street: Option<Private<String>>,
    pub(crate) street2: Option<Private<String>>,
    pub(crate) city: Option<Private<String>>,
    pub(crate) zip: Option<Private<String>>,
    pub(crate) county: Option<Private<String>>,
    pub(crate) state: Option<Private<String>>,
}

impl ProfileUpdate {
    /// An update of a customer's payment profile that changes nothing yet.
    ///
    /// Both ids are the service's, nine digits each in its samples. What the authorizer means
    /// is not published; the samples say "Sierra".
    pub fn new(
        customer_profile_id: impl Into<String>,
        payment_profile_id: impl Into<String>,
        authorizer: impl Into<String>,
    ) -> Self {
        Self {
            customer_profile_id: Some(Private(customer_profile_id.into())),
            ..Self::without_customer(payment_profile_id, authorizer)
        }
    }

    /// The same for a payment profile that belongs to no customer profile.
    ///
    /// The service gives the `CustomerProfileId` of a profile that was registered for payment
    /// only as null, and this sends it back as null. Whether it takes that here is not
    /// published.
    pub fn without_customer(
        payment_profile_id: impl Into<String>,
        authorizer: impl Into<String>,
    ) -> Self {
        Self {
            customer_profile_id: None,
            payment_profile_id: Private(payment_profile_id.into()),
            authorizer: authorizer.into(),
            expiry_date: None,
            cvv: None,
            billing_address: BillingAddress::default(),
            make_default: None,
            update_date_time: None,
        }
    }

    /// Changes the card's expiry date, sent as `MM/YY`.
    pub fn expiry_date(mut self, date: ExpiryDate) -> Self {
        self.expiry_date = Some(date);
        self
    }

    /// Changes the card verification code, 3 or 4 digits. It is wiped from memory with this value.
    pub fn cvv(mut self, cvv: Cvv) -> Self {
        self.cvv = Some(cvv);
        self
    }

    /// Changes the house number of the billing address.
    pub fn house_number(mut self, house_number: impl Into<String>) -> Self {
        self.billing_address.house_number = Some(Private(house_number.into()));
        self
    }

    /// Changes the apartment number of the billing address.
    pub fn apartment_number(mut self, apartment_number: impl Into<String>) -> Self {
        self.billing_address.apartment_number = Some(Private(apartment_number.into()));
        self
    }

    /// Changes the street of the billing address.
    pub fn street(mut self, street: impl Into<String>) -> Self {
        self.billing_address.street = Some(Private(street.into()));
        self
    }

    /// Changes the second line of the billing address's street.
    pub fn street2(mut self, street2: impl Into<String>) -> Self {
        self.billing_address.street2 = Some(Private(street2.into()));
        self
    }

    /// Changes the city of the billing address.
    pub fn city(mut self, city: impl Into<String>) -> Self {
        self.billing_address.city = Some(Private(city.into()));
        self
    }

    /// Changes the postal code of the billing address.
    pub fn zip(mut self, zip: impl Into<String>) -> Self {
        self.billing_address.zip = Some(Private(zip.into()));
        self
    }

    /// Changes the county of the billing address.
    pub fn county(mut self, county: impl Into<String>) -> Self {
        self.billing_address.county = Some(Private(county.into()));
        self
    }

    /// Changes the state of the billing address; the page's sample is "WA".
    pub fn state(mut self, state: impl Into<String>) -> Self {
        self.billing_address.state = Some(Private(state.into()));
        self
    }

    /// Says whether the profile becomes the customer's default; left out, it stays as it is.
    pub fn make_default(mut self, make_default: bool) -> Self {
        self.make_default = Some(make_default);
        self
    }

    /// Sets the time of the update, in UTC to the second. Left out, it is the second in which the
    /// call is made.
    ///
    /// This is no change in itself: an update with nothing else is not sent.
    pub fn update_date_time(mut self, at: UpdateDateTime) -> Self {
        self.update_date_time = Some(at);
        self
    }
}
