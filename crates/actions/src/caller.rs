//! Who asks.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use narrows_store::models::{Realm, User};
use narrows_wire::{RealmId, UserId};

/// An authenticated user, as an action's caller.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Their realm.
    pub realm: Arc<Realm>,
    /// Who they are.
    pub user: Arc<User>,
    /// The program they use, as shown in messages ("website", "ZulipPython" …).
    pub client: String,
    /// SHA-256 in hex of the API key or session token that the request came with.
    pub credential: String,
    /// When the request came in.
    pub asked_at: DateTime<Utc>,
}

/// Somebody without an account, in a realm that has web-public streams.
#[derive(Clone, Debug)]
pub struct Spectator {
    /// The realm they look at.
    pub realm: Arc<Realm>,
}

impl Caller {
    /// The caller's realm.
    pub fn realm_id(&self) -> RealmId {
        self.realm.id()
    }

    /// The caller.
    pub fn user_id(&self) -> UserId {
        self.user.id()
    }
}
