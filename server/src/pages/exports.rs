//! The bytes of archives, for administrators.

use actix_web::body::SizedStream;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_TYPE, ContentDisposition, ContentEncoding, DispositionParam,
    DispositionType,
};
use actix_web::{HttpResponse, web};
use narrows_actions::{Ctx, exports};
use narrows_wire::RealmExportId;

use super::Failure;
use crate::error::ServerError;
use crate::extract::AuthedUser;

/// `GET /exports/{export_id}/{name}`.
pub async fn get(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    path: web::Path<(i32, String)>,
) -> Result<HttpResponse, ServerError> {
    let (id, name) = path.into_inner();
    let found = exports::open(&ctx, &caller, RealmExportId(id), &name).await?;
    let archive = found.ok_or(ServerError::Page(Failure::FileMissing))?;
    let saved = ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![DispositionParam::Filename(name)],
    };
    Ok(HttpResponse::Ok()
        .insert_header(ContentEncoding::Identity)
        .insert_header((CACHE_CONTROL, "private, no-store"))
        .insert_header((CONTENT_TYPE, "application/gzip"))
        .insert_header(saved)
        .body(SizedStream::new(archive.size, archive.bytes)))
}
