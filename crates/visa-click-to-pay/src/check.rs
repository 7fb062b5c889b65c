//! What can be told of a request before it is sent.
//!
//! The API accepts a request at once and tells in an event, minutes later, that a field was
//! missing. The contract's array limits and the fields that the enrolment page calls mandatory in
//! its prose can be looked at here.

use std::fmt;

use crate::types::{ClickToPayCustomerInfo, ClickToPayEnrollData, ClickToPayUpdateCustomerRequest};

/// How many items `emails`, `phones` and `national_identifiers` may have. An empty list is not
/// sent at all, so the lower limit of 1 can't be missed.
const MOST_ITEMS: usize = 5;

/// Fields without which enrolment succeeds only where Pismo holds their values already.
///
/// Told by [`ClickToPayEnrollData::check`]. The enrolment page: "The following fields are mandatory […] If not passed and not found internally, an
/// error is returned." The caller knows what Pismo holds, and may send the request nevertheless.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[must_use]
pub struct Advice {
    missing: Vec<&'static str>,
}

impl Advice {
    /// JSON pointers (RFC 6901) of the missing fields, in the request body, such as
    /// `/customer_information/phones`.
    #[must_use]
    pub fn missing(&self) -> &[&'static str] {
        &self.missing
    }

    /// Whether nothing is missing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.missing.is_empty()
    }
}

impl fmt::Display for Advice {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("nothing that enrolment needs is missing");
        }
        let missing = self.missing.join(", ");
        write!(f, "enrolment fails unless Pismo holds values for {missing}")
    }
}

/// A list with more items than the contract allows: five each of `emails`, `phones` and
/// `national_identifiers`.
///
/// Source: their limits on the pages, which are written as those of a string and corrected to
/// `maxItems`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// JSON pointer (RFC 6901) of the list, in the request body, such as
    /// `/customer_information/emails`.
    pub path: &'static str,
    /// How many items it has.
    pub items: usize,
    /// How many it may have.
    pub most: usize,
}

/// The lists that are longer than the contract allows; the API would refuse the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LimitError {
    violations: Vec<Violation>,
}

impl LimitError {
    /// Each list that is too long; at least one.
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }
}

impl fmt::Display for LimitError {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, Violation { path, items, most }) in self.violations.iter().enumerate() {
            let separator = if index == 0 { "" } else { ", " };
            write!(f, "{separator}{path} has {items} items of at most {most}")?;
        }
        Ok(())
    }
}

impl std::error::Error for LimitError {}

impl ClickToPayEnrollData {
    /// Looks at the request before it is sent. Nothing is sent by it, and sending does not ask for
    /// it.
    ///
    /// The fields are those that the enrolment page calls mandatory: `first_name`, `last_name`,
    /// `emails`, `phones` and `billing_address`.
    ///
    /// # Errors
    /// When `emails`, `phones` or `national_identifiers` has more than five items.
    #[inline]
    pub fn check(&self) -> Result<Advice, LimitError> {
        let customer = &self.customer_information;
        check_lists(customer)?;
        let mandatory = [
            ("/customer_information/first_name", customer.first_name.is_some()),
            ("/customer_information/last_name", customer.last_name.is_some()),
            ("/customer_information/emails", given(&customer.emails) > 0),
            ("/customer_information/phones", given(&customer.phones) > 0),
            ("/card_information/billing_address", self.card_information.billing_address.is_some()),
        ];
        let missing = mandatory
            .into_iter()
            .filter_map(|(path, present)| (!present).then_some(path))
            .collect();
        Ok(Advice { missing })
    }
}

impl ClickToPayUpdateCustomerRequest {
    /// Looks at the request before it is sent; fields that are missing are not updated.
    ///
    /// # Errors
    /// When `emails`, `phones` or `national_identifiers` has more than five items.
    #[inline]
    pub fn check(&self) -> Result<(), LimitError> {
        self.customer_information.as_ref().map_or(Ok(()), check_lists)
    }
}

/// The number of items in a list that may be left out.
fn given<T>(list: &Option<Vec<T>>) -> usize {
    list.as_ref().map_or(0, Vec::len)
}

#[inline]
fn check_lists(customer: &ClickToPayCustomerInfo) -> Result<(), LimitError> {
    let lists = [
        ("/customer_information/emails", given(&customer.emails)),
        ("/customer_information/phones", given(&customer.phones)),
        ("/customer_information/national_identifiers", given(&customer.national_identifiers)),
    ];
    let violations: Vec<_> = lists
        .into_iter()
        .filter(|(_, items)| *items > MOST_ITEMS)
        .map(|(path, items)| Violation { path, items, most: MOST_ITEMS })
        .collect();
    if violations.is_empty() { Ok(()) } else { Err(LimitError { violations }) }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn enrolment(card: Value, customer: Value) -> ClickToPayEnrollData {
        serde_json::from_value(json!({
            "owner_bid": "1",
            "card_information": card,
            "customer_information": customer,
        }))
        .unwrap()
    }

    #[test]
    fn each_field_that_the_page_calls_mandatory_is_named_by_its_path() {
        let bare = enrolment(json!({"card_id": 1}), json!({"locale": "en_US"}));
        let advice = bare.check().unwrap();
        assert_eq!(
            advice.missing(),
            [
                "/customer_information/first_name",
                "/customer_information/last_name",
                "/customer_information/emails",
                "/customer_information/phones",
                "/card_information/billing_address",
            ]
        );
        assert!(advice.to_string().contains("/customer_information/phones"));
    }

    #[test]
    fn a_whole_enrolment_needs_no_advice() {
        let whole = enrolment(
            json!({"card_id": 1, "billing_address": {"city": "Rio"}}),
            json!({"locale": "en_US", "first_name": "A", "last_name": "B",
                   "emails": ["a@example.com"], "phones": ["1"]}),
        );
        assert!(whole.check().unwrap().is_empty());
    }

    #[test]
    fn a_list_that_is_too_long_is_an_error_whatever_is_missing() {
        let six = ["x"; 6];
        let customer = json!({"locale": "en_US", "emails": six, "phones": six});
        let error = enrolment(json!({"card_id": 1}), customer.clone()).check().unwrap_err();
        let paths: Vec<_> = error.violations().iter().map(|violation| violation.path).collect();
        assert_eq!(paths, ["/customer_information/emails", "/customer_information/phones"]);
        assert_eq!(error.violations()[0].items, 6);

        let update: ClickToPayUpdateCustomerRequest =
            serde_json::from_value(json!({"owner_bid": "1", "customer_information": customer}))
                .unwrap();
        assert_eq!(update.check().unwrap_err(), error);
    }

    #[test]
    fn an_update_may_leave_everything_out() {
        let update: ClickToPayUpdateCustomerRequest =
            serde_json::from_value(json!({"owner_bid": "1"})).unwrap();
        assert_eq!(update.check(), Ok(()));
    }
}
