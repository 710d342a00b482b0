//! Subscribing, and making the streams that are not there.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use narrows_store::models::{Realm, Stream, Subscription, User};
use narrows_store::queries::memberships::{self, Changed};
use narrows_store::{Constraint, Tx};
use narrows_wire::events::Event;
use narrows_wire::events::stream::StreamEvent;
use narrows_wire::events::subscription::{Personal, SubscriptionEvent, SubscriptionObject};
use narrows_wire::limits::MAX_BULK_NEW_SUBSCRIPTION_MESSAGES;
use narrows_wire::{Audience, RealmId, UserId};
use schemars::JsonSchema;
use serde::Serialize;

use super::{personal, principals};
use crate::access::realm::{check_no_guest, may};
use crate::access::streams::{StreamAccess, access_streams_for_subscribe, is_granted, may_see};
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::realms::Right;
use crate::streams::{
    NewStreamSettings, Notices, Objects, audience, check_create, check_description, check_name,
    create, tell_made, tell_subscribed,
};
use crate::subscriptions::Principal;

/// Colours of streams in the order they are given out.
const PALETTE: [&str; 24] = [
    "#76ce90", "#fae589", "#a6c7e5", "#e79ab5", "#bfd56f", "#f4ae55", "#b0a5fd", "#addfe5",
    "#f5ce6e", "#c2726a", "#94c849", "#bd86e5", "#ee7e4a", "#a6dcbf", "#95a5fd", "#53a063",
    "#9987e1", "#e4523d", "#c2c2c2", "#4f8de4", "#c6a8ad", "#e7cc4d", "#c8bebf", "#a47462",
];

/// A stream that people are to be subscribed to.
#[derive(Clone, Debug)]
pub struct NewSubscription {
    /// Its name.
    pub name: String,
    /// If the stream is made.
    pub description: String,
    /// Instead of the next colour that the user does not have.
    pub color: Option<String>,
}

/// A request to subscribe people.
#[derive(Clone, Debug)]
pub struct Subscribe {
    /// To what.
    pub streams: Vec<NewSubscription>,
    /// What the request calls `streams`.
    pub list: &'static str,
    /// Whom; the caller if empty.
    pub principals: Vec<Principal>,
    /// How streams that are not there are made.
    pub settings: NewStreamSettings,
    /// Refuse all if one stream is refused.
    pub authorization_errors_fatal: bool,
    /// What the notification bot says of it.
    pub notices: Notices,
}

/// What came of it.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct Subscribed {
    /// Names of streams by user.
    pub subscribed: BTreeMap<UserId, Vec<String>>,
    /// Likewise, where nothing changed.
    pub already_subscribed: BTreeMap<UserId, Vec<String>>,
    /// What the caller has no right to, if that is not an error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unauthorized: Option<Vec<String>>,
    /// Whether who was subscribed by somebody else was told by message.
    pub new_subscription_messages_sent: bool,
}

/// Subscribes people.
pub async fn subscribe(ctx: &Ctx, caller: &Caller, request: Subscribe) -> Result<Subscribed> {
    match subscribe_once(ctx, caller, &request).await {
        // Somebody made a stream of that name at the same moment: now it is there to be subscribed to.
        Err(Error::Store(narrows_store::Error::Constraint(Constraint::StreamName))) => {
            subscribe_once(ctx, caller, &request).await
        }
        done => done,
    }
}

async fn subscribe_once(ctx: &Ctx, caller: &Caller, request: &Subscribe) -> Result<Subscribed> {
    let mut tx = ctx.store.begin().await?;
    let subscribed = subscribe_in(ctx, &mut tx, caller, request).await?;
    drop(tx.commit().await?);
    Ok(subscribed)
}

/// Subscribes people in a transaction.
pub(super) async fn subscribe_in(
    ctx: &Ctx,
    tx: &mut Tx,
    caller: &Caller,
    request: &Subscribe,
) -> Result<Subscribed> {
    check_no_guest(caller)?;
    let wanted = check_wanted(&request.streams, Some(request.list))?;
    let users = principals::find(tx, caller, &request.principals).await?;
    let names: Vec<&str> = wanted.iter().map(|wanted| wanted.name.as_str()).collect();
    let first = access_streams_for_subscribe(tx, caller, &names).await?;
    check_principals(tx, caller, &users, &first.granted).await?;
    memberships::lock_all(tx, first.granted.iter().map(|access| &*access.stream)).await?;
    // Rights may have gone while we waited.
    let access = access_streams_for_subscribe(tx, caller, &names).await?;
    if let Some(name) = access
        .refused
        .first()
        .filter(|_| request.authorization_errors_fatal)
    {
        return Err(Error::bad_request(format!(
            "Unable to access channel ({name})."
        )));
    }
    let missing: Vec<&NewSubscription> = wanted
        .iter()
        .filter(|wanted| access.missing.contains(&wanted.name))
        .collect();
    let made = make(ctx, tx, caller, &missing, &request.settings).await?;
    let mut streams: Vec<Stream> = access
        .granted
        .into_iter()
        .map(|access| *access.stream)
        .collect();
    let new_from = streams.len();
    streams.extend(made);
    let colors = wanted
        .iter()
        .filter_map(|w| Some((w.name.to_lowercase(), w.color.clone()?)))
        .collect();
    let joined = join(tx, caller.realm_id(), &streams, &users, &colors).await?;
    emit(tx, caller, &streams, new_from, &users, &joined).await?;
    let mut report = report(&streams, &users, &joined);
    let (old, made) = streams.split_at(new_from.min(streams.len()));
    report.new_subscription_messages_sent =
        tell_joined(ctx, tx, caller, old, &users, &joined, request.notices).await?;
    tell_made(ctx, tx, caller, made, request.notices).await?;
    report.unauthorized = (!request.authorization_errors_fatal).then_some(access.refused);
    Ok(report)
}

/// Tells people of the streams that they were subscribed to, unless they are too many.
async fn tell_joined(
    ctx: &Ctx,
    tx: &mut Tx,
    caller: &Caller,
    streams: &[Stream],
    users: &[User],
    joined: &[Changed],
    notices: Notices,
) -> Result<bool> {
    let mut of_users: BTreeMap<UserId, Vec<&Stream>> = BTreeMap::new();
    for change in joined {
        if let Some(stream) = streams.iter().find(|s| s.id() == change.stream_id) {
            for user in &change.joined {
                of_users.entry(*user).or_default().push(stream);
            }
        }
    }
    if !notices.to_subscribed || of_users.len() > MAX_BULK_NEW_SUBSCRIPTION_MESSAGES {
        return Ok(false);
    }
    tell_subscribed(ctx, tx, caller, &of_users, users).await?;
    Ok(true)
}

/// The streams with checked names, each once. `list` is what a request for many calls them.
pub(super) fn check_wanted(
    streams: &[NewSubscription],
    list: Option<&str>,
) -> Result<Vec<NewSubscription>> {
    let mut seen = BTreeSet::new();
    let mut wanted = Vec::with_capacity(streams.len());
    for (at, stream) in streams.iter().enumerate() {
        let place = |field: &str| match list {
            Some(list) => format!("{list}[{at}][\"{field}\"]"),
            None => field.to_owned(),
        };
        let name = check_name(&stream.name)?;
        let description = check_description(&place("description"), &stream.description)?;
        if let Some(color) = &stream.color {
            super::properties::check_color(&place("color"), color)?;
        }
        if seen.insert(name.to_lowercase()) {
            wanted.push(NewSubscription {
                name,
                description,
                color: stream.color.clone(),
            });
        }
    }
    Ok(wanted)
}

/// Whether the caller may subscribe these people: by the realm's policy, or because each of the streams lets them.
pub(super) async fn check_principals(
    tx: &mut Tx,
    caller: &Caller,
    users: &[User],
    streams: &[StreamAccess],
) -> Result<()> {
    if users.iter().all(|user| user.id() == caller.user_id()) {
        return Ok(());
    }
    let allowed = may(tx, caller, Right::AddSubscribers).await?;
    if !allowed && streams.is_empty() {
        return Err(Error::insufficient_permission());
    }
    for access in streams.iter().filter(|_| !allowed) {
        if !is_granted(tx, caller, &access.stream, "can_add_subscribers_group").await? {
            return Err(Error::insufficient_permission());
        }
    }
    Ok(())
}

pub(super) async fn make(
    ctx: &Ctx,
    tx: &mut Tx,
    caller: &Caller,
    missing: &[&NewSubscription],
    settings: &NewStreamSettings,
) -> Result<Vec<Stream>> {
    if missing.is_empty() {
        return Ok(vec![]);
    }
    check_create(tx, caller, settings).await?;
    let mut made = Vec::with_capacity(missing.len());
    for new in missing {
        made.push(create(ctx, tx, caller, &new.name, &new.description, settings).await?);
    }
    Realm::touch(tx, caller.realm_id()).await?;
    Ok(made)
}

/// Makes the users members; `given` are the colours that were asked for, by stream name in lower case.
pub(super) async fn join(
    tx: &mut Tx,
    realm: RealmId,
    streams: &[Stream],
    users: &[User],
    given: &HashMap<String, String>,
) -> Result<Vec<Changed>> {
    let ids: Vec<UserId> = users.iter().map(User::id).collect();
    let mut colors = Colors(memberships::colors_of_users(tx, &ids).await?);
    let changes = streams.iter().map(|stream| {
        let given = given.get(&stream.name.to_lowercase());
        let color = |user: &UserId| match given {
            Some(color) => (*user, color.clone()),
            None => (*user, colors.next(*user)),
        };
        memberships::Change::join(stream, ids.iter().map(color).collect())
    });
    Ok(memberships::change(tx, realm, changes.collect()).await?)
}

/// The colours that users have given to streams.
struct Colors(HashMap<UserId, Vec<String>>);

impl Colors {
    /// The first of the palette that the user has for the fewest streams; they have it once more from now on.
    fn next(&mut self, user: UserId) -> String {
        let used = self.0.entry(user).or_default();
        let times = |color: &&&str| {
            used.iter()
                .filter(|other| other.as_str() == **color)
                .count()
        };
        let next = PALETTE.iter().min_by_key(times).copied();
        let next = next.unwrap_or_default().to_owned();
        used.push(next.clone());
        next
    }
}

/// Tells those who see streams for the first time, then those who joined, then the others. Streams from `new_from` on
/// were just made.
pub(super) async fn emit(
    tx: &mut Tx,
    caller: &Caller,
    streams: &[Stream],
    new_from: usize,
    users: &[User],
    joined: &[Changed],
) -> Result<()> {
    let ids: Vec<_> = streams.iter().map(Stream::id).collect();
    let objects = Objects::of_streams(tx, caller, &ids).await?;
    for (index, stream) in streams.iter().enumerate() {
        let Some(change) = joined.iter().find(|change| change.stream_id == stream.id()) else {
            continue;
        };
        let audience = audience(tx, stream, change.version).await?;
        let newcomers: Vec<UserId> = users
            .iter()
            .filter(|user| change.joined.contains(&user.id()) && !may_see(user, stream, false))
            .map(User::id)
            .collect();
        let told = if index >= new_from {
            audience.clone()
        } else {
            Audience::users(newcomers.clone())
        };
        if index >= new_from || !newcomers.is_empty() {
            let event = Event::Stream(StreamEvent::Create {
                streams: vec![objects.stream(stream)?],
            });
            tx.emit(caller.realm_id(), told, &event)?;
        }
        emit_added(tx, stream, &objects, &change.joined).await?;
        if !change.joined.is_empty() {
            let stream_ids = vec![stream.id()];
            let event = SubscriptionEvent::PeerAdd {
                stream_ids,
                user_ids: change.joined.clone(),
            };
            let others = audience.but(change.joined.iter().copied());
            tx.emit(caller.realm_id(), others, &Event::Subscription(event))?;
        }
    }
    Ok(())
}

/// Tells those who joined: one event for all who treat the stream alike.
async fn emit_added(
    tx: &mut Tx,
    stream: &Stream,
    objects: &Objects,
    joined: &[UserId],
) -> Result<()> {
    let mut alike: BTreeMap<Personal, Vec<UserId>> = BTreeMap::new();
    for subscription in Subscription::of_users(tx, stream.id(), joined).await? {
        alike
            .entry(personal(&subscription))
            .or_default()
            .push(subscription.user_id());
    }
    let mut object = objects.stream(stream)?;
    object.subscribers = Some(objects.subscribers(stream.id()));
    for (personal, users) in alike {
        let subscriptions = vec![SubscriptionObject {
            stream: object.clone(),
            personal,
        }];
        let event = Event::Subscription(SubscriptionEvent::Add { subscriptions });
        tx.emit(stream.realm_id(), Audience::users(users), &event)?;
    }
    Ok(())
}

fn report(streams: &[Stream], users: &[User], joined: &[Changed]) -> Subscribed {
    let mut report = Subscribed::default();
    for stream in streams {
        let change = joined.iter().find(|change| change.stream_id == stream.id());
        for user in users {
            let is_new = change.is_some_and(|change| change.joined.contains(&user.id()));
            let list = if is_new {
                &mut report.subscribed
            } else {
                &mut report.already_subscribed
            };
            list.entry(user.id()).or_default().push(stream.name.clone());
        }
    }
    report
}

/// Subscribes a new user. `caller` is who makes them; it may be themselves.
pub(crate) async fn subscribe_newcomer(
    tx: &mut Tx,
    caller: &Caller,
    user: &User,
    streams: &[Stream],
) -> Result<()> {
    let users = [user.clone()];
    memberships::lock_all(tx, streams).await?;
    let joined = join(tx, caller.realm_id(), streams, &users, &HashMap::new()).await?;
    emit(tx, caller, streams, streams.len(), &users, &joined).await
}
