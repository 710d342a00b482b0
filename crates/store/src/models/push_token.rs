//! Phones that asked to be told of messages.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use narrows_wire::UserId;

use super::found;
use crate::error::Result;
use crate::schema::push_tokens;
use crate::store::Conn;

/// Whose service delivers to a phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PushService {
    /// Apple's.
    Apns,
    /// Google's.
    Fcm,
}

impl PushService {
    fn name(self) -> &'static str {
        match self {
            PushService::Apns => "apns",
            PushService::Fcm => "fcm",
        }
    }
}

/// The token of a phone.
#[derive(Clone, Copy, Debug)]
pub struct PushToken<'a> {
    /// Whose it is.
    pub service: PushService,
    /// As the service gave it out.
    pub token: &'a str,
}

impl PushToken<'_> {
    /// Notes it, or that it is still in use.
    pub async fn insert(
        &self,
        conn: &mut Conn,
        user: UserId,
        app_id: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let values = (
            push_tokens::user_id.eq(user.0),
            push_tokens::kind.eq(self.service.name()),
            push_tokens::token.eq(self.token),
            push_tokens::app_id.eq(app_id),
            push_tokens::updated_at.eq(now),
        );
        diesel::insert_into(push_tokens::table)
            .values(values)
            .on_conflict((push_tokens::user_id, push_tokens::kind, push_tokens::token))
            .do_update()
            .set((
                push_tokens::app_id.eq(app_id),
                push_tokens::updated_at.eq(now),
            ))
            .execute(conn)
            .await?;
        Ok(())
    }

    /// Forgets it.
    pub async fn delete(&self, conn: &mut Conn, user: UserId) -> Result<()> {
        let key = (user.0, self.service.name(), self.token);
        let row = push_tokens::table.find(key);
        found(diesel::delete(row).execute(conn).await?)
    }

    /// The tokens of a user's phones, whatever service delivers to them.
    pub async fn all(conn: &mut Conn, user: UserId) -> Result<Vec<String>> {
        let query = push_tokens::table.filter(push_tokens::user_id.eq(user.0));
        let query = query.order((push_tokens::kind, push_tokens::token));
        Ok(query.select(push_tokens::token).load(conn).await?)
    }
}
