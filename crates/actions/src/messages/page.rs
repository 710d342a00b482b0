//! Puts message objects together: cached bodies, fresh names, the reader's flags.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use moka::sync::Cache;
use narrows_store::queries::flags::bit;
use narrows_store::queries::messages;
use narrows_store::queries::narrow::PageRow;
use narrows_store::queries::page_names::Conversation;
use narrows_store::queries::unread::{self, ReadState, Reading};
use narrows_wire::UserId;
use narrows_wire::events::message::TopicLink;
use narrows_wire::limits::EMPTY_TOPIC_DISPLAY_NAME;

use super::history;
use super::names::{PageNames, Somebody};
use super::object::{self, Fragment, From, Participant, Place, View};
use crate::access::messages::EditHistory;
use crate::access::users::masked_email;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::narrow::{Viewer, highlight};
use crate::realms;
use crate::rendering;

/// Bytes that cached bodies may take.
const CACHE_BYTES: u64 = 16 << 20;

/// How a client wants messages to be shown.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Content as HTML.
    pub apply_markdown: bool,
    /// The client computes the URLs of Gravatars.
    pub client_gravatar: bool,
    /// The client knows topics without a name.
    pub allow_empty_topic_name: bool,
}

/// Bodies of messages by id and version. Cheap to clone.
#[derive(Clone)]
pub struct Fragments(Cache<(i64, i32), (i64, Arc<Fragment>)>);

impl Default for Fragments {
    fn default() -> Self {
        let weigh = |_: &(i64, i32), (_, fragment): &(i64, Arc<Fragment>)| {
            u32::try_from(fragment.size()).unwrap_or(u32::MAX)
        };
        Fragments(
            Cache::builder()
                .max_capacity(CACHE_BYTES)
                .weigher(weigh)
                .build(),
        )
    }
}

impl Fragments {
    /// Names of people who reacted are of a version of the realm; all else is of the message's.
    fn get(&self, row: &PageRow, realm_version: i64) -> Option<Arc<Fragment>> {
        let (since, fragment) = self.0.get(&(row.id().0, row.version()))?;
        (!fragment.has_reactions || since == realm_version).then_some(fragment)
    }

    /// The bodies of a page, by id.
    async fn bodies(
        &self,
        ctx: &Ctx,
        rows: &[PageRow],
        realm_version: i64,
    ) -> Result<HashMap<i64, Arc<Fragment>>> {
        let mut fragments = HashMap::with_capacity(rows.len());
        let mut missing = Vec::new();
        for row in rows {
            match self.get(row, realm_version) {
                Some(fragment) => drop(fragments.insert(row.id().0, fragment)),
                None => missing.push(row.id().0),
            }
        }
        if !missing.is_empty() {
            for body in messages::bodies(ctx.store.hot(), &missing).await? {
                let fragment = Fragment::new(&body)?;
                self.0.insert(
                    (body.id().0, body.version()),
                    (realm_version, fragment.clone()),
                );
                fragments.insert(body.id().0, fragment);
            }
        }
        Ok(fragments)
    }
}

/// What all messages of an answer have in common.
pub(super) struct Page<'a> {
    pub(super) viewer: Viewer<'a>,
    pub(super) shape: Shape,
    /// What a search is for.
    pub(super) words: &'a [String],
}

/// What is looked up for the messages of an answer.
struct Found {
    fragments: HashMap<i64, Arc<Fragment>>,
    read: ReadState,
    reading: Reading,
    names: PageNames,
    /// Where linkifiers lead, by topic.
    topic_links: HashMap<String, Vec<TopicLink>>,
    /// What readers see of changes.
    shown: EditHistory,
    /// The host of the addresses that stand for people, for those who are shown no other.
    mask: Option<String>,
}

impl Page<'_> {
    /// The beginning of the answer, up to the end of `messages`.
    pub(super) async fn assemble(&self, ctx: &Ctx, rows: &[PageRow]) -> Result<Vec<u8>> {
        let found = self.find(ctx, rows).await?;
        let mut out = Vec::with_capacity(256 + rows.len() * 1024);
        out.extend_from_slice(b"{\"messages\":[");
        let mut first = true;
        for row in rows {
            // Deleted between the two statements: it is not there any more.
            let Some(fragment) = found.fragments.get(&row.id().0) else {
                continue;
            };
            if !std::mem::take(&mut first) {
                out.push(b',');
            }
            self.write(row, fragment, &found, &mut out)?;
        }
        out.push(b']');
        Ok(out)
    }

    /// An answer with one message.
    pub(super) async fn assemble_one(&self, ctx: &Ctx, row: &PageRow) -> Result<Vec<u8>> {
        let found = self.find(ctx, std::slice::from_ref(row)).await?;
        let missing = crate::access::messages::invalid_message;
        let fragment = found.fragments.get(&row.id().0).ok_or_else(missing)?;
        let mut out = b"{\"message\":".to_vec();
        self.write(row, fragment, &found, &mut out)?;
        out.extend_from_slice(b",\"raw_content\":");
        out.extend_from_slice(fragment.text());
        out.push(b'}');
        Ok(out)
    }

    async fn find(&self, ctx: &Ctx, rows: &[PageRow]) -> Result<Found> {
        let hot = ctx.store.hot();
        let reading = async {
            let mut conversations: Vec<i64> = rows.iter().map(|row| row.recipient_id().0).collect();
            conversations.sort_unstable();
            conversations.dedup();
            match self.viewer.user_id() {
                Some(user) => Ok(unread::reading(hot, user, &conversations).await?),
                None => Ok::<_, Error>(Reading::default()),
            }
        };
        let version = self.viewer.realm().version;
        let (fragments, reading, names, realm) = futures_util::try_join!(
            ctx.fragments.bodies(ctx, rows, version),
            reading,
            ctx.names.of(hot, self.viewer, rows),
            rendering::known(ctx, self.viewer.realm()),
        )?;
        let topics: HashSet<&str> = rows.iter().map(|row| self.topic(row)).collect();
        let links = |topic: &&str| (topic.to_string(), realm.topic_links(topic));
        Ok(Found {
            fragments,
            read: ReadState::decode(&reading.row)?,
            reading,
            names,
            topic_links: topics.iter().map(links).collect(),
            shown: EditHistory::of(self.viewer.realm()),
            mask: match self.viewer {
                Viewer::User(_) => None,
                Viewer::Spectator(spectator) => Some(realms::email_domain(ctx, &spectator.realm)),
            },
        })
    }

    fn write(
        &self,
        row: &PageRow,
        fragment: &Fragment,
        found: &Found,
        out: &mut Vec<u8>,
    ) -> Result<()> {
        let names = &found.names;
        let unknown = || Error::Internal("a message of nobody, or nowhere".into());
        let sender = names.people.get(&row.sender_id()).ok_or_else(unknown)?;
        let conversation = names.conversations.get(&row.recipient_id());
        let people: Vec<Participant<'_>>;
        let place = match &**conversation.ok_or_else(unknown)? {
            Conversation::Stream { id, name } => {
                let topic = self.topic(row);
                Place::Stream {
                    id: *id,
                    name,
                    topic,
                    topic_links: found.topic_links.get(topic).map_or(&[], Vec::as_slice),
                }
            }
            Conversation::Direct { people: ids } => {
                people = ids
                    .iter()
                    .filter_map(|id| participant(names, *id))
                    .collect();
                Place::Direct(&people)
            }
        };
        let masked = found
            .mask
            .as_deref()
            .map(|host| masked_email(row.sender_id(), host));
        let Somebody { person, avatar } = &**sender;
        let renames = row.topic_history();
        let (edit_history, moved_at) = history::shown(row.id(), fragment, renames, found.shown)?;
        let matches = (!self.words.is_empty())
            .then(|| self.matches(row, fragment))
            .transpose()?;
        let view = View {
            fragment,
            from: From {
                full_name: &person.full_name,
                email: masked.as_deref().unwrap_or(&person.email),
                realm: object::realm_of(person.is_system_bot, self.viewer.subdomain()),
            },
            place,
            flags: &self.flags(row, found),
            avatar_url: object::avatar_url(avatar, self.client_gravatar()),
            apply_markdown: self.shape.apply_markdown,
            matches,
            moved_at,
            edit_history: edit_history.as_deref(),
        };
        Ok(view.write(out)?)
    }

    /// Whether the client can compute Gravatars: it needs addresses.
    fn client_gravatar(&self) -> bool {
        self.shape.client_gravatar && self.viewer.user_id().is_some()
    }

    fn topic<'r>(&self, row: &'r PageRow) -> &'r str {
        match row.topic().unwrap_or_default() {
            "" if !self.shape.allow_empty_topic_name => EMPTY_TOPIC_DISPLAY_NAME,
            name => name,
        }
    }

    fn matches(&self, row: &PageRow, fragment: &Fragment) -> Result<(String, String)> {
        let html: String = serde_json::from_slice(fragment.html())?;
        Ok((
            highlight::html(&html, self.words),
            highlight::text(self.topic(row), self.words),
        ))
    }

    /// The reader's flags, in the API's order.
    fn flags(&self, row: &PageRow, found: &Found) -> Vec<&'static str> {
        let Some(me) = self.viewer.user_id() else {
            return vec!["read"];
        };
        let bits = row.flags();
        let delivered = found.reading.is_delivered(row.recipient_id(), row.id());
        let arrived = delivered && row.is_news_to(me);
        let stream_wildcard = row.mentions_stream() && delivered;
        let topic_wildcard = bits & bit::TOPIC_WILDCARD_MENTIONED != 0;
        let all = [
            ("read", !found.read.is_unread(row.id().0, arrived)),
            ("starred", bits & bit::STARRED != 0),
            ("collapsed", bits & bit::COLLAPSED != 0),
            ("mentioned", bits & bit::MENTIONED != 0),
            ("stream_wildcard_mentioned", stream_wildcard),
            ("topic_wildcard_mentioned", topic_wildcard),
            ("has_alert_word", bits & bit::HAS_ALERT_WORD != 0),
            ("historical", !delivered),
            // The older name of both.
            ("wildcard_mentioned", stream_wildcard || topic_wildcard),
        ];
        all.into_iter()
            .filter(|(_, set)| *set)
            .map(|(name, _)| name)
            .collect()
    }
}

fn participant(names: &PageNames, id: UserId) -> Option<Participant<'_>> {
    let person = &names.people.get(&id)?.person;
    Some(Participant::new(id, &person.full_name, &person.email))
}
