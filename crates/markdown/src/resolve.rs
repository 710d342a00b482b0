//! What a text asks to be looked up, and what the caller found.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

/// What the author may be talking about, to be looked up in one batch by the caller.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// People mentioned.
    pub users: BTreeSet<UserRef>,
    /// Names of user groups.
    pub groups: BTreeSet<String>,
    /// Names of streams.
    pub streams: BTreeSet<String>,
    /// Path ids of uploads that the text links to.
    pub uploads: BTreeSet<String>,
}

impl Wanted {
    /// Nothing to look up.
    pub fn is_empty(&self) -> bool {
        self == &Self::default()
    }
}

/// A way of naming a user.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum UserRef {
    /// `@**name**`
    Name(String),
    /// `@**name|id**`
    NameId(String, i64),
    /// `@**|id**`
    Id(i64),
}

/// What the caller found, and what the author wants; names are compared without regard to case, and what is absent is shown as plain text.
#[derive(Debug, Clone, Default)]
pub struct Resolved {
    /// Users whom the author may mention.
    pub users: Vec<ResolvedUser>,
    /// Groups that the author may mention.
    pub groups: Vec<ResolvedGroup>,
    /// Streams whose name the author may see.
    pub streams: Vec<ResolvedStream>,
    /// Uploaded images.
    pub uploads: Vec<ResolvedUpload>,
    /// Website previews already fetched, by URL.
    pub link_previews: BTreeMap<String, LinkPreview>,
    /// Whether the author wants `:)` to become an emoji.
    pub translate_emoticons: bool,
}

/// A user that was asked for.
#[derive(Debug, Clone)]
pub struct ResolvedUser {
    /// The user's id.
    pub id: i64,
    /// The user's full name.
    pub full_name: String,
}

/// A user group that was asked for.
#[derive(Debug, Clone)]
pub struct ResolvedGroup {
    /// The group's id.
    pub id: i64,
    /// The group's name.
    pub name: String,
}

/// A stream that was asked for.
#[derive(Debug, Clone)]
pub struct ResolvedStream {
    /// The stream's id.
    pub id: i64,
    /// The stream's name.
    pub name: String,
}

/// What is known about an uploaded image.
#[derive(Debug, Clone)]
pub struct ResolvedUpload {
    /// Path id, as in `/user_uploads/{path_id}`.
    pub path_id: String,
    /// Width and height of the original; unknown until it was looked at.
    pub dimensions: Option<(u32, u32)>,
    /// Media type of the original.
    pub content_type: Option<String>,
    /// Where the thumbnail is; `None` while it is being made.
    pub thumbnail: Option<String>,
}

/// What a worker found behind a link.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkPreview {
    /// Title of the page.
    pub title: Option<String>,
    /// Description of the page.
    pub description: Option<String>,
    /// Picture of the page; without one there is no preview.
    pub image: Option<String>,
}

/// [`Resolved`] by lower-cased name.
pub(crate) struct Index<'a> {
    users_by_name: HashMap<String, &'a ResolvedUser>,
    users_by_id: HashMap<i64, &'a ResolvedUser>,
    groups: HashMap<String, &'a ResolvedGroup>,
    streams: HashMap<String, &'a ResolvedStream>,
    pub(crate) translate_emoticons: bool,
}

impl<'a> Index<'a> {
    pub(crate) fn new(resolved: &'a Resolved) -> Self {
        Self {
            users_by_name: resolved
                .users
                .iter()
                .map(|u| (u.full_name.to_lowercase(), u))
                .collect(),
            users_by_id: resolved.users.iter().map(|u| (u.id, u)).collect(),
            groups: resolved
                .groups
                .iter()
                .map(|g| (g.name.to_lowercase(), g))
                .collect(),
            streams: resolved
                .streams
                .iter()
                .map(|s| (s.name.to_lowercase(), s))
                .collect(),
            translate_emoticons: resolved.translate_emoticons,
        }
    }

    /// `@**name|id**` counts only when name and id belong together.
    pub(crate) fn user(&self, user: &UserRef) -> Option<&'a ResolvedUser> {
        match user {
            UserRef::Name(name) => self.users_by_name.get(&name.to_lowercase()).copied(),
            UserRef::Id(id) => self.users_by_id.get(id).copied(),
            UserRef::NameId(name, id) => self
                .users_by_id
                .get(id)
                .copied()
                .filter(|user| user.full_name == *name),
        }
    }

    pub(crate) fn group(&self, name: &str) -> Option<&'a ResolvedGroup> {
        self.groups.get(&name.to_lowercase()).copied()
    }

    pub(crate) fn stream(&self, name: &str) -> Option<&'a ResolvedStream> {
        self.streams.get(&name.to_lowercase()).copied()
    }
}
