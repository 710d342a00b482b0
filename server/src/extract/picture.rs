//! The one file of a multipart body.

use std::future::{Ready, ready};
use std::marker::PhantomData;

use actix_multipart::{Multipart, MultipartError};
use actix_web::dev::Payload;
use actix_web::web::{Bytes, BytesMut};
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use futures_util::StreamExt;
use narrows_actions::Error;
use narrows_wire::limits::MAX_PICTURE_MIB;
use serde::de::DeserializeOwned;

use super::form;
use super::params::{self, IgnoredParameters, NoParams};
use crate::error::ServerError;

/// A body that brings one file, and parameters `T` beside it. It is not read yet.
pub struct Upload<T = NoParams> {
    request: HttpRequest,
    body: Payload,
    parameters: PhantomData<fn() -> T>,
}

impl<T> FromRequest for Upload<T> {
    type Error = ServerError;
    type Future = Ready<Result<Self, ServerError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        ready(Ok(Upload {
            request: request.clone(),
            body: payload.take(),
            parameters: PhantomData,
        }))
    }
}

impl<T: DeserializeOwned> Upload<T> {
    /// Its parts, if it has parts at all.
    pub async fn parts(mut self) -> Option<Result<Multipart, actix_web::Error>> {
        let content_type = self.request.content_type();
        match content_type.eq_ignore_ascii_case("multipart/form-data") {
            true => Some(Multipart::from_request(&self.request, &mut self.body).await),
            false => None,
        }
    }

    /// The parameters, and the picture; `unless_one` is the answer to any other number of files.
    pub async fn picture(self, unless_one: &'static str) -> Result<(T, Bytes), ServerError> {
        let request = self.request.clone();
        let parts = self.parts().await;
        let parts = parts.and_then(Result::ok);
        let parts = parts.ok_or_else(|| Error::bad_request(unless_one))?;
        picture(&request, parts, unless_one).await
    }
}

async fn picture<T: DeserializeOwned>(
    request: &HttpRequest,
    mut parts: Multipart,
    unless_one: &'static str,
) -> Result<(T, Bytes), ServerError> {
    let cut_short = |_| Error::bad_request("Malformed request: the multipart body cannot be read");
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
