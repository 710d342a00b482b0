//! The realm's icon and logos. They are served by [`crate::pages::avatars`].

use actix_web::{HttpRequest, web};
use narrows_actions::Ctx;
use narrows_actions::pictures::{self, RealmPicture};
use serde::Deserialize;
use serde_json::json;

use crate::extract::{NoParams, Params, RealmAdmin, picture, picture_with};
use crate::reply::{Reply, Success};

/// Parameters of a logo.
#[derive(Deserialize)]
pub struct Logo {
    night: bool,
}

fn logo(night: bool) -> RealmPicture {
    match night {
        true => RealmPicture::NightLogo,
        false => RealmPicture::Logo,
    }
}

/// `POST /realm/icon`.
pub async fn set_icon(
    ctx: web::Data<Ctx>,
    RealmAdmin(caller): RealmAdmin,
    request: HttpRequest,
    body: web::Payload,
) -> Reply {
    let file = picture(&request, body, "You must upload exactly one icon.").await?;
    let icon = pictures::set_realm_picture(&ctx, &caller, RealmPicture::Icon, file).await?;
    Ok(Success::new(json!({ "icon_url": icon.get("icon_url") })))
}

/// `DELETE /realm/icon`.
pub async fn remove_icon(
    ctx: web::Data<Ctx>,
    RealmAdmin(caller): RealmAdmin,
    _: NoParams,
) -> Reply {
    let icon = pictures::remove_realm_picture(&ctx, &caller, RealmPicture::Icon).await?;
    Ok(Success::new(json!({ "icon_url": icon.get("icon_url") })))
}

/// `POST /realm/logo`.
pub async fn set_logo(
    ctx: web::Data<Ctx>,
    RealmAdmin(caller): RealmAdmin,
    request: HttpRequest,
    body: web::Payload,
) -> Reply {
    let unless_one = "You must upload exactly one logo.";
    let (Logo { night }, file) = picture_with(&request, body, unless_one).await?;
    pictures::set_realm_picture(&ctx, &caller, logo(night), file).await?;
    Ok(Success::empty())
}

/// `DELETE /realm/logo`.
pub async fn remove_logo(
    ctx: web::Data<Ctx>,
    RealmAdmin(caller): RealmAdmin,
    Params(args): Params<Logo>,
) -> Reply {
    pictures::remove_realm_picture(&ctx, &caller, logo(args.night)).await?;
    Ok(Success::empty())
}
