//! The realm's icon and logos. They are served by [`crate::pages::avatars`].

use actix_web::web;
use narrows_actions::Ctx;
use narrows_actions::pictures::{self, RealmPicture};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::extract::{NoParams, Params, RealmAdmin, Upload};
use crate::reply::{Reply, Success};

/// Parameters of a logo.
#[derive(Deserialize, JsonSchema)]
pub struct Logo {
    /// The one for dark colours.
    night: bool,
}

/// Answer of changing the icon.
#[derive(Serialize, JsonSchema)]
pub struct Icon {
    /// Where the icon is now.
    icon_url: String,
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
    upload: Upload,
) -> Reply<Icon> {
    let (_, file) = upload.picture("You must upload exactly one icon.").await?;
    let icon_url = pictures::set_realm_picture(&ctx, &caller, RealmPicture::Icon, file).await?;
    Ok(Success::new(Icon { icon_url }))
}

/// `DELETE /realm/icon`.
pub async fn remove_icon(
    ctx: web::Data<Ctx>,
    RealmAdmin(caller): RealmAdmin,
    _: NoParams,
) -> Reply<Icon> {
    let icon_url = pictures::remove_realm_picture(&ctx, &caller, RealmPicture::Icon).await?;
    Ok(Success::new(Icon { icon_url }))
}

/// `POST /realm/logo`.
pub async fn set_logo(
    ctx: web::Data<Ctx>,
    RealmAdmin(caller): RealmAdmin,
    upload: Upload<Logo>,
) -> Reply {
    let (Logo { night }, file) = upload.picture("You must upload exactly one logo.").await?;
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
