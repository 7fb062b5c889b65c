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

/// What an operation does to a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Enrols one who is not enrolled.
    Enroll,
    /// Changes one who is enrolled, of whom nothing is known here that could change.
    Update,
    /// Deletes one who is enrolled.
    Delete,
    /// Nothing.
    None,
}

/// Why a customer can't be had as asked; each has its message on the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    AlreadyEnrolled,
    NotEnrolled,
    TenantOff,
}

impl Customers {
    /// Looks whether an operation can be carried out, and does so unless it `fails_later`.
    pub(crate) fn accept(
        &self,
        tenant: &str,
        customer: i64,
        effect: Effect,
        fails_later: bool,
    ) -> Result<(), Refusal> {
        let mut tenants = self.lock();
        let tenant = tenants.entry(tenant.to_owned()).or_default();
        let is_enrolled = tenant.enrolled.contains(&customer);
        match effect {
            _ if tenant.is_off => return Err(Refusal::TenantOff),
            Effect::Enroll if is_enrolled => return Err(Refusal::AlreadyEnrolled),
            Effect::Update | Effect::Delete if !is_enrolled => return Err(Refusal::NotEnrolled),
            Effect::Enroll if !fails_later => {
                tenant.enrolled.insert(customer);
            }
            Effect::Delete if !fails_later => {
                tenant.enrolled.remove(&customer);
            }
            _ => {}
        }
        Ok(())
    }

    /// Enables Click to Pay to a tenant, or disables it; its customers stay.
    pub(crate) fn enable(&self, tenant: &str, enabled: bool) {
        self.lock().entry(tenant.to_owned()).or_default().is_off = !enabled;
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Tenant>> {
        // Every change leaves the map whole, so a panic elsewhere doesn't spoil it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
