//! The text of a statement and its parameters, as they come together.

use chrono::{DateTime, Utc};
use narrows_wire::{MessageId, RealmId};
use tokio_postgres::types::ToSql;

use super::filter::Filter;
use super::row::{COLUMNS, JOINS};
use super::{Narrow, Reader, Source, Window};
use crate::error::Result;
use crate::hot::Hot;

/// A statement in the making. Values never enter the text; only numbers of rows do, as the planner has to know them.
pub(super) struct Sql {
    realm: RealmId,
    reader: Reader,
    params: Vec<Box<dyn ToSql + Sync + Send>>,
    realm_param: Option<String>,
    user_param: Option<String>,
    page: String,
}

/// A finished statement.
pub(super) struct Statement {
    text: String,
    params: Vec<Box<dyn ToSql + Sync + Send>>,
}

const PAGE: &str = "SELECT m.id, m.version, m.recipient_id, m.topic_id, m.sender_id, m.wildcard_mention, m.unread_by_sender, m.unread_for";

impl Sql {
    pub(super) fn new(narrow: &Narrow) -> Sql {
        Sql {
            realm: narrow.realm,
            reader: narrow.reader,
            params: Vec::new(),
            realm_param: None,
            user_param: None,
            page: String::new(),
        }
    }

    fn bind(&mut self, value: impl ToSql + Sync + Send + 'static, sql_type: &str) -> String {
        self.params.push(Box::new(value));
        format!("${}::{sql_type}", self.params.len())
    }

    pub(super) fn integer(&mut self, value: i32) -> String {
        self.bind(value, "int")
    }

    pub(super) fn bigint(&mut self, value: i64) -> String {
        self.bind(value, "bigint")
    }

    pub(super) fn bigints(&mut self, values: Vec<i64>) -> String {
        self.bind(values, "bigint[]")
    }

    pub(super) fn text(&mut self, value: &str) -> String {
        self.bind(value.to_owned(), "text")
    }

    pub(super) fn time(&mut self, value: DateTime<Utc>) -> String {
        self.bind(value, "timestamptz")
    }

    pub(super) fn realm(&mut self) -> String {
        match &self.realm_param {
            Some(param) => param.clone(),
            None => {
                let param = self.integer(self.realm.0);
                self.realm_param.insert(param).clone()
            }
        }
    }

    /// The reader; `None` for spectators.
    pub(super) fn user(&mut self) -> Option<String> {
        let Reader::User { id, .. } = self.reader else {
            return None;
        };
        match &self.user_param {
            Some(param) => Some(param.clone()),
            None => {
                let param = self.integer(id.0);
                Some(self.user_param.insert(param).clone())
            }
        }
    }

    /// The page: up to three parts around the anchor, all above `floor`.
    pub(super) fn window(&mut self, narrow: &Narrow, window: &Window, floor: i64) {
        let anchor = self.bigint(window.anchor);
        let floor = match floor {
            0 => "0".to_owned(),
            floor => self.bigint(floor),
        };
        let from = self.from(narrow);
        let mut parts = Vec::new();
        if window.before > 0 {
            parts.push(from.part(Side::Before, &anchor, &floor, window.before));
        }
        if window.include_anchor {
            parts.push(from.matching(&format!("m.id = {anchor}")));
        }
        if window.after > 0 {
            parts.push(from.part(Side::After, &anchor, &floor, window.after));
        }
        if parts.is_empty() {
            parts.push(format!(
                "{PAGE} FROM messages m WHERE m.id = {anchor} AND FALSE"
            ));
        }
        self.page = parts
            .into_iter()
            .map(|part| format!("({part})"))
            .collect::<Vec<_>>()
            .join("\nUNION ALL ");
    }

    /// The page: whichever of these ids match.
    pub(super) fn among(&mut self, narrow: &Narrow, ids: &[MessageId]) {
        let mut narrow = narrow.clone();
        narrow.filters.push((true, Filter::AnyOf(ids.to_vec())));
        let from = self.from(&narrow);
        self.page = from.matching("TRUE");
    }

    fn from(&mut self, narrow: &Narrow) -> From {
        let mut conditions = Vec::new();
        let topic = self.topic_of_conversation(narrow);
        let selective = narrow.is_selective();
        for (wanted, filter) in &narrow.filters {
            if topic.is_some() && *wanted && matches!(filter, Filter::Topic(_)) {
                continue;
            }
            let condition = filter.condition(self);
            conditions.push(if *wanted {
                condition
            } else {
                format!("NOT coalesce({condition}, FALSE)")
            });
        }
        let personal = narrow
            .filters
            .iter()
            .any(|(wanted, filter)| *wanted && filter.is_personal());
        let mut from = From {
            feed: None,
            within: None,
            walks: !selective,
            conditions,
        };
        match (narrow.source, topic) {
            (Source::Conversation { id, in_full }, topic) => {
                from.conditions
                    .extend((!in_full).then(|| self.delivered("m")));
                from.within = Some(match topic {
                    Some(topic) => ("m.topic_id", topic),
                    None => ("m.recipient_id", self.bigint(id.0)),
                });
            }
            (Source::Feed, _) if !selective && matches!(self.reader, Reader::User { .. }) => {
                from.feed = Some(self.periods());
                from.within = Some(("m.recipient_id", "p.recipient_id".to_owned()));
            }
            (Source::Feed, _) if !personal => from.conditions.push(self.in_feed()),
            (Source::Feed | Source::Readable, _) => from.conditions.push(self.readable()),
        }
        from
    }

    /// The id of the topic, if one of a known conversation is wanted: the index of messages by topic starts from it.
    fn topic_of_conversation(&mut self, narrow: &Narrow) -> Option<String> {
        let Source::Conversation { id, .. } = narrow.source else {
            return None;
        };
        let topics: Vec<&String> = narrow
            .filters
            .iter()
            .filter_map(|(wanted, filter)| match filter {
                Filter::Topic(name) if *wanted => Some(name),
                _ => None,
            })
            .collect();
        let [name] = topics[..] else { return None };
        let (recipient, name) = (self.bigint(id.0), self.text(name));
        Some(format!(
            "(SELECT t.id FROM topics t WHERE t.recipient_id = {recipient} AND lower(t.name) = lower({name}))"
        ))
    }

    /// Whether a period of the reader covers the message.
    fn delivered(&mut self, alias: &str) -> String {
        let Some(user) = self.user() else {
            return "FALSE".to_owned();
        };
        format!(
            "EXISTS (SELECT 1 FROM subscription_periods p WHERE p.user_id = {user} AND p.recipient_id = {alias}.recipient_id
                AND p.from_message_id < {alias}.id AND (p.to_message_id IS NULL OR {alias}.id <= p.to_message_id))"
        )
    }

    /// The reader's periods in conversations that they may still see.
    fn periods(&mut self) -> String {
        let (seen, realm) = (self.stream_rule(SEEN), self.realm());
        let user = self.user().unwrap_or_default();
        format!(
            "(SELECT p.recipient_id, p.from_message_id, p.to_message_id FROM subscription_periods p
                LEFT JOIN streams s ON s.recipient_id = p.recipient_id AND s.realm_id = {realm}
                LEFT JOIN subscriptions sub ON sub.stream_id = s.id AND sub.user_id = {user} AND sub.active
                WHERE p.user_id = {user} AND (s.id IS NULL OR {seen})) AS p"
        )
    }

    fn in_feed(&mut self) -> String {
        if self.reader == Reader::Spectator {
            return self.readable();
        }
        let (delivered, periods) = (self.delivered("m"), self.periods());
        format!("{delivered} AND m.recipient_id IN (SELECT p.recipient_id FROM {periods})")
    }

    fn readable(&mut self) -> String {
        let realm = self.realm();
        let Some(user) = self.user() else {
            return format!(
                "m.recipient_id IN (SELECT s.recipient_id FROM streams s
                    WHERE s.realm_id = {realm} AND s.is_web_public AND NOT s.is_archived)"
            );
        };
        let (full, feed) = (self.stream_rule(FULL), self.in_feed());
        format!(
            "(m.recipient_id IN (SELECT s.recipient_id FROM streams s
                LEFT JOIN subscriptions sub ON sub.stream_id = s.id AND sub.user_id = {user} AND sub.active
                WHERE s.realm_id = {realm} AND {full}) OR ({feed}))"
        )
    }

    fn stream_rule(&mut self, (member, guest): (&'static str, &'static str)) -> &'static str {
        match self.reader {
            Reader::User { guest: false, .. } => member,
            Reader::User { guest: true, .. } | Reader::Spectator => guest,
        }
    }

    /// The page with its topics and the reader's flags.
    pub(super) fn decorate(mut self) -> Statement {
        let (flags, join) = match self.user() {
            Some(user) => {
                let join = format!(
                    "LEFT JOIN user_message_flags f ON f.user_id = {user} AND f.message_id = page.id"
                );
                ("coalesce(f.flags, 0)", join)
            }
            None => ("0", String::new()),
        };
        let text = format!(
            "WITH page AS ({})
            SELECT {COLUMNS}, {flags} FROM {JOINS} {join} ORDER BY page.id",
            self.page
        );
        Statement {
            text,
            params: self.params,
        }
    }

    pub(super) fn only_ids(self) -> Statement {
        Statement {
            text: format!("SELECT id FROM ({}) AS page ORDER BY id", self.page),
            params: self.params,
        }
    }
}

/// Streams `s` that are readable in full, with the active subscription `sub` of the reader: for members, for guests.
const FULL: (&str, &str) = (
    "(NOT s.invite_only OR (sub.user_id IS NOT NULL AND s.history_public_to_subscribers))",
    "(s.is_web_public OR (sub.user_id IS NOT NULL AND (NOT s.invite_only OR s.history_public_to_subscribers)))",
);
/// Streams that the reader may see into at all.
const SEEN: (&str, &str) = (
    "(NOT s.invite_only OR sub.user_id IS NOT NULL)",
    "(s.is_web_public OR sub.user_id IS NOT NULL)",
);

/// Where the page's messages come from.
struct From {
    /// The reader's conversations, to be looked through one by one.
    feed: Option<String>,
    /// The column and the value that all have in common: their conversation or topic.
    within: Option<(&'static str, String)>,
    /// Most of what is within matches: to be read in the order of its index until there is enough.
    walks: bool,
    conditions: Vec<String>,
}

/// Where from the anchor.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Before,
    After,
}

/// Larger than any message id.
const LAST: &str = "9223372036854775807";

impl From {
    /// All that match, in no order.
    fn matching(&self, bound: &str) -> String {
        let mut bounds = vec![bound.to_owned()];
        if let Some((column, value)) = &self.within {
            bounds.push(format!("{column} = {value}"));
        }
        if self.feed.is_some() {
            let to = format!("m.id <= coalesce(p.to_message_id, {LAST})");
            bounds.push(format!("m.id > p.from_message_id AND {to}"));
        }
        self.select(&bounds.join(" AND "), "", "")
    }

    /// The nearest on one side of the anchor.
    fn part(&self, side: Side, anchor: &str, floor: &str, limit: i64) -> String {
        let (mut low, mut high) = match side {
            Side::Before => (floor.to_owned(), anchor.to_owned()),
            Side::After => (anchor.to_owned(), LAST.to_owned()),
        };
        if self.feed.is_some() {
            low = format!("greatest({low}, p.from_message_id)");
            high = format!("least({high}, p.to_message_id + 1)");
        }
        let descending = if side == Side::Before { " DESC" } else { "" };
        let tail = format!("ORDER BY m.id{descending} LIMIT {limit}");
        match &self.within {
            // Rows are compared and ordered, so that only the index of what is within can serve. By id alone, the planner
            // hopes to meet enough of them among the newest of all messages, and reads all if this conversation is quiet.
            Some((column, value)) if self.walks => {
                let bounds = format!(
                    "{column} IS NOT NULL AND ({column}, m.id) > ({value}, {low}) AND ({column}, m.id) < ({value}, {high})"
                );
                let order =
                    format!("ORDER BY {column}{descending}, m.id{descending} LIMIT {limit}");
                self.select(&bounds, &order, &tail)
            }
            Some((column, value)) => {
                let bounds = format!("{column} = {value} AND m.id > {low} AND m.id < {high}");
                self.select(&bounds, &tail, &tail)
            }
            None => self.select(&format!("m.id > {low} AND m.id < {high}"), &tail, &tail),
        }
    }

    fn select(&self, bounds: &str, order: &str, of_all: &str) -> String {
        let conditions = std::iter::once(bounds).chain(self.conditions.iter().map(String::as_str));
        let conditions = conditions.collect::<Vec<_>>().join(" AND ");
        let one = format!("{PAGE} FROM messages m WHERE {conditions} {order}");
        match &self.feed {
            None => one,
            // The nearest of each conversation, then the nearest of these: no more rows are read than could be shown.
            Some(periods) => {
                format!("SELECT m.* FROM {periods} CROSS JOIN LATERAL ({one}) AS m {of_all}")
            }
        }
    }
}

impl Statement {
    pub(super) async fn query(self, hot: &Hot) -> Result<Vec<tokio_postgres::Row>> {
        let params: Vec<&(dyn ToSql + Sync)> = self
            .params
            .iter()
            .map(|param| &**param as &(dyn ToSql + Sync))
            .collect();
        hot.query_shaped(self.text, &params).await
    }
}
