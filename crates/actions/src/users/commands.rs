//! What clients send of a message that begins with a slash and is none.

use super::change::change_own;
use super::settings::{OwnChange, Settings};
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};

/// The values of the setting `color_scheme`.
const DARK: u8 = 2;
const LIGHT: u8 = 3;

/// Does what a command says; returns what to tell the user.
pub async fn run(ctx: &Ctx, caller: &Caller, command: &str) -> Result<String> {
    let Some(name) = command.strip_prefix('/') else {
        let msg = "There should be a leading slash in the zcommand.";
        return Err(Error::bad_request(msg));
    };
    let settings = Settings::of(&caller.user);
    let (change, already, now) = match name {
        "ping" => return Ok(String::new()),
        "night" | "dark" => theme(&settings, DARK, "dark", "light"),
        "day" | "light" => theme(&settings, LIGHT, "light", "dark"),
        "fluid-width" => width(&settings, true, "fluid", "fixed"),
        "fixed-width" => width(&settings, false, "fixed", "fluid"),
        other => return Err(Error::bad_request(format!("No such command: {other}"))),
    };
    let Some(change) = change else {
        return Ok(already);
    };
    change_own(ctx, caller, change).await?;
    Ok(now)
}

/// The change, if one is needed, and what to say without and with it.
type Answer = (Option<OwnChange>, String, String);

fn theme(settings: &Settings, value: u8, name: &str, other: &str) -> Answer {
    let change = OwnChange {
        color_scheme: Some(value),
        ..OwnChange::default()
    };
    (
        (settings.color_scheme != value).then_some(change),
        format!("You are still in {name} theme."),
        format!("Changed to {name} theme! To revert {name} theme, type `/{other}`."),
    )
}

fn width(settings: &Settings, fluid: bool, name: &str, other: &str) -> Answer {
    let change = OwnChange {
        fluid_layout_width: Some(fluid),
        ..OwnChange::default()
    };
    (
        (settings.fluid_layout_width != fluid).then_some(change),
        format!("You are still in {name} width mode."),
        format!(
            "Changed to {name}-width mode! To revert {name}-width mode, type `/{other}-width`."
        ),
    )
}
