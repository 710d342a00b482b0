//! Video calls for which a client asks the server. This server makes none: it knows no Zoom and no BigBlueButton, and says
//! so. What clients can use is in `realm_available_video_chat_providers`.

use narrows_actions::Error;
use narrows_wire::ErrorCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::extract::{AuthedUser, Params};
use crate::reply::Reply;

/// Parameters of [`zoom`].
#[derive(Deserialize, JsonSchema)]
pub struct Zoom {
    /// With pictures; yes if not given.
    #[serde(rename = "is_video_call")]
    _is_video_call: Option<bool>,
}

/// Parameters of [`big_blue_button`].
#[derive(Deserialize, JsonSchema)]
pub struct BigBlueButton {
    /// What the meeting is called.
    #[serde(rename = "meeting_name")]
    _meeting_name: String,
    /// Without pictures; no if not given.
    #[serde(rename = "voice_only")]
    _voice_only: Option<bool>,
}

/// Answer of [`zoom`] and [`big_blue_button`].
#[derive(Serialize, JsonSchema)]
pub struct Call {
    /// Where people meet.
    url: String,
}

/// `POST /calls/zoom/create`.
pub async fn zoom(_: AuthedUser, _: Params<Zoom>) -> Reply<Call> {
    let msg = "Invalid Zoom access token";
    Err(Error::api(ErrorCode::InvalidZoomToken, msg).into())
}

/// `GET /calls/bigbluebutton/create`.
pub async fn big_blue_button(_: AuthedUser, _: Params<BigBlueButton>) -> Reply<Call> {
    Err(Error::bad_request("BigBlueButton is not configured.").into())
}
