//! Hints that new users see once.

use narrows_store::Conn;
use narrows_store::models::OnboardingStep;
use narrows_wire::Event;
use narrows_wire::events::user::{OnboardingStep as Shown, OnboardingSteps};

use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};

/// The hints that clients have.
const STEPS: [&str; 5] = [
    "visibility_policy_banner",
    "intro_inbox_view_modal",
    "intro_recent_view_modal",
    "first_stream_created_banner",
    "jump_to_conversation_banner",
];

/// Those that the caller has yet to see.
pub(crate) async fn gather(conn: &mut Conn, caller: &Caller) -> Result<Vec<Shown>> {
    let seen = OnboardingStep::seen_by(conn, caller.user_id()).await?;
    let left = STEPS
        .into_iter()
        .filter(|step| !seen.iter().any(|seen| seen == step));
    Ok(left
        .map(|name| Shown {
            kind: "one_time_notice",
            name,
        })
        .collect())
}

/// The caller has seen one.
pub async fn see(ctx: &Ctx, caller: &Caller, step: &str) -> Result<()> {
    if !STEPS.contains(&step) {
        return Err(Error::bad_request(format!(
            "Unknown onboarding_step: {step}"
        )));
    }
    let mut tx = ctx.store.begin().await?;
    OnboardingStep::see(&mut tx, caller.user_id(), step, ctx.clock.now()).await?;
    let event = OnboardingSteps {
        onboarding_steps: gather(&mut tx, caller).await?,
    };
    caller.tell(&mut tx, &Event::OnboardingSteps(event))?;
    drop(tx.commit().await?);
    Ok(())
}

/// How far older clients say that their user is with the tutorial, and what is noted of it.
const TUTORIAL: [(&str, &str); 2] = [
    ("started", "tutorial_started"),
    ("finished", "tutorial_finished"),
];

/// Notes how far the caller is with the tutorial of older clients.
pub async fn set_tutorial_status(ctx: &Ctx, caller: &Caller, status: &str) -> Result<()> {
    let known = TUTORIAL.iter().find(|(name, _)| *name == status);
    let (_, step) = known.ok_or_else(|| Error::bad_request("Invalid status"))?;
    let mut tx = ctx.store.begin().await?;
    OnboardingStep::see(&mut tx, caller.user_id(), step, ctx.clock.now()).await?;
    drop(tx.commit().await?);
    Ok(())
}
