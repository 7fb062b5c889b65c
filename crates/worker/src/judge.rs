//! What an error of the API means to a message: it is done, comes again, or goes to the dead letters.

use std::time::Duration;

use visa_click_to_pay::types::EnrollCustomerError;
use visa_click_to_pay::{ClickToPayError, Error, ErrorKind, KnownMessage};

use crate::settings::tell;

/// What becomes of a message. Reasons hold no personal data.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Its event tells the outcome.
    Accepted,
    /// The customer is enrolled: by an earlier delivery of this message, whose answer was lost, or by
    /// somebody else.
    EnrolledBefore,
    /// It may succeed later, not before so long.
    Later(String, Option<Duration>),
    /// It can't succeed as it is.
    Dead(String),
    /// No message can: credentials or tenant are wrong.
    Stop(String),
}

/// The client has already sent the request several times where that could help, and has renewed the
/// token. A worker that was `admitted`, for whatever account, has credentials that are right: if one account gets
/// no token, it is that account.
pub(crate) fn judge(error: &Error<EnrollCustomerError>, admitted: bool) -> Verdict {
    match (error.kind(), error.known_message(), error.bad_request()) {
        (_, Some(KnownMessage::CustomerAlreadyEnrolled), _) => Verdict::EnrolledBefore,
        (_, Some(KnownMessage::TenantNotEnabled), _) => Verdict::Stop(tell(error)),
        (ErrorKind::Token, ..) if !error.is_transient() && !admitted => Verdict::Stop(tell(error)),
        (ErrorKind::InvalidRequest, ..) => Verdict::Dead(tell(error)),
        (_, _, Some(_)) => Verdict::Dead(tell(error)),
        // A token that is refused although it was renewed, a limit on the rate, a service or a gateway
        // that is down: all of it may pass.
        _ => Verdict::Later(tell(error), error.retry_after()),
    }
}

/// The longest that the server's own word is kept: a longer one is a mistake, and would hold a message until its
/// stream lets go of it.
const LONGEST_ASKED: Duration = Duration::from_secs(60 * 60);

/// When a message comes again: twice as late each time, from one second to five minutes, not before
/// the server's own word, and spread out so that what failed together does not come back together.
pub(crate) fn pause(deliveries: i64, asked: Option<Duration>) -> Duration {
    let doublings = u32::try_from(deliveries.clamp(1, 10) - 1).unwrap_or_default();
    let grown = Duration::from_secs(1 << doublings).min(Duration::from_secs(300));
    let least = grown.max(asked.unwrap_or_default().min(LONGEST_ASKED));
    least + least.mul_f64(fastrand::f64() / 4.0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use visa_click_to_pay::{Client, Token, TokenError};

    use super::*;
    use crate::request::made_up;

    #[tokio::test]
    async fn an_account_without_a_token_stops_only_a_worker_that_never_had_one() {
        let tokens = || async { Err::<Token, _>(TokenError::new("refused")) };
        let client = Client::builder("http://127.0.0.1:9").tenant("TN").build().unwrap();
        let client = client.with_token(tokens);
        let call = client.enroll_customer().x_customer_id(1).body(made_up(1).unwrap());
        let error = call.send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Token, "{error}");
        assert!(matches!(judge(&error, false), Verdict::Stop(_)));
        assert!(matches!(judge(&error, true), Verdict::Later(_, None)));
    }

    #[test]
    fn a_pause_grows_and_keeps_to_what_the_server_asks() {
        for (deliveries, asked, least) in [
            (1, None, 1),
            (3, None, 4),
            (10, None, 300),
            (i64::MAX, None, 300),
            (1, Some(60), 60),
            (1, Some(1_790_000_000), 3_600),
            (1, Some(u64::MAX), 3_600),
        ] {
            let least = Duration::from_secs(least);
            let pause = pause(deliveries, asked.map(Duration::from_secs));
            assert!(pause >= least && pause <= least.mul_f64(1.25), "{deliveries}: {pause:?}");
        }
    }
}
