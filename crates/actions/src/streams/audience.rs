//! Who hears of a stream: exactly those who may see it ([`crate::access::streams::may_see`]).

use narrows_store::Conn;
use narrows_store::models::Stream;
use narrows_store::queries::streams;
use narrows_wire::{Audience, Role};

use crate::error::Result;

/// Everybody who may see that the stream is there. `version` is its membership version in this transaction.
pub(crate) async fn audience(conn: &mut Conn, stream: &Stream, version: i64) -> Result<Audience> {
    if stream.is_web_public {
        return Ok(Audience::realm());
    }
    if stream.invite_only {
        let admins = streams::admins(conn, stream.realm_id()).await?;
        return Ok(Audience::stream(stream.id(), version).and(admins));
    }
    let guests = streams::subscribed_guests(conn, stream.id()).await?;
    Ok(Audience::role(Role::Member).and(guests))
}
