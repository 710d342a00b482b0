//! Makes the demo happen.

use std::collections::BTreeMap;

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use narrows_actions::access::streams::StreamRef;
use narrows_actions::flags::{self, Flag, Op};
use narrows_actions::messages::recipient::{Destination, People};
use narrows_actions::messages::send::{SendMessage, send_at};
use narrows_actions::reactions::{self, EmojiChoice};
use narrows_actions::realms::{self, NewOrganization};
use narrows_actions::streams::{NewStreamSettings, Notices};
use narrows_actions::subscriptions::{NewSubscription, Principal, Subscribe, subscribe};
use narrows_actions::users::{self, NewPerson};
use narrows_actions::{Caller, Ctx, auth};
use narrows_runtime::Clock;
use narrows_store::models::{Realm, User};
use narrows_wire::UserId;
use serde::Serialize;

use super::cast::{Bot, Kind, ORGANIZATIONS, Organization, PASSWORD, Person, Stream};
use super::script::{Message, Place, Thread, parse};

/// How long the organizations have existed.
const AGE_DAYS: i64 = 90;
/// What is older has been read by everybody.
const UNREAD_DAYS: i64 = 2;

/// What was made, for scripts.
#[derive(Serialize)]
pub struct Made {
    realms: Vec<MadeRealm>,
}

#[derive(Serialize)]
struct MadeRealm {
    name: &'static str,
    url: String,
    users: Vec<MadeUser>,
    streams: Vec<&'static str>,
}

#[derive(Serialize)]
struct MadeUser {
    email: String,
    full_name: String,
    role: &'static str,
    password: Option<&'static str>,
    api_key: String,
}

type Callers = BTreeMap<&'static str, Caller>;

/// Makes the organizations that are not there, and new keys for everybody.
pub async fn fill(ctx: &Ctx) -> anyhow::Result<Made> {
    let mut made = Made { realms: vec![] };
    for organization in ORGANIZATIONS {
        made.realms.push(
            fill_organization(ctx, &organization)
                .await
                .context(organization.name)?,
        );
    }
    Ok(made)
}

async fn fill_organization(ctx: &Ctx, organization: &Organization) -> anyhow::Result<MadeRealm> {
    let root = ctx.config.server.root_subdomain.clone().unwrap_or_default();
    let subdomain = organization.subdomain.map_or(root, str::to_owned);
    let realm = match find(ctx, &subdomain).await? {
        Some(realm) => realm,
        None => make_whole(ctx, organization, &subdomain).await?,
    };
    describe(ctx, organization, &realm).await
}

async fn find(ctx: &Ctx, subdomain: &str) -> anyhow::Result<Option<Realm>> {
    match Realm::by_subdomain(&mut *ctx.store.read().await?, subdomain).await {
        Ok(realm) => Ok(Some(realm)),
        Err(narrows_store::Error::NotFound) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Makes an organization under a name of its own, and moves it to its place when all of it is there: what was
/// interrupted begins anew the next time.
async fn make_whole(
    ctx: &Ctx,
    organization: &Organization,
    subdomain: &str,
) -> anyhow::Result<Realm> {
    let draft = format!("demo-draft-{}", organization.subdomain.unwrap_or("root"));
    if let Some(interrupted) = find(ctx, &draft).await? {
        realms::delete(ctx, interrupted.id()).await?;
    }
    let realm = make(ctx, organization, &draft).await?;
    realms::set_subdomain(ctx, realm.id(), subdomain).await?;
    find(ctx, subdomain)
        .await?
        .context("the organization is gone")
}

fn email(key: &str, subdomain: Option<&str>) -> String {
    format!("{key}@{}.example", subdomain.unwrap_or("lantern"))
}

async fn make(ctx: &Ctx, organization: &Organization, subdomain: &str) -> anyhow::Result<Realm> {
    let now = ctx.clock.now();
    let mut past = ctx.clone();
    past.clock = Clock::at(now - TimeDelta::days(AGE_DAYS));
    let callers = make_people(&past, organization, subdomain).await?;
    let owner = organization
        .people
        .first()
        .and_then(|person| callers.get(person.key));
    let owner = owner.context("an organization without people")?;
    for stream in organization.streams {
        make_stream(&past, organization, owner, &callers, stream)
            .await
            .context(stream.name)?;
    }
    play(ctx, now, &callers, &parse(organization.script)?).await?;
    Ok(Realm::clone(&owner.realm))
}

async fn make_people(
    ctx: &Ctx,
    organization: &Organization,
    subdomain: &str,
) -> anyhow::Result<Callers> {
    let (first, others) = organization
        .people
        .split_first()
        .context("an organization without people")?;
    let address = email(first.key, organization.subdomain);
    let owner = realms::create(
        ctx,
        NewOrganization {
            subdomain,
            name: organization.name,
            description: organization.description,
            owner: new_person(first, &address),
        },
    );
    let owner = browsing(owner.await?);
    let mut callers = Callers::from([(first.key, owner.clone())]);
    let caller = |user: User| browsing(Caller::internal(ctx, Realm::clone(&owner.realm), user));
    for person in others {
        let address = email(person.key, organization.subdomain);
        callers.insert(
            person.key,
            caller(users::create(ctx, &owner, new_person(person, &address)).await?),
        );
    }
    for Bot { key, name } in organization.bots {
        let address = email(key, organization.subdomain);
        callers.insert(
            key,
            caller(users::create_bot(ctx, &owner, &address, name).await?),
        );
    }
    Ok(callers)
}

/// As if they used the web client.
fn browsing(caller: Caller) -> Caller {
    Caller {
        client: "website".to_owned(),
        ..caller
    }
}

fn new_person<'a>(person: &'a Person, email: &'a str) -> NewPerson<'a> {
    NewPerson {
        email,
        full_name: person.name,
        password: Some(PASSWORD.to_owned()),
        role: person.role,
    }
}

async fn make_stream(
    ctx: &Ctx,
    organization: &Organization,
    owner: &Caller,
    callers: &Callers,
    stream: &Stream,
) -> anyhow::Result<()> {
    let full = organization
        .people
        .iter()
        .filter(|person| !person.role.is_guest())
        .map(|person| person.key);
    let everybody: Vec<&str> = if stream.members.contains(&"*") {
        full.collect()
    } else {
        vec![]
    };
    let keys = everybody
        .iter()
        .chain(stream.members.iter().filter(|key| **key != "*"));
    let principals = keys
        .filter_map(|key| callers.get(key))
        .map(|caller| Principal::Id(caller.user_id()));
    let request = Subscribe {
        streams: vec![NewSubscription {
            name: stream.name.to_owned(),
            description: stream.description.to_owned(),
            color: None,
        }],
        list: "subscriptions",
        principals: principals.collect(),
        settings: NewStreamSettings {
            invite_only: matches!(stream.kind, Kind::Private | Kind::Protected),
            is_web_public: stream.kind == Kind::WebPublic,
            is_default: everybody.len() > 1,
            history_public_to_subscribers: (stream.kind == Kind::Private).then_some(true),
            ..NewStreamSettings::default()
        },
        authorization_errors_fatal: true,
        notices: Notices::default(),
    };
    subscribe(ctx, owner, request).await?;
    Ok(())
}

/// Says everything in the order of time, so that ids grow with it.
async fn play(
    ctx: &Ctx,
    now: DateTime<Utc>,
    callers: &Callers,
    threads: &[Thread],
) -> anyhow::Result<()> {
    let mut lines: Vec<(DateTime<Utc>, &Thread, &Message)> = Vec::new();
    for thread in threads {
        let midnight =
            now - TimeDelta::days(thread.days_ago) - TimeDelta::seconds(now.timestamp() % 86_400);
        for (index, message) in thread.messages.iter().enumerate() {
            let at = midnight + TimeDelta::minutes(thread.minute + thread.offset(index));
            lines.push((at.min(now), thread, message));
        }
    }
    lines.sort_by_key(|(at, _, _)| *at);
    let fresh = now - TimeDelta::days(UNREAD_DAYS);
    let mut read = false;
    for (at, thread, message) in lines {
        if at >= fresh && !std::mem::replace(&mut read, true) {
            for caller in callers.values() {
                flags::mark_all_as_read(ctx, caller).await?;
            }
        }
        say(ctx, callers, thread, message, at)
            .await
            .with_context(|| message.text.clone())?;
    }
    Ok(())
}

async fn say(
    ctx: &Ctx,
    callers: &Callers,
    thread: &Thread,
    message: &Message,
    at: DateTime<Utc>,
) -> anyhow::Result<()> {
    let caller = |key: &str| {
        callers
            .get(key)
            .with_context(|| format!("nobody is called {key}"))
    };
    let to = match &thread.place {
        Place::Topic { stream, topic } => Destination::Stream {
            stream: StreamRef::Name(stream.clone()),
            topic: Some(topic.clone()),
        },
        Place::Direct(people) => {
            let ids: anyhow::Result<Vec<UserId>> = people
                .iter()
                .map(|key| Ok(caller(key)?.user_id()))
                .collect();
            Destination::Direct(People::Ids(ids?))
        }
    };
    let request = SendMessage {
        to,
        content: message.text.clone(),
        local: None,
    };
    let id = send_at(ctx, caller(&message.sender)?, request, at).await?;
    for (emoji, people) in &message.reactions {
        let emoji = EmojiChoice {
            name: Some(emoji.clone()),
            code: None,
            kind: None,
        };
        for key in people {
            reactions::add(ctx, caller(key)?, id, &emoji).await?;
        }
    }
    for key in &message.starred_by {
        flags::update(ctx, caller(key)?, &[id], Op::Add, Flag::Starred).await?;
    }
    Ok(())
}

/// Who is there now, with new keys.
async fn describe(
    ctx: &Ctx,
    organization: &Organization,
    realm: &Realm,
) -> anyhow::Result<MadeRealm> {
    let all = User::all(&mut *ctx.store.read().await?, realm.id()).await?;
    let mut made = Vec::new();
    for user in all
        .into_iter()
        .filter(|user| user.is_active && !user.is_system_bot)
    {
        made.push(MadeUser {
            api_key: auth::mint_key(ctx, &user, "demo").await?,
            role: if user.is_bot {
                "bot"
            } else {
                user.role().name()
            },
            password: (!user.is_bot).then_some(PASSWORD),
            email: user.delivery_email,
            full_name: user.full_name,
        });
    }
    Ok(MadeRealm {
        name: organization.name,
        url: realms::url(ctx, realm),
        users: made,
        streams: organization
            .streams
            .iter()
            .map(|stream| stream.name)
            .collect(),
    })
}
