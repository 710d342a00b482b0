//! Names in terms become ids, as far as the reader may know them.

use narrows_store::Conn;
use narrows_store::models::{Realm, Stream, User};
use narrows_store::queries::direct_messages;
use narrows_store::queries::flags::bit;
use narrows_store::queries::narrow::{Filter, Narrow, Reader, Source};
use narrows_wire::limits::RESOLVED_TOPIC_PREFIX;
use narrows_wire::{ErrorCode, RealmId, RecipientId, UserId};

use super::parse::bad_narrow;
use super::term::{Condition, Has, Is, Term, UserName};
use crate::access::messages::{Conversation, access_message, reader};
use crate::access::streams::{
    History, StreamRef, access_stream_by_id, access_stream_by_name, access_stream_for_history,
    access_stream_for_history_by_name,
};
use crate::caller::{Caller, Spectator};
use crate::error::{Error, Result};
use crate::unread::unread_ids;

/// Who looks at messages.
#[derive(Clone, Copy, Debug)]
pub enum Viewer<'a> {
    /// Logged in.
    User(&'a Caller),
    /// Not logged in: web-public streams only.
    Spectator(&'a Spectator),
}

/// A narrow ready for the database.
pub(crate) struct Resolved {
    pub(crate) narrow: Narrow,
    /// What a search is for, to be marked.
    pub(crate) words: Vec<String>,
}

impl<'a> Viewer<'a> {
    /// Their realm, as the request found it.
    pub(crate) fn realm(self) -> &'a Realm {
        match self {
            Viewer::User(caller) => &caller.realm,
            Viewer::Spectator(spectator) => &spectator.realm,
        }
    }

    /// The realm's id.
    pub fn realm_id(self) -> RealmId {
        self.realm().id()
    }

    /// The realm's subdomain.
    pub(crate) fn subdomain(self) -> &'a str {
        &self.realm().subdomain
    }

    /// The user, if logged in.
    pub(crate) fn user_id(self) -> Option<UserId> {
        match self {
            Viewer::User(caller) => Some(caller.user_id()),
            Viewer::Spectator(_) => None,
        }
    }

    /// All that they may read.
    pub(crate) fn readable(self) -> Narrow {
        let reader = match self {
            Viewer::User(caller) => reader(caller),
            Viewer::Spectator(_) => Reader::Spectator,
        };
        Narrow {
            realm: self.realm_id(),
            reader,
            source: Source::Readable,
            filters: vec![],
        }
    }
}

/// Looks up the names of a narrow. Spectators have to ask for web-public streams.
pub(crate) async fn resolve(
    conn: &mut Conn,
    viewer: Viewer<'_>,
    terms: &[Term],
) -> Result<Resolved> {
    let mut narrow = viewer.readable();
    let is_web_public =
        |term: &Term| !term.negated && term.condition == Condition::WebPublicChannels;
    match viewer {
        Viewer::Spectator(_) if !terms.iter().any(is_web_public) => return Err(not_logged_in()),
        Viewer::Spectator(_) => {}
        Viewer::User(_) => narrow.source = Source::Feed,
    }
    let mut resolver = Resolver {
        conn,
        viewer,
        narrow,
        words: Vec::new(),
    };
    let moved = resolver.conversation_of_with(terms).await?;
    for term in terms {
        if !(moved && is_place(term)) {
            resolver.add(term).await?;
        }
    }
    Ok(Resolved {
        narrow: resolver.narrow,
        words: resolver.words,
    })
}

fn not_logged_in() -> Error {
    Error::api(
        ErrorCode::Unauthorized,
        "Not logged in: API authentication or user session required",
    )
}

/// Terms that `with` replaces.
fn is_place(term: &Term) -> bool {
    !term.negated
        && matches!(
            term.condition,
            Condition::Channel(_) | Condition::Topic(_) | Condition::Dm(_)
        )
}

struct Resolver<'a> {
    conn: &'a mut Conn,
    viewer: Viewer<'a>,
    narrow: Narrow,
    words: Vec<String>,
}

impl Resolver<'_> {
    fn caller(&self) -> Result<&Caller> {
        match self.viewer {
            Viewer::User(caller) => Ok(caller),
            Viewer::Spectator(_) => Err(not_logged_in()),
        }
    }

    fn filter(&mut self, term: &Term, filter: Filter) {
        self.narrow.filters.push((!term.negated, filter));
    }

    /// A conversation asked for is where to look; further ones only exclude.
    fn conversation(&mut self, term: &Term, id: RecipientId, in_full: bool) {
        let free = !matches!(self.narrow.source, Source::Conversation { .. });
        if free && !term.negated {
            self.narrow.source = Source::Conversation { id, in_full };
        } else {
            self.filter(term, Filter::Conversation(id));
        }
    }

    /// `with`: looks where the message is now. Returns whether it is anywhere that the reader sees.
    async fn conversation_of_with(&mut self, terms: &[Term]) -> Result<bool> {
        let with = terms.iter().find_map(|term| match term.condition {
            Condition::With(id) => Some(id),
            _ => None,
        });
        let Some(id) = with else { return Ok(false) };
        let Viewer::User(caller) = self.viewer else {
            return Err(not_logged_in());
        };
        let access = match access_message(self.conn, caller, id).await {
            Ok(access) => access,
            Err(Error::Api(_)) if terms.iter().any(is_place) => return Ok(false),
            Err(Error::Api(_)) => return Err(bad_narrow("Invalid message ID")),
            Err(other) => return Err(other),
        };
        let in_full = match &access.conversation {
            Conversation::Stream(stream) => {
                let (_, history) =
                    access_stream_for_history(self.conn, caller, stream.stream.id()).await?;
                history == History::All
            }
            Conversation::Direct(_) => true,
        };
        self.narrow.source = Source::Conversation {
            id: access.message.recipient_id(),
            in_full,
        };
        if let Some((_, name)) = access.topic {
            self.narrow.filters.push((true, Filter::Topic(name)));
        }
        Ok(true)
    }

    async fn add(&mut self, term: &Term) -> Result<()> {
        match &term.condition {
            Condition::Channel(stream) => self.channel(term, stream).await?,
            Condition::PublicChannels => self.channels(term, Filter::InPublicStream),
            Condition::WebPublicChannels => self.channels(term, Filter::InWebPublicStream),
            Condition::Topic(name) => self.filter(term, Filter::Topic(name.clone())),
            Condition::Dm(people) => self.dm(term, people).await?,
            Condition::DmIncluding(user) => {
                let user = self.user(user).await?;
                self.filter(term, Filter::DirectWith(user));
            }
            Condition::GroupDmWith(user) => {
                let user = self.user(user).await?;
                self.filter(term, Filter::GroupWith(user));
            }
            Condition::Sender(user) => {
                let user = self.user(user).await?;
                self.filter(term, Filter::Sender(user));
            }
            Condition::Id(id) => self.filter(term, Filter::Id(*id)),
            Condition::With(_) | Condition::Near => {}
            Condition::Is(is) => self.is(term, *is).await?,
            Condition::Has(has) => self.filter(term, has_filter(*has)),
            Condition::Home => self.narrow.filters.push((term.negated, Filter::Muted)),
            Condition::All if term.negated => self.narrow.filters.push((true, Filter::Nothing)),
            Condition::All => {}
            Condition::Search(words) => {
                if !term.negated {
                    self.words.extend(words.iter().cloned());
                }
                self.filter(term, Filter::Words(words.clone()));
            }
        }
        Ok(())
    }

    /// Streams of a kind are read in full, whether the reader is in them or not.
    fn channels(&mut self, term: &Term, filter: Filter) {
        if !term.negated && self.narrow.source == Source::Feed {
            self.narrow.source = Source::Readable;
        }
        self.filter(term, filter);
    }

    async fn channel(&mut self, term: &Term, stream: &StreamRef) -> Result<()> {
        let unknown = || match stream {
            StreamRef::Id(id) => bad_narrow(format!("unknown channel {id}")),
            StreamRef::Name(name) => bad_narrow(format!("unknown channel {name}")),
        };
        let as_unknown = |error| match error {
            Error::Api(_) => unknown(),
            other => other,
        };
        let Viewer::User(caller) = self.viewer else {
            let stream = self.web_public(stream).await?.ok_or_else(unknown)?;
            self.conversation(term, stream.recipient_id(), true);
            return Ok(());
        };
        let found = match stream {
            StreamRef::Id(id) => access_stream_for_history(self.conn, caller, *id).await,
            StreamRef::Name(name) => {
                access_stream_for_history_by_name(self.conn, caller, name).await
            }
        };
        match found {
            Ok((access, history)) => {
                self.conversation(term, access.stream.recipient_id(), history == History::All);
                Ok(())
            }
            Err(Error::Api(_)) => {
                // Administrators know of private streams that they cannot read.
                let known = match stream {
                    StreamRef::Id(id) => access_stream_by_id(self.conn, caller, *id).await,
                    StreamRef::Name(name) => access_stream_by_name(self.conn, caller, name).await,
                };
                known.map_err(as_unknown)?;
                self.filter(term, Filter::Nothing);
                Ok(())
            }
            Err(other) => Err(other),
        }
    }

    async fn web_public(&mut self, stream: &StreamRef) -> Result<Option<Stream>> {
        let realm = self.viewer.realm_id();
        let found = match stream {
            StreamRef::Id(id) => Stream::find_many(self.conn, realm, &[*id]).await?,
            StreamRef::Name(name) => {
                let nobody = UserId(0);
                let found = Stream::by_names(self.conn, realm, nobody, &[name.as_str()]).await?;
                found.into_iter().map(|(stream, _)| stream).collect()
            }
        };
        Ok(found
            .into_iter()
            .find(|stream| stream.is_web_public && !stream.is_archived))
    }

    async fn user(&mut self, name: &UserName) -> Result<UserId> {
        let realm = self.viewer.realm_id();
        let found = match name {
            UserName::Id(id) => User::find(self.conn, realm, *id).await,
            UserName::Email(email) => User::by_shown_email(self.conn, realm, email).await,
        };
        let unknown = || match name {
            UserName::Id(id) => bad_narrow(format!("unknown user {id}")),
            UserName::Email(email) => bad_narrow(format!("unknown user {email}")),
        };
        Ok(found
            .map_err(|error| Error::from(error).or_missing(unknown))?
            .id())
    }

    async fn dm(&mut self, term: &Term, people: &[UserName]) -> Result<()> {
        let mut ids = vec![self.caller()?.user_id()];
        for person in people {
            let found = self.user(person).await;
            ids.push(found.map_err(|error| match error {
                Error::Api(_) => bad_narrow(format!("unknown user in {}", names(people))),
                other => other,
            })?);
        }
        ids.sort_unstable();
        ids.dedup();
        match direct_messages::find(self.conn, self.viewer.realm_id(), &ids).await? {
            Some(id) if !people.is_empty() => self.conversation(term, id, true),
            _ => self.filter(term, Filter::Nothing),
        }
        Ok(())
    }

    async fn is(&mut self, term: &Term, is: Is) -> Result<()> {
        let caller = self.caller()?.clone();
        let filter = match is {
            Is::Dm => Filter::Direct,
            Is::Starred => Filter::Flag(bit::STARRED),
            Is::Alerted => Filter::Flag(bit::HAS_ALERT_WORD),
            Is::Mentioned => Filter::Mentioned,
            Is::Unread => {
                let ids = unread_ids(self.conn, caller.user_id()).await?;
                Filter::AnyOf(ids)
            }
            Is::Resolved => Filter::TopicPrefix(RESOLVED_TOPIC_PREFIX),
            Is::Followed => Filter::Followed,
            Is::Muted => Filter::Muted,
        };
        self.filter(term, filter);
        Ok(())
    }
}

fn has_filter(has: Has) -> Filter {
    match has {
        Has::Link => Filter::HasLink,
        Has::Image => Filter::HasImage,
        Has::Attachment => Filter::HasAttachment,
        Has::Reaction => Filter::HasReaction,
    }
}

/// People as a narrow names them: a list of ids, or addresses with commas between.
fn names(people: &[UserName]) -> String {
    let name = |person: &UserName| match person {
        UserName::Id(id) => id.to_string(),
        UserName::Email(email) => email.clone(),
    };
    let named: Vec<String> = people.iter().map(name).collect();
    match people.first() {
        Some(UserName::Id(_)) => format!("[{}]", named.join(", ")),
        _ => named.join(","),
    }
}
