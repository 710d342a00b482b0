//! The one file of a small multipart body.

use actix_multipart::{Multipart, MultipartError};
use actix_web::web::{Bytes, BytesMut, Payload};
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use futures_util::StreamExt;
use narrows_actions::Error;
use narrows_wire::limits::MAX_PICTURE_MIB;
use serde::de::DeserializeOwned;

use super::form;
use super::params::{self, IgnoredParameters, NoParams};
use crate::error::ServerError;

/// The picture that a body brings; `unless_one` is the answer to any other number of files.
pub async fn picture(
    request: &HttpRequest,
    body: Payload,
    unless_one: &'static str,
) -> Result<Bytes, ServerError> {
    let (NoParams {}, file) = picture_with(request, body, unless_one).await?;
    Ok(file)
}

/// As [`picture`], with the parameters beside it.
pub async fn picture_with<T: DeserializeOwned>(
    request: &HttpRequest,
    body: Payload,
    unless_one: &'static str,
) -> Result<(T, Bytes), ServerError> {
    if !request
        .content_type()
        .eq_ignore_ascii_case("multipart/form-data")
    {
        return Err(Error::bad_request(unless_one).into());
    }
    let cut_short = |_| Error::bad_request("Malformed request: the multipart body cannot be read");
    let parts = Multipart::from_request(request, &mut body.into_inner()).await;
    let mut parts = parts.map_err(|_| Error::bad_request(unless_one))?;
    let mut files = Vec::new();
    let mut pairs = Vec::new();
    form::urlencoded(request.query_string().as_bytes(), &mut pairs)?;
    let mut total = 0;
    while let Some(part) = parts.next().await {
        let mut part = part.map_err(|error| match (error, total) {
            // A body of no parts at all.
            (MultipartError::Incomplete, 0) => Error::bad_request(unless_one),
            (error, _) => cut_short(error),
        })?;
        let is_file = part
            .content_disposition()
            .is_some_and(|disposition| disposition.get_filename().is_some());
        let name = part.name().unwrap_or_default().to_owned();
        let mut bytes = BytesMut::new();
        while let Some(piece) = part.next().await {
            let piece = piece.map_err(cut_short)?;
            total += piece.len() as u64;
            // A little too much is read to its end, so that the client gets to reading the answer.
            if total > 4 * (MAX_PICTURE_MIB << 20) {
                return Err(too_large());
            }
            if total <= MAX_PICTURE_MIB << 20 {
                bytes.extend_from_slice(&piece);
            }
        }
        match is_file {
            true => files.push(bytes.freeze()),
            false => {
                let text = String::from_utf8(bytes.to_vec());
                let text = text.map_err(|_| Error::bad_request("Malformed request: not UTF-8"))?;
                pairs.push((name, text));
            }
        }
    }
    if total > MAX_PICTURE_MIB << 20 {
        return Err(too_large());
    }
    let Ok([file]) = <[Bytes; 1]>::try_from(files) else {
        return Err(Error::bad_request(unless_one).into());
    };
    let (params, ignored) = params::parse(&pairs)?;
    if !ignored.is_empty() {
        request.extensions_mut().insert(IgnoredParameters(ignored));
    }
    Ok((params, file))
}

fn too_large() -> ServerError {
    let msg = format!("Uploaded file is larger than the allowed limit of {MAX_PICTURE_MIB} MiB");
    Error::bad_request(msg).into()
}
