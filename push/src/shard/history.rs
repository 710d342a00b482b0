//! Whether somebody was a subscriber as of a membership version.

use serde::{Deserialize, Serialize};

/// What is known of one user in one stream. Asked about a version, it answers the same whenever it is asked and in
/// whatever order the facts arrived: so a replay of the log delivers what the first run delivered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct History(Vec<Fact>);

/// A fact as of one version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Fact {
    version: i64,
    member: bool,
    /// This very version changed it; otherwise it was seen to be so (at registration), and may have been so before.
    change: bool,
}

/// Facts kept for envelopes that are late; of older ones only the outcome matters.
const KEPT: usize = 32;

impl History {
    /// The transaction that wrote `version` made the user join or leave.
    pub fn changed(&mut self, version: i64, member: bool) {
        self.add(Fact {
            version,
            member,
            change: true,
        });
    }

    /// A snapshot saw the user as subscriber while the stream was at `version`.
    pub fn seen(&mut self, version: i64) {
        self.add(Fact {
            version,
            member: true,
            change: false,
        });
    }

    fn add(&mut self, fact: Fact) {
        match self.0.binary_search_by_key(&fact.version, |f| f.version) {
            Ok(at) => {
                if let Some(old) = self.0.get_mut(at)
                    && fact.change
                {
                    *old = fact;
                }
            }
            Err(at) => self.0.insert(at, fact),
        }
        if self.0.len() > KEPT {
            self.0.remove(0);
        }
        self.0.shrink_to_fit();
    }

    /// Whether the user was a subscriber as of this version.
    pub fn at(&self, version: i64) -> bool {
        let after = self.0.partition_point(|f| f.version <= version);
        match after.checked_sub(1).and_then(|at| self.0.get(at)) {
            Some(fact) => fact.member,
            None => self.0.first().is_some_and(|f| f.member != f.change),
        }
    }

    /// Whether the user is one now, as far as is known.
    pub fn is_member(&self) -> bool {
        self.0.last().is_some_and(|f| f.member)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_do_not_depend_on_the_order_of_facts() {
        let mut forward = History::default();
        let mut backward = History::default();
        forward.changed(3, true);
        forward.changed(5, false);
        forward.changed(9, true);
        backward.changed(9, true);
        backward.changed(5, false);
        backward.changed(3, true);
        for history in [&forward, &backward] {
            let member: Vec<i64> = (0..12).filter(|v| history.at(*v)).collect();
            assert_eq!(member, [3, 4, 9, 10, 11]);
        }
    }

    #[test]
    fn a_snapshot_vouches_for_the_past_until_a_change_is_known() {
        let mut history = History::default();
        history.seen(7);
        assert!(history.at(2) && history.at(7) && history.at(100));
        history.changed(5, true);
        assert!(!history.at(4) && history.at(5) && history.at(7));
        history.changed(8, false);
        assert!(history.at(7) && !history.at(8));
        history.seen(8);
        assert!(!history.at(8), "a change at that version knows better");
        let mut left = History::default();
        left.changed(4, false);
        assert!(left.at(3) && !left.at(4));
    }
}
