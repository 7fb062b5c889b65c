//! A stream that is asked for again where it broke off.

use std::pin::Pin;
use std::time::Duration;

use reqwest::header::{HeaderName, HeaderValue};

use super::Session;
use crate::outgoing::Outgoing;
use crate::{Failure, OperationInfo, Response};

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// What asks for the same stream again: credentials and limits are those of any call.
pub(crate) struct Again {
    session: Session,
    outgoing: Outgoing,
    info: OperationInfo,
}

/// An answer that is on its way.
pub(crate) type Opening = Pin<Box<dyn Future<Output = Result<Response, Failure>> + Send>>;

impl Again {
    /// None for a request whose body can't be sent twice.
    pub(crate) fn of(
        session: &Session,
        outgoing: &Outgoing,
        info: &OperationInfo,
    ) -> Option<Box<Self>> {
        let outgoing = outgoing.again()?;
        Some(Box::new(Self { session: session.clone(), outgoing, info: *info }))
    }

    /// Asks for what comes behind the event `last`, after a wait.
    pub(crate) fn open(&self, last: Option<&str>, wait: Duration) -> Option<Opening> {
        let mut outgoing = self.outgoing.again()?;
        // An id that no header can hold resumes nothing.
        let last = last.filter(|id| !id.is_empty()).and_then(|id| HeaderValue::from_str(id).ok());
        if let Some(id) = last {
            outgoing.headers.set(LAST_EVENT_ID, id);
        }
        let (session, info) = (self.session.clone(), self.info);
        Some(Box::pin(async move {
            session.shared.clock.sleep(wait).await;
            session.send(outgoing, &info).await
        }))
    }
}
