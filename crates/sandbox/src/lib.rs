//! A local server that behaves as the published APIs do.

mod payments;
