//! Uploaded files. Their bytes are served by [`crate::pages::uploads`].

use actix_multipart::{Field, Multipart};
use actix_web::web;
use futures_util::StreamExt;
use narrows_actions::uploads::{self, Attachments, FileAccess, Incoming};
use narrows_actions::{Caller, Ctx, Error};
use narrows_store::models::Attachment;
use narrows_wire::AttachmentId;
use schemars::JsonSchema;
use serde::Serialize;

use crate::error::ServerError;
use crate::extract::{AuthedUser, NoParams, Upload, Visitor};
use crate::pages::Failure;
use crate::reply::{Reply, Success};

/// How much of a refused body is read, so that the client gets to reading why.
const MAX_WASTE: usize = 64 << 20;

/// Answer of [`post`].
#[derive(Serialize, JsonSchema)]
pub struct Uploaded {
    /// Where the file is, for links in messages.
    url: String,
    /// The same, for old clients.
    uri: String,
    /// What it is called.
    filename: String,
}

/// `POST /user_uploads`.
pub async fn post(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    upload: Upload,
) -> Reply<Uploaded> {
    let parts = upload.parts().await.ok_or_else(no_file)?;
    let mut parts = parts.map_err(|_| cut_short())?;
    let mut body = Body {
        ctx: &ctx,
        caller: &caller,
        file: None,
        refusal: None,
        wasted: 0,
    };
    let read = body.read(&mut parts).await;
    let file = body.end(read).await?;
    let url = format!("/user_uploads/{}", file.path_id);
    Ok(Success::new(Uploaded {
        uri: url.clone(),
        url,
        filename: file.file_name,
    }))
}

/// A body on its way in.
struct Body<'a> {
    ctx: &'a Ctx,
    caller: &'a Caller,
    file: Option<Incoming>,
    refusal: Option<Error>,
    wasted: usize,
}

impl Body<'_> {
    async fn read(&mut self, parts: &mut Multipart) -> Result<(), ServerError> {
        while let Some(part) = parts.next().await {
            let mut part = part.map_err(|_| cut_short())?;
            if let Some(name) = file_name(&part) {
                self.begin(&name, &part).await;
            }
            while let Some(piece) = part.next().await {
                let piece = piece.map_err(|_| cut_short())?;
                self.take(piece, file_name(&part).is_some()).await;
                if self.wasted > MAX_WASTE {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    async fn begin(&mut self, name: &str, part: &Field) {
        if self.file.is_some() {
            let second = Error::bad_request("You may only upload one file at a time");
            self.refusal.get_or_insert(second);
            return;
        }
        let media_type = part.content_type().map(|media| media.essence_str());
        match uploads::begin(self.ctx, self.caller, name, media_type).await {
            Ok(file) => self.file = Some(file),
            Err(error) => self.refusal = Some(error),
        }
    }

    async fn take(&mut self, piece: web::Bytes, of_file: bool) {
        match &mut self.file {
            Some(file) if of_file && self.refusal.is_none() => {
                self.refusal = file.write(piece).await.err();
            }
            _ => self.wasted += piece.len(),
        }
    }

    /// Keeps the file only if nothing was wrong with the body.
    async fn end(self, read: Result<(), ServerError>) -> Result<Attachment, ServerError> {
        let refusal = match (read, self.refusal) {
            (_, Some(refusal)) => Some(refusal.into()),
            (Err(error), None) => Some(error),
            (Ok(()), None) => None,
        };
        match (self.file, refusal) {
            (Some(file), None) => Ok(file.finish().await?),
            (Some(file), Some(refusal)) => {
                file.abort().await;
                Err(refusal)
            }
            (None, refusal) => Err(refusal.unwrap_or_else(|| no_file().into())),
        }
    }
}

/// The name of a part's file; `None` if the part is a parameter.
fn file_name(part: &Field) -> Option<String> {
    let disposition = part.content_disposition()?;
    match disposition.get_filename_ext() {
        Some(extended) => Some(String::from_utf8_lossy(&extended.value).into_owned()),
        None => disposition.get_filename().map(str::to_owned),
    }
}

fn no_file() -> Error {
    Error::bad_request("You must specify a file to upload")
}

fn cut_short() -> ServerError {
    Error::bad_request("Malformed request: the multipart body cannot be read").into()
}

/// Answer of [`temporary_url`].
#[derive(Serialize, JsonSchema)]
pub struct TemporaryUrl {
    /// Whoever has it may read the file for a minute.
    url: String,
}

/// `GET /user_uploads/{realm_id}/{path}`.
pub async fn temporary_url(
    ctx: web::Data<Ctx>,
    visitor: Visitor,
    path: web::Path<(i32, String)>,
) -> Reply<TemporaryUrl> {
    let (realm, path) = path.into_inner();
    match uploads::access_file(&ctx, visitor.viewer(), &format!("{realm}/{path}")).await? {
        FileAccess::Granted(file) => {
            let url = uploads::temporary_url(&ctx, &file)?;
            Ok(Success::new(TemporaryUrl { url }))
        }
        FileAccess::Denied => Err(ServerError::Page(Failure::FileDenied)),
        FileAccess::Missing => Err(ServerError::Page(Failure::FileMissing)),
    }
}

/// `GET /attachments`.
pub async fn list(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    _: NoParams,
) -> Reply<Attachments> {
    Ok(Success::new(uploads::list(&ctx, &caller).await?))
}

/// `DELETE /attachments/{attachment_id}`.
pub async fn remove(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    id: web::Path<i64>,
    _: NoParams,
) -> Reply {
    uploads::delete(&ctx, &caller, AttachmentId(*id)).await?;
    Ok(Success::empty())
}
