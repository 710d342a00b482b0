//! Lists of a realm that are sent whole whenever they change.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::{RealmExportId, UserId};

/// Emoji that people uploaded.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RealmEmoji {
    /// Always `update`.
    pub op: &'static str,
    /// All of them by id.
    pub realm_emoji: BTreeMap<String, CustomEmoji>,
}

/// An emoji that somebody uploaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CustomEmoji {
    /// Its id; the code of reactions with it.
    pub id: String,
    /// What people write between colons.
    pub name: String,
    /// Where the picture is.
    pub source_url: String,
    /// Where one that does not move is, if the picture moves.
    pub still_url: Option<String>,
    /// Only shown where it was used before.
    pub deactivated: bool,
    /// Who uploaded it, unless they are gone.
    pub author_id: Option<UserId>,
}

/// Patterns that become links.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RealmLinkifiers {
    /// All of them, in the order in which they match.
    pub realm_linkifiers: Vec<Linkifier>,
}

/// A pattern that becomes a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Linkifier {
    /// Its id.
    pub id: i32,
    /// Regular expression with named groups.
    pub pattern: String,
    /// URL template that uses the groups.
    pub url_template: String,
}

/// Where code of a language can be tried out.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RealmPlaygrounds {
    /// All of them, oldest first.
    pub realm_playgrounds: Vec<Playground>,
}

/// A website that runs code of a language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Playground {
    /// Its id.
    pub id: i32,
    /// What people call it.
    pub name: String,
    /// The language, as `data-code-language` names it.
    pub pygments_language: String,
    /// URL template with the variable `code`.
    pub url_template: String,
}

/// Domains of mail that belong to the realm.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum RealmDomainEvent {
    /// One more.
    Add {
        /// It.
        realm_domain: RealmDomain,
    },
    /// What is below it belongs to the realm from now on, or no longer.
    Change {
        /// It.
        realm_domain: RealmDomain,
    },
    /// One less.
    Remove {
        /// It.
        domain: String,
    },
}

/// A domain of mail that belongs to the realm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RealmDomain {
    /// In lower case.
    pub domain: String,
    /// Whether what is below it belongs to the realm too.
    pub allow_subdomains: bool,
}

/// Bots, for those who manage them.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum RealmBotEvent {
    /// A new one.
    Add {
        /// It.
        bot: Value,
    },
    /// Some of its fields changed.
    Update {
        /// Its id and what changed.
        bot: Value,
    },
    /// It went to another owner, who does not see it any more.
    Delete {
        /// Its id.
        bot: Value,
    },
}

/// Archives of what the organisation has, for administrators.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RealmExports {
    /// All of them, oldest first.
    pub exports: Vec<RealmExport>,
}

/// An archive of what the organisation has.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct RealmExport {
    /// Its id.
    pub id: RealmExportId,
    /// Who asked for it.
    pub acting_user_id: UserId,
    /// When: UNIX seconds with fraction.
    pub export_time: f64,
    /// When it was deleted: UNIX seconds with fraction.
    pub deleted_timestamp: Option<f64>,
    /// When it turned out that it cannot be made: UNIX seconds with fraction.
    pub failed_timestamp: Option<f64>,
    /// Where administrators find it; `null` unless it is there.
    pub export_url: Option<String>,
    /// It is being made.
    pub pending: bool,
    /// 1 what everybody may read, 2 that and what belongs to those who consented.
    pub export_type: i16,
}

/// Whether somebody agrees to the export of what is theirs, for administrators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RealmExportConsent {
    /// Who.
    pub user_id: UserId,
    /// Whether they do.
    pub consented: bool,
}
