//! Up to which message id everything is settled: committed or never to come.
//!
//! Ids come from a sequence before their transactions commit, so the newest visible message says nothing about lower ids
//! still in flight. A probe reads the sequence, then (in a later statement) takes an xid: a transaction that took an id up
//! to that value had a lower one by then ([`crate::batch`] takes the xid before the ids). Once the xmin of a snapshot has
//! reached the probe's xid, all these ids are settled. A snapshot's xmax would not do in place of that xid: it follows the
//! newest transaction that is over, and running ones may be beyond it.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use narrows_wire::MessageId;

use crate::error::Result;
use crate::hot::Hot;

/// How many probes are remembered; each request for the horizon adds one.
const PROBES: usize = 64;

#[derive(Default)]
pub(crate) struct Horizon {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Never shrinks, though probes of concurrent requests come in any order.
    settled: i64,
    probes: VecDeque<Probe>,
}

struct Probe {
    last_id: i64,
    xid: i64,
}

impl Horizon {
    /// The highest id known to be settled; 0 if none is. Grows over the calls.
    pub(crate) async fn settled(&self, hot: &Hot) -> Result<MessageId> {
        let last = hot
            .query(
                "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM messages_id_seq",
                &[],
            )
            .await?;
        let last_id = last.first().map_or(0, |row| row.get(0));
        let sql = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
                          pg_current_xact_id()::text::bigint";
        let snapshot = hot.query(sql, &[]).await?;
        let (xmin, xid) = snapshot
            .first()
            .map_or((0, i64::MAX), |row| (row.get(0), row.get(1)));
        Ok(MessageId(self.note(last_id, xmin, xid)))
    }

    fn note(&self, last_id: i64, xmin: i64, xid: i64) -> i64 {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let state = &mut *state;
        state.probes.push_back(Probe { last_id, xid });
        for probe in &state.probes {
            if probe.xid <= xmin {
                state.settled = state.settled.max(probe.last_id);
            }
        }
        let settled = state.settled;
        state.probes.retain(|probe| probe.last_id > settled);
        // Beyond the bound, forget the middle rather than the oldest unsettled.
        if state.probes.len() > PROBES {
            state.probes.remove(PROBES / 2);
        }
        settled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_settled_once_the_transactions_of_its_time_are_over() {
        let horizon = Horizon::default();
        assert_eq!(
            horizon.note(10, 100, 105),
            0,
            "transactions 100 to 104 may still add ids up to 10"
        );
        assert_eq!(horizon.note(12, 103, 107), 0);
        assert_eq!(
            horizon.note(15, 105, 110),
            10,
            "all transactions before 105 are over"
        );
        assert_eq!(horizon.note(15, 110, 110), 15);
        assert_eq!(horizon.note(15, 108, 111), 15, "what was settled stays so");
    }

    #[test]
    fn many_probes_do_not_grow_memory() {
        let horizon = Horizon::default();
        for i in 0..1000 {
            assert_eq!(horizon.note(i, 1, 2 + i), 0);
        }
        assert!(horizon.state.lock().expect("not poisoned").probes.len() <= PROBES);
        assert_eq!(horizon.note(1000, 5000, 5000), 1000);
    }
}
