#![doc = include_str!("../README.md")]

mod answer;
mod connection;
mod difference;
mod expectation;
mod request;
mod server;

pub use answer::Answer;
pub use bytes::Bytes;
pub use connection::{ResetConnection, Truncated, serve};
pub use expectation::{Expect, Expectation};
pub use request::Request;
pub use server::{Mock, MockServer};
