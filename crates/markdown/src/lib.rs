//! Message text → HTML: Zulip's Markdown dialect, pure and without I/O.
//!
//! [`parse`] finds the blocks of a text and the names that it mentions; the caller looks the names up in one batch
//! and [`Parsed::render`] turns the blocks into HTML, reporting what it saw on the way.
//!
//! The order of the work is that of Python-Markdown, whose behaviour clients rely upon:
//! `normalize` cleans the text, `fence` cuts out what stands between fences, `block` finds paragraphs, lists, quotes and
//! tables, `inline` runs one pass after the other over the text of each block, `preview` adds images and videos to the
//! finished HTML. `html` alone writes, escaping all text: no step pastes text into HTML, and none builds a tree.
//!
//! To add an inline construct: write its pass in `inline/`, and put it into the table in `inline.rs` at its priority.
//! `deviations.rs` lists where we differ from Zulip on purpose.

mod alert_words;
mod block;
mod code;
pub mod deviations;
pub mod emoji;
mod fence;
mod highlight;
mod html;
mod inline;
mod link;
mod math;
mod mention;
mod normalize;
mod options;
mod preview;
mod render;
mod resolve;
mod stream;
mod timestamp;
mod topic;

pub use alert_words::AlertWords;
pub use options::{CustomEmoji, InvalidLinkifier, Linkifier, Options, template_variables};
pub use render::{Rendered, Report};
pub use resolve::{
    LinkPreview, Resolved, ResolvedGroup, ResolvedStream, ResolvedUpload, ResolvedUser, UserRef,
    Wanted,
};
pub use topic::{TopicLink, topic_links};

use block::Block;

/// A text whose blocks are known and whose mentions are not yet resolved.
#[derive(Debug)]
pub struct Parsed {
    blocks: Vec<Block>,
    wanted: Wanted,
    alert_words: std::collections::BTreeSet<String>,
    starts_with_me: bool,
    /// Bytes of the text.
    length: usize,
}

/// Finds the blocks of `text` and the names in it.
pub fn parse(text: &str, options: &Options) -> Parsed {
    let text = normalize::normalize(text);
    let sections = fence::sections(&text, options.default_code_language.as_deref());
    let blocks = block::parse(&sections);
    let mut wanted = Wanted::default();
    let mut alert_words = std::collections::BTreeSet::new();
    let has_uploads = link::has_uploads(&text);
    block::each_text(&blocks, &mut |text| {
        mention::collect(text, &mut wanted);
        stream::collect(text, &mut wanted);
        if has_uploads {
            link::collect_uploads(text, options, &mut wanted);
        }
        options.alert_words.find(text, &mut alert_words);
    });
    Parsed {
        blocks,
        wanted,
        alert_words,
        starts_with_me: text.starts_with("/me "),
        length: text.len(),
    }
}

impl Parsed {
    /// What the caller has to look up before rendering.
    pub fn wanted(&self) -> &Wanted {
        &self.wanted
    }

    /// Whether rendering may take milliseconds, because there is code to highlight or a formula: do it away from the
    /// event loop.
    pub fn is_slow(&self) -> bool {
        block::is_slow(&self.blocks)
    }

    /// The HTML, with what `resolved` does not know shown as plain text.
    pub fn render(&self, resolved: &Resolved, options: &Options) -> Rendered {
        render::render(self, resolved, options)
    }
}
