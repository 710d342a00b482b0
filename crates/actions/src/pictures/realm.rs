//! Pictures of a realm: its icon, and its logo for light and for dark. Everybody sees them, logged in or not.

use bytes::Bytes;
use narrows_store::models::Realm;
use narrows_wire::events::realm::RealmEvent;
use narrows_wire::{Audience, Event, RealmId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{get, put, resize};
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::realms;

/// Pixels a side of an icon.
const ICON_SIDE: u32 = 100;
/// The box into which a logo fits.
const LOGO_BOX: (u32, u32) = (800, 100);
/// Where the settings of a realm have what is known of its pictures.
const STORED: &str = "pictures";

/// A picture of a realm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RealmPicture {
    /// Small and square.
    Icon,
    /// Wide.
    Logo,
    /// Wide, for dark colours.
    NightLogo,
}

/// What is stored of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Stored {
    is_uploaded: bool,
    /// Raised at each change.
    version: u32,
}

impl RealmPicture {
    /// All of them.
    pub const ALL: [RealmPicture; 3] = [
        RealmPicture::Icon,
        RealmPicture::Logo,
        RealmPicture::NightLogo,
    ];

    /// Its name, as events and URLs have it.
    pub fn name(self) -> &'static str {
        match self {
            RealmPicture::Icon => "icon",
            RealmPicture::Logo => "logo",
            RealmPicture::NightLogo => "night_logo",
        }
    }

    /// By its file's name.
    pub fn by_file_name(name: &str) -> Option<RealmPicture> {
        let name = name.strip_suffix(".png")?;
        Self::ALL.into_iter().find(|picture| picture.name() == name)
    }

    fn stored(self, realm: &Realm) -> Stored {
        let stored = realm
            .settings
            .get(STORED)
            .and_then(|all| all.get(self.name()));
        let stored = stored.and_then(|stored| Stored::deserialize(stored).ok());
        stored.unwrap_or(Stored {
            is_uploaded: false,
            version: 1,
        })
    }

    fn key(self, realm: RealmId) -> String {
        format!("realm_pictures/{realm}/{}.png", self.name())
    }
}

/// `*_url` and `*_source` of a picture, as clients know them.
pub(crate) fn realm_picture(ctx: &Ctx, realm: &Realm, picture: RealmPicture) -> Map<String, Value> {
    let stored = picture.stored(realm);
    let (url, source) = match (stored.is_uploaded, picture) {
        (true, _) => {
            let (id, name, version) = (realm.id(), picture.name(), stored.version);
            let url = format!("/user_avatars/{id}/realm/{name}.png?version={version}");
            (url, "U")
        }
        (false, RealmPicture::Icon) => (crate::users::gravatar_of(&realm.subdomain), "G"),
        (false, _) => {
            let url = realms::url(ctx, realm);
            (format!("{url}/static/images/logo.svg"), "D")
        }
    };
    let name = picture.name();
    Map::from_iter([
        (format!("{name}_url"), json!(url)),
        (format!("{name}_source"), json!(source)),
    ])
}

/// The URL of a realm's icon.
pub fn icon_url(ctx: &Ctx, realm: &Realm) -> String {
    let icon = realm_picture(ctx, realm, RealmPicture::Icon);
    url_of(&icon, RealmPicture::Icon)
}

fn url_of(fields: &Map<String, Value>, picture: RealmPicture) -> String {
    let url = fields.get(&format!("{}_url", picture.name()));
    url.and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Gives the realm a picture; returns its URL. For administrators.
pub async fn set_realm_picture(
    ctx: &Ctx,
    caller: &Caller,
    picture: RealmPicture,
    file: Bytes,
) -> Result<String> {
    let png = match picture {
        RealmPicture::Icon => {
            let [png] = resize::squares(file, [ICON_SIDE]).await?;
            png
        }
        RealmPicture::Logo | RealmPicture::NightLogo => resize::within(file, LOGO_BOX).await?,
    };
    put(ctx, &picture.key(caller.realm_id()), png).await?;
    change(ctx, caller, picture, true).await
}

/// Takes a picture away; returns the URL of what is shown instead. For administrators.
pub async fn remove_realm_picture(
    ctx: &Ctx,
    caller: &Caller,
    picture: RealmPicture,
) -> Result<String> {
    change(ctx, caller, picture, false).await
}

async fn change(
    ctx: &Ctx,
    caller: &Caller,
    picture: RealmPicture,
    is_uploaded: bool,
) -> Result<String> {
    let id = caller.realm_id();
    let mut tx = ctx.store.begin().await?;
    let realm = Realm::lock(&mut tx, id).await?;
    let mut all = match realm.settings.get(STORED) {
        Some(Value::Object(all)) => all.clone(),
        _ => Map::new(),
    };
    let stored = Stored {
        is_uploaded,
        version: picture.stored(&realm).version + 1,
    };
    all.insert(picture.name().to_owned(), serde_json::to_value(stored)?);
    Realm::change(&mut tx, id, None, None, &json!({ STORED: all })).await?;
    let realm = Realm::find(&mut tx, id).await?;
    let data = realm_picture(ctx, &realm, picture);
    let event = Event::Realm(RealmEvent::UpdateDict {
        property: picture.name(),
        data: data.clone(),
    });
    tx.emit(id, Audience::realm(), &event)?;
    drop(tx.commit().await?);
    Ok(url_of(&data, picture))
}

/// A picture that was uploaded for the realm; `None` if there is none.
pub async fn access_realm_picture(
    ctx: &Ctx,
    realm: &Realm,
    picture: RealmPicture,
) -> Result<Option<Bytes>> {
    match picture.stored(realm).is_uploaded {
        true => get(ctx, &picture.key(realm.id())).await,
        false => Ok(None),
    }
}
