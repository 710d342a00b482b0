//! Parameters of a request as pairs of text: from the query, then from the body.

use actix_multipart::Multipart;
use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{FromRequest, HttpRequest};
use futures_util::StreamExt;
use narrows_actions::Error;
use narrows_wire::ErrorCode;

use crate::error::ServerError;

/// The largest body of a request that carries no file.
const MAX_BODY: usize = 4 << 20;

/// All parameters; where a name comes twice, the later one counts.
pub(super) async fn pairs(
    request: &HttpRequest,
    payload: &mut Payload,
) -> Result<Vec<(String, String)>, ServerError> {
    let mut pairs = Vec::new();
    urlencoded(request.query_string().as_bytes(), &mut pairs)?;
    if let Some(form) = Form::of(request) {
        form.read(request, payload, &mut pairs).await?;
    }
    Ok(pairs)
}

/// The parameters of a body that is a form; of any other, its bytes.
pub(super) async fn pairs_or_bytes(
    request: &HttpRequest,
    payload: &mut Payload,
) -> Result<(Vec<(String, String)>, Vec<u8>), ServerError> {
    let mut pairs = Vec::new();
    match Form::of(request) {
        Some(form) => {
            form.read(request, payload, &mut pairs).await?;
            Ok((pairs, Vec::new()))
        }
        None => Ok((pairs, read(payload).await?)),
    }
}

/// How a form is written.
#[derive(Clone, Copy)]
enum Form {
    Urlencoded,
    Multipart,
}

impl Form {
    /// What the body of a request is said to be.
    fn of(request: &HttpRequest) -> Option<Form> {
        let content_type = request.headers().get(CONTENT_TYPE)?.to_str().ok()?;
        let kind = content_type.split(';').next().unwrap_or("").trim();
        [
            ("application/x-www-form-urlencoded", Form::Urlencoded),
            ("multipart/form-data", Form::Multipart),
        ]
        .into_iter()
        .find(|(name, _)| kind.eq_ignore_ascii_case(name))
        .map(|(_, form)| form)
    }

    async fn read(
        self,
        request: &HttpRequest,
        payload: &mut Payload,
        pairs: &mut Vec<(String, String)>,
    ) -> Result<(), ServerError> {
        match self {
            Form::Urlencoded => urlencoded(&read(payload).await?, pairs),
            Form::Multipart => multipart(request, payload, pairs).await,
        }
    }
}

fn too_large() -> ServerError {
    Error::api(ErrorCode::RequestTooLarge, "The request is too large").into()
}

fn malformed(what: &str) -> ServerError {
    Error::bad_request(format!("Malformed request: {what}")).into()
}

async fn read(payload: &mut Payload) -> Result<Vec<u8>, ServerError> {
    let mut body = Vec::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| malformed("the body ends early"))?;
        if body.len() + chunk.len() > MAX_BODY {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

pub(super) fn urlencoded(
    input: &[u8],
    pairs: &mut Vec<(String, String)>,
) -> Result<(), ServerError> {
    for pair in input
        .split(|byte| *byte == b'&')
        .filter(|pair| !pair.is_empty())
    {
        let mut halves = pair.splitn(2, |byte| *byte == b'=');
        let name = decode(halves.next().unwrap_or_default())?;
        pairs.push((name, decode(halves.next().unwrap_or_default())?));
    }
    Ok(())
}

fn decode(input: &[u8]) -> Result<String, ServerError> {
    let mut bytes = Vec::with_capacity(input.len());
    let mut rest = input;
    while let [first, tail @ ..] = rest {
        rest = tail;
        let escaped = match (first, tail) {
            (b'%', [high, low, after @ ..]) => hex_pair(*high, *low).map(|byte| (byte, after)),
            _ => None,
        };
        match (escaped, first) {
            (Some((byte, after)), _) => {
                bytes.push(byte);
                rest = after;
            }
            (None, b'+') => bytes.push(b' '),
            (None, other) => bytes.push(*other),
        }
    }
    String::from_utf8(bytes).map_err(|_| malformed("a parameter is not UTF-8"))
}

fn hex_pair(high: u8, low: u8) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}

async fn multipart(
    request: &HttpRequest,
    payload: &mut Payload,
    pairs: &mut Vec<(String, String)>,
) -> Result<(), ServerError> {
    let parts = Multipart::from_request(request, payload).await;
    let mut parts = parts.map_err(|_| malformed("the multipart body cannot be read"))?;
    let mut total = 0;
    while let Some(part) = parts.next().await {
        let mut part = part.map_err(|_| malformed("the multipart body cannot be read"))?;
        let name = part.name().unwrap_or_default().to_owned();
        let is_file = part
            .content_disposition()
            .is_some_and(|disposition| disposition.get_filename().is_some());
        let mut value = Vec::new();
        while let Some(chunk) = part.next().await {
            let chunk = chunk.map_err(|_| malformed("the multipart body cannot be read"))?;
            total += chunk.len();
            if total > MAX_BODY {
                return Err(too_large());
            }
            if !is_file {
                value.extend_from_slice(&chunk);
            }
        }
        if !is_file {
            let value =
                String::from_utf8(value).map_err(|_| malformed("a parameter is not UTF-8"))?;
            pairs.push((name, value));
        }
    }
    Ok(())
}
