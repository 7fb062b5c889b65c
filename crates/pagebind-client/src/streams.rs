//! What answers that are streams of values have in common: server-sent events, and JSON line by line.
//!
//! Such an answer has no end that is known before, so no time limit holds for the whole of it: what
//! bounds it is [`Limits::read`](crate::Limits::read), the time without a single byte, and
//! [`Limits::response_body`](crate::Limits::response_body), the length of one value.

use bytes::Bytes;
use serde::de::DeserializeOwned;

use crate::Failure;
use crate::response::{Head, without_bom};

pub(crate) fn read_json<T: DeserializeOwned>(head: &Head, text: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(without_bom(text))
        .map_err(|error| Failure::undecodable(head, &error, Bytes::copy_from_slice(text)))
}
