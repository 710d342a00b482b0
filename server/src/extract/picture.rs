//! The one file of a small multipart body.

use actix_multipart::{Multipart, MultipartError};
use actix_web::web::{Bytes, BytesMut, Payload};
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use futures_util::StreamExt;
use narrows_actions::Error;
use narrows_wire::limits::MAX_PICTURE_MIB;

use crate::error::ServerError;

/// The picture that a body brings; `unless_one` is the answer to any other number of files.
pub async fn picture(
    request: &HttpRequest,
    body: Payload,
    unless_one: &'static str,
) -> Result<Bytes, ServerError> {
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
        if is_file {
            files.push(bytes.freeze());
        }
    }
    if total > MAX_PICTURE_MIB << 20 {
        return Err(too_large());
    }
    match <[Bytes; 1]>::try_from(files) {
        Ok([file]) => Ok(file),
        Err(_) => Err(Error::bad_request(unless_one).into()),
    }
}

fn too_large() -> ServerError {
    let msg = format!("Uploaded file is larger than the allowed limit of {MAX_PICTURE_MIB} MiB");
    Error::bad_request(msg).into()
}
