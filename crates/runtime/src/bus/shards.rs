//! Which push shards an envelope goes to.

use narrows_wire::envelope::Scope;
use narrows_wire::{Effect, Envelope, UserId};

/// The shard that holds a user's event queues: the highest of one hash per shard, so that a change of the number of
/// shards moves as few users as can be.
pub fn home_shard(user: UserId, shards: u32) -> u32 {
    (0..shards)
        .max_by_key(|shard| mix((u64::from(*shard) << 32) ^ u64::from(user.0.cast_unsigned())))
        .unwrap_or(0)
}

/// The finaliser of SplitMix64: the same on every platform and in every release.
fn mix(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The shards that can have somebody of an envelope's audience.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShardSet {
    /// Every shard.
    All,
    /// These, ascending.
    Only(Vec<u32>),
}

impl ShardSet {
    /// The home shards of these users.
    pub fn of_users(users: impl IntoIterator<Item = UserId>, shards: u32) -> Self {
        let mut homes: Vec<u32> = users.into_iter().map(|u| home_shard(u, shards)).collect();
        homes.sort_unstable();
        homes.dedup();
        Self::Only(homes)
    }

    /// Where an envelope must go. Changes of membership go everywhere: every shard follows every stream's version.
    pub fn of(envelope: &Envelope, shards: u32) -> Self {
        let mut users = envelope.audience.plus.clone();
        if envelope.audience.scope != Scope::Nobody {
            return Self::All;
        }
        for effect in &envelope.effects {
            match effect {
                Effect::Membership { .. } | Effect::CloseRealm => return Self::All,
                Effect::RoleChanged { user_id, .. } | Effect::KillQueues { user_id, .. } => {
                    users.push(*user_id);
                }
            }
        }
        Self::of_users(users, shards)
    }

    /// The shards' numbers.
    pub fn iter(&self, shards: u32) -> Vec<u32> {
        match self {
            Self::All => (0..shards).collect(),
            Self::Only(some) => some.iter().copied().filter(|s| *s < shards).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_spread_and_few_move_when_a_shard_is_added() {
        let mut counts = [0_u32; 4];
        let mut moved = 0;
        for id in 1..=4000 {
            let home = home_shard(UserId(id), 4);
            counts[home as usize] += 1;
            let next = home_shard(UserId(id), 5);
            assert!(next == home || next == 4);
            moved += u32::from(next != home);
        }
        assert!(counts.iter().all(|n| (800..1200).contains(n)), "{counts:?}");
        assert!((600..1000).contains(&moved), "{moved}");
        assert_eq!(home_shard(UserId(7), 1), 0);
    }
}
