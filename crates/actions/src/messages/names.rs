//! The names on pages of messages, kept in memory.
//!
//! Every change of a name raises the realm's version in its own transaction, and an entry is kept under the version that
//! its reader came with: it was read at that version or later, so nobody finds what was a name before.

use std::collections::HashMap;
use std::sync::Arc;

use moka::sync::Cache;
use narrows_store::hot::Hot;
use narrows_store::queries::narrow::PageRow;
use narrows_store::queries::page_names::{self, Conversation, Person};
use narrows_wire::envelope::SenderAvatar;
use narrows_wire::{RecipientId, UserId};

use crate::error::Result;
use crate::narrow::Viewer;
use crate::users;

/// Most people and most conversations that are kept.
const CAPACITY: u64 = 20_000;

/// Somebody, with their picture.
#[derive(Debug)]
pub(super) struct Somebody {
    pub(super) person: Person,
    pub(super) avatar: SenderAvatar,
}

/// See the module. Cheap to clone.
#[derive(Clone)]
pub struct Names {
    people: Cache<(UserId, i64), Arc<Somebody>>,
    conversations: Cache<(RecipientId, i64), Arc<Conversation>>,
}

impl Default for Names {
    fn default() -> Self {
        Names {
            people: Cache::new(CAPACITY),
            conversations: Cache::new(CAPACITY),
        }
    }
}

/// Those of a page.
pub(super) struct PageNames {
    pub(super) people: HashMap<UserId, Arc<Somebody>>,
    pub(super) conversations: HashMap<RecipientId, Arc<Conversation>>,
}

impl Names {
    /// The names on a page: of conversations, of those who wrote, of those who take part.
    pub(super) async fn of(
        &self,
        hot: &Hot,
        viewer: Viewer<'_>,
        rows: &[PageRow],
    ) -> Result<PageNames> {
        let conversations = self.conversations(hot, viewer, rows).await?;
        let taking_part = conversations.values().flat_map(|found| match &**found {
            Conversation::Direct { people } => &people[..],
            Conversation::Stream { .. } => &[],
        });
        let ids = rows.iter().map(PageRow::sender_id);
        let ids = ids.chain(taking_part.copied()).collect();
        let people = self.people(hot, viewer, ids).await?;
        Ok(PageNames {
            people,
            conversations,
        })
    }

    async fn conversations(
        &self,
        hot: &Hot,
        viewer: Viewer<'_>,
        rows: &[PageRow],
    ) -> Result<HashMap<RecipientId, Arc<Conversation>>> {
        let version = viewer.realm().version;
        let mut ids: Vec<RecipientId> = rows.iter().map(PageRow::recipient_id).collect();
        let (mut found, missing) = known(&self.conversations, version, &mut ids);
        if !missing.is_empty() {
            let missing: Vec<i64> = missing.into_iter().map(|id| id.0).collect();
            let read = page_names::conversations(hot, viewer.realm().id(), &missing).await?;
            for (id, conversation) in read {
                let conversation = Arc::new(conversation);
                self.conversations
                    .insert((id, version), conversation.clone());
                found.insert(id, conversation);
            }
        }
        Ok(found)
    }

    async fn people(
        &self,
        hot: &Hot,
        viewer: Viewer<'_>,
        mut ids: Vec<UserId>,
    ) -> Result<HashMap<UserId, Arc<Somebody>>> {
        let version = viewer.realm().version;
        let (mut found, missing) = known(&self.people, version, &mut ids);
        if !missing.is_empty() {
            let missing: Vec<i32> = missing.into_iter().map(|id| id.0).collect();
            for person in page_names::people(hot, &missing).await? {
                let id = person.id;
                let avatar = users::avatar_of(
                    viewer.realm_id(),
                    id,
                    &person.avatar_source,
                    person.avatar_version,
                    (&person.email, &person.delivery_email),
                );
                let somebody = Arc::new(Somebody { person, avatar });
                self.people.insert((id, version), somebody.clone());
                found.insert(id, somebody);
            }
        }
        Ok(found)
    }
}

/// What is known of these, and what is not; each once.
fn known<Id, T>(
    cache: &Cache<(Id, i64), Arc<T>>,
    version: i64,
    ids: &mut Vec<Id>,
) -> (HashMap<Id, Arc<T>>, Vec<Id>)
where
    Id: Copy + Ord + std::hash::Hash + Send + Sync + 'static,
    T: Send + Sync + 'static,
{
    ids.sort_unstable();
    ids.dedup();
    let mut found = HashMap::with_capacity(ids.len());
    let mut missing = Vec::new();
    for id in ids {
        match cache.get(&(*id, version)) {
            Some(entry) => drop(found.insert(*id, entry)),
            None => missing.push(*id),
        }
    }
    (found, missing)
}
