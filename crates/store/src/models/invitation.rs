//! Who may join an organisation, by a link.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use narrows_wire::{GroupId, InvitationId, RealmId, Role, StreamId, UserId};

use super::found;
use super::user::lower;
use crate::error::Result;
use crate::schema::invitations;
use crate::store::Conn;

/// What became of an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i16)]
pub enum InvitationStatus {
    /// It can be used.
    Open = 0,
    /// Somebody joined by it.
    Accepted = 1,
    /// Somebody took it back.
    Revoked = 2,
}

/// An invitation: to one address, or a link for everybody who has it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = invitations, check_for_backend(diesel::pg::Pg))]
pub struct Invitation {
    id: i32,
    realm_id: i32,
    referrer_id: i32,
    /// For whom; `None` = for everybody who has the link.
    pub email: Option<String>,
    through_id: Option<i32>,
    role: i16,
    stream_ids: Vec<i32>,
    group_ids: Vec<i32>,
    /// The new user is subscribed to the default streams.
    pub include_default_streams: bool,
    /// Who invites is told when somebody joins.
    pub notify_referrer: bool,
    /// When it was made, or mailed last.
    pub invited_at: DateTime<Utc>,
    /// `None` = never.
    pub expires_at: Option<DateTime<Utc>>,
    status: i16,
    /// What the link is made of, beside the server's secret.
    pub token_salt: Vec<u8>,
}

/// An invitation to be made.
#[derive(Clone, Debug, Insertable, bon::Builder)]
#[diesel(table_name = invitations)]
pub struct NewInvitation<'a> {
    #[builder(with = |realm: RealmId| realm.0)]
    realm_id: i32,
    #[builder(with = |referrer: UserId| referrer.0)]
    referrer_id: i32,
    email: Option<&'a str>,
    #[builder(with = |through: InvitationId| through.0)]
    through_id: Option<i32>,
    #[builder(with = |role: Role| i16::from(role))]
    role: i16,
    #[builder(with = |streams: &[StreamId]| streams.iter().map(|id| id.0).collect())]
    stream_ids: Vec<i32>,
    #[builder(with = |groups: &[GroupId]| groups.iter().map(|id| id.0).collect())]
    group_ids: Vec<i32>,
    include_default_streams: bool,
    notify_referrer: bool,
    invited_at: DateTime<Utc>,
    expires_at: Option<DateTime<Utc>>,
    token_salt: &'a [u8],
    token_hash: &'a [u8],
}

impl Invitation {
    /// Its id.
    pub fn id(&self) -> InvitationId {
        InvitationId(self.id)
    }

    /// Its realm.
    pub fn realm_id(&self) -> RealmId {
        RealmId(self.realm_id)
    }

    /// Who invites.
    pub fn referrer_id(&self) -> UserId {
        UserId(self.referrer_id)
    }

    /// The link for everybody by which its address came.
    pub fn through_id(&self) -> Option<InvitationId> {
        self.through_id.map(InvitationId)
    }

    /// What the new user may do.
    pub fn role(&self) -> Role {
        Role::try_from(self.role).unwrap_or(Role::Guest)
    }

    /// What the new user is subscribed to.
    pub fn stream_ids(&self) -> Vec<StreamId> {
        self.stream_ids.iter().copied().map(StreamId).collect()
    }

    /// Which groups the new user joins.
    pub fn group_ids(&self) -> Vec<GroupId> {
        self.group_ids.iter().copied().map(GroupId).collect()
    }

    /// What became of it.
    pub fn status(&self) -> InvitationStatus {
        match self.status {
            0 => InvitationStatus::Open,
            1 => InvitationStatus::Accepted,
            _ => InvitationStatus::Revoked,
        }
    }

    /// Whether somebody can join by it now.
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        self.status() == InvitationStatus::Open && self.expires_at.is_none_or(|end| now < end)
    }

    /// One.
    pub async fn find(conn: &mut Conn, realm: RealmId, id: InvitationId) -> Result<Invitation> {
        let query = invitations::table
            .filter(invitations::realm_id.eq(realm.0))
            .filter(invitations::id.eq(id.0));
        Ok(query.select(Invitation::as_select()).first(conn).await?)
    }

    /// One, which nobody changes until the transaction ends.
    pub async fn lock(conn: &mut Conn, realm: RealmId, id: InvitationId) -> Result<Invitation> {
        let query = invitations::table
            .filter(invitations::realm_id.eq(realm.0))
            .filter(invitations::id.eq(id.0));
        let query = query.select(Invitation::as_select()).for_update();
        Ok(query.first(conn).await?)
    }

    /// That of a link, by the SHA-256 of its key.
    pub async fn by_token_hash(conn: &mut Conn, realm: RealmId, hash: &[u8]) -> Result<Invitation> {
        let query = invitations::table
            .filter(invitations::realm_id.eq(realm.0))
            .filter(invitations::token_hash.eq(hash));
        Ok(query.select(Invitation::as_select()).first(conn).await?)
    }

    /// Those that can be used at `now`, oldest first; of one user, or of all. Addresses that came by a link for everybody
    /// are left out.
    pub async fn open(
        conn: &mut Conn,
        realm: RealmId,
        referrer: Option<UserId>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Invitation>> {
        let query = invitations::table
            .filter(invitations::realm_id.eq(realm.0))
            .filter(invitations::through_id.is_null())
            .filter(invitations::status.eq(InvitationStatus::Open as i16));
        let query = query.filter(
            invitations::expires_at
                .is_null()
                .or(invitations::expires_at.gt(now)),
        );
        let mut query = query.into_boxed();
        if let Some(referrer) = referrer {
            query = query.filter(invitations::referrer_id.eq(referrer.0));
        }
        let query = query.order(invitations::id);
        Ok(query.select(Invitation::as_select()).load(conn).await?)
    }

    /// How many addresses people of a realm invited since then.
    pub async fn count_since(conn: &mut Conn, realm: RealmId, since: DateTime<Utc>) -> Result<i64> {
        let query = invitations::table
            .filter(invitations::realm_id.eq(realm.0))
            .filter(invitations::invited_at.gt(since))
            .filter(invitations::email.is_not_null())
            .filter(invitations::through_id.is_null());
        Ok(query.count().get_result(conn).await?)
    }

    /// What became of it.
    pub async fn set_status(
        conn: &mut Conn,
        realm: RealmId,
        id: InvitationId,
        status: InvitationStatus,
    ) -> Result<()> {
        let row = invitations::table
            .filter(invitations::realm_id.eq(realm.0))
            .filter(invitations::id.eq(id.0));
        let change = diesel::update(row).set(invitations::status.eq(status as i16));
        found(change.execute(conn).await?)
    }

    /// Takes back all that are open for an address.
    pub async fn revoke_for(conn: &mut Conn, realm: RealmId, email: &str) -> Result<()> {
        let rows = invitations::table
            .filter(invitations::realm_id.eq(realm.0))
            .filter(invitations::status.eq(InvitationStatus::Open as i16))
            .filter(lower(invitations::email.assume_not_null()).eq(email.to_lowercase()));
        let revoked = invitations::status.eq(InvitationStatus::Revoked as i16);
        diesel::update(rows).set(revoked).execute(conn).await?;
        Ok(())
    }

    /// Takes back all that a user has open; how many.
    pub async fn revoke_by(conn: &mut Conn, realm: RealmId, referrer: UserId) -> Result<usize> {
        let rows = invitations::table
            .filter(invitations::realm_id.eq(realm.0))
            .filter(invitations::referrer_id.eq(referrer.0))
            .filter(invitations::status.eq(InvitationStatus::Open as i16));
        let revoked = invitations::status.eq(InvitationStatus::Revoked as i16);
        Ok(diesel::update(rows).set(revoked).execute(conn).await?)
    }

    /// Gives it another link and a life that begins anew.
    pub async fn renew(
        conn: &mut Conn,
        realm: RealmId,
        id: InvitationId,
        salt: &[u8],
        hash: &[u8],
        invited_at: DateTime<Utc>,
        expires_at: Option<DateTime<Utc>>,
    ) -> Result<()> {
        let row = invitations::table
            .filter(invitations::realm_id.eq(realm.0))
            .filter(invitations::id.eq(id.0));
        let change = diesel::update(row).set((
            invitations::token_salt.eq(salt),
            invitations::token_hash.eq(hash),
            invitations::invited_at.eq(invited_at),
            invitations::expires_at.eq(expires_at),
        ));
        found(change.execute(conn).await?)
    }
}

impl NewInvitation<'_> {
    /// Inserts them; returns their ids.
    pub async fn insert_all(rows: &[Self], conn: &mut Conn) -> Result<Vec<InvitationId>> {
        let insert = diesel::insert_into(invitations::table).values(rows);
        let insert = insert.returning(invitations::id);
        let ids: Vec<i32> = insert.get_results(conn).await?;
        Ok(ids.into_iter().map(InvitationId).collect())
    }
}
