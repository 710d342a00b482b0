//! A realm made for measuring: many users, streams of known sizes, a long history.
//!
//! Everything is written in one transaction, in bulk and without events, into a realm that is new: nobody can be
//! connected to it yet.

use narrows_markdown::Options;
use narrows_store::bulk::{self, History, Person, Prose};
use narrows_store::models::{NewStream, Realm};
use narrows_wire::{Role, UserId};

use crate::auth;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::messages::content::RENDERED_VERSION;
use crate::realms;

const COLOR: &str = "#76ce90";
/// Different texts of messages.
const TEXTS: usize = 600;
/// Authors of the messages of a stream.
const AUTHORS: usize = 200;

/// What to make.
#[derive(Clone, Debug)]
pub struct Plan {
    /// How many users, all of them members.
    pub users: usize,
    /// The password of all of them.
    pub password: String,
    /// Their addresses end with `@` and this.
    pub domain: String,
    /// The streams.
    pub streams: Vec<PlannedStream>,
    /// How many topics each stream has.
    pub topics: u32,
    /// How many of the newest messages nobody has read.
    pub unread: u32,
}

/// A stream to make.
#[derive(Clone, Debug)]
pub struct PlannedStream {
    /// Its name.
    pub name: String,
    /// How many subscribers it has: the first so many users.
    pub subscribers: usize,
    /// How many messages are in it.
    pub messages: u32,
}

/// A user that was made.
#[derive(Clone, Debug)]
pub struct Made {
    /// Their address.
    pub email: String,
    /// Their key.
    pub api_key: String,
    /// Their id.
    pub user_id: UserId,
}

/// Fills a realm.
pub async fn fill(ctx: &Ctx, realm: &Realm, plan: &Plan) -> Result<Vec<Made>> {
    let password_hash = auth::hash_password(plan.password.clone()).await?;
    let keys: Vec<String> = (0..plan.users).map(|_| auth::random_token()).collect();
    let people: Vec<Person> = keys
        .iter()
        .enumerate()
        .map(|(number, key)| person(number, key, &plan.domain))
        .collect();
    let now = ctx.clock.now();
    let texts = texts(ctx, realm);
    let topics: Vec<String> = (1..=plan.topics)
        .map(|number| format!("topic {number}"))
        .collect();

    let mut tx = ctx.store.begin().await?;
    let hash = Some(password_hash.as_str());
    let users = bulk::users(&mut tx, realm.id(), &people, Role::Member, hash, now).await?;
    for planned in &plan.streams {
        let stream = NewStream::builder()
            .realm_id(realm.id())
            .name(&planned.name);
        let stream = stream.created_at(now).build().insert(&mut tx).await?;
        let subscribers = users.get(..planned.subscribers).ok_or_else(|| {
            Error::bad_request(format!("There are not enough users for {}.", planned.name))
        })?;
        bulk::subscribe(&mut tx, &stream, subscribers, COLOR).await?;
        let topics = bulk::topics(&mut tx, &stream, &topics).await?;
        let history = History {
            topics: &topics,
            senders: subscribers.get(..AUTHORS).unwrap_or(subscribers),
            texts: &texts,
            rendered_version: RENDERED_VERSION,
            count: planned.messages.into(),
            until: now,
        };
        bulk::messages(&mut tx, &stream, &history).await?;
    }
    bulk::mark_read(&mut tx, realm.id(), &users, plan.unread).await?;
    Realm::touch(&mut tx, realm.id()).await?;
    drop(tx.commit().await?);
    bulk::analyze(&mut *ctx.store.read().await?).await?;

    let made = people.into_iter().zip(keys).zip(users);
    Ok(made
        .map(|((person, api_key), user_id)| Made {
            email: person.email,
            api_key,
            user_id,
        })
        .collect())
}

fn person(number: usize, key: &str, domain: &str) -> Person {
    Person {
        email: format!("load{number}@{domain}"),
        full_name: format!("Load User {number}"),
        key_hash: auth::token_hash(key).to_vec(),
    }
}

/// Texts of a few words each, that share words as talk does.
fn texts(ctx: &Ctx, realm: &Realm) -> Vec<Prose> {
    let options = Options {
        realm_url: realms::url(ctx, realm),
        ..Options::default()
    };
    (0..TEXTS)
        .map(|number| {
            let content = sentence(number);
            let parsed = narrows_markdown::parse(&content, &options);
            let rendered_content = parsed.render(&Default::default(), &options).html;
            Prose {
                content,
                rendered_content,
            }
        })
        .collect()
}

fn sentence(number: usize) -> String {
    const WHO: [&str; 7] = [
        "The build",
        "Our parser",
        "That query",
        "The importer",
        "This patch",
        "The cache",
        "Nobody",
    ];
    const DID: [&str; 11] = [
        "broke", "passed", "needs", "outgrew", "explains", "replaced", "measured", "found",
        "deployed", "lost", "wants",
    ];
    const WHAT: [&str; 13] = [
        "the **release**",
        "a deadlock",
        "`tools/run`",
        "every index",
        "the old schema",
        "a third retry",
        "less memory",
        "the *second* shard",
        "its own log",
        "two migrations",
        "a better name",
        "the backup",
        "yesterday's numbers",
    ];
    let pick = |words: &[&'static str], stride: usize| {
        let word = words.get(number / stride % words.len().max(1));
        word.copied().unwrap_or_default()
    };
    format!(
        "{} {} {}, and case {number} shows why: see the notes of last week before you merge.",
        pick(&WHO, 1),
        pick(&DID, 7),
        pick(&WHAT, 3),
    )
}
