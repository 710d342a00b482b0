//! Pictures of people and of custom emoji.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, LOCATION};
use actix_web::{HttpResponse, web};
use bytes::Bytes;
use narrows_actions::pictures::{self, RealmPicture, Size};
use narrows_actions::{Ctx, users};
use narrows_wire::{RealmId, UserId};

use super::Failure;
use crate::error::ServerError;
use crate::extract::{AuthedUser, CurrentRealm, Visitor};

type Answer = Result<HttpResponse, ServerError>;

/// `GET /user_avatars/{realm_id}/{name}`.
pub async fn get(ctx: web::Data<Ctx>, visitor: Visitor, path: web::Path<(i32, String)>) -> Answer {
    let (realm, name) = path.into_inner();
    let wanted = parse(&name).filter(|_| RealmId(realm) == visitor.viewer().realm_id());
    let found = match wanted {
        Some((user, size)) => pictures::access_avatar(&ctx, RealmId(realm), user, size).await?,
        None => None,
    };
    let png = found.ok_or(ServerError::Page(Failure::FileMissing))?;
    Ok(unchanging(png, "image/png"))
}

/// `GET /user_avatars/{realm_id}/emoji/images/{name}`.
pub async fn emoji(
    ctx: web::Data<Ctx>,
    visitor: Visitor,
    path: web::Path<(i32, String)>,
) -> Answer {
    let (realm, name) = path.into_inner();
    let realm = Some(RealmId(realm)).filter(|realm| *realm == visitor.viewer().realm_id());
    let found = match realm {
        Some(realm) => pictures::access_emoji(&ctx, realm, &name).await?,
        None => None,
    };
    let picture = found.ok_or(ServerError::Page(Failure::FileMissing))?;
    let content_type = match name.ends_with(".gif") {
        true => "image/gif",
        false => "image/png",
    };
    Ok(unchanging(picture, content_type))
}

/// `GET /user_avatars/{realm_id}/realm/{name}`: shown to who logs in, too.
pub async fn realm(
    ctx: web::Data<Ctx>,
    CurrentRealm(realm): CurrentRealm,
    path: web::Path<(i32, String)>,
) -> Answer {
    let (id, name) = path.into_inner();
    let wanted = RealmPicture::by_file_name(&name).filter(|_| RealmId(id) == realm.id());
    let found = match wanted {
        Some(picture) => pictures::access_realm_picture(&ctx, &realm, picture).await?,
        None => None,
    };
    let png = found.ok_or(ServerError::Page(Failure::FileMissing))?;
    Ok(unchanging(png, "image/png"))
}

fn unchanging(picture: Bytes, content_type: &'static str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(content_type)
        .insert_header((CACHE_CONTROL, "private, max-age=31536000, immutable"))
        .insert_header((CONTENT_SECURITY_POLICY, "default-src 'none'"))
        .body(picture)
}

/// `12.png` or `12-medium.png`.
fn parse(name: &str) -> Option<(UserId, Size)> {
    let stem = name.strip_suffix(".png")?;
    let (id, size) = match stem.strip_suffix("-medium") {
        Some(id) => (id, Size::Medium),
        None => (stem, Size::Small),
    };
    Some((UserId(id.parse().ok()?), size))
}

/// `GET /avatar/{user}`: by id or address, wherever the picture is.
pub async fn small(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    who: web::Path<String>,
) -> Answer {
    let user = users::access_user_by_id_or_email(&ctx, &caller, &who).await?;
    Ok(redirect(users::avatar_url(&user)))
}

/// `GET /avatar/{user}/medium`.
pub async fn medium(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    who: web::Path<String>,
) -> Answer {
    let user = users::access_user_by_id_or_email(&ctx, &caller, &who).await?;
    Ok(redirect(users::avatar_url_medium(&user)))
}

fn redirect(url: String) -> HttpResponse {
    HttpResponse::Found()
        .insert_header((CACHE_CONTROL, "private, no-cache"))
        .insert_header((LOCATION, url))
        .finish()
}
