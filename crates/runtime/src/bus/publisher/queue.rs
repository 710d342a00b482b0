//! What waits to be sent.
//!
//! Events that may share an entry of the log join the one before them: RabbitMQ, push and the disk work as much for an
//! entry of many events as for one of a single event. An event that comes a while after the last one is sent at once;
//! those that come right after it, or before RabbitMQ has confirmed it, wait for each other until then.

use std::collections::VecDeque;

use bytes::Bytes;
use narrows_wire::OutboxId;

use super::Entry;

/// Most events in an entry of the log.
const MAX_TOGETHER: usize = 64;
/// Most bytes in an entry with more than one event.
const MAX_BYTES_TOGETHER: usize = 256 * 1024;

/// Events that will be an entry of the log.
#[derive(Debug)]
pub(super) struct Events {
    pub(super) ids: Vec<OutboxId>,
    /// The log of each shard that gets them.
    pub(super) queues: Vec<String>,
    pub(super) bodies: Vec<Bytes>,
    /// Whether they may share an entry with others.
    pub(super) is_plain: bool,
}

/// Something to be sent.
#[derive(Debug)]
pub(super) enum Waiting {
    Events(Events),
    Entry(Entry),
}

/// In the order of the places.
#[derive(Debug, Default)]
pub(super) struct Queue(VecDeque<Waiting>);

impl Queue {
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn extend(&mut self, items: Vec<Waiting>) {
        for item in items {
            match item {
                Waiting::Events(events) => self.push_events(events),
                entry @ Waiting::Entry(_) => self.0.push_back(entry),
            }
        }
    }

    /// Puts back what has to be sent again.
    pub(super) fn push_front(&mut self, entry: Entry) {
        self.0.push_front(Waiting::Entry(entry));
    }

    /// What to send next; `None` also while the only events there are wait for others, which they do if `busy`: something
    /// is in flight, or was just sent.
    pub(super) fn pop(&mut self, busy: bool) -> Option<Entry> {
        let events = match self.0.pop_front()? {
            Waiting::Entry(entry) => return Some(entry),
            Waiting::Events(events) => events,
        };
        if busy && events.may_grow() && self.0.iter().all(is_done) {
            self.0.push_front(Waiting::Events(events));
            return None;
        }
        let mut copies = events.into_copies();
        let first = copies.pop_front();
        for copy in copies.into_iter().rev() {
            self.push_front(copy);
        }
        first
    }

    fn push_events(&mut self, events: Events) {
        let last = self.0.iter_mut().rev().find(|waiting| !is_done(waiting));
        match last {
            // Whoever waits for the earlier events is told a little later.
            Some(Waiting::Events(last)) if last.takes(&events) => {
                last.ids.extend(events.ids);
                last.bodies.extend(events.bodies);
            }
            _ => self.0.push_back(Waiting::Events(events)),
        }
    }
}

impl Events {
    fn bytes(&self) -> usize {
        self.bodies.iter().map(Bytes::len).sum()
    }

    fn may_grow(&self) -> bool {
        self.is_plain && self.ids.len() < MAX_TOGETHER && self.bytes() < MAX_BYTES_TOGETHER
    }

    fn takes(&self, next: &Events) -> bool {
        self.may_grow()
            && next.is_plain
            && self.queues == next.queues
            && self.bytes() + next.bytes() <= MAX_BYTES_TOGETHER
    }

    /// A message for each log.
    fn into_copies(self) -> VecDeque<Entry> {
        let body = match <[Bytes; 1]>::try_from(self.bodies) {
            Ok([only]) => only,
            Err(several) => several.join(&b'\n').into(),
        };
        let mut ids = Some(self.ids);
        let mut copies = VecDeque::with_capacity(self.queues.len());
        for queue in self.queues.into_iter().rev() {
            copies.push_front(Entry::Message {
                queue,
                job: None,
                body: body.clone(),
                ids: ids.take().unwrap_or_default(),
            });
        }
        copies
    }
}

fn is_done(waiting: &Waiting) -> bool {
    matches!(waiting, Waiting::Entry(Entry::Done(_)))
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::*;

    fn event(id: i64, queues: &[&str], is_plain: bool) -> Waiting {
        Waiting::Events(Events {
            ids: vec![OutboxId(id)],
            queues: queues.iter().map(|queue| (*queue).to_owned()).collect(),
            bodies: vec![id.to_string().into()],
            is_plain,
        })
    }

    fn plain(id: i64) -> Waiting {
        event(id, &["log"], true)
    }

    fn job(id: i64) -> Waiting {
        Waiting::Entry(Entry::Message {
            queue: "jobs".to_owned(),
            job: Some("jobs".to_owned()),
            body: id.to_string().into(),
            ids: vec![OutboxId(id)],
        })
    }

    fn done() -> Waiting {
        Waiting::Entry(Entry::Done(oneshot::channel().0))
    }

    fn queue(items: Vec<Waiting>) -> Queue {
        let mut queue = Queue::default();
        queue.extend(items);
        queue
    }

    /// Queue, body and ids of a message; "done" else.
    fn said(entry: Entry) -> (String, String, Vec<i64>) {
        match entry {
            Entry::Message {
                queue, body, ids, ..
            } => {
                let body = String::from_utf8(body.into()).expect("text");
                (queue, body, ids.into_iter().map(|id| id.0).collect())
            }
            Entry::Done(_) => ("done".to_owned(), String::new(), vec![]),
        }
    }

    fn all(mut queue: Queue) -> Vec<String> {
        let next = || Some(said(queue.pop(false)?));
        std::iter::from_fn(next).map(|(_, body, _)| body).collect()
    }

    #[test]
    fn plain_neighbours_share_an_entry_and_nothing_else_does() {
        let queued = vec![
            plain(1),
            plain(2),
            event(3, &["log"], false),
            plain(4),
            job(5),
            plain(6),
            event(7, &["other log"], true),
        ];
        assert_eq!(all(queue(queued)), ["1\n2", "3", "4", "5", "6", "7"]);
    }

    #[test]
    fn whoever_waits_is_told_after_all_that_is_in_the_entry() {
        let mut queue = queue(vec![plain(1), done(), plain(2), done()]);
        let entries: Vec<_> = std::iter::from_fn(|| queue.pop(false)).map(said).collect();
        let done = ("done".to_owned(), String::new(), vec![]);
        let joined = ("log".to_owned(), "1\n2".to_owned(), vec![1, 2]);
        assert_eq!(entries, [joined, done.clone(), done]);
    }

    #[test]
    fn events_wait_for_each_other_only_while_something_is_in_flight() {
        let mut alone = queue(vec![plain(1), done()]);
        assert!(alone.pop(true).is_none());
        assert_eq!(alone.len(), 2);
        assert!(alone.pop(false).is_some());
        // What is behind could not join: waiting would gain nothing.
        assert!(queue(vec![plain(1), job(2)]).pop(true).is_some());
        assert!(queue(vec![event(1, &["log"], false)]).pop(true).is_some());
        assert!(queue(vec![job(1)]).pop(true).is_some());
        let full = (0..MAX_TOGETHER as i64).map(plain).collect();
        assert!(queue(full).pop(true).is_some());
    }

    #[test]
    fn each_log_gets_a_copy_and_the_last_has_the_ids() {
        let mut queue = queue(vec![
            event(1, &["a", "b"], true),
            event(2, &["a", "b"], true),
        ]);
        let entries: Vec<_> = std::iter::from_fn(|| queue.pop(false)).map(said).collect();
        let copy = |queue: &str, ids: &[i64]| (queue.to_owned(), "1\n2".to_owned(), ids.to_vec());
        assert_eq!(entries, [copy("a", &[]), copy("b", &[1, 2])]);
    }

    #[test]
    fn an_entry_does_not_grow_without_end() {
        let many = (0..=MAX_TOGETHER as i64).map(plain);
        assert_eq!(all(queue(many.collect())).len(), 2);
        let large = |id| {
            Waiting::Events(Events {
                ids: vec![OutboxId(id)],
                queues: vec!["log".to_owned()],
                bodies: vec![vec![b'x'; MAX_BYTES_TOGETHER / 2 + 1].into()],
                is_plain: true,
            })
        };
        assert_eq!(all(queue(vec![large(1), large(2)])).len(), 2);
    }
}
