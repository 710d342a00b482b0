//! Connections that belong to a tokio runtime.
//!
//! The app server's workers have a runtime each, of one thread. A connection is driven by the runtime on which it was
//! opened: where that is the caller's own, no other thread has to be woken for a request and for its answer.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use tokio::runtime::{Handle, Id};

/// One `T` for each runtime that asks for it. To be used within a runtime only.
#[derive(Debug)]
pub struct PerRuntime<T>(RwLock<HashMap<Id, Arc<T>>>);

impl<T: Default> PerRuntime<T> {
    /// That of the runtime that the caller runs on.
    ///
    /// # Panics
    ///
    /// Outside of a runtime, as all that opens connections does.
    pub fn here(&self) -> Arc<T> {
        let id = Handle::current().id();
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.get(&id) {
            return known.clone();
        }
        drop(known);
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        all.entry(id).or_default().clone()
    }
}

impl<T> Default for PerRuntime<T> {
    fn default() -> Self {
        PerRuntime(RwLock::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_runtime_has_its_own() {
        let per_runtime = PerRuntime::<u8>::default();
        let runtime = || {
            tokio::runtime::Builder::new_current_thread()
                .build()
                .expect("a runtime")
        };
        let (one, two) = (runtime(), runtime());
        let of_one = one.block_on(async { per_runtime.here() });
        let again = one.block_on(async { per_runtime.here() });
        let of_two = two.block_on(async { per_runtime.here() });
        assert!(Arc::ptr_eq(&of_one, &again));
        assert!(!Arc::ptr_eq(&of_one, &of_two));
    }
}
