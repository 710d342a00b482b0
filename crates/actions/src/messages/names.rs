//! The names on pages of messages, kept in memory.
//!
//! Every change of a name raises the realm's version in its own transaction, and an entry is kept under the version that
//! its reader came with: it was read at that version or later, so nobody finds what was a name before.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;
use std::sync::Arc;

use moka::sync::Cache;
use narrows_store::hot::Hot;
use narrows_store::queries::narrow::PageRow;
use narrows_store::queries::page_names::{self, Conversation, Person};
use narrows_wire::envelope::SenderAvatar;
use narrows_wire::{RealmId, RecipientId, UserId};

use crate::error::Result;
use crate::narrow::Viewer;
use crate::users;

/// Most people and most conversations that are kept.
const CAPACITY: u64 = 20_000;

/// Somebody, with their picture.
#[derive(Clone, Debug)]
pub(super) struct Somebody {
    pub(super) person: Person,
    pub(super) avatar: SenderAvatar,
}

/// See the module. Cheap to clone.
#[derive(Clone, Default)]
pub struct Names {
    people: Kept<UserId, Somebody>,
    conversations: Kept<RecipientId, Conversation>,
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
        let (realm, version) = (viewer.realm_id(), viewer.realm().version);
        let ids = rows.iter().map(PageRow::recipient_id);
        let read = async |missing: &[RecipientId]| {
            Ok(page_names::conversations(hot, realm, missing).await?)
        };
        let conversations = self.conversations.of(version, ids, read).await?;
        let taking_part = conversations.values().flat_map(|found| match &**found {
            Conversation::Direct { people } => &people[..],
            Conversation::Stream { .. } => &[],
        });
        let ids = rows.iter().map(PageRow::sender_id);
        let ids = ids.chain(taking_part.copied());
        let read = async |missing: &[UserId]| {
            let people = page_names::people(hot, realm, missing).await?;
            let somebody = |person: Person| (person.id, Somebody::new(realm, person));
            Ok(people.into_iter().map(somebody).collect())
        };
        let people = self.people.of(version, ids, read).await?;
        Ok(PageNames {
            people,
            conversations,
        })
    }
}

impl Somebody {
    fn new(realm: RealmId, person: Person) -> Somebody {
        let avatar = users::avatar_of(
            realm,
            person.id,
            &person.avatar_source,
            person.avatar_version,
            (&person.email, &person.delivery_email),
        );
        Somebody { person, avatar }
    }
}

/// What was read, by id and the realm's version. Cheap to clone.
#[derive(Clone)]
struct Kept<Id, T>(Cache<(Id, i64), Arc<T>>);

impl<Id, T> Default for Kept<Id, T>
where
    Id: Copy + Ord + Hash + Send + Sync + 'static,
    T: Send + Sync + 'static,
{
    fn default() -> Self {
        Kept(Cache::new(CAPACITY))
    }
}

impl<Id, T> Kept<Id, T>
where
    Id: Copy + Ord + Hash + Send + Sync + 'static,
    T: Send + Sync + 'static,
{
    /// Those with these ids; `read` is asked for all that are not kept, once each.
    async fn of(
        &self,
        version: i64,
        ids: impl Iterator<Item = Id>,
        read: impl AsyncFnOnce(&[Id]) -> Result<Vec<(Id, T)>>,
    ) -> Result<HashMap<Id, Arc<T>>> {
        let ids: BTreeSet<Id> = ids.collect();
        let mut found = HashMap::with_capacity(ids.len());
        let mut missing = Vec::new();
        for id in ids {
            match self.0.get(&(id, version)) {
                Some(entry) => drop(found.insert(id, entry)),
                None => missing.push(id),
            }
        }
        if !missing.is_empty() {
            for (id, entry) in read(&missing).await? {
                let entry = Arc::new(entry);
                self.0.insert((id, version), entry.clone());
                found.insert(id, entry);
            }
        }
        Ok(found)
    }
}
