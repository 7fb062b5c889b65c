//! Typed client for Visa Click to Pay on Pismo.
