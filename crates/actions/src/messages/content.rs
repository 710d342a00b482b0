//! From what was typed to what is stored: cleaning, rendering, and who is mentioned.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use narrows_markdown::{
    LinkPreview, Rendered, Resolved, ResolvedGroup, ResolvedStream, ResolvedUser, UserRef, Wanted,
};
use narrows_store::Conn;
use narrows_store::queries::names::{self, Named};
use narrows_wire::limits::MAX_MESSAGE_LENGTH;
use narrows_wire::{GroupId, UserId};

use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::rendering::{self, Rendering};
use crate::users;

/// Which renderer made `rendered_content`; raised when its output changes.
pub(crate) const RENDERED_VERSION: i16 = 1;

/// What follows a text that was cut.
const TRUNCATED: &str = "\n[message truncated]";

/// A text ready to be stored.
#[derive(Clone, Debug)]
pub struct Content {
    /// As typed, cleaned.
    pub text: String,
    /// As HTML.
    pub html: String,
    /// What the renderer saw.
    pub(crate) seen: Rendered,
    /// What it knew of the realm.
    pub(crate) realm: Arc<Rendering>,
    /// Mentioned by name.
    pub(crate) users: Vec<UserId>,
    /// Mentioned groups.
    pub(crate) groups: Vec<GroupId>,
    /// Members of the mentioned groups.
    pub(crate) group_members: Vec<UserId>,
    /// Users of the realm with an alert word in the text.
    pub(crate) alerted: Vec<UserId>,
}

impl Content {
    /// Everybody who is mentioned by name or through a group, once, ascending.
    pub(crate) fn mentioned(&self) -> Vec<UserId> {
        let all: BTreeSet<UserId> = self
            .users
            .iter()
            .chain(&self.group_members)
            .copied()
            .collect();
        all.into_iter().collect()
    }
}

/// The text without trailing space, cut to the longest allowed length.
///
/// Errors: empty, or with a NUL byte.
pub fn check_text(text: &str) -> Result<String> {
    let text = text.trim_end();
    if text.trim().is_empty() {
        return Err(Error::bad_request("Message must not be empty"));
    }
    check_length(text)
}

/// The text as it is, cut to the longest allowed length.
///
/// Errors: a NUL byte.
pub(crate) fn check_length(text: &str) -> Result<String> {
    if text.contains('\0') {
        return Err(Error::bad_request("Message must not contain null bytes"));
    }
    Ok(truncate(text, MAX_MESSAGE_LENGTH, TRUNCATED))
}

/// The text, or its beginning and `mark`, in at most `length` characters.
pub(crate) fn truncate(text: &str, length: usize, mark: &str) -> String {
    if text.chars().count() <= length {
        return text.to_owned();
    }
    let kept = length.saturating_sub(mark.chars().count());
    text.chars().take(kept).chain(mark.chars()).collect()
}

/// Renders `text` as a message of `caller`.
pub async fn render(ctx: &Ctx, conn: &mut Conn, caller: &Caller, text: String) -> Result<Content> {
    render_with_previews(ctx, conn, caller, text, BTreeMap::new()).await
}

/// [`render`], where it is known what is behind these links.
pub(crate) async fn render_with_previews(
    ctx: &Ctx,
    conn: &mut Conn,
    caller: &Caller,
    text: String,
    link_previews: BTreeMap<String, LinkPreview>,
) -> Result<Content> {
    let realm = rendering::of_realm(ctx, conn, &caller.realm).await?;
    let parsed = narrows_markdown::parse(&text, &realm.options);
    let resolved = Resolved {
        link_previews,
        ..resolve(conn, caller, parsed.wanted()).await?
    };
    let seen = rendering::render(parsed, resolved, &realm).await?;
    let alerted = realm.alerted(&seen.report.alert_words);
    let groups: Vec<i32> = seen
        .report
        .mentioned_groups
        .iter()
        .filter_map(|id| i32::try_from(*id).ok())
        .collect();
    let group_members = match groups.is_empty() {
        true => vec![],
        false => names::members_of_groups(conn, caller.realm_id(), &groups).await?,
    };
    let users = seen
        .report
        .mentioned_users
        .iter()
        .filter_map(|id| i32::try_from(*id).ok().map(UserId))
        .collect();
    let groups = groups.into_iter().map(GroupId).collect();
    Ok(Content {
        text,
        html: seen.html.clone(),
        seen,
        realm,
        users,
        groups,
        group_members,
        alerted,
    })
}

/// One query for each kind of name that is there; most messages name nobody.
async fn resolve(conn: &mut Conn, caller: &Caller, wanted: &Wanted) -> Result<Resolved> {
    let mut resolved = Resolved {
        translate_emoticons: users::Settings::of(&caller.user).translate_emoticons,
        ..Resolved::default()
    };
    let realm = caller.realm_id();
    if !wanted.users.is_empty() {
        let (names, ids) = user_keys(&wanted.users);
        let users = names::users(conn, realm, &names, &ids).await?;
        resolved.users = users
            .into_iter()
            .map(|u| ResolvedUser {
                id: u.id.into(),
                full_name: u.name,
            })
            .collect();
    }
    if !wanted.groups.is_empty() {
        let groups = names::groups(conn, realm, &lower(&wanted.groups)).await?;
        resolved.groups = groups
            .into_iter()
            .map(|Named { id, name }| ResolvedGroup {
                id: id.into(),
                name,
            })
            .collect();
    }
    if !wanted.streams.is_empty() {
        let guest = caller.user.role().is_guest();
        let streams = names::streams(
            conn,
            realm,
            caller.user_id(),
            guest,
            &lower(&wanted.streams),
        )
        .await?;
        resolved.streams = streams
            .into_iter()
            .map(|Named { id, name }| ResolvedStream {
                id: id.into(),
                name,
            })
            .collect();
    }
    Ok(resolved)
}

fn lower(names: &BTreeSet<String>) -> Vec<String> {
    names.iter().map(|name| name.to_lowercase()).collect()
}

fn user_keys(users: &BTreeSet<UserRef>) -> (Vec<String>, Vec<i32>) {
    let mut names = Vec::new();
    let mut ids = Vec::new();
    for user in users {
        match user {
            UserRef::Name(name) => names.push(name.to_lowercase()),
            UserRef::NameId(_, id) | UserRef::Id(id) => ids.extend(i32::try_from(*id).ok()),
        }
    }
    (names, ids)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_to_the_limit_with_a_mark() {
        let long = "ä".repeat(MAX_MESSAGE_LENGTH + 1);
        let cut = check_text(&long).expect("not empty");
        assert_eq!(cut.chars().count(), MAX_MESSAGE_LENGTH);
        assert!(cut.ends_with(TRUNCATED));
        let whole = "ä".repeat(MAX_MESSAGE_LENGTH);
        assert_eq!(check_text(&whole).expect("not empty"), whole);
    }

    #[test]
    fn nothing_to_say_is_refused() {
        assert!(check_text(" \n\t").is_err());
        assert!(check_text("a\0b").is_err());
        assert_eq!(check_text("  code \n\n").expect("text"), "  code");
    }
}
