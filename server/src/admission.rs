//! How many connections or sockets one client address may hold. How many sockets an account
//! may hold is the product's rule (`protocol::limits::CONNECTIONS_PER_USER`).

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use crate::network::customer;

/// Counts what is held by address.
pub(crate) struct Admission {
    most: usize,
    held: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// A place, given back when dropped.
pub(crate) struct Admitted {
    network: IpAddr,
    held: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

impl Admission {
    pub(crate) fn new(most: usize) -> Self {
        Self {
            most,
            held: Arc::default(),
        }
    }

    /// A place for this address: `Err` if it holds too many, `Ok(None)` if it is
    /// not counted because it is this machine.
    pub(crate) fn admit(&self, address: IpAddr) -> Result<Option<Admitted>, Full> {
        if address.to_canonical().is_loopback() {
            return Ok(None);
        }
        let network = customer(address);
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let count = held.entry(network).or_default();
        if *count >= self.most {
            return Err(Full);
        }
        *count += 1;
        Ok(Some(Admitted {
            network,
            held: Arc::clone(&self.held),
        }))
    }
}

/// The address holds as much as it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Full;

impl Drop for Admitted {
    fn drop(&mut self) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = held.get_mut(&self.network) {
            *count -= 1;
            if *count == 0 {
                held.remove(&self.network);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_gets_its_places_back() {
        let admission = Admission::new(2);
        let address: IpAddr = "203.0.113.1".parse().unwrap();
        let first = admission.admit(address).unwrap();
        let _second = admission.admit(address).unwrap();
        assert!(admission.admit(address).is_err());
        assert!(admission.admit("203.0.113.2".parse().unwrap()).is_ok());
        drop(first);
        assert!(admission.admit(address).is_ok());
    }

    #[test]
    fn a_network_of_64_bits_is_one_client() {
        let admission = Admission::new(1);
        let _held = admission.admit("2001:db8:1:2::1".parse().unwrap()).unwrap();
        assert!(
            admission
                .admit("2001:db8:1:2:ffff::9".parse().unwrap())
                .is_err()
        );
        assert!(admission.admit("2001:db8:1:3::1".parse().unwrap()).is_ok());
    }

    #[test]
    fn nothing_is_kept_of_an_address_that_left() {
        let admission = Admission::new(1);
        drop(admission.admit("203.0.113.1".parse().unwrap()));
        assert!(admission.held.lock().unwrap().is_empty());
    }
}
