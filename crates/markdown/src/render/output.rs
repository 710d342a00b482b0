//! What has been written of a message, and the links seen on the way.

use std::ops::Range;

use crate::html::Html;

/// The message as it is being written.
#[derive(Debug)]
pub(crate) struct Output {
    pub(crate) html: Html,
    pub(crate) links: Vec<SeenLink>,
    /// Quotes around what is being written.
    pub(crate) quotes: usize,
    depth: usize,
    parent: Option<Parent>,
}

/// A link, and where it was written.
#[derive(Debug)]
pub(crate) struct SeenLink {
    pub(crate) url: String,
    /// Its text, where that is not the address.
    pub(crate) label: Option<String>,
    pub(crate) at: Range<usize>,
    /// Elements around it.
    pub(crate) depth: usize,
    pub(crate) quoted: bool,
    /// The element directly around it, if that can have a preview, and where the content of that is.
    pub(crate) parent: Option<(Parent, Range<usize>)>,
}

/// An element that has the previews of the links directly in it nearby.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Parent {
    /// Below it.
    Paragraph { start: usize },
    /// At its end.
    Item,
}

/// What `begin_parent` has to tell `end_parent`.
pub(super) struct Begun {
    parent: Parent,
    outer: Option<Parent>,
    content: usize,
    links: usize,
    depth: usize,
}

impl Output {
    pub(super) fn with_capacity(bytes: usize) -> Self {
        Self {
            html: Html::with_capacity(bytes),
            links: Vec::new(),
            quotes: 0,
            depth: 0,
            parent: None,
        }
    }

    /// Goes into an element; the answer is for [`Self::ascend`].
    pub(super) fn descend(&mut self) -> Option<Parent> {
        self.depth += 1;
        self.parent.take()
    }

    pub(super) fn ascend(&mut self, outer: Option<Parent>) {
        self.depth -= 1;
        self.parent = outer;
    }

    /// Writes the content of an element that is no [`Parent`].
    pub(crate) fn within(&mut self, write: impl FnOnce(&mut Self)) {
        let outer = self.descend();
        write(self);
        self.ascend(outer);
    }

    pub(super) fn begin_parent(&mut self, parent: Parent) -> Begun {
        Begun {
            parent,
            outer: self.parent.replace(parent),
            content: self.html.len(),
            links: self.links.len(),
            depth: self.depth,
        }
    }

    pub(super) fn end_parent(&mut self, begun: Begun) {
        let content = begun.content..self.html.len();
        let inside = self.links.get_mut(begun.links..).unwrap_or_default();
        for link in inside.iter_mut().filter(|link| link.depth == begun.depth) {
            if let Some((parent, range)) = &mut link.parent
                && *parent == begun.parent
            {
                *range = content.clone();
            }
        }
        self.parent = begun.outer;
    }

    /// Notes the link that was written from `start` on.
    pub(crate) fn saw_link(&mut self, start: usize, url: &str, label: Option<&str>) {
        let at = start..self.html.len();
        self.links.push(SeenLink {
            url: url.to_owned(),
            label: label.filter(|label| *label != url).map(str::to_owned),
            at: at.clone(),
            depth: self.depth,
            quoted: self.quotes > 0,
            parent: self.parent.map(|parent| (parent, at)),
        });
    }
}
