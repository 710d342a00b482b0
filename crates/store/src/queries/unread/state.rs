//! What a user's row says. Pure: no I/O.

use roaring::RoaringTreemap;

use super::Row;
use crate::error::{Error, Result};

/// What a user has read, as their row has it.
///
/// Up to `materialized_to` the bitmap lists what is unread; beyond, it lists the exceptions: what arrived and is read all
/// the same. To *arrive* means to be delivered and come from somebody else.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReadState {
    user_id: i32,
    materialized_to: i64,
    ids: RoaringTreemap,
}

fn key(id: i64) -> u64 {
    id.unsigned_abs()
}

impl ReadState {
    /// Reads a row.
    pub fn decode(row: &Row) -> Result<ReadState> {
        let ids = match row.ids.is_empty() {
            true => RoaringTreemap::new(),
            false => RoaringTreemap::deserialize_from(&row.ids[..])
                .map_err(|error| Error::Internal(Box::new(error)))?,
        };
        Ok(ReadState {
            user_id: row.user_id,
            materialized_to: row.materialized_to,
            ids,
        })
    }

    /// The row to write.
    pub fn encode(&self) -> Result<Row> {
        let mut ids = Vec::with_capacity(self.ids.serialized_size());
        if !self.ids.is_empty() {
            self.ids
                .serialize_into(&mut ids)
                .map_err(|error| Error::Internal(Box::new(error)))?;
        }
        Ok(Row {
            user_id: self.user_id,
            materialized_to: self.materialized_to,
            ids,
        })
    }

    /// From where on arrivals have to be looked up.
    pub fn materialized_to(&self) -> i64 {
        self.materialized_to
    }

    /// Whether a message is unread; `arrived`: delivered to the user, and from somebody else.
    pub fn is_unread(&self, id: i64, arrived: bool) -> bool {
        match id <= self.materialized_to {
            true => self.ids.contains(key(id)),
            false => arrived && !self.ids.contains(key(id)),
        }
    }

    /// All that is unread, ascending. `arrivals`: what arrived beyond [`ReadState::materialized_to`].
    pub fn unread(&self, arrivals: &[i64]) -> Vec<i64> {
        let listed = self.ids.iter().map_while(|id| {
            i64::try_from(id)
                .ok()
                .filter(|id| *id <= self.materialized_to)
        });
        let new = arrivals
            .iter()
            .copied()
            .filter(|id| self.is_unread(*id, true) && *id > self.materialized_to);
        listed.chain(new).collect()
    }

    /// Moves `materialized_to` forward. Everything up to `settled` has to be among `arrivals`, ascending.
    pub fn advance(&mut self, settled: i64, arrivals: &[i64]) {
        if settled <= self.materialized_to {
            return;
        }
        let unread = self.unread(arrivals);
        let settled_unread = unread.into_iter().take_while(|id| *id <= settled).map(key);
        let exceptions: Vec<u64> = self.ids.iter().filter(|id| *id > key(settled)).collect();
        self.ids = settled_unread.chain(exceptions).collect();
        self.materialized_to = settled;
    }

    /// Marks messages as read.
    pub fn mark_read(&mut self, ids: &[i64]) {
        for id in ids {
            match *id <= self.materialized_to {
                true => self.ids.remove(key(*id)),
                false => self.ids.insert(key(*id)),
            };
        }
    }

    /// Marks messages as unread. Beyond [`ReadState::materialized_to`], what did not arrive stays as it is.
    pub fn mark_unread(&mut self, ids: &[i64]) {
        for id in ids {
            match *id <= self.materialized_to {
                true => self.ids.insert(key(*id)),
                false => self.ids.remove(key(*id)),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_new_user_has_not_read_what_arrives() {
        let state = ReadState::default();
        assert!(state.is_unread(7, true));
        assert!(!state.is_unread(7, false));
        assert_eq!(state.unread(&[3, 7]), [3, 7]);
    }

    #[test]
    fn a_row_survives_being_stored() {
        let mut state = ReadState::default();
        state.advance(10, &[2, 5, 12]);
        state.mark_read(&[5, 12]);
        let again = ReadState::decode(&state.encode().expect("encodes")).expect("decodes");
        assert_eq!(again, state);
        assert_eq!(again.unread(&[12]), [2]);
    }

    #[derive(Clone, Debug)]
    enum Step {
        Arrive,
        Advance(i64),
        Read(Vec<i64>),
        Unread(Vec<i64>),
    }

    fn step() -> impl Strategy<Value = Step> {
        let ids = prop::collection::vec(1..60_i64, 0..8);
        prop_oneof![
            4 => Just(Step::Arrive),
            1 => (0..60_i64).prop_map(Step::Advance),
            2 => ids.clone().prop_map(Step::Read),
            1 => ids.prop_map(Step::Unread),
        ]
    }

    proptest! {
        /// Against a set of ids. Only what arrived is marked; nothing settles before it arrived.
        #[test]
        fn it_agrees_with_a_set_of_ids(steps in prop::collection::vec(step(), 0..60)) {
            let (mut state, mut model, mut newest) = (ReadState::default(), BTreeSet::new(), 0);
            for step in steps {
                let arrivals: Vec<i64> = (state.materialized_to() + 1..=newest).collect();
                match step {
                    Step::Arrive => {
                        newest += 1;
                        model.insert(newest);
                    }
                    Step::Advance(settled) => state.advance(settled.min(newest), &arrivals),
                    Step::Read(ids) => {
                        let ids: Vec<i64> = ids.into_iter().filter(|id| *id <= newest).collect();
                        state.mark_read(&ids);
                        model.retain(|id| !ids.contains(id));
                    }
                    Step::Unread(ids) => {
                        let ids: Vec<i64> = ids.into_iter().filter(|id| *id <= newest).collect();
                        state.mark_unread(&ids);
                        model.extend(ids);
                    }
                }
                state = ReadState::decode(&state.encode().expect("encodes")).expect("decodes");
                let arrivals: Vec<i64> = (state.materialized_to() + 1..=newest).collect();
                prop_assert_eq!(state.unread(&arrivals), model.iter().copied().collect::<Vec<_>>());
                for id in 1..=newest {
                    prop_assert_eq!(state.is_unread(id, true), model.contains(&id));
                }
            }
        }
    }
}
