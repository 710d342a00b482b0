//! Users as the API shows them.

use chrono::SecondsFormat;
use md5::{Digest, Md5};
use narrows_store::models::User;
use narrows_wire::envelope::SenderAvatar;
use narrows_wire::{RealmId, UserId};
use schemars::JsonSchema;
use serde::Serialize;

use crate::profile_fields::ProfileData;

use crate::access::users::Sight;

/// A user object of the API.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct UserObject {
    /// The address that clients show.
    pub email: String,
    /// Their id.
    pub user_id: UserId,
    /// Raised at each change of the picture.
    pub avatar_version: i32,
    /// Administrator or owner.
    pub is_admin: bool,
    /// Owner.
    pub is_owner: bool,
    /// Guest.
    pub is_guest: bool,
    /// There is no billing.
    pub is_billing_admin: bool,
    /// The role's number.
    pub role: i16,
    /// A program.
    pub is_bot: bool,
    /// Their name.
    pub full_name: String,
    /// IANA name, or "".
    pub timezone: String,
    /// Not deactivated.
    pub is_active: bool,
    /// ISO 8601.
    pub date_joined: String,
    /// Where mail goes, if the viewer may know.
    pub delivery_email: Option<String>,
    /// The picture; `None`: the client computes the Gravatar from the address.
    pub avatar_url: Option<String>,
    /// Of bots.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bot_type: Option<i16>,
    /// Of bots: who made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bot_owner_id: Option<Option<UserId>>,
    /// The realm's own voice.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_system_bot: bool,
    /// Values of the realm's custom profile fields, of people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile_data: Option<ProfileData>,
}

impl UserObject {
    /// A user as somebody sees them. With `client_gravatar` the client computes URLs of Gravatars itself.
    pub fn new(user: &User, sight: &Sight, client_gravatar: bool) -> Self {
        let role = user.role();
        let avatar_url = match avatar(user) {
            SenderAvatar::Gravatar { .. } if client_gravatar => None,
            SenderAvatar::Gravatar { url } | SenderAvatar::Uploaded { url } => Some(url),
        };
        UserObject {
            email: sight.email(user),
            user_id: user.id(),
            avatar_version: user.avatar_version,
            is_admin: role.is_admin(),
            is_owner: role == narrows_wire::Role::Owner,
            is_guest: role.is_guest(),
            is_billing_admin: false,
            role: role.into(),
            is_bot: user.is_bot,
            full_name: user.full_name.clone(),
            timezone: user.timezone.clone(),
            is_active: user.is_active,
            date_joined: user
                .date_joined
                .to_rfc3339_opts(SecondsFormat::Micros, false),
            delivery_email: sight
                .sees_address(user)
                .then(|| user.delivery_email.clone()),
            avatar_url,
            bot_type: user.bot_type.filter(|_| user.is_bot),
            bot_owner_id: user.is_bot.then(|| user.bot_owner_id()),
            is_system_bot: user.is_system_bot,
            profile_data: None,
        }
    }

    /// With the values of custom profile fields, which bots do not have.
    pub fn with_profile_data(mut self, values: Option<&ProfileData>) -> Self {
        self.profile_data = (!self.is_bot).then(|| values.cloned().unwrap_or_default());
        self
    }
}

/// Where a user's picture is.
pub fn avatar(user: &User) -> SenderAvatar {
    avatar_of(
        user.realm_id(),
        user.id(),
        &user.avatar_source,
        user.avatar_version,
        (&user.email, &user.delivery_email),
    )
}

/// [`avatar`] from a user's columns; `emails` are the address that others see and the one where mail goes. Where they
/// differ, others cannot know the Gravatar, so that its URL is as good as that of an upload.
pub(crate) fn avatar_of(
    realm: RealmId,
    user: UserId,
    source: &str,
    version: i32,
    emails: (&str, &str),
) -> SenderAvatar {
    let (shown, email) = emails;
    match source {
        "U" => SenderAvatar::Uploaded {
            url: format!("/user_avatars/{realm}/{user}.png?version={version}"),
        },
        _ if shown != email => SenderAvatar::Uploaded {
            url: gravatar_url(email, version),
        },
        _ => SenderAvatar::Gravatar {
            url: gravatar_url(email, version),
        },
    }
}

/// The URL of a user's picture.
pub fn avatar_url(user: &User) -> String {
    match avatar(user) {
        SenderAvatar::Gravatar { url } | SenderAvatar::Uploaded { url } => url,
    }
}

/// The URL of a user's picture in a larger size.
pub fn avatar_url_medium(user: &User) -> String {
    // An uploaded picture or a Gravatar that others cannot compute: whichever it is, one of the two fits.
    let url = avatar_url(user).replace(".png?", "-medium.png?");
    url.replace("&version=", "&s=500&version=")
}

/// The URL of the Gravatar of an address.
pub fn gravatar_url(email: &str, version: i32) -> String {
    format!("{}&version={version}", gravatar_of(email))
}

/// The URL of the Gravatar of an address or another name.
pub(crate) fn gravatar_of(name: &str) -> String {
    let hash = hex::encode(Md5::digest(name.to_lowercase().as_bytes()));
    format!("https://secure.gravatar.com/avatar/{hash}?d=identicon")
}
