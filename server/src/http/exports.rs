//! Archives of what an organisation has. They are served by [`crate::pages::exports`].

use actix_web::web;
use narrows_actions::{Ctx, Error, exports};
use narrows_store::models::ExportType;
use narrows_wire::RealmExportId;
use narrows_wire::events::realm_lists::{RealmExport, RealmExportConsent};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::extract::{NoParams, Params, RealmAdmin};
use crate::reply::{Reply, Success};

/// Answer of [`list`].
#[derive(Serialize, JsonSchema)]
pub struct Exports {
    /// All of them, oldest first.
    exports: Vec<RealmExport>,
}

/// `GET /export/realm`.
pub async fn list(
    ctx: web::Data<Ctx>,
    RealmAdmin(caller): RealmAdmin,
    _: NoParams,
) -> Reply<Exports> {
    let exports = exports::list(&ctx, &caller).await?;
    Ok(Success::new(Exports { exports }))
}

/// Answer of [`consents`].
#[derive(Serialize, JsonSchema)]
pub struct Consents {
    /// Of everybody who can log in and is no bot.
    export_consents: Vec<RealmExportConsent>,
}

/// `GET /export/realm/consents`.
pub async fn consents(
    ctx: web::Data<Ctx>,
    RealmAdmin(caller): RealmAdmin,
    _: NoParams,
) -> Reply<Consents> {
    let export_consents = exports::consents(&ctx, &caller).await?;
    Ok(Success::new(Consents { export_consents }))
}

/// Parameters of [`request`].
#[derive(Deserialize, JsonSchema)]
pub struct Request {
    /// 1 what everybody may read (if missing), 2 that and what belongs to those who consented.
    export_type: Option<i64>,
}

/// Answer of [`request`].
#[derive(Serialize, JsonSchema)]
pub struct Requested {
    /// Of the archive, in the list.
    id: RealmExportId,
}

/// `POST /export/realm`.
pub async fn request(
    ctx: web::Data<Ctx>,
    RealmAdmin(caller): RealmAdmin,
    Params(args): Params<Request>,
) -> Reply<Requested> {
    let export_type = match args.export_type {
        None => ExportType::Public,
        Some(number) => ExportType::from_number(number)
            .ok_or_else(|| Error::bad_request("Invalid export_type"))?,
    };
    let id = exports::request(&ctx, &caller, export_type).await?;
    Ok(Success::new(Requested { id }))
}

/// `DELETE /export/realm/{export_id}`.
pub async fn delete(
    ctx: web::Data<Ctx>,
    RealmAdmin(caller): RealmAdmin,
    id: web::Path<i32>,
    _: NoParams,
) -> Reply {
    exports::delete(&ctx, &caller, RealmExportId(*id)).await?;
    Ok(Success::empty())
}
