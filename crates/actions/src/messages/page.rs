//! Puts message objects together: cached bodies, fresh names, the reader's flags.

use std::collections::HashMap;
use std::sync::Arc;

use moka::sync::Cache;
use narrows_store::queries::flags::bit;
use narrows_store::queries::messages::{self, Person};
use narrows_store::queries::narrow::PageRow;
use narrows_store::queries::unread::{self, ReadState, Row};
use narrows_wire::envelope::SenderAvatar;
use narrows_wire::limits::EMPTY_TOPIC_DISPLAY_NAME;

use super::history;
use super::object::{self, Fragment, From, Place, View};
use crate::access::users::masked_email;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::narrow::{Viewer, highlight};
use crate::realms;
use crate::rendering::{self, Rendering};
use crate::users;

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
    fn get(&self, row: &PageRow) -> Option<Arc<Fragment>> {
        let (realm_version, fragment) = self.0.get(&(row.id().0, row.version()))?;
        (!fragment.has_reactions || realm_version == row.realm_version()).then_some(fragment)
    }

    /// The bodies of a page, by id.
    async fn bodies(&self, ctx: &Ctx, rows: &[PageRow]) -> Result<HashMap<i64, Arc<Fragment>>> {
        let mut fragments = HashMap::with_capacity(rows.len());
        let mut missing = Vec::new();
        for row in rows {
            match self.get(row) {
                Some(fragment) => drop(fragments.insert(row.id().0, fragment)),
                None => missing.push(row.id().0),
            }
        }
        if !missing.is_empty() {
            let realm_version = rows.first().map_or(0, PageRow::realm_version);
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
    people: Vec<Person>,
    realm: Arc<Rendering>,
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
        let row = async {
            match self.viewer.user_id() {
                Some(user) => unread::find_hot(hot, user).await.map_err(Error::from),
                None => Ok(Row::default()),
            }
        };
        let people = async {
            let mut ids: Vec<i32> = rows.iter().flat_map(PageRow::people).collect();
            ids.sort_unstable();
            ids.dedup();
            match ids.is_empty() {
                true => Ok(vec![]),
                false => messages::people(hot, &ids).await.map_err(Error::from),
            }
        };
        let (fragments, row, people) =
            futures_util::try_join!(ctx.fragments.bodies(ctx, rows), row, people)?;
        Ok(Found {
            fragments,
            read: ReadState::decode(&row)?,
            people,
            realm: rendering::known(ctx, self.viewer.realm()).await?,
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
        let mut people = Vec::new();
        let topic_links = match row.stream() {
            Some(_) => found.realm.topic_links(self.topic(row)),
            None => vec![],
        };
        let place = match row.stream() {
            Some((id, name)) => Place::Stream {
                id,
                name,
                topic: self.topic(row),
                topic_links: &topic_links,
            },
            None => {
                let ids = row.people();
                people.extend(
                    found
                        .people
                        .iter()
                        .filter(|person| ids.contains(&person.id.0))
                        .cloned(),
                );
                Place::Direct(&people)
            }
        };
        let masked = found
            .mask
            .as_deref()
            .map(|host| masked_email(row.sender_id(), host));
        let avatar = object::avatar_url(avatar(row, self), self.client_gravatar());
        let renames = row
            .topic_history()
            .map(|renames| history::with_renames(row.id(), fragment, renames))
            .transpose()?;
        let (edit_history, moved_at) = match &renames {
            Some((edit_history, moved_at)) => (
                Some(edit_history.as_str()).filter(|list| *list != "[]"),
                *moved_at,
            ),
            None => (fragment.edit_history.as_deref(), fragment.moved_at),
        };
        let matches = (!self.words.is_empty())
            .then(|| self.matches(row, fragment))
            .transpose()?;
        let view = View {
            fragment,
            from: From {
                full_name: row.sender_full_name(),
                email: masked.as_deref().unwrap_or(row.sender_email()),
                realm: object::realm_of(row.sender_is_system_bot(), self.viewer.subdomain()),
            },
            place,
            flags: &self.flags(row, &found.read),
            avatar_url: avatar.as_deref(),
            apply_markdown: self.shape.apply_markdown,
            matches,
            moved_at,
            edit_history,
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
    fn flags(&self, row: &PageRow, read: &ReadState) -> Vec<&'static str> {
        let Some(me) = self.viewer.user_id() else {
            return vec!["read"];
        };
        let bits = row.flags();
        let arrived = row.delivered() && (row.sender_id() != me || row.unread_by_sender());
        let stream_wildcard = row.mentions_stream() && row.delivered();
        let topic_wildcard = bits & bit::TOPIC_WILDCARD_MENTIONED != 0;
        let all = [
            ("read", !read.is_unread(row.id().0, arrived)),
            ("starred", bits & bit::STARRED != 0),
            ("collapsed", bits & bit::COLLAPSED != 0),
            ("mentioned", bits & bit::MENTIONED != 0),
            ("stream_wildcard_mentioned", stream_wildcard),
            ("topic_wildcard_mentioned", topic_wildcard),
            ("has_alert_word", bits & bit::HAS_ALERT_WORD != 0),
            ("historical", !row.delivered()),
            // The older name of both.
            ("wildcard_mentioned", stream_wildcard || topic_wildcard),
        ];
        all.into_iter()
            .filter(|(_, set)| *set)
            .map(|(name, _)| name)
            .collect()
    }
}

fn avatar(row: &PageRow, page: &Page<'_>) -> SenderAvatar {
    let (source, version) = row.sender_avatar();
    let emails = (row.sender_email(), row.sender_delivery_email());
    if page.client_gravatar() && source != "U" && emails.0 == emails.1 {
        // Not shown: its hash need not be computed.
        return SenderAvatar::Gravatar { url: String::new() };
    }
    users::avatar_of(
        page.viewer.realm_id(),
        row.sender_id(),
        source,
        version,
        emails,
    )
}
