//! Typed client for the payment-profile update of a payments service.
