//! Channel folders: the headings under which clients list streams.

use actix_web::web;
use narrows_actions::Ctx;
use narrows_actions::channel_folders::{self, FolderEdit};
use narrows_wire::ChannelFolderId;
use narrows_wire::events::channel_folder::ChannelFolder;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::extract::{AuthedUser, Params, RealmAdmin};
use crate::reply::{Reply, Success};

/// Parameters of [`list`].
#[derive(Deserialize, JsonSchema)]
pub struct List {
    /// Those that are not used any more too.
    include_archived: Option<bool>,
}

/// Answer of [`list`].
#[derive(Serialize, JsonSchema)]
pub struct Listed {
    /// In their order.
    channel_folders: Vec<ChannelFolder>,
}

/// `GET /channel_folders`.
pub async fn list(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<List>,
) -> Reply<Listed> {
    let archived = args.include_archived.unwrap_or(false);
    let channel_folders = channel_folders::list(&ctx, &caller, archived).await?;
    Ok(Success::new(Listed { channel_folders }))
}

/// Parameters of [`create`].
#[derive(Deserialize, JsonSchema)]
pub struct Create {
    /// What it shall be called.
    name: String,
    /// What it is for, in Markdown.
    description: Option<String>,
}

/// Answer of [`create`].
#[derive(Serialize, JsonSchema)]
pub struct Created {
    /// Its id.
    channel_folder_id: ChannelFolderId,
}

/// `POST /channel_folders/create`.
pub async fn create(
    ctx: web::Data<Ctx>,
    RealmAdmin(caller): RealmAdmin,
    Params(args): Params<Create>,
) -> Reply<Created> {
    let description = args.description.unwrap_or_default();
    let channel_folder_id =
        channel_folders::create(&ctx, &caller, &args.name, &description).await?;
    Ok(Success::new(Created { channel_folder_id }))
}

/// Parameters of [`update`].
#[derive(Deserialize, JsonSchema)]
pub struct Update {
    /// What it shall be called.
    name: Option<String>,
    /// What it is for, in Markdown.
    description: Option<String>,
    /// Not used any more.
    is_archived: Option<bool>,
}

/// `PATCH /channel_folders/{channel_folder_id}`.
pub async fn update(
    ctx: web::Data<Ctx>,
    RealmAdmin(caller): RealmAdmin,
    id: web::Path<ChannelFolderId>,
    Params(args): Params<Update>,
) -> Reply {
    let edit = FolderEdit {
        name: args.name,
        description: args.description,
        is_archived: args.is_archived,
    };
    channel_folders::update(&ctx, &caller, *id, &edit).await?;
    Ok(Success::empty())
}

/// Parameters of [`reorder`].
#[derive(Deserialize, JsonSchema)]
pub struct Order {
    /// All folders, as they shall be listed.
    order: Vec<ChannelFolderId>,
}

/// `PATCH /channel_folders`.
pub async fn reorder(
    ctx: web::Data<Ctx>,
    RealmAdmin(caller): RealmAdmin,
    Params(args): Params<Order>,
) -> Reply {
    channel_folders::reorder(&ctx, &caller, args.order).await?;
    Ok(Success::empty())
}
