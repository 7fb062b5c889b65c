//! How long a request may take and how much may come back.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use reqwest::redirect::Policy;

use crate::BaseUrl;

/// The limits of each try; [`RetryPolicy::deadline`](crate::RetryPolicy::deadline) bounds all
/// tries together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Until the connection stands, TLS included. Default: 10 s.
    pub connect: Duration,
    /// Without a single byte from the server. Default: 30 s.
    pub read: Duration,
    /// From the start of a try to the last byte of its response. Default: 60 s.
    pub total: Duration,
    /// Bytes of a response body that is read into memory. Default: 1 MiB.
    pub response_body: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            read: Duration::from_secs(30),
            total: Duration::from_secs(60),
            response_body: 1024 * 1024,
        }
    }
}

impl Limits {
    /// Finishes `builder` with these limits, and with what keeps a request at its destination: no
    /// redirects, no retries but ours, HTTPS only, and no proxy where HTTP is plain.
    ///
    /// # Errors
    /// When the TLS backend can't be set up.
    pub fn http_client(
        &self,
        builder: reqwest::ClientBuilder,
        base: &BaseUrl,
    ) -> reqwest::Result<reqwest::Client> {
        let builder = builder
            .connect_timeout(self.connect)
            .read_timeout(self.read)
            .timeout(self.total)
            .redirect(Policy::none())
            // Without a number of its own it would copy each request for a retry that never comes.
            .retry(reqwest::retry::never().max_retries_per_request(0))
            // Another crate of the build may turn these on; requests go out the same all the same.
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .no_deflate()
            // It would write every byte to the log.
            .connection_verbose(false);
        if base.takes_plain_http() {
            // A proxy could read what goes in the clear, and would take it off the machine; so would
            // a resolver that is made to say anything else of `localhost`.
            let loopback = [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
            let loopback = loopback.map(|address: IpAddr| (address, 0).into());
            builder.no_proxy().resolve_to_addrs("localhost", &loopback).build()
        } else {
            builder.https_only(true).build()
        }
    }
}
