//! The bytes of uploaded files. Nothing that somebody uploaded runs in our origin.

use std::ops::Range;

use actix_web::body::SizedStream;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_RANGE, CONTENT_SECURITY_POLICY,
    CONTENT_TYPE, Charset, ContentDisposition, ContentEncoding, DispositionParam, DispositionType,
    ExtendedValue, Header as _, HeaderValue, Range as RangeHeader,
};
use actix_web::{HttpRequest, HttpResponse, web};
use narrows_actions::Ctx;
use narrows_actions::uploads::{self, FileAccess};
use narrows_store::models::Attachment;

use super::Failure;
use crate::error::ServerError;
use crate::extract::{CurrentRealm, Visitor};

/// What browsers show without running any of it.
const SHOWN: &[&str] = &[
    "application/pdf",
    "audio/aac",
    "audio/flac",
    "audio/mp4",
    "audio/mpeg",
    "audio/ogg",
    "audio/wav",
    "audio/webm",
    "image/apng",
    "image/avif",
    "image/gif",
    "image/jpeg",
    "image/png",
    "image/webp",
    "text/plain",
    "video/mp4",
    "video/webm",
];

/// For what is shown: its own bytes, and the style sheet with which browsers surround an image.
const SHOWN_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; media-src 'self'; object-src 'self'";
/// For all else, should a browser show it nevertheless.
const SAVED_POLICY: &str = "default-src 'none'; sandbox";

type Answer = Result<HttpResponse, ServerError>;

/// `GET /user_uploads/{realm_id}/{path}`.
pub async fn get(
    ctx: web::Data<Ctx>,
    visitor: Visitor,
    request: HttpRequest,
    path: web::Path<(i32, String)>,
) -> Answer {
    let access = access(&ctx, &visitor, &path).await?;
    serve(&ctx, access, &request, false).await
}

/// `GET /user_uploads/download/{realm_id}/{path}`.
pub async fn download(
    ctx: web::Data<Ctx>,
    visitor: Visitor,
    request: HttpRequest,
    path: web::Path<(i32, String)>,
) -> Answer {
    let access = access(&ctx, &visitor, &path).await?;
    serve(&ctx, access, &request, true).await
}

/// `GET /user_uploads/temporary/{token}/{name}`: who has the link may read.
pub async fn temporary(
    ctx: web::Data<Ctx>,
    CurrentRealm(realm): CurrentRealm,
    request: HttpRequest,
    path: web::Path<(String, String)>,
) -> Answer {
    let (token, name) = path.into_inner();
    let access = uploads::access_temporary(&ctx, &realm, &token, &name).await?;
    serve(&ctx, access, &request, false).await
}

async fn access(
    ctx: &Ctx,
    visitor: &Visitor,
    (realm, path): &(i32, String),
) -> Result<FileAccess, ServerError> {
    Ok(uploads::access_file(ctx, visitor.viewer(), &format!("{realm}/{path}")).await?)
}

async fn serve(ctx: &Ctx, access: FileAccess, request: &HttpRequest, save: bool) -> Answer {
    let file = match access {
        FileAccess::Granted(file) => file,
        FileAccess::Denied => return Err(ServerError::Page(Failure::FileDenied)),
        FileAccess::Missing => return Err(ServerError::Page(Failure::FileMissing)),
    };
    let size = file.size.unsigned_abs();
    let mut response = HttpResponse::Ok();
    let range = match wanted(request, size) {
        Wanted::All => 0..size,
        Wanted::Part(range) => {
            let part = format!(
                "bytes {}-{}/{size}",
                range.start,
                range.end.saturating_sub(1)
            );
            response
                .status(StatusCode::PARTIAL_CONTENT)
                .insert_header((CONTENT_RANGE, part));
            range
        }
        Wanted::Impossible => {
            let none = (CONTENT_RANGE, format!("bytes */{size}"));
            return Ok(HttpResponse::RangeNotSatisfiable()
                .insert_header(none)
                .finish());
        }
    };
    let bytes = uploads::read(ctx, &file, range.clone()).await?;
    let shown = !save && SHOWN.contains(&file.content_type.as_str());
    describe(&mut response, &file, shown);
    Ok(response.body(SizedStream::new(range.end - range.start, bytes)))
}

fn describe(response: &mut actix_web::HttpResponseBuilder, file: &Attachment, shown: bool) {
    let (disposition, policy) = match shown {
        true => (DispositionType::Inline, SHOWN_POLICY),
        false => (DispositionType::Attachment, SAVED_POLICY),
    };
    let name = ExtendedValue {
        charset: Charset::Ext("UTF-8".to_owned()),
        language_tag: None,
        value: file.file_name.clone().into_bytes(),
    };
    let disposition = ContentDisposition {
        disposition,
        parameters: vec![DispositionParam::FilenameExt(name)],
    };
    let octets = HeaderValue::from_static("application/octet-stream");
    let media_type = match file.content_type.as_str() {
        "text/plain" => Ok(HeaderValue::from_static("text/plain; charset=utf-8")),
        other => HeaderValue::from_str(other),
    };
    response
        // Parts of a file are counted in its own bytes.
        .insert_header(ContentEncoding::Identity)
        .insert_header((ACCEPT_RANGES, "bytes"))
        .insert_header((CACHE_CONTROL, "private, immutable"))
        .insert_header((CONTENT_DISPOSITION, disposition))
        .insert_header((CONTENT_SECURITY_POLICY, policy))
        .insert_header((CONTENT_TYPE, media_type.unwrap_or(octets)));
}

/// Which bytes a request asks for.
#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    All,
    Part(Range<u64>),
    Impossible,
}

/// One range is served; of several, and of what is malformed, all of the file, as RFC 9110 allows.
fn wanted(request: &HttpRequest, size: u64) -> Wanted {
    let Ok(RangeHeader::Bytes(ranges)) = RangeHeader::parse(request) else {
        return Wanted::All;
    };
    match ranges.as_slice() {
        [one] => match one.to_satisfiable_range(size) {
            Some((first, last)) => Wanted::Part(first..last + 1),
            None => Wanted::Impossible,
        },
        _ => Wanted::All,
    }
}
