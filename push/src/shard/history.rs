//! Whether somebody was a subscriber as of a membership version.

use serde::{Deserialize, Serialize};

/// What is known of one user in one stream. Asked about a version, it answers the same whenever it is asked and in
/// whatever order the facts arrived: so a replay of the log delivers what the first run delivered.
///
/// There is one for each user and stream; mostly a single fact is known, which takes no memory of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<Fact>", into = "Vec<Fact>")]
pub enum History {
    /// Nothing.
    #[default]
    Unknown,
    /// One fact.
    One(Fact),
    /// Several, by version.
    Many(Box<Vec<Fact>>),
}

/// A fact as of one version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    version: i64,
    member: bool,
    /// This very version changed it; otherwise it was seen to be so (at registration), and may have been so before.
    change: bool,
}

/// Facts kept for envelopes that are late; of older ones only the outcome matters.
const KEPT: usize = 32;

impl From<Vec<Fact>> for History {
    fn from(facts: Vec<Fact>) -> Self {
        match facts[..] {
            [] => Self::Unknown,
            [fact] => Self::One(fact),
            _ => Self::Many(Box::new(facts)),
        }
    }
}

impl From<History> for Vec<Fact> {
    fn from(history: History) -> Self {
        history.facts().to_vec()
    }
}

impl History {
    fn facts(&self) -> &[Fact] {
        match self {
            Self::Unknown => &[],
            Self::One(fact) => std::slice::from_ref(fact),
            Self::Many(facts) => facts,
        }
    }

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
        let mut facts = self.facts().to_vec();
        match facts.binary_search_by_key(&fact.version, |f| f.version) {
            Ok(at) => {
                if let Some(old) = facts.get_mut(at)
                    && fact.change
                {
                    *old = fact;
                }
            }
            Err(at) => facts.insert(at, fact),
        }
        if facts.len() > KEPT {
            facts.remove(0);
        }
        facts.shrink_to_fit();
        *self = facts.into();
    }

    /// Whether the user was a subscriber as of this version.
    pub fn at(&self, version: i64) -> bool {
        let facts = self.facts();
        let after = facts.partition_point(|f| f.version <= version);
        match after.checked_sub(1).and_then(|at| facts.get(at)) {
            Some(fact) => fact.member,
            None => facts.first().is_some_and(|f| f.member != f.change),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_fact_takes_no_memory_of_its_own() {
        assert_eq!(size_of::<History>(), 16);
        let mut history = History::default();
        history.changed(3, true);
        assert!(matches!(history, History::One(_)));
    }

    #[test]
    fn it_is_stored_as_a_list_of_facts() {
        let mut history = History::default();
        for (version, member) in [(3, true), (5, false)] {
            let json = serde_json::to_string(&history).expect("JSON");
            assert_eq!(
                serde_json::from_str::<History>(&json).expect("facts"),
                history
            );
            history.changed(version, member);
        }
        let json = serde_json::to_value(&history).expect("JSON");
        assert_eq!(json.as_array().map(Vec::len), Some(2));
    }

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
