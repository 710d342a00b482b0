//! What rendering depends on in a realm.
//!
//! Linkifiers and alert words are compiled once and kept in the process, keyed by the realm's version, which every change
//! of them raises in its own transaction.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use moka::sync::Cache;
use narrows_markdown::{AlertWords, CustomEmoji, Linkifier, Options, Parsed, Rendered, Resolved};
use narrows_store::Conn;
use narrows_store::models::{AlertWord, CustomEmoji as EmojiRow, Linkifier as LinkifierRow, Realm};
use narrows_wire::events::message::TopicLink;
use narrows_wire::{RealmId, UserId};

use crate::ctx::Ctx;
use crate::custom_emoji;
use crate::error::{Error, Result};
use crate::realms::{self, Settings};

/// Realms whose facts a process keeps.
const REALMS: u64 = 1000;
/// Compiled linkifiers that a process keeps, whichever realm has them.
const LINKIFIERS: u64 = 1000;

/// The facts of a realm that rendering depends on.
#[derive(Debug)]
pub(crate) struct Rendering {
    /// For the renderer.
    pub(crate) options: Options,
    /// Who wants to be told of a word, by the word in lower case.
    alert_words: HashMap<String, Vec<UserId>>,
}

static RENDERINGS: LazyLock<Cache<(RealmId, i64), Arc<Rendering>>> =
    LazyLock::new(|| Cache::new(REALMS));
/// By pattern and URL template; `None` if they do not compile.
type Compiled = Cache<(String, String), Option<Arc<Linkifier>>>;
static COMPILED: LazyLock<Compiled> = LazyLock::new(|| Cache::new(LINKIFIERS));

/// The facts of a realm, as of the version of it that the caller has.
pub(crate) async fn of_realm(ctx: &Ctx, conn: &mut Conn, realm: &Realm) -> Result<Arc<Rendering>> {
    let key = (realm.id(), realm.version);
    if let Some(known) = RENDERINGS.get(&key) {
        return Ok(known);
    }
    let linkifiers = LinkifierRow::all(conn, realm.id()).await?;
    let emoji = EmojiRow::all(conn, realm.id()).await?;
    let active = emoji.into_iter().filter(|emoji| !emoji.deactivated);
    let emoji = active.map(|emoji| {
        let source_url = custom_emoji::source_url(realm.id(), &emoji);
        (emoji.name, CustomEmoji { source_url })
    });
    let mut alert_words: HashMap<String, Vec<UserId>> = HashMap::new();
    for (word, user) in AlertWord::of_realm(conn, realm.id()).await? {
        alert_words.entry(word).or_default().push(user);
    }
    let settings = Settings::of(realm);
    let options = Options {
        realm_url: realms::url(ctx, realm),
        custom_emoji: emoji.collect(),
        inline_image_preview: settings.inline_image_preview,
        inline_url_embed_preview: settings.inline_url_embed_preview
            && ctx.config.outward.website_previews,
        default_code_language: Some(settings.default_code_block_language)
            .filter(|language| !language.is_empty()),
        ..Options::default()
    };
    let made = offload(move || Rendering {
        options: Options {
            linkifiers: linkifiers.into_iter().filter_map(compiled).collect(),
            alert_words: AlertWords::new(alert_words.keys().map(String::as_str)),
            ..options
        },
        alert_words,
    });
    let made = Arc::new(made.await?);
    RENDERINGS.insert(key, made.clone());
    Ok(made)
}

/// As [`of_realm`], from the database only if need be.
pub(crate) async fn known(ctx: &Ctx, realm: &Realm) -> Result<Arc<Rendering>> {
    match RENDERINGS.get(&(realm.id(), realm.version)) {
        Some(known) => Ok(known),
        None => of_realm(ctx, &mut *ctx.store.read().await?, realm).await,
    }
}

/// Another version of the renderer may have accepted what this one cannot compile: that stays text.
fn compiled(row: LinkifierRow) -> Option<Arc<Linkifier>> {
    let key = (row.pattern, row.url_template);
    COMPILED.get_with_by_ref(&key, || Linkifier::new(&key.0, &key.1).ok().map(Arc::new))
}

impl Rendering {
    /// The links in the name of a topic.
    pub(crate) fn topic_links(&self, topic: &str) -> Vec<TopicLink> {
        let links = narrows_markdown::topic_links(topic, &self.options);
        let link = |link: narrows_markdown::TopicLink| TopicLink {
            text: link.text,
            url: link.url,
        };
        links.into_iter().map(link).collect()
    }

    /// Who has one of the alert words, ascending.
    pub(crate) fn alerted<'w>(&self, words: impl IntoIterator<Item = &'w String>) -> Vec<UserId> {
        let users = words
            .into_iter()
            .filter_map(|word| self.alert_words.get(word));
        let mut users: Vec<UserId> = users.flatten().copied().collect();
        users.sort_unstable();
        users.dedup();
        users
    }
}

/// Renders; code and formulas, which may take milliseconds, away from the event loop.
pub(crate) async fn render(
    parsed: Parsed,
    resolved: Resolved,
    rendering: &Arc<Rendering>,
) -> Result<Rendered> {
    if !parsed.is_slow() {
        return Ok(parsed.render(&resolved, &rendering.options));
    }
    let rendering = rendering.clone();
    offload(move || parsed.render(&resolved, &rendering.options)).await
}

async fn offload<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| Error::Internal(Box::new(error)))
}
