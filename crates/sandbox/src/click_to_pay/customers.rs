//! Who is enrolled, and whose tenant is not served.
//!
//! A customer is known by tenant and id alone; nothing else of a request is kept.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The customers of every tenant.
#[derive(Default)]
pub(crate) struct Customers(Mutex<HashMap<String, Tenant>>);

#[derive(Default)]
struct Tenant {
    is_off: bool,
    enrolled: HashSet<i64>,
}

/// Why a customer can't be had as asked; each has its message on the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    AlreadyEnrolled,
    NotEnrolled,
    TenantOff,
}

impl Customers {
    /// Enrols a customer who is not enrolled, or only looks whether that could be `done`.
    pub(crate) fn enroll(&self, tenant: &str, customer: i64, done: bool) -> Result<(), Refusal> {
        let mut tenants = self.lock();
        let tenant = served(&mut tenants, tenant)?;
        if tenant.enrolled.contains(&customer) {
            return Err(Refusal::AlreadyEnrolled);
        }
        if done {
            tenant.enrolled.insert(customer);
        }
        Ok(())
    }

    /// Looks whether a customer is enrolled.
    pub(crate) fn find(&self, tenant: &str, customer: i64) -> Result<(), Refusal> {
        self.delete(tenant, customer, false)
    }

    /// Deletes a customer who is enrolled, or only looks whether that could be `done`.
    pub(crate) fn delete(&self, tenant: &str, customer: i64, done: bool) -> Result<(), Refusal> {
        let mut tenants = self.lock();
        let tenant = served(&mut tenants, tenant)?;
        if !tenant.enrolled.contains(&customer) {
            return Err(Refusal::NotEnrolled);
        }
        if done {
            tenant.enrolled.remove(&customer);
        }
        Ok(())
    }

    /// Looks whether Click to Pay is enabled to a tenant.
    pub(crate) fn is_served(&self, tenant: &str) -> Result<(), Refusal> {
        served(&mut self.lock(), tenant).map(|_| ())
    }

    /// Enables Click to Pay to a tenant, or disables it; its customers stay.
    pub(crate) fn serve(&self, tenant: &str, on: bool) {
        self.lock().entry(tenant.to_owned()).or_default().is_off = !on;
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Tenant>> {
        // Every change leaves the map whole, so a panic elsewhere doesn't spoil it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A tenant that is served; one that was not heard of before is.
fn served<'a>(
    tenants: &'a mut HashMap<String, Tenant>,
    tenant: &str,
) -> Result<&'a mut Tenant, Refusal> {
    let tenant = tenants.entry(tenant.to_owned()).or_default();
    if tenant.is_off { Err(Refusal::TenantOff) } else { Ok(tenant) }
}
