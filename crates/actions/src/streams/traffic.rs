//! How busy streams are: counted day by day by a worker, so that nobody counts who asks.

use std::collections::HashMap;

use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};
use narrows_store::Tx;
use narrows_store::models::Stream;
use narrows_store::queries::traffic::{self, Shown, Traffic};
use narrows_store::queries::unread::settled;
use narrows_wire::events::Event;
use narrows_wire::events::stream::StreamEvent;
use narrows_wire::{MessageId, StreamId};
use serde_json::json;

use super::audience;
use super::update::update_of;
use crate::ctx::Ctx;
use crate::error::Result;

/// How many whole days the average is of.
const WINDOW: Days = Days::new(28);
/// Of a stream younger than this nobody knows yet what is usual.
const YOUNGEST: i64 = 7;
/// How long a stream without messages counts as active.
const RECENT: TimeDelta = TimeDelta::days(180);
/// Message ids that are counted in one transaction.
const BATCH: i64 = 100_000;

/// Counts what was sent since the last time, and shows what follows from it. Any number of workers may do so.
pub async fn count(ctx: &Ctx, now: DateTime<Utc>) -> Result<()> {
    // The first look marks the place of what is on its way, the second one sees it arrived.
    settled(&ctx.store).await?;
    let settled = settled(&ctx.store).await?;
    while count_batch(ctx, settled, now).await? {}
    show(ctx, settled, now).await
}

/// Whether there is more to count.
async fn count_batch(ctx: &Ctx, settled: MessageId, now: DateTime<Utc>) -> Result<bool> {
    let mut tx = ctx.store.begin().await?;
    let from = traffic::lock_across_realms(&mut tx).await?;
    let to = MessageId(settled.0.min(from.0.saturating_add(BATCH)));
    if to <= from {
        return Ok(false);
    }
    traffic::count_across_realms(&mut tx, from, to, now - RECENT).await?;
    drop(tx.commit().await?);
    Ok(to < settled)
}

async fn show(ctx: &Ctx, settled: MessageId, now: DateTime<Utc>) -> Result<()> {
    let today = now.date_naive();
    let mut tx = ctx.store.begin().await?;
    let counted = traffic::lock_across_realms(&mut tx).await?;
    if counted.0 == 0 || settled < counted {
        // Nothing is known yet: silence would be taken for sleep.
        return Ok(());
    }
    traffic::delete_old_across_realms(&mut tx, (now - RECENT).date_naive()).await?;
    let all = traffic::of_streams_across_realms(&mut tx, today - WINDOW, today).await?;
    let before: HashMap<StreamId, Shown> =
        all.iter().map(|one| (one.stream_id(), was(one))).collect();
    let changed: Vec<Shown> = all
        .iter()
        .map(|one| shown(one, now))
        .filter(|now| before.get(&now.stream) != Some(now))
        .collect();
    if !changed.is_empty() {
        for stream in traffic::show_across_realms(&mut tx, &changed).await? {
            tell(&mut tx, &stream, before.get(&stream.id())).await?;
        }
    }
    drop(tx.commit().await?);
    Ok(())
}

async fn tell(tx: &mut Tx, stream: &Stream, before: Option<&Shown>) -> Result<()> {
    let mut updates = vec![];
    if before.is_none_or(|was| was.weekly_traffic != stream.weekly_traffic) {
        let value = json!(stream.weekly_traffic);
        updates.push(update_of(stream, "stream_weekly_traffic", value));
    }
    if before.is_none_or(|was| was.is_recently_active != stream.is_recently_active) {
        let value = json!(stream.is_recently_active);
        updates.push(update_of(stream, "is_recently_active", value));
    }
    let audience = audience(tx, stream, stream.membership_version).await?;
    for update in updates {
        let event = Event::Stream(StreamEvent::Update(update));
        tx.emit(stream.realm_id(), audience.clone(), &event)?;
    }
    Ok(())
}

fn was(traffic: &Traffic) -> Shown {
    Shown {
        stream: traffic.stream_id(),
        weekly_traffic: traffic.weekly_traffic,
        is_recently_active: traffic.is_recently_active,
    }
}

fn shown(traffic: &Traffic, now: DateTime<Utc>) -> Shown {
    let last = traffic
        .last_day
        .map(|day| day.and_time(NaiveTime::MIN).and_utc());
    let last_sign = last.unwrap_or_default().max(traffic.created_at);
    let age = (now - traffic.created_at).num_days();
    Shown {
        stream: traffic.stream_id(),
        weekly_traffic: weekly(traffic.messages, age),
        is_recently_active: last_sign + RECENT > now,
    }
}

/// Messages a week in a stream of this age in days that got so many in the last four weeks, to two digits; at least one
/// if there were any. `None`: it is too young to say.
fn weekly(messages: i64, age: i64) -> Option<i64> {
    let weekly = match age {
        28.. => messages / 4,
        YOUNGEST..28 => messages * 7 / age,
        _ => return None,
    };
    Some(match weekly {
        0 => messages.min(1),
        weekly => two_digits(weekly),
    })
}

/// Rounded to two significant digits; halves to the even one.
fn two_digits(number: i64) -> i64 {
    let mut unit = 1;
    while number / unit >= 100 {
        unit *= 10;
    }
    let (whole, rest) = (number / unit, number % unit);
    let up = match (rest * 2).cmp(&unit) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => whole % 2 == 1,
        std::cmp::Ordering::Greater => true,
    };
    (whole + i64::from(up)) * unit
}

#[cfg(test)]
mod tests {
    use super::weekly;

    #[test]
    fn traffic_is_the_average_of_four_weeks_or_of_a_streams_life() {
        assert_eq!(weekly(1000, 6), None);
        assert_eq!(weekly(0, 28), Some(0));
        assert_eq!(weekly(1, 28), Some(1));
        assert_eq!(weekly(40, 400), Some(10));
        assert_eq!(weekly(40, 14), Some(20));
        assert_eq!(weekly(7, 7), Some(7));
    }

    #[test]
    fn large_numbers_are_rounded_to_two_digits() {
        for (exact, shown) in [
            (99, 99),
            (111, 110),
            (116, 120),
            (125, 120),
            (135, 140),
            (995, 1000),
            (123_456, 120_000),
        ] {
            assert_eq!(weekly(exact * 4, 28), Some(shown), "{exact}");
        }
    }
}
