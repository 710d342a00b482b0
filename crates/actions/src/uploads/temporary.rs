//! Links that open a file without log-in, for a minute: what an app hands to the browser or the player.

use chrono::TimeDelta;
use hmac::Mac;
use narrows_store::models::{Attachment, Realm};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::FileAccess;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::secret::mac;

/// How long a link opens the file.
const LIFE: TimeDelta = TimeDelta::seconds(60);
/// Signatures of other things under the same key mean nothing here.
const PURPOSE: &str = "temporary file url";
/// Bytes of a signature.
const SIGNATURE: usize = 32;

/// The link of a file to which access was granted.
pub fn temporary_url(ctx: &Ctx, file: &Attachment) -> Result<String> {
    let expires = (ctx.clock.now() + LIFE).timestamp();
    let mut signed = expires.to_be_bytes().to_vec();
    signed.extend_from_slice(file.path_id.as_bytes());
    let mut token = mac(ctx, PURPOSE, &[&signed])?
        .finalize()
        .into_bytes()
        .to_vec();
    token.extend_from_slice(&signed);
    let name = utf8_percent_encode(last(&file.path_id), NON_ALPHANUMERIC);
    Ok(format!(
        "/user_uploads/temporary/{}/{name}",
        hex::encode(token)
    ))
}

/// The file of a link that this server made for the realm less than a minute ago.
pub async fn access_temporary(
    ctx: &Ctx,
    realm: &Realm,
    token: &str,
    name: &str,
) -> Result<FileAccess> {
    let prefix = format!("{}/", realm.id());
    let path = verify(ctx, token)?.filter(|path| path.starts_with(&prefix));
    let path = path.ok_or_else(|| Error::bad_request("Invalid token"))?;
    if last(&path) != name {
        return Err(Error::bad_request("Invalid filename"));
    }
    let mut conn = ctx.store.read().await?;
    let found = Attachment::by_paths(&mut conn, realm.id(), &[path]).await?;
    let file = found.into_iter().next();
    Ok(file.map_or(FileAccess::Missing, FileAccess::Granted))
}

/// The path that a token opens now.
fn verify(ctx: &Ctx, token: &str) -> Result<Option<String>> {
    let token = hex::decode(token).unwrap_or_default();
    let Some((signature, signed)) = token.split_at_checked(SIGNATURE) else {
        return Ok(None);
    };
    if mac(ctx, PURPOSE, &[signed])?
        .verify_slice(signature)
        .is_err()
    {
        return Ok(None);
    }
    let Some((expires, path)) = signed.split_first_chunk() else {
        return Ok(None);
    };
    if i64::from_be_bytes(*expires) < ctx.clock.now().timestamp() {
        return Ok(None);
    }
    Ok(String::from_utf8(path.to_vec()).ok())
}

fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
