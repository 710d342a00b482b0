//! Who asks.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use narrows_store::models::{Realm, User};
use narrows_store::premise::RowVersion;
use narrows_store::{Conn, Tx};
use narrows_wire::{Audience, Event, RealmId, UserId};

use crate::ctx::Ctx;
use crate::error::Result;

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
    /// What proved it; `None`: the server speaks for them.
    pub proof: Option<Proof>,
}

/// Rows that prove who somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proof {
    /// What they came with.
    pub(crate) kind: CredentialKind,
    /// As of which version of the realm.
    pub(crate) realm: RowVersion,
    /// As of which version of the user.
    pub(crate) user: RowVersion,
}

/// What somebody proves with who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum CredentialKind {
    /// A program.
    ApiKey,
    /// A browser.
    Session,
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

    /// A user in whose name the server itself acts.
    pub fn internal(ctx: &Ctx, realm: Realm, user: User) -> Caller {
        Caller {
            realm: Arc::new(realm),
            user: Arc::new(user),
            client: "Internal".to_owned(),
            credential: String::new(),
            asked_at: ctx.clock.now(),
            proof: None,
        }
    }

    /// An event for the caller's own queues.
    pub(crate) fn tell(&self, tx: &mut Tx, event: &Event) -> Result<()> {
        let audience = Audience::users([self.user_id()]);
        Ok(tx.emit(self.realm_id(), audience, event)?)
    }

    /// The same caller, with realm and user as `conn` sees them now.
    pub(crate) async fn refreshed(&self, conn: &mut Conn) -> Result<Caller> {
        Ok(Caller {
            realm: Arc::new(Realm::find(conn, self.realm_id()).await?),
            user: Arc::new(User::find(conn, self.realm_id(), self.user_id()).await?),
            ..self.clone()
        })
    }
}
