//! What a narrow asks of a message.

use chrono::{DateTime, Utc};
use narrows_wire::{MessageId, RecipientId, UserId};

use super::sql::Sql;
use crate::queries::flags::bit;

/// A condition on a message.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// In this conversation.
    Conversation(RecipientId),
    /// In a topic of this name, whatever its letters' case.
    Topic(String),
    /// Between people.
    Direct,
    /// Between people, this one among them.
    DirectWith(UserId),
    /// Between three people or more, this one among them.
    GroupWith(UserId),
    /// From this user.
    Sender(UserId),
    /// This one.
    Id(MessageId),
    /// One of these.
    AnyOf(Vec<MessageId>),
    /// Sent at this time or later.
    Since(DateTime<Utc>),
    /// With one of these bits of [`bit`] for the reader.
    Flag(i32),
    /// The reader is mentioned, by name or with everybody.
    Mentioned,
    /// In a topic that begins with this.
    TopicPrefix(&'static str),
    /// In a topic that the reader follows.
    Followed,
    /// In a stream or topic that the reader muted.
    Muted,
    /// With a link.
    HasLink,
    /// With a picture.
    HasImage,
    /// With an uploaded file.
    HasAttachment,
    /// With a reaction.
    HasReaction,
    /// In a public stream.
    InPublicStream,
    /// In a stream that anybody may read.
    InWebPublicStream,
    /// Text or topic have words that begin so, all of them.
    Words(Vec<String>),
    /// Never holds.
    Nothing,
}

impl Filter {
    /// Whether few messages match, and an index finds them.
    pub(super) fn is_selective(&self) -> bool {
        matches!(
            self,
            Filter::Sender(_)
                | Filter::Id(_)
                | Filter::AnyOf(_)
                | Filter::Flag(_)
                | Filter::Mentioned
                | Filter::Conversation(_)
                | Filter::Nothing
        )
    }

    /// Whether the reader once had access to what matches: it was delivered, or they marked it.
    pub(super) fn is_personal(&self) -> bool {
        matches!(self, Filter::Flag(_) | Filter::Mentioned)
    }

    /// The condition on `m`.
    pub(super) fn condition(&self, sql: &mut Sql) -> String {
        match self {
            Filter::Conversation(id) => format!("m.recipient_id = {}", sql.bigint(id.0)),
            Filter::Topic(name) => {
                let name = sql.text(name);
                format!(
                    "EXISTS (SELECT 1 FROM topics t WHERE t.id = m.topic_id AND lower(t.name) = lower({name}))"
                )
            }
            Filter::TopicPrefix(prefix) => {
                let prefix = sql.text(prefix);
                format!(
                    "EXISTS (SELECT 1 FROM topics t WHERE t.id = m.topic_id AND starts_with(t.name, {prefix}))"
                )
            }
            Filter::Direct => "m.topic_id IS NULL".to_owned(),
            Filter::DirectWith(user) => conversations_with(sql, *user, "TRUE"),
            Filter::GroupWith(user) => conversations_with(sql, *user, "r.kind = 3"),
            Filter::Sender(user) => format!("m.sender_id = {}", sql.integer(user.0)),
            Filter::Id(id) => format!("m.id = {}", sql.bigint(id.0)),
            Filter::AnyOf(ids) => format!(
                "m.id = ANY({})",
                sql.bigints(ids.iter().map(|id| id.0).collect())
            ),
            Filter::Since(time) => format!("m.sent_at >= {}", sql.time(*time)),
            Filter::Flag(bits) => flagged(sql, *bits),
            Filter::Mentioned => mentioned(sql),
            Filter::Followed => topic_policy(sql, "ut.visibility_policy = 3"),
            Filter::Muted => muted(sql),
            Filter::HasLink => "m.has_link".to_owned(),
            Filter::HasImage => "m.has_image".to_owned(),
            Filter::HasAttachment => "m.has_attachment".to_owned(),
            Filter::HasReaction => {
                "EXISTS (SELECT 1 FROM reactions rx WHERE rx.message_id = m.id)".to_owned()
            }
            Filter::InPublicStream => in_streams(sql, "NOT s.invite_only"),
            Filter::InWebPublicStream => in_streams(sql, "s.is_web_public"),
            Filter::Words(words) => {
                let each: Vec<String> = words.iter().map(|word| word_match(sql, word)).collect();
                if each.is_empty() {
                    "TRUE".to_owned()
                } else {
                    format!("({})", each.join(" AND "))
                }
            }
            Filter::Nothing => "FALSE".to_owned(),
        }
    }
}

fn conversations_with(sql: &mut Sql, user: UserId, kind: &str) -> String {
    let user = sql.integer(user.0);
    format!(
        "m.recipient_id IN (SELECT r.id FROM recipients r WHERE r.user_ids @> ARRAY[{user}] AND {kind})"
    )
}

fn in_streams(sql: &mut Sql, which: &str) -> String {
    let realm = sql.realm();
    format!(
        "m.recipient_id IN (SELECT s.recipient_id FROM streams s WHERE s.realm_id = {realm} AND {which})"
    )
}

/// The bits of the partial indexes are spelled out, or the planner would not find them.
fn flagged(sql: &mut Sql, bits: i32) -> String {
    let Some(user) = sql.user() else {
        return "FALSE".to_owned();
    };
    let which = match bits {
        bit::STARRED => "f.flags & 1 <> 0".to_owned(),
        bit::MENTIONED => "f.flags & 2 <> 0".to_owned(),
        bits => format!("f.flags & {} <> 0", sql.integer(bits)),
    };
    format!(
        "m.id IN (SELECT f.message_id FROM user_message_flags f WHERE f.user_id = {user} AND {which})"
    )
}

/// Named mentions have rows of their own; mentions of everybody are on the message, for those it was delivered to.
fn mentioned(sql: &mut Sql) -> String {
    let Some(user) = sql.user() else {
        return "FALSE".to_owned();
    };
    let bits = sql.integer(bit::MENTIONED | bit::TOPIC_WILDCARD_MENTIONED);
    format!(
        "m.id IN (
            SELECT f.message_id FROM user_message_flags f WHERE f.user_id = {user} AND f.flags & {bits} <> 0
            UNION ALL
            SELECT w.id FROM subscription_periods p JOIN messages w ON w.recipient_id = p.recipient_id
                AND w.id > p.from_message_id AND (p.to_message_id IS NULL OR w.id <= p.to_message_id)
            WHERE p.user_id = {user} AND w.wildcard_mention & 1 <> 0)"
    )
}

fn topic_policy(sql: &mut Sql, which: &str) -> String {
    let Some(user) = sql.user() else {
        return "FALSE".to_owned();
    };
    format!(
        "EXISTS (SELECT 1 FROM user_topics ut JOIN streams s ON s.id = ut.stream_id
            JOIN topics t ON t.recipient_id = s.recipient_id AND lower(t.name) = lower(ut.topic_name)
            WHERE ut.user_id = {user} AND t.id = m.topic_id AND {which})"
    )
}

/// A topic's own policy goes before that of its stream.
fn muted(sql: &mut Sql) -> String {
    let Some(user) = sql.user() else {
        return "FALSE".to_owned();
    };
    let topic = topic_policy(sql, "ut.visibility_policy = 1");
    let spared = topic_policy(sql, "ut.visibility_policy IN (2, 3)");
    format!(
        "({topic} OR m.recipient_id IN (SELECT s.recipient_id FROM subscriptions sub JOIN streams s ON s.id = sub.stream_id
            WHERE sub.user_id = {user} AND sub.is_muted) AND NOT {spared})"
    )
}

fn word_match(sql: &mut Sql, word: &str) -> String {
    let mut pattern = String::from("\\m");
    if !word.starts_with(|c: char| c.is_alphanumeric()) {
        pattern.clear();
    }
    for c in word.chars() {
        if !(c.is_alphanumeric() || c.is_whitespace()) {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    let pattern = sql.text(&pattern);
    let quick = quick_match(sql, word);
    let has = |column: &str| format!("{}{column} ~* {pattern}", quick(column));
    // Asked for the topic's name, PostgreSQL looks at that topic. Asked whether there is such a topic, it reads all topics of
    // all realms first.
    format!(
        "(({}) OR (SELECT {} FROM topics t WHERE t.id = m.topic_id))",
        has("m.content"),
        has("t.name")
    )
}

/// A condition that is cheaper than a regular expression, to be looked at before one: whether a column has the word
/// somewhere. Only letters that byte order folds as well as any other do can be told so.
fn quick_match(sql: &mut Sql, word: &str) -> impl Fn(&str) -> String {
    let like = word.is_ascii().then(|| {
        let escaped = word.replace(['%', '_', '\\'], "_");
        sql.text(&format!("%{escaped}%"))
    });
    move |column| match &like {
        Some(like) => format!("{column} COLLATE \"C\" ILIKE {like} AND "),
        None => String::new(),
    }
}
