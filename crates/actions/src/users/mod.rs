//! The people of a realm, and its bots.

mod address;
mod change;
pub mod commands;
mod create;
pub mod languages;
mod manage;
mod object;
pub mod onboarding;
mod read;
mod settings;
pub mod status;

use std::sync::Arc;

use narrows_store::models::{Realm, User};

use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::Result;

pub(crate) use address::who_sees;
pub use change::{change_own, change_realm_defaults};
pub(crate) use change::{legacy_settings, realm_defaults};
pub use create::{NewPerson, check_full_name, create, create_bot};
pub(crate) use create::{check_person, do_create_bot, join, prepare};
pub use manage::{UserEdit, deactivate, deactivate_self, reactivate, set_role, update};
pub(crate) use manage::{access_managed, do_set_role, emit_update};
pub use object::{UserObject, avatar, avatar_url, avatar_url_medium, gravatar_url};
pub(crate) use object::{avatar_of, gravatar_of};
pub use read::{
    access_user, access_user_by_email, access_user_by_id_or_email, all, list, max_message_id,
    seen_by, sight,
};
pub use settings::{Change, OwnChange, Settings, settings_object, with_choices};

/// The realm's own voice, as a caller.
pub async fn notification_bot(ctx: &Ctx, realm: &Arc<Realm>) -> Result<Caller> {
    let bot = User::notification_bot(&mut *ctx.store.read().await?, realm.id()).await?;
    Ok(Caller {
        realm: realm.clone(),
        user: Arc::new(bot),
        client: "Internal".to_owned(),
        credential: String::new(),
        asked_at: ctx.clock.now(),
        proof: None,
    })
}

/// Whether this looks like an e-mail address.
pub fn is_email(text: &str) -> bool {
    let allowed = |c: char| !c.is_whitespace() && !c.is_control() && !"<>()[],;:\"\\".contains(c);
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let labels_ok = domain.split('.').all(|label| {
        !label.is_empty()
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
            && !label.starts_with('-')
    });
    !local.is_empty()
        && text.len() <= 254
        && local.chars().all(|c| allowed(c) && c != '@')
        && labels_ok
}
