//! What push asks the app server.

use actix_web::{HttpRequest, HttpResponse, web};
use narrows_actions::push_client::INTERNAL_HEADER;
use narrows_actions::{Ctx, Error, auth};
use narrows_wire::ErrorCode;
use narrows_wire::queue::{Authenticate, Authenticated};
use subtle::ConstantTimeEq;

use crate::error::ServerError;

/// `POST /internal/authenticate`: whose credential this is.
pub async fn authenticate(
    ctx: web::Data<Ctx>,
    request: HttpRequest,
    body: web::Bytes,
) -> Result<HttpResponse, ServerError> {
    let given = request
        .headers()
        .get(INTERNAL_HEADER)
        .map(|value| value.as_bytes())
        .unwrap_or_default();
    if !bool::from(given.ct_eq(ctx.config.secrets.internal_secret.expose().as_bytes())) {
        return Err(Error::api(ErrorCode::Unauthorized, "The internal secret is wrong").into());
    }
    // Read only now: who does not know the secret learns nothing of what is expected.
    let body: Authenticate =
        serde_json::from_slice(&body).map_err(|_| Error::bad_request("Malformed JSON"))?;
    let user = auth::identify(&ctx, body.realm_id, &body.credential).await?;
    Ok(HttpResponse::Ok().json(Authenticated {
        user_id: user.id(),
        realm_id: user.realm_id(),
    }))
}
