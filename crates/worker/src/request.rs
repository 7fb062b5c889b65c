//! A request as it lies in its stream: whom to enrol, and under which correlation id.
//!
//! The id is the message's own. Whoever publishes it chooses it, once, so that a message which is
//! published, delivered or sent again is the same request all the way to its event.

use std::error::Error;

use serde::{Deserialize, Serialize};
use serde_json::json;
use visa_click_to_pay::CorrelationId;
use visa_click_to_pay::types::ClickToPayEnrollData;

use crate::broker::{Broker, REQUESTS};
use crate::settings;

/// A message of the stream of requests. It holds personal data.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Request {
    pub(crate) correlation_id: String,
    /// Pismo's id of the customer.
    pub(crate) customer: i64,
    /// The account whose token the request takes.
    pub(crate) account: String,
    pub(crate) enrolment: ClickToPayEnrollData,
}

/// Why a message is no request. It repeats nothing of the message.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RequestError {
    // serde's own message may quote a value.
    #[error("the message is no request, at column {0}")]
    Form(usize),
    #[error("the correlation id is none")]
    CorrelationId,
    #[error(transparent)]
    Limit(#[from] visa_click_to_pay::LimitError),
}

impl Request {
    /// Reads a message.
    pub(crate) fn read(message: &[u8]) -> Result<(Self, CorrelationId), RequestError> {
        let request: Self =
            serde_json::from_slice(message).map_err(|error| RequestError::Form(error.column()))?;
        let id = CorrelationId::new(&request.correlation_id);
        let id = id.map_err(|_| RequestError::CorrelationId)?;
        let _ = request.enrolment.check()?;
        Ok((request, id))
    }
}

/// Publishes requests for customers who do not exist.
pub(crate) async fn submit_made_up(
    broker: &Broker,
    count: i64,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let account = settings::variable("CLICK_TO_PAY_ACCOUNT")?;
    for customer in 1..=count {
        let correlation_id = CorrelationId::random().to_string();
        let request = Request {
            correlation_id: correlation_id.clone(),
            customer,
            account: account.clone(),
            enrolment: made_up(customer)?,
        };
        broker.publish(REQUESTS, &correlation_id, &request).await?;
    }
    Ok(())
}

pub(crate) fn made_up(customer: i64) -> Result<ClickToPayEnrollData, serde_json::Error> {
    serde_json::from_value(json!({
        "owner_bid": "1000052",
        "card_information": {
            "card_id": 6_000_000 + customer,
            "billing_address": {
                "address_line1": "1000 Market Street",
                "city": "San Francisco",
                "state": "CA",
                "postal_code": "94105",
                "country_code": "USA",
            },
        },
        "customer_information": {
            "locale": "en_US",
            "first_name": "Alex",
            "last_name": "Miller",
            "emails": [format!("alex.miller.{customer}@example.com")],
            "phones": ["5545999999999"],
        },
    }))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;

    #[test]
    fn what_is_no_request_is_told_without_its_words() {
        let request = Request {
            correlation_id: "two words".to_owned(),
            customer: 1,
            account: "1".to_owned(),
            enrolment: made_up(1).unwrap(),
        };
        let message = serde_json::to_vec(&request).unwrap();
        let error = Request::read(&message).err().unwrap();
        assert_eq!(error.to_string(), "the correlation id is none");
        let error = Request::read(br#"{"customer":"marker"}"#).err().unwrap();
        assert!(!format!("{error} {error:?}").contains("marker"), "{error}");
    }
}
